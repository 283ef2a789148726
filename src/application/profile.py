"""People as they are shown in lists: with the dot that says whether they are online."""

from collections.abc import Iterable
from dataclasses import dataclass

from application.ports.presence_board import PresenceBoard
from domain.permissions import Role
from domain.user import Person, User


@dataclass(frozen=True, slots=True)
class Profile:
    """`role` is what the person is in the room that was asked about."""

    person: Person
    online: bool
    role: Role | None = None


async def profiles_of(users: Iterable[User], board: PresenceBoard) -> list[Profile]:
    """In the order given."""
    people = [user.person for user in users]
    online = await board.online(person.id for person in people)
    return [Profile(person, person.id in online) for person in people]
