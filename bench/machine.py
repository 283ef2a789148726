"""The machine, as far as figures depend on it."""

import importlib.metadata
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

PACKAGES = ("besedka", "aiohttp", "aiosqlite", "asyncpg", "motor", "SQLAlchemy")
SYNCS = 100


def machine() -> str:
    memory = int(_proc("meminfo", "MemTotal").split()[0]) / 2**20
    versions = " · ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} × {_proc('cpuinfo', 'model name')} · {memory:.0f} GiB · Linux "
        f"{platform.release()} · Python {platform.python_version()} · {versions}\n\n"
        f"{_file_system(tempfile.gettempdir())}; 4 KiB are on the disk after {_sync_ms():.1f} ms · "
        f"load when it began: {os.getloadavg()[0]:.1f}"
    )


def _proc(file: str, name: str) -> str:
    for line in Path("/proc", file).read_text().splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "?"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _file_system(path: str) -> str:
    """Where the databases are, and what that is: in memory, being durable costs nothing."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    holding = [mount for mount in mounts if Path(path).is_relative_to(mount[0])]
    return f"{path} is {max(holding, key=lambda mount: len(mount[0]))[1]}"


def _sync_ms() -> float:
    """The median of some writes that wait for the disk."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(SYNCS):
            started = time.perf_counter()
            os.pwrite(file.fileno(), bytes(4096), os.fstat(file.fileno()).st_size)
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)
