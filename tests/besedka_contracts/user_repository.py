"""The contract of `UserRepository`."""

import asyncio

import pytest

from application.ports.store import Store
from besedka_contracts.backend import people, store
from besedka_contracts.cast import a_user, alice, at, bob, mallory
from domain.errors import UsernameTaken, UserNotFound
from domain.user import SiteRole, User


async def test_what_was_added_comes_back_equal(store: Store) -> None:
    user = a_user(
        "alice",
        display_name="Алиса 👩‍👩‍👧",
        email="alice@example.org",
        site_role=SiteRole.OWNER,
        disabled_at=at(5),
    )

    async with store.unit() as unit:
        await unit.users.add(user, "hash")

    async with store.view() as view:
        assert await view.users.get(user.id) == user
        assert await view.users.find_by_name("alice") == user
        assert await view.users.find_password_hash(user.id) == "hash"


async def test_a_folded_username_is_given_once(people: Store) -> None:
    other = a_user("ALICE")

    async with people.unit() as unit:
        with pytest.raises(UsernameTaken) as refused:
            await unit.users.add(other, "hash")
        await unit.users.add(a_user("carol"), "hash")

    assert refused.value.code == "username_taken"
    async with people.view() as view:
        assert await view.users.find_by_name("alice") == alice()
        assert await view.users.find_by_name("carol") == a_user("carol")
        with pytest.raises(UserNotFound):
            await view.users.get(other.id)


async def test_names_with_and_without_an_accent_are_two(store: Store) -> None:
    async with store.unit() as unit:
        await unit.users.add(a_user("josé"), "hash")
        await unit.users.add(a_user("jose"), "hash")

    async with store.view() as view:
        assert (await view.users.find_by_name("josé")) == a_user("josé")


async def test_saving_changes_display_name_and_email_only(people: Store) -> None:
    changed = a_user("alice", display_name="Queen", email="a@b.org", created_at=at(1))
    changed.username = a_user("queen").username

    async with people.unit() as unit:
        await unit.users.save(changed)

    async with people.view() as view:
        stored = await view.users.get(changed.id)
        assert await view.users.find_by_name("queen") is None
    assert stored.username == alice().username
    assert stored == a_user("alice", display_name="Queen", email="a@b.org")


async def test_saving_neither_disables_nor_enables(people: Store) -> None:
    """Whoever is saved was read earlier, and may have been disabled since then."""
    async with people.unit() as unit:
        await unit.users.disable(bob().id, at(1))
        await unit.users.save(a_user("bob", display_name="Robert"))
        await unit.users.save(a_user("alice", disabled_at=at(1)))

    async with people.view() as view:
        assert await view.users.get(bob().id) == a_user(
            "bob", display_name="Robert", disabled_at=at(1)
        )
        assert await view.users.get(alice().id) == alice()


async def test_who_is_disabled_is_so_since_the_first_time_until_enabled(people: Store) -> None:
    async with people.unit() as unit:
        assert await unit.users.disable(bob().id, at(1.005))
        assert await unit.users.disable(bob().id, at(2))
    async with people.view() as view:
        assert await view.users.get(bob().id) == a_user("bob", disabled_at=at(1.005))
        assert await view.users.get(alice().id) == alice()

    async with people.unit() as unit:
        await unit.users.enable(bob().id)
        await unit.users.enable(alice().id)
    async with people.view() as view:
        assert [await view.users.get(each.id) for each in (alice(), bob())] == [alice(), bob()]


async def test_the_owner_of_the_site_is_not_disabled(people: Store) -> None:
    async with people.unit() as unit:
        await unit.users.claim_site(alice().id)
        assert not await unit.users.disable(alice().id, at(1))
        assert await unit.users.disable(bob().id, at(1))

    async with people.view() as view:
        assert not (await view.users.get(alice().id)).is_disabled
        assert (await view.users.get(bob().id)).is_disabled


async def test_saving_what_was_never_added_is_refused(store: Store) -> None:
    async with store.unit() as unit:
        with pytest.raises(UserNotFound):
            await unit.users.save(alice())
        with pytest.raises(UserNotFound):
            await unit.users.set_password_hash(alice().id, "hash")
        with pytest.raises(UserNotFound):
            await unit.users.disable(alice().id, at(1))
        with pytest.raises(UserNotFound):
            await unit.users.enable(alice().id)


async def test_what_a_store_gave_is_a_copy(people: Store) -> None:
    async with people.unit() as unit:
        user = await unit.users.get(alice().id)
        user.display_name = "changed but not saved"

    async with people.view() as view:
        assert await view.users.get(alice().id) == alice()


async def test_missing_people_are_none_or_an_error(store: Store) -> None:
    async with store.view() as view:
        assert await view.users.find_by_name("alice") is None
        assert await view.users.find_password_hash(alice().id) is None
        with pytest.raises(UserNotFound):
            await view.users.get(alice().id)


async def test_a_new_password_replaces_the_old_one(people: Store) -> None:
    async with people.unit() as unit:
        await unit.users.set_password_hash(alice().id, "new")

    async with people.view() as view:
        assert await view.users.find_password_hash(alice().id) == "new"
        assert await view.users.find_password_hash(bob().id) == "hash"


async def test_people_are_listed_by_id_once_and_strangers_left_out(people: Store) -> None:
    async with people.view() as view:
        listed = await view.users.list_by_id([bob().id, alice().id, bob().id, a_user("zed").id])
        nobody = await view.users.list_by_id([])

    assert sorted(user.username.value for user in listed) == ["alice", "bob"]
    assert nobody == []


async def test_search_goes_by_prefix_in_the_order_of_code_points(store: Store) -> None:
    names = ["Zoe", "zoë", "zo_1", "zo-1", "zo.1", "Зоя", "zap", "zo", "ZO1", "ö", "z"]
    async with store.unit() as unit:
        for name in names:
            await unit.users.add(a_user(name), "hash")
        await unit.users.add(a_user("zombie", disabled_at=at(0)), "hash")

    async with store.view() as view:
        found = await view.users.search("zo", limit=20)
        first = await view.users.search("zo", limit=2)
        everybody = await view.users.search("", limit=20)
        nobody = await view.users.search("ZO", limit=20)

    folded = ["zo", "zo-1", "zo.1", "zo1", "zo_1", "zoe", "zoë"]
    assert [user.username.folded for user in found] == folded
    assert [user.username.folded for user in first] == folded[:2]
    assert [user.username.folded for user in everybody] == ["z", "zap", *folded, "ö", "зоя"]
    assert nobody == []


async def test_pages_have_everybody_once_in_the_order_of_code_points(store: Store) -> None:
    names = ["Zoe", "zoë", "zo_1", "zo-1", "Зоя", "zap", "ö", "z"]
    async with store.unit() as unit:
        for name in names:
            await unit.users.add(a_user(name), "hash")
        await unit.users.add(a_user("zombie", disabled_at=at(0)), "hash")

    async with store.view() as view:
        first = await view.users.page(after="", limit=4)
        rest = await view.users.page(after=first[-1].username.folded, limit=20)
        nobody = await view.users.page(after=rest[-1].username.folded, limit=20)

    assert [user.username.folded for user in first] == ["z", "zap", "zo-1", "zo_1"]
    assert [user.username.folded for user in rest] == ["zoe", "zombie", "zoë", "ö", "зоя"]
    assert rest[1] == a_user("zombie", disabled_at=at(0))
    assert nobody == []


async def test_wildcards_are_ordinary_characters_in_a_search(people: Store) -> None:
    async with people.view() as view:
        assert await view.users.search("%", limit=5) == []
        assert await view.users.search("a_", limit=5) == []


async def test_the_site_is_claimed_once(people: Store) -> None:
    async with people.view() as view:
        assert not await view.users.is_site_claimed()

    async with people.unit() as unit:
        assert await unit.users.claim_site(alice().id)
        assert not await unit.users.claim_site(mallory().id)
    async with people.unit() as unit:
        assert not await unit.users.claim_site(mallory().id)

    async with people.view() as view:
        assert await view.users.is_site_claimed()


async def test_a_claim_that_was_rolled_back_is_open_again(people: Store) -> None:
    async def claim_and_fail() -> None:
        async with people.unit() as unit:
            await unit.users.claim_site(alice().id)
            raise LookupError

    with pytest.raises(LookupError):
        await claim_and_fail()

    async with people.unit() as unit:
        assert await unit.users.claim_site(bob().id)


async def test_nobody_cannot_claim_the_site(people: Store) -> None:
    async def claim_as_nobody() -> None:
        async with people.unit() as unit:
            await unit.users.claim_site(a_user("nobody").id)

    with pytest.raises((UserNotFound, RuntimeError)):
        await claim_as_nobody()

    async with people.view() as view:
        assert not await view.users.is_site_claimed()


async def test_the_claim_makes_an_owner_and_saving_makes_none(people: Store) -> None:
    async with people.unit() as unit:
        await unit.users.claim_site(alice().id)
        await unit.users.save(a_user("alice", display_name="Queen"))
        await unit.users.save(a_user("bob", site_role=SiteRole.OWNER))

    async with people.view() as view:
        assert (await view.users.get(alice().id)).site_role is SiteRole.OWNER
        assert (await view.users.get(alice().id)).display_name == "Queen"
        assert (await view.users.get(bob().id)).site_role is SiteRole.MEMBER


async def test_the_site_has_one_owner_whoever_it_is_passed_to(people: Store) -> None:
    async with people.unit() as unit:
        await unit.users.claim_site(alice().id)
        assert await unit.users.pass_site(bob().id)
        assert await unit.users.pass_site(bob().id)

    assert await owners(people) == ["bob"]
    async with people.unit() as unit:
        assert not await unit.users.claim_site(mallory().id)
        assert await unit.users.disable(alice().id, at(1))
        assert not await unit.users.disable(bob().id, at(1))


async def test_a_site_that_nobody_owns_is_passed_on_too(people: Store) -> None:
    async with people.unit() as unit:
        assert await unit.users.pass_site(bob().id)

    assert await owners(people) == ["bob"]
    async with people.unit() as unit:
        assert await unit.users.is_site_claimed()


async def test_the_site_is_not_passed_to_who_is_disabled_or_nobody(people: Store) -> None:
    async with people.unit() as unit:
        await unit.users.claim_site(alice().id)
        await unit.users.disable(bob().id, at(1))
        assert not await unit.users.pass_site(bob().id)
        with pytest.raises(UserNotFound):
            await unit.users.pass_site(a_user("nobody").id)

    assert await owners(people) == ["alice"]
    async with people.unit() as unit:
        assert not await unit.users.disable(alice().id, at(1))


async def test_passed_to_several_at_once_it_has_one_owner(people: Store) -> None:
    async with people.unit() as unit:
        await unit.users.claim_site(alice().id)

    async def pass_to(user: User) -> None:
        async with people.unit() as unit:
            assert await unit.users.pass_site(user.id)

    await asyncio.gather(*(pass_to(user) for user in (bob(), mallory(), alice(), bob())))

    assert len(await owners(people)) == 1


@pytest.mark.parametrize("round_", range(5))
async def test_nobody_is_made_the_owner_and_disabled_at_once(people: Store, round_: int) -> None:
    async def pass_to_bob() -> bool:
        async with people.unit() as unit:
            return await unit.users.pass_site(bob().id)

    async def disable_bob() -> bool:
        async with people.unit() as unit:
            return await unit.users.disable(bob().id, at(1))

    outcomes = await asyncio.gather(pass_to_bob(), disable_bob())

    async with people.view() as view:
        user = await view.users.get(bob().id)
    assert outcomes == [user.is_site_owner, user.is_disabled]
    assert user.is_site_owner is not user.is_disabled


async def owners(store: Store) -> list[str]:
    async with store.view() as view:
        everybody = await view.users.page(after="", limit=9)
    return [user.username.value for user in everybody if user.is_site_owner]
