"""What is said to a client that says hello, and what it says of where it was."""

from adapters.wire import message_bodies, profile_body, room_body, time_text
from adapters.ws.requests import Resume
from adapters.ws.socket import SocketOptions
from adapters.ws.verbs import Fields
from application.profile import Profile
from application.use_cases.greet import Greeting, Positions
from application.use_cases.resume_rooms import Replay, Reset
from domain.ids import RoomId, UserId, is_id
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


async def verdict_fields(verdict: Replay | Reset, reader: UserId) -> Fields:
    """The push for one resumed room. What was missed may be long: others have turns meanwhile."""
    if isinstance(verdict, Reset):
        return {
            "type": "reset",
            "room": verdict.room_id,
            "head": verdict.head,
            "floor": verdict.floor,
        }
    messages = await message_bodies(verdict.messages, reader=reader)
    return {"type": "replay", "room": verdict.room_id, "messages": messages}


def positions(resume: Resume | None) -> Positions | None:
    """What is no room's id is left out, like a room of others."""
    if resume is None:
        return None
    rooms = {RoomId(room): seq for room, seq in resume.rooms.items() if is_id(room)}
    return Positions(resume.epoch, rooms)
