"""C programs of the benchmark, compiled when it runs."""

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
WITHOUT = "NOT MEASURED: there is no C compiler (cc) on this machine: "


@cache
def compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc")


@cache
def compiled(source: str, *options: str) -> Path:
    """What became of a source beside this file; once for each run. Raises `FileNotFoundError`
    without a compiler, and `CalledProcessError` for one that does not like it."""
    found = compiler()
    if found is None:
        raise FileNotFoundError(WITHOUT + source)
    program = _folder() / Path(source).stem
    subprocess.run([found, "-O3", *options, "-o", program, HERE / source], check=True)
    return program


def compiler_version() -> str:
    found = compiler()
    if found is None:
        return "no C compiler"
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.partition("\n")[0]


@cache
def _folder() -> Path:
    folder = tempfile.mkdtemp(prefix="besedka-bench-")
    atexit.register(shutil.rmtree, folder)
    return Path(folder)
