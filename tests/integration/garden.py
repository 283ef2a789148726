"""What the tests of the SQL stores begin with."""

from application.ports.store import Store
from tests.cast import a_membership, a_post, a_room, alice, bob, numbered


async def plant_garden(store: Store) -> None:
    """Alice and bob in the garden, where alice has said something."""
    async with store.unit() as unit:
        room = a_room()
        await unit.rooms.add(room)
        for user in (alice(), bob()):
            await unit.users.add(user, "hash")
            await unit.memberships.add(a_membership(room, user))
        await unit.log.append(numbered(room, a_post(alice(), key="k")))
        await unit.rooms.save(room)
