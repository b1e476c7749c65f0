"""An evidence bundle: the captures that show one change, with all that a stranger needs to check them offline."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.capture import Capture
from domain.clock import iso
from domain.clock import parse as moment
from domain.errors import ConfigurationError
from domain.wire import split
from storage import big, keys, merkle, warc
from storage.archive import Archive
from storage.export.packing import Counted
from storage.export.picking import Piece, Records, Selection
from storage.export.provenance import Sealer, listing, of_record, origin_of, said_of
from storage.export.wacz import whole_file, zip_info
from storage.export.warcfile import Tally, write_warc
from storage.proofs import Proof, Prover, signing, timestamps
from storage.proofs.checkpoint import parse
from storage.proofs.log import Log

_VERIFIER = Path(__file__).with_name("verifier.py")
_LIST, _KEY = "files.txt", "checkpoint.pub.pem"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A capture in a bundle: the folder it goes to (`before`, `after-1`), what it shows, and whether that was taken
    down: then there is its tombstone, and the proof of what is gone."""

    name: str
    capture: Capture
    is_taken_down: bool = False


@dataclass(frozen=True, slots=True)
class Vouched:
    """A checkpoint in a bundle: when it was signed, by our clock, and when its time stamp says that the authority saw
    it (UTC; None where it has none)."""

    number: int
    signed: datetime
    stamped: datetime | None


@dataclass(frozen=True, slots=True)
class Seal:
    """What the proofs rest on: the key's name, the checkpoints by number, whether the list of files is signed."""

    key: str
    checkpoints: tuple[Vouched, ...]
    is_list_signed: bool

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(one.number for one in self.checkpoints)

    @property
    def is_stamped(self) -> bool:
        """Whether each of the checkpoints has a time stamp."""
        return all(one.stamped for one in self.checkpoints)


@dataclass(frozen=True, slots=True)
class Bundled:
    """What came of it: files and their bytes, what the proofs rest on, whether the list of files is signed."""

    files: int
    size: int
    seal: Seal
    is_signed: bool


def write_bundle(
    archive: Archive,
    exhibits: tuple[Exhibit, ...],
    texts: Callable[[Seal], Mapping[str, str]],
    path: Path,
    sealer: Sealer,
    checkpoint: int | None = None,
) -> Bundled:
    """Writes the bundle to a folder that is not there yet, or to a file where `path` ends in `.zip`.

    `texts` gives further files, by name. Of an exhibit that was taken down there is its tombstone, and the proof of
    what is gone. Raises NotFound where a capture is in no checkpoint yet, IntegrityError, EndpointDown,
    ConfigurationError where the folder is there.
    """
    with _target(path) as folder:
        proofs = _exhibits(archive, exhibits, folder, Prover(archive, sealer.trusted, checkpoint=checkpoint))
        seal = _checkpoints(archive, proofs, folder, sealer)
        _warc(archive, exhibits, folder)
        for name, text in texts(seal).items():
            (folder / name).write_text(text, encoding="utf-8", errors="replace", newline="\n")
        shutil.copyfile(_VERIFIER, folder / "verify.py")
        _sign(folder, sealer, origin_of(archive))
        files = _files(folder)
        size = sum((folder / name).stat().st_size for name in files)
        return Bundled(len(files), size, seal, sealer.signer is not None)


def _files(folder: Path) -> list[str]:
    return sorted(found.relative_to(folder).as_posix() for found in folder.rglob("*") if found.is_file())


@contextmanager
def _target(path: Path) -> Iterator[Path]:
    """A folder to fill, which takes its place, or is zipped to it, when it is whole."""
    is_zip = path.suffix.lower() == ".zip"
    if not is_zip and path.exists():
        raise ConfigurationError(f"{path} is there already", hint="Name a folder that is not there, or a .zip file.")
    with TemporaryDirectory(dir=path.parent, prefix=".evidence-") as scratch:
        folder = Path(scratch) / "bundle"
        folder.mkdir()
        yield folder
        if is_zip:
            _zip(folder, path)
        else:
            folder.replace(path)


def _zip(folder: Path, path: Path) -> None:
    with whole_file(path) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in _files(folder):
            target.writestr(zip_info(f"{path.stem}/{name}"), (folder / name).read_bytes())


def _exhibits(archive: Archive, exhibits: tuple[Exhibit, ...], folder: Path, prover: Prover) -> list[Proof]:
    proofs = []
    for exhibit in exhibits:
        place, capture = folder / exhibit.name, exhibit.capture
        place.mkdir()
        records = _records(archive, capture)
        leaves = {kind: merkle.leaf(record).hex() for kind, record in records.items()} | {"response": capture.id}
        for kind, leaf in leaves.items():
            proof = of_record(prover, capture, leaf)
            (place / f"{kind}.proof.json").write_text(_json(proof.model_dump(mode="json")), encoding="utf-8")
            proofs.append(proof)
        for kind, record in records.items():
            (place / f"{kind}.warc").write_bytes(record)
        said = capture.model_dump(mode="json", exclude={"at"}) | {"at": iso(capture.at)}
        (place / "capture.json").write_text(_json(said), encoding="utf-8")
        if "response" in records:
            _answer(archive, capture, records["response"], place)
        else:
            tombstone = archive.taken_down(capture.site).tombstones[capture.id]
            (place / "tombstone.json").write_text(_json(said_of(tombstone)), encoding="utf-8")
    return proofs


def _records(archive: Archive, capture: Capture) -> dict[str, bytes]:
    names = {"revisit": "response", "resource": "certificates"}
    kept = Records(archive, capture.segment).kept(capture)
    return {names.get(kind, kind): record for kind, record in kept.items()}


def _answer(archive: Archive, capture: Capture, record: bytes, place: Path) -> None:
    """The answer's parts apart, for eyes and other programs."""
    block = warc.block(record)
    key = big.outside(record)
    payload = big.get(archive.bucket, key, capture.payload_digest) if key else warc.payload(block)
    (place / "payload").write_bytes(payload)
    (place / "headers.txt").write_bytes(split(block)[0])


def _checkpoints(archive: Archive, proofs: list[Proof], folder: Path, sealer: Sealer) -> Seal:
    log, place, vouched = Log(archive.bucket), folder / "checkpoints", []
    place.mkdir()
    for data in sorted({proof.checkpoint.encode() for proof in proofs}):
        checkpoint = parse(data, "checkpoint").checkpoint
        name = keys.checkpoint(checkpoint.number).rpartition("/")[2]
        (place / name).write_bytes(data)
        stamped = None
        if token := log.token(checkpoint.number):
            stamped = timestamps.check(token, data, (), keys.token(checkpoint.number)).at
            (place / name.replace(".txt", ".tsr")).write_bytes(token)
        vouched.append(Vouched(checkpoint.number, moment(checkpoint.at), stamped))
    known = (*sealer.trusted, *log.claimed_keys())
    public = next(one for one in known if signing.key_id(one) == proofs[0].key)
    (folder / _KEY).write_bytes(signing.public_pem(public))
    by_number = tuple(sorted(vouched, key=lambda one: one.number))
    return Seal(proofs[0].key, by_number, sealer.signer is not None)


def _warc(archive: Archive, exhibits: tuple[Exhibit, ...], folder: Path) -> None:
    """Both captures once more, as a file that replay tools open."""
    captures = sorted({one.capture.id: one.capture for one in exhibits}.values(), key=lambda one: one.at)
    pieces = [Piece(one.segment, (one,)) for one in captures]
    chosen = Selection("Evidence of one change", lambda: pieces, len(captures), captures[-1].at)
    with (folder / "captures.warc.gz").open("wb") as out:
        for _ in write_warc(archive, chosen, Counted(out), Tally(), lambda tally: None):
            pass


def _sign(folder: Path, sealer: Sealer, origin: str) -> None:
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _files(folder)}
    (folder / _LIST).write_bytes(sealer.signed(listing(origin, hashes), origin))


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
