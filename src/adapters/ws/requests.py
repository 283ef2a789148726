"""What a client may ask on the socket: one struct a verb. Pure: text in, request or error out."""

from typing import Annotated, Any

import msgspec

from domain.errors import Invalid

# Seqs stay exact in every client's numbers.
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Positions = dict[str, Seq]


class Malformed(Invalid):
    """The frame is not a request. `request_id` is its id as far as it could be read."""

    code = "malformed_frame"

    def __init__(self, message: str, request_id: int | str | None = None) -> None:
        super().__init__(message)
        self.request_id = request_id


class Request(msgspec.Struct, tag_field="type"):
    id: int | str


class Resume(msgspec.Struct):
    epoch: str
    rooms: Positions


class Hello(Request, tag="hello"):
    resume: Resume | None = None


class Open(Request, tag="open"):
    room: str = ""
    name: str = ""
    limit: int = 50


class Close(Request, tag="close"):
    room: str


class Page(Request, tag="page"):
    room: str
    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: int = 50


class Post(Request, tag="post"):
    room: str
    key: str
    text: str
    reply_to: Seq | None = None


class Edit(Request, tag="edit"):
    room: str
    seq: Seq
    text: str


class Delete(Request, tag="delete"):
    room: str
    seq: Seq


class Read(Request, tag="read"):
    room: str
    seq: Seq


class Typing(Request, tag="typing"):
    room: str


class Rooms(Request, tag="rooms"):
    query: str = ""
    after: str = ""
    limit: int = 50


class Search(Request, tag="search"):
    query: str
    room: str = ""
    before: str = ""
    limit: int = 20


class Star(Request, tag="star"):
    room: str
    seq: Seq


class Unstar(Request, tag="unstar"):
    room: str
    seq: Seq


class Starred(Request, tag="starred"):
    before: str = ""
    limit: int = 20


class CreateRoom(Request, tag="create_room"):
    name: str
    topic: str = ""
    visibility: str = "public"


class Direct(Request, tag="direct"):
    users: list[str]


class Join(Request, tag="join"):
    room: str = ""
    name: str = ""


class Leave(Request, tag="leave"):
    room: str = ""
    name: str = ""


class Ping(Request, tag="ping"):
    pass


AnyRequest = (
    Hello
    | Open
    | Close
    | Page
    | Post
    | Edit
    | Delete
    | Read
    | Typing
    | Rooms
    | Search
    | Star
    | Unstar
    | Starred
    | CreateRoom
    | Direct
    | Join
    | Leave
    | Ping
)


class _Envelope(msgspec.Struct):
    """What a frame that is no request has all the same. Any: whatever was sent."""

    id: Any = None
    type: Any = None


_requests: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_envelopes = msgspec.json.Decoder(_Envelope)
_UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)


def decode(text: str) -> AnyRequest:
    """The request in a text frame. Raises `Malformed`, which names the field that is wrong."""
    try:
        return _requests.decode(text)
    except _UNREADABLE as error:
        raise _malformed(text, error) from None


def _malformed(text: str, error: Exception) -> Malformed:
    try:
        envelope = _envelopes.decode(text)
    except _UNREADABLE:
        return Malformed("A request is one JSON object, in well-formed Unicode.")
    if type(envelope.id) not in {int, str}:
        malformed = Malformed("id: must be a whole number or a text")
        malformed.field = "id"
        return malformed
    reason, _, path = str(error).partition(" - at `$")
    field = path.rstrip("`").lstrip(".") or _missing(reason)
    malformed = Malformed(f"{field}: {reason}", envelope.id)
    malformed.code = "invalid_field"
    malformed.field = field
    if field == "type":
        malformed.message = "There is no such verb."
        malformed.code = "unknown_verb"
    return malformed


def _missing(reason: str) -> str | None:
    # msgspec: "Object missing required field `room`".
    return reason.split("`")[1] if reason.count("`") == 2 else None
