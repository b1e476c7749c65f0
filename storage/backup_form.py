"""The form of a backup of tables: lines of JSON, zstd-compressed, that say of themselves whether they are whole.

The first line is the header: form version, when, the tables' own form, and of each table its columns, its number of
rows and the SHA-256 of its lines. A line a row follows, table by table. The last line names the header's hash: where
it is missing, so is something before it. docs/archive-format.md has every byte of it.
"""

import hashlib
import io
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO

import zstandard
from pydantic import AwareDatetime, Field, ValidationError

from domain.article import Frozen
from domain.clock import iso
from domain.errors import ConfigurationError, IntegrityError

VERSION = 1
_KIND = "tongjian alerts"
_LEVEL = 6
_PIECE = 1 << 20
# One line is one row, and no row's JSON can be longer in PostgreSQL. A damaged one must not take all memory.
_LONGEST = 1 << 28
_WINDOW = 1 << 27
_NEXT = "Take an earlier one: `tongjian doctor restore --list`."


class Table(Frozen):
    """A table's part: the SHA-256 is over its lines, line ends included, in their order."""

    name: str = Field(pattern=r"^[a-z_]{1,63}$")
    columns: tuple[str, ...]
    rows: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Header(Frozen):
    """`taken` is the moment of the snapshot, UTC; `revision` the last migration of the tables that it was taken of."""

    backup: str
    v: int
    taken: AwareDatetime
    revision: str
    tables: tuple[Table, ...]

    @property
    def rows(self) -> dict[str, int]:
        return {table.name: table.rows for table in self.tables}


class Maker:
    """Makes one, table by table; memory does not grow with the rows. They lie in `spool`, an empty file, meanwhile."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self._tables: list[Table] = []

    def table(self, name: str, columns: tuple[str, ...], rows: Iterable[str]) -> None:
        """A frame with a line for each of the rows, which are JSON objects in one line each."""
        digest, count = hashlib.sha256(), 0
        with _frame(self._spool) as frame:
            for row in rows:
                line = f'{{"table":"{name}","row":{row}}}\n'.encode()
                digest.update(line)
                frame.write(line)
                count += 1
        self._tables.append(Table(name=name, columns=columns, rows=count, sha256=digest.hexdigest()))

    def finish(self, target: IO[bytes], taken: datetime, revision: str) -> tuple[Header, str]:
        """Writes the whole into `target`, at its beginning; gives the header and the SHA-256 of what was written."""
        header = Header(backup=_KIND, v=VERSION, taken=taken, revision=revision, tables=tuple(self._tables))
        said = header.model_dump(mode="json") | {"taken": iso(taken)}
        first = _line(said)
        with _frame(target) as frame:
            frame.write(first)
        self._spool.seek(0)
        shutil.copyfileobj(self._spool, target, _PIECE)
        with _frame(target) as frame:
            frame.write(_line(_last(header, first)))
        target.flush()
        return header, digest(target)


class Backup:
    """One as it was kept. Reads from a file's beginning; raises IntegrityError where it is not what it says, and
    ConfigurationError where a newer Tongjian made it. `name` is for the messages."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.name = name
        file.seek(0)
        unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        self._lines = io.BufferedReader(unpacker.stream_reader(file, read_across_frames=True, closefd=False), _PIECE)
        self._first = self._next()
        self.header = self._header()

    def rows(self) -> Iterator[tuple[Table, str]]:
        """Each row as JSON, beside the table it is of. What is wrong with a table is known, and raised, at its end."""
        for table in self.header.tables:
            sum_, start = hashlib.sha256(), f'{{"table":"{table.name}","row":'.encode()
            for _ in range(table.rows):
                line = self._next()
                if not (line.startswith(start) and line.endswith(b"}\n")):
                    raise self._wrong(f"a row of {table.name} is missing")
                sum_.update(line)
                yield table, line[len(start) : -2].decode("utf-8", "replace")
            if sum_.hexdigest() != table.sha256:
                raise self._wrong(f"the rows of {table.name} are not those it was made with")
        if self._next() != _line(_last(self.header, self._first)) or self._next():
            raise self._wrong("it does not end as it should")

    def check(self) -> Header:
        """Reads all of it; gives its header where nothing is wrong."""
        for _ in self.rows():
            pass
        return self.header

    def _next(self) -> bytes:
        try:
            line = self._lines.readline(_LONGEST)
        except zstandard.ZstdError as error:
            raise self._wrong(f"{error}") from error
        if line and not line.endswith(b"\n"):
            raise self._wrong("it is cut")
        return line

    def _header(self) -> Header:
        try:
            said = json.loads(self._first)
            if said["backup"] == _KIND and int(said["v"]) > VERSION:
                raise ConfigurationError(
                    f"{self.name}: form {said['v']}, this Tongjian knows form {VERSION}",
                    hint="A newer Tongjian made it: restore with that one.",
                )
            header = Header.model_validate_json(self._first)
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            raise self._wrong("it has no header of a backup") from error
        if header.backup != _KIND:
            raise self._wrong(f"it is a backup of something else: {header.backup[:80]}")
        return header

    def _wrong(self, what: str) -> IntegrityError:
        return IntegrityError(f"{self.name}: damaged or no backup of ours: {what}", hint=_NEXT)


@contextmanager
def _frame(target: IO[bytes]) -> Iterator[zstandard.ZstdCompressionWriter]:
    """One zstd frame with a checksum; it ends with the block."""
    packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    with packer.stream_writer(target, closefd=False) as frame:
        yield frame


def digest(file: IO[bytes]) -> str:
    """SHA-256 of a whole file, hex."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _last(header: Header, first: bytes) -> dict[str, object]:
    return {"end": True, "rows": sum(header.rows.values()), "header": hashlib.sha256(first).hexdigest()}


def _line(document: dict[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
