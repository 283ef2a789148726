"""The operator looks at all accounts."""

import pytest

from application.use_cases import list_users
from tests.unit.application.scene import Scene


async def test_everybody_is_listed_once_however_many_pages_there_are(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_users, "PAGE", 2)
    await scene.kit.person("Carol")

    listed, pages = [], 0
    page = await scene.chat.list_users()
    while page:
        listed, pages = [*listed, *page], pages + 1
        page = await scene.chat.list_users(after=page[-1])

    assert [user.username.value for user in listed] == ["alice", "bob", "Carol", "mallory", "zoe"]
    assert pages == 3
    assert [user.username.value for user in listed if user.is_site_owner] == ["zoe"]
