"""The index of a WARC file as replay tools read it: CDXJ lines, sorted, in gzip members with an index of their own.

What WACZ calls `index.cdx.gz` and `index.idx` (format cdxj-gzip-1.0): a member holds some lines, and a line of the idx
says with which key it begins and where it lies.
"""

import heapq
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from posixpath import normpath
from typing import IO
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from domain.capture import Capture
from storage.export.packing import Counted, member

DATA = "index.cdx.gz"
_LINES = 300
# Lines sorted in memory at a time, about 300 bytes each.
_AT_ONCE = 50_000
_WWW = re.compile(r"^www\d*\.")
_PORTS = {"http": 80, "https": 443}
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
# Sessions that replay tools take out of a key, at its end or between others.
_SESSION = re.compile(r"(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}(?:&|$)|aspsessionid[a-z]{8}=[a-z]{24}(?:&|$)")


def surt(url: str) -> str:
    """The key by which replay tools look an address up, `cn,example)/art?a=1&b=2`: all in lower case, without
    `www.`, default port, closing slash and fragment, the query sorted. Not our urlkey, which keeps the path's case."""
    parts = urlsplit(url)
    name = _WWW.sub("", (parts.hostname or "").rstrip("."))
    port = f":{parts.port}" if parts.port not in (None, _PORTS.get(parts.scheme)) else ""
    query = _SESSION.sub("", _escaped(parts.query).lower())
    pairs = sorted(pair.split("=", 1) for pair in query.split("&"))
    tail = "?" + "&".join("=".join(pair) for pair in pairs) if query else ""
    return f"{','.join(reversed(name.split('.')))}{port}){_path(parts.path)}{tail}"


def _path(path: str) -> str:
    plain = normpath("/" + _escaped(path).lower().lstrip("/"))
    return plain if plain.startswith("/") else "/"


def _escaped(text: str) -> str:
    """Each escape undone as often as there is one, and what is no sign of an address escaped once."""
    data = text.encode("utf-8", "surrogatepass")
    while (bare := unquote_to_bytes(data)) != data:
        data = bare
    return quote_from_bytes(data, safe=_SAFE)


def line(capture: Capture, offset: int, length: int, filename: str) -> str:
    """One line: key, time to the second, and what says where the record is."""
    said = {"url": capture.url, "mime": "warc/revisit" if _is_revisit(capture) else _mime(capture)}
    said |= {} if _is_revisit(capture) and not capture.status else {"status": str(capture.status)}
    said |= {"digest": capture.payload_digest, "length": str(length), "offset": str(offset), "filename": filename}
    kept = {name: value for name, value in said.items() if value}
    return f"{surt(capture.url)} {capture.at:%Y%m%d%H%M%S} {json.dumps(kept)}\n"


def _is_revisit(capture: Capture) -> bool:
    return capture.status == 304 and capture.refers_to is not None


def _mime(capture: Capture) -> str:
    return re.split(r"[;\s]", capture.content_type or "", maxsplit=1)[0].strip()


class Sorter:
    """Sorts any number of lines, in files in `folder` where they are many."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lines = folder, list[str]()
        self._runs: list[Path] = []

    def add(self, text: str) -> None:
        self._lines.append(text)
        if len(self._lines) >= _AT_ONCE:
            path = self._folder / f"lines-{len(self._runs)}"
            path.write_text("".join(sorted(self._lines)), encoding="utf-8", newline="\n")
            self._runs.append(path)
            self._lines = []

    def sorted(self) -> Iterator[str]:
        """All lines in the order of their code points, which is that of their bytes."""
        with ExitStack() as stack:
            files = [stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in self._runs]
            yield from heapq.merge(*files, sorted(self._lines))


def write(lines: Iterable[str], data: Counted, idx: IO[bytes]) -> None:
    """Writes sorted lines as members of `data`, and to `idx` where each begins."""
    meta = {"format": "cdxj-gzip-1.0", "filename": DATA}
    idx.write(f"!meta 0 {json.dumps(meta)}\n".encode())
    rest = iter(lines)
    while block := list(islice(rest, _LINES)):
        packed = member("".join(block).encode())
        place = {"offset": data.write(packed), "length": len(packed)}
        idx.write(f"{block[0].split(' {', 1)[0]} {json.dumps(place)}\n".encode())
