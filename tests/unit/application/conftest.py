from collections.abc import AsyncIterator

import pytest

from tests.unit.application.scene import Scene, set_scene


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with set_scene() as scene:
        yield scene
