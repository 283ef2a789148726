"""Service messages as English sentences, for clients that show text as it comes."""

from domain.message import Kind, Message

_SENTENCES = {
    Kind.JOINED: "{author} joined the room",
    Kind.LEFT: "{author} left the room",
    Kind.ARRIVED: "{author} is here",
    Kind.DEPARTED: "{author} has gone",
    Kind.INVITED: "{author} added {subject}",
    Kind.REMOVED: "{author} removed {subject}",
    Kind.RENAMED: "{author} renamed the room to {text}",
    Kind.TOPIC_CHANGED: "{author} set the topic: {text}",
    Kind.ROLE_CHANGED: "{subject} is now {text}",
    Kind.EDITED: "{author} edited a message: {text}",
    Kind.DELETED: "{author} deleted a message",
    Kind.CLEARED: "{author} cleared the history",
}


def narrate(message: Message) -> str:
    """The text of a post, or the sentence that tells what happened."""
    if message.kind is Kind.POSTED:
        return message.text
    author = message.author.display_name if message.author else "The server"
    subject = message.subject.display_name if message.subject else author
    sentence = _SENTENCES[message.kind].format(author=author, subject=subject, text=message.text)
    if message.kind is Kind.REMOVED and message.text:
        return f"{sentence}: {message.text}"
    return sentence
