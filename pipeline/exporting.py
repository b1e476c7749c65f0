"""The verb export: what of the archive is taken away, and in which form."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Any

from domain.article import Article, Kind
from domain.capture import Capture, Role
from domain.change import Change
from domain.errors import ConfigurationError, NotFound, StorageError
from monitor.differences import characters
from pipeline.choosing import Span, at_pages, before_and_after, found_by, in_span, of_change, site_names
from pipeline.house import House
from pipeline.readers import reader_of
from pipeline.reading import read_capture
from pipeline.selecting import site_of
from storage.export import (
    Bundled,
    Exhibit,
    Packed,
    PageText,
    Seal,
    Sealer,
    Selection,
    Tally,
    covering,
    whole_file,
    write_bundle,
    write_wacz,
    write_warc,
)
from storage.export import page as pages
from storage.export.packing import Counted
from storage.export.warcfile import Progress
from storage.proofs import signing
from storage.proofs.log import Log

_ALWAYS = Span()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take: an address, the pages that words are found in, one change, or else all captures of sites; `span`
    narrows each but a change. `files`: attachments and images of articles too."""

    url: str | None = None
    search: str | None = None
    change: str | None = None
    site: str | None = None
    span: Span = _ALWAYS
    files: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """What was written. `packed` is of a WACZ."""

    path: Path
    title: str
    tally: Tally
    sha256: str
    packed: Packed | None = None


def choose(house: House, wanted: Wanted) -> Selection:
    """What is meant, in order. Raises NotFound where nothing of it is kept, ConfigurationError."""
    ways = [wanted.url, wanted.search, wanted.change]
    if sum(way is not None for way in ways) > 1:
        raise ConfigurationError("an address, --search and --change are three different things", hint="Give one.")
    if wanted.change:
        return of_change(house, house.catalogue.change(wanted.change))
    if wanted.url:
        return at_pages(house, [wanted.url], wanted.span, f"Page {wanted.url}", files=wanted.files, site=wanted.site)
    if wanted.search:
        found = found_by(house, wanted.search, wanted.site)
        return at_pages(house, found, wanted.span, f"Search {wanted.search}", files=wanted.files, site=wanted.site)
    if wanted.site or wanted.span.since or wanted.span.until:
        return in_span(house, site_names(house, wanted.site), wanted.span)
    raise ConfigurationError(
        "nothing to export was named",
        hint="Give an address, --search WORDS, --site NAME, --since or --until, or --change ID.",
    )


def sealer_of(house: House) -> Sealer:
    """The keys this machine trusts, and the one it signs with, where it has one."""
    path = house.settings.key_file
    try:
        return Sealer(signing.trusted(path), signing.load(path))
    except NotFound:
        return Sealer(signing.trusted(path))


def export_warc(house: House, chosen: Selection, path: Path, tell: Progress) -> Done:
    """Writes a .warc.gz. Raises ConfigurationError where the file cannot be written, IntegrityError, EndpointDown."""
    tally = Tally()
    with _written(path, ".warc.gz"), whole_file(path) as raw:
        out = Counted(raw)
        for _ in write_warc(house.archive, chosen, out, tally, tell):
            pass
    return Done(path, chosen.title, tally, out.sha256)


def export_wacz(house: House, chosen: Selection, path: Path, checkpoint: int | None, tell: Progress) -> Done:
    """Writes a WACZ whose proofs are in that checkpoint, or in the first that covers all that any covers."""
    sealer, tally = sealer_of(house), Tally()
    number = _known(house, checkpoint) or covering(house.archive, chosen, sealer)
    with _written(path, ".wacz"):
        packed = write_wacz(house.archive, chosen, path, _texts(house), sealer, number, tally, tell)
        return Done(path, chosen.title, tally, _hash(path), packed)


def _known(house: House, checkpoint: int | None) -> int | None:
    """The number as given. Raises NotFound where there is no such checkpoint."""
    if checkpoint is not None:
        Log(house.bucket).read(checkpoint)
    return checkpoint


def _hash(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            found.update(block)
    return found.hexdigest()


@contextmanager
def _written(path: Path, *endings: str) -> Iterator[None]:
    if endings and not path.name.endswith(endings):
        raise ConfigurationError(f"{path}: the name must end in {endings[0]}", hint="Other programs go by that.")
    if not path.parent.is_dir():
        raise ConfigurationError(f"{path.parent}: no such folder", hint="Make it first, or name another.")
    try:
        yield
    except OSError as error:
        hint = "Nothing half-written is left there. See that there is room, and the right to write."
        raise StorageError(f"{path}: cannot be written: {error}", hint=hint) from error


def _texts(house: House) -> Callable[[int | None, Capture], PageText | None]:
    """What pages.jsonl says: each reading of a page once, at the first capture that shows it."""
    said: set[bytes] = set()
    kept: dict[tuple[str, int], dict[str, Article]] = {}

    def is_new(*words: str) -> bool:
        name = sha256("\n".join(words).encode("utf-8", "surrogatepass")).digest()[:16]
        is_known = name in said
        said.add(name)
        return not is_known

    def read(seq: int | None, capture: Capture) -> PageText | None:
        if capture.role not in (Role.PAGE, Role.ENTRY) or capture.status != 200:
            return None
        if not is_new(capture.urlkey, capture.payload_digest):
            return None
        if capture.role is Role.ENTRY:
            return PageText(None, "") if is_new(capture.urlkey) else None
        article = _kept(house, seq, capture, kept) or read_capture(house, capture, site_of(capture.site))
        is_told = article.kind is Kind.ARTICLE and is_new(capture.urlkey, article.digest)
        return PageText(article.title, article.text) if is_told else None

    return read


def _kept(
    house: House, seq: int | None, capture: Capture, kept: dict[tuple[str, int], dict[str, Article]]
) -> Article | None:
    """The article as it was read before, where that is kept; `kept` holds those of the last ledger entry."""
    if seq is None:
        return None
    place = capture.site, seq
    if place not in kept:
        kept.clear()
        kept[place] = house.archive.articles(capture.site, reader_of(site_of(capture.site)), seq) or {}
    return kept[place].get(capture.id)


def export_evidence(house: House, id: str, path: Path, checkpoint: int | None) -> Bundled:
    """Writes the evidence bundle of a change, a folder or a .zip. Raises NotFound where there is no such change, or
    no checkpoint covers its captures yet; IntegrityError, ConfigurationError, EndpointDown."""
    change = house.catalogue.change(id)
    number = _known(house, checkpoint)
    exhibits = before_and_after(house, change)
    with _written(path):
        return write_bundle(
            house.archive,
            exhibits,
            lambda seal: _documents(house, change, exhibits, seal),
            path,
            sealer_of(house),
            number,
        )


def _documents(house: House, change: Change, exhibits: tuple[Exhibit, ...], seal: Seal) -> Mapping[str, str]:
    fields = [(edit.name, edit.before or "", edit.after or "") for edit in change.fields]
    pieces = [(name, [(one.op, one.text) for one in characters(old, new)]) for name, old, new in fields]
    read = {one.name: None if one.is_taken_down else _read(house, one.capture) for one in exhibits}
    title = next((said["title"] for said in reversed(read.values()) if said and said["title"]), change.url)
    differing = {
        "change": change.id,
        "fields": [
            {"name": edit.name, "before": edit.before, "after": edit.after, "pieces": spans}
            for edit, (_, spans) in zip(change.fields, pieces, strict=True)
        ],
        "articles": read,
    }
    return {
        "index.html": pages.index(change, title, exhibits, seal),
        "difference.html": pages.difference(change, title, pieces),
        "difference.json": dumps(differing, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "change.json": change.model_dump_json(indent=1) + "\n",
    }


def _read(house: House, capture: Capture) -> dict[str, Any] | None:
    """What today's reader makes of a capture; None of an answer that is no page."""
    if capture.status != 200:
        return None
    return read_capture(house, capture, site_of(capture.site)).model_dump(mode="json")
