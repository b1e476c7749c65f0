"""A WACZ 1.2 package (specs.webrecorder.net/wacz/1.2.0): a ZIP of the WARC file, its index, its pages with their text,
and what proves them. Nothing in the ZIP is deflated, and every entry has the same time: it is the same bytes each time.
"""

import hashlib
import json
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from domain.capture import Capture
from storage.archive import Archive
from storage.export import cdxj
from storage.export.packing import Counted
from storage.export.picking import Selection
from storage.export.provenance import Provenance, Sealer, listing, origin_of, said_of
from storage.export.warcfile import SOFTWARE, Progress, Tally, write_warc

_DATA = "data.warc.gz"
# The earliest that ZIP can say.
_TIME = (1980, 1, 1, 0, 0, 0)
# A file whose length is not known beforehand has 20 bytes of ZIP64 in its own header. wabac.js, ReplayWeb.page's
# engine, looks for the data behind as many as the central directory has: so there stand 20, the registered padding of
# APPNOTE 4.6.10 (0xA220), where ZIP64 is not needed after all.
_PADDING = struct.pack("<4H12x", 0xA220, 16, 0xA028, 12)
_README = Path(__file__).with_name("provenance.md")


@dataclass(frozen=True, slots=True)
class PageText:
    """What pages.jsonl says of a capture besides its address and time."""

    title: str | None
    text: str


# The text of a capture that is a page and has not been said before, else None.
Reader = Callable[[int | None, Capture], PageText | None]


@dataclass(slots=True)
class Packed:
    """What came of it: pages listed, captures with and without proof, the checkpoint, whether the list is signed."""

    pages: int = 0
    proved: int = 0
    unproved: int = 0
    checkpoint: int | None = None
    is_signed: bool = False


def write_wacz(
    archive: Archive,
    chosen: Selection,
    path: Path,
    read: Reader,
    sealer: Sealer,
    checkpoint: int | None,
    tally: Tally,
    tell: Progress,
) -> Packed:
    """Writes the package to `path`, which is there whole or not at all; the proofs are in that checkpoint.

    Raises NotFound, IntegrityError, EndpointDown; OSError where the disk does not take it.
    """
    done = Packed(checkpoint=checkpoint, is_signed=sealer.signer is not None)
    with (
        whole_file(path) as out,
        TemporaryDirectory(dir=path.parent, prefix=".export-") as folder,
        zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target,
    ):
        _Package(target, Path(folder), done).fill(archive, chosen, read, sealer, tally, tell)
    return done


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its place when all of it is written."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _Package:
    """A ZIP being filled; remembers each file's hash and size."""

    def __init__(self, target: zipfile.ZipFile, folder: Path, done: Packed) -> None:
        self._zip, self._folder, self._done = target, folder, done
        self._files: dict[str, tuple[str, int]] = {}
        self._home: dict[str, str] | None = None

    def fill(
        self, archive: Archive, chosen: Selection, read: Reader, sealer: Sealer, tally: Tally, tell: Progress
    ) -> None:
        proved, lines = Provenance(archive, sealer, self._done.checkpoint), cdxj.Sorter(self._folder)
        with ExitStack() as stack:
            names = ("pages", "proofs", "entries")
            pages, proofs, entries = (stack.enter_context((self._folder / name).open("wb")) for name in names)
            pages.write(_line({"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}))
            with self._entry(f"archive/{_DATA}") as data:
                for placed in write_warc(archive, chosen, data, tally, tell):
                    if capture := placed.item.capture:
                        lines.add(cdxj.line(capture, placed.offset, placed.length, _DATA))
                        proved.add(placed.item, placed.offset, proofs, entries)
                        self._page(capture, read(placed.item.seq, capture), pages)
        self._done.proved, self._done.unproved = proved.proved, proved.unproved
        self._index(lines)
        self._copy("pages/pages.jsonl", self._folder / "pages")
        self._provenance(archive, proved, sealer, tally)
        self._describe(chosen)

    def _page(self, capture: Capture, page: PageText | None, pages: IO[bytes]) -> None:
        if page is None:
            return
        said = {"id": capture.id[:16], "url": capture.url, "ts": _second(capture.at)}
        self._home = self._home or {"url": capture.url, "ts": said["ts"]}
        self._done.pages += 1
        pages.write(_line(said | ({"title": page.title} if page.title else {}) | {"text": page.text}))

    def _index(self, lines: cdxj.Sorter) -> None:
        with (self._folder / "idx").open("wb") as idx, self._entry(f"indexes/{cdxj.DATA}") as data:
            cdxj.write(lines.sorted(), data, idx)
        self._copy("indexes/index.idx", self._folder / "idx")

    def _provenance(self, archive: Archive, proved: Provenance, sealer: Sealer, tally: Tally) -> None:
        self._put("provenance/README.md", _README.read_bytes())
        for name, data in proved.files().items():
            self._put(f"provenance/{name}", data)
        for name in ("proofs", "entries"):
            self._copy(f"provenance/{name}.jsonl", self._folder / name)
        if tally.left_out:
            self._put("provenance/tombstones.jsonl", b"".join(_line(said_of(one)) for one in tally.left_out))
        origin = origin_of(archive)
        hashes = {path: sha256 for path, (sha256, _) in self._files.items()}
        self._put("provenance/files.txt", sealer.signed(listing(origin, hashes), origin))

    def _describe(self, chosen: Selection) -> None:
        rows = [
            {"name": path.rpartition("/")[2].lower(), "path": path, "hash": f"sha256:{sha256}", "bytes": size}
            for path, (sha256, size) in self._files.items()
        ]
        said = {
            # 1.2 says `wacz` and no version; py-wacz 0.6 takes that for invalid. Players take either.
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": chosen.title,
            "created": _second(chosen.until),
            "software": SOFTWARE,
            **({"mainPageUrl": self._home["url"], "mainPageDate": self._home["ts"]} if self._home else {}),
            **({"home": self._home} if self._home else {}),
            "resources": rows,
        }
        document = json.dumps(said, ensure_ascii=False, indent=1).encode()
        self._put("datapackage.json", document)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(document).hexdigest()}"}
        self._put("datapackage-digest.json", json.dumps(digest, indent=1).encode())

    def _put(self, name: str, data: bytes) -> None:
        with self._entry(name) as out:
            out.write(data)

    def _copy(self, name: str, path: Path) -> None:
        with path.open("rb") as source, self._entry(name) as out:
            while block := source.read(2**20):
                out.write(block)

    @contextmanager
    def _entry(self, name: str) -> Iterator[Counted]:
        info, is_long = zip_info(name), name.startswith("archive/")
        with self._zip.open(info, "w", force_zip64=is_long) as raw:
            out = Counted(raw)
            yield out
        if is_long and out.size <= zipfile.ZIP64_LIMIT:
            info.extra = _PADDING
        self._files[name] = out.sha256, out.size


def zip_info(name: str) -> zipfile.ZipInfo:
    """An entry that is the same whenever and wherever it is made."""
    info = zipfile.ZipInfo(name, _TIME)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _second(moment: object) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _line(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
