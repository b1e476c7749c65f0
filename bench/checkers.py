"""Checkers of others on the same captures as ours: of the segments, and of a .warc.gz of them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench.groups import interpreter
from domain.errors import StorageError
from storage.export.packing import member
from storage.segment import read_index, unpack

Way = Callable[[], object]


def checkers(folder: Path, segments: list[bytes]) -> dict[str, Way]:
    """Each by its name. FastWARC is in our environment, warcio (which reads no zstd) in one of its own; where that
    cannot be made it is left out."""
    zst, gz = folder / "checked.warc.zst", folder / "checked.warc.gz"
    zst.write_bytes(b"".join(segments))
    with gz.open("wb") as out:
        for data in segments:
            for frame in read_index(data, "").frames:
                out.write(member(unpack(data[frame.offset : frame.offset + frame.length], "", None)))
    fastwarc = Path(sys.executable).parent / "fastwarc"
    ways: dict[str, Way] = {f"fastwarc check, {path.name[7:]}": program(fastwarc, "check", path) for path in (zst, gz)}
    python = interpreter("export-peers")
    return ways | ({"warcio check, .warc.gz": program(python.parent / "warcio", "check", gz)} if python else {})


def program(*command: str | Path, folder: Path | None = None) -> Way:
    """Runs a program, which must succeed. Raises StorageError when called and it does not."""

    def go() -> None:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise StorageError(f"{command[0]}: exit {done.returncode}: {(done.stdout + done.stderr)[-300:]}")

    return go
