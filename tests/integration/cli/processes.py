"""Programs as operators start them: processes of their own."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.servers import valkey

ROOT = Path(__file__).parents[3]
PATIENCE = 60.0  # Seconds, for a machine that is busy with other tests.


@asynccontextmanager
async def besedka(
    directory: Path, *arguments: str, **environ: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m bootstrap` in that directory, with nothing else in the environment."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bootstrap", *arguments),
        cwd=directory,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(
    process: asyncio.subprocess.Process, *, within: float = PATIENCE
) -> tuple[int | None, str, str]:
    """Its exit code and what it wrote, once it is over."""
    output, errors = await asyncio.wait_for(process.communicate(), within)
    return process.returncode, output.decode(), errors.decode()


async def address_of(process: asyncio.subprocess.Process) -> str:
    """The address that it announces."""
    return await said(process, r"Besedka is ready at (\S+?)[\s\"]")


async def setup_link_of(process: asyncio.subprocess.Process) -> str:
    """The setup link that it announces after its address, where nobody owns the site."""
    return await said(process, r"make it here: (\S+?)[\s\"]")


async def said(process: asyncio.subprocess.Process, pattern: str) -> str:
    """The group of the pattern in the first line from now on in which it is found."""
    assert process.stdout is not None
    while line := (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode():
        if found := re.search(pattern, line):
            return found[1]
    _, _, errors = await ended(process)
    pytest.fail(f"It ended before it said {pattern}: {errors}")


def several() -> dict[str, str]:
    """What lets several processes be nodes of one site."""
    return {"REDIS_URL": valkey.shared_server_url(), "BESEDKA_REDIS__PREFIX": valkey.fresh_prefix()}
