"""export: how fast captures are taken away as .warc.gz, as WACZ and as WACZ with proofs, beside the tools that others
have for it: `warcio recompress`, `cdxj-indexer` and `wacz create`, on the same captures, in turns."""

from pathlib import Path

from bench.chains import chain, put, seconds
from bench.checkers import Way, program
from bench.groups import interpreter
from bench.places import house, temporary
from bench.results import median, table
from bench.saying import say
from domain.capture import Capture
from domain.errors import StorageError
from pipeline.house import House
from storage import Archive
from storage.export import PageText, Piece, Sealer, Selection, Tally, covering, whole_file, write_wacz, write_warc
from storage.export.packing import Counted
from storage.proofs import signing
from storage.proofs.making import make

SITE, SEGMENTS, ROUNDS = "bench", 12, 3


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """One archive, all of it taken away by each way in turn; MB are of uncompressed records, as one file has them."""
    with temporary() as state, house(state) as open_house:
        chosen, sealer = _archive(open_house, state, 4 if quick else SEGMENTS)
        out = state / "out"
        out.mkdir()
        tally = _warc(open_house.archive, chosen, out / "ours.warc.gz")
        size = tally.uncompressed / 1e6
        say(f"  {tally.captures:,} captures, {size:.0f} MB of records, {tally.size / 1e6:.0f} MB as .warc.gz")
        ways = _ours(open_house.archive, chosen, sealer, out) | _theirs(out, interpreter("export-peers"))
        taken = _taken(ways, rounds or (1 if quick else ROUNDS))
    numbers = {name: size / median(times) for name, times in taken.items()}
    table(
        ("median", "MB/s", "captures/s", "of .warc.gz"),
        [(name, mb, mb * tally.captures / size, numbers[".warc.gz"] / mb) for name, mb in numbers.items()],
    )
    return {"captures": tally.captures, "mb": size, "mb_a_second": numbers}


def _taken(ways: dict[str, Way], rounds: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(seconds(way))
    return taken


def _archive(open_house: House, state: Path, segments: int) -> tuple[Selection, Sealer]:
    """Whole segments, all in one checkpoint."""
    archive = open_house.archive
    put(open_house, chain(SITE, segments, lambda number: True))
    signer = signing.make(state / "keys" / "checkpoint.key")
    make(archive, signer)
    entries = list(archive.ledger(SITE).walk())
    pieces = [Piece(one.commit.segment, archive.index(one).captures, one.seq) for one in entries]
    captures = sum(len(piece.captures) for piece in pieces)
    chosen = Selection("Everything", lambda: pieces, captures, pieces[-1].captures[-1].at)
    return chosen, Sealer((signer.public,), signer)


def _warc(archive: Archive, chosen: Selection, path: Path) -> Tally:
    tally = Tally()
    with whole_file(path) as raw:
        for _ in write_warc(archive, chosen, Counted(raw), tally, lambda tally: None):
            pass
    return tally


def _wacz(archive: Archive, chosen: Selection, sealer: Sealer, path: Path, *, is_proved: bool) -> None:
    number = covering(archive, chosen, sealer) if is_proved else None
    packed = write_wacz(archive, chosen, path, _page, sealer, number, Tally(), lambda tally: None)
    if packed.proved != (chosen.captures if is_proved else 0):
        raise StorageError(f"{path.name}: {packed.proved} of {chosen.captures} captures have a proof")


def _page(seq: int | None, capture: Capture) -> PageText:
    """Every capture is a page, its text said already: how fast pages are read is for `bench reading`."""
    return PageText(capture.url, capture.url)


def _ours(archive: Archive, chosen: Selection, sealer: Sealer, out: Path) -> dict[str, Way]:
    return {
        ".warc.gz": lambda: _warc(archive, chosen, out / "ours.warc.gz"),
        ".wacz without proofs": lambda: _wacz(archive, chosen, sealer, out / "plain.wacz", is_proved=False),
        ".wacz with proofs": lambda: _wacz(archive, chosen, sealer, out / "proved.wacz", is_proved=True),
    }


def _theirs(out: Path, python: Path | None) -> dict[str, Way]:
    """Of the file that we wrote, for no other tool reads our bucket: one packs it anew, one makes its index, one a WACZ
    of it (which packs nothing). None without their environment."""
    if python is None:
        return {}
    place, file = python.parent, "ours.warc.gz"
    return {
        "warcio recompress": program(place / "warcio", "recompress", file, "warcio.warc.gz", folder=out),
        "cdxj-indexer": program(place / "cdxj-indexer", "-o", "theirs.cdxj", file, folder=out),
        "wacz create": program(place / "wacz", "create", "-o", "theirs.wacz", "-f", file, folder=out),
    }
