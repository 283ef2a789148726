"""What is said to a client that says hello, and what it says of where it was. Pure."""

from adapters.wire import message_body, profile_body, room_body, time_text
from adapters.ws.requests import Resume
from adapters.ws.socket import SocketOptions
from adapters.ws.verbs import Fields
from application.profile import Profile
from application.use_cases.greet import Greeting, Positions
from application.use_cases.resume_rooms import Replay, Reset
from domain.ids import RoomId, UserId
from domain.names import LONGEST
from domain.text import TOPIC_LENGTH
from domain.user import Person


def hello_fields(greeting: Greeting, person: Person, options: SocketOptions) -> Fields:
    """The answer: who I am, what there is to show, and what the server allows."""
    return {
        "user": profile_body(Profile(person, online=True)),
        "epoch": greeting.epoch,
        "server_time": time_text(greeting.server_time),
        "heartbeat": options.heartbeat,
        "limits": {
            "text": options.text_length,
            "name": LONGEST,
            "topic": TOPIC_LENGTH,
            "frame": options.frame_bytes,
        },
        "rooms": [room_body(summary) for summary in greeting.rooms],
    }


def verdict_fields(verdict: Replay | Reset, reader: UserId) -> Fields:
    """The push for one resumed room."""
    if isinstance(verdict, Reset):
        return {
            "type": "reset",
            "room": verdict.room_id,
            "head": verdict.head,
            "floor": verdict.floor,
        }
    messages = [message_body(each, reader=reader) for each in verdict.messages]
    return {"type": "replay", "room": verdict.room_id, "messages": messages}


def positions(resume: Resume | None) -> Positions | None:
    if resume is None:
        return None
    rooms = {RoomId(room_id): seq for room_id, seq in resume.rooms.items()}
    return Positions(resume.epoch, rooms)
