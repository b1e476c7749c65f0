"""An evidence bundle: the captures that show one change, with all that a stranger needs to check them offline."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.capture import Capture
from domain.clock import iso
from domain.errors import ConfigurationError
from domain.wire import split
from storage import big, keys, merkle, warc
from storage.archive import Archive
from storage.export.packing import Counted
from storage.export.picking import Piece, Records, Selection
from storage.export.provenance import Sealer, listing, of_record, origin_of
from storage.export.wacz import whole_file, zip_info
from storage.export.warcfile import Tally, write_warc
from storage.proofs import Proof, Prover, signing
from storage.proofs.checkpoint import parse
from storage.proofs.log import Log

_VERIFIER = Path(__file__).with_name("verifier.py")
_LIST, _KEY = "files.txt", "checkpoint.pub.pem"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A capture in a bundle: the folder it goes to (`before`, `after-1`), and what it shows, for people."""

    name: str
    capture: Capture


@dataclass(frozen=True, slots=True)
class Seal:
    """What the proofs rest on: the key's name, the numbers of the checkpoints, whether one of them has a stamp."""

    key: str
    numbers: tuple[int, ...]
    is_stamped: bool


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

    `texts` gives further files, by name. Raises NotFound where a capture is in no checkpoint yet, IntegrityError,
    EndpointDown, ConfigurationError where the folder is there.
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
        place = folder / exhibit.name
        place.mkdir()
        for kind, record in _records(archive, exhibit.capture).items():
            (place / f"{kind}.warc").write_bytes(record)
            proof = of_record(prover, exhibit.capture, merkle.leaf(record).hex())
            (place / f"{kind}.proof.json").write_text(_json(proof.model_dump(mode="json")), encoding="utf-8")
            proofs.append(proof)
        _answer(archive, exhibit.capture, (place / "response.warc").read_bytes(), place)
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
    said = capture.model_dump(mode="json", exclude={"at"}) | {"at": iso(capture.at)}
    (place / "capture.json").write_text(_json(said), encoding="utf-8")


def _checkpoints(archive: Archive, proofs: list[Proof], folder: Path, sealer: Sealer) -> Seal:
    log, place, numbers = Log(archive.bucket), folder / "checkpoints", set()
    place.mkdir()
    is_stamped = False
    for data in {proof.checkpoint.encode() for proof in proofs}:
        number = parse(data, "checkpoint").checkpoint.number
        numbers.add(number)
        name = keys.checkpoint(number).rpartition("/")[2]
        (place / name).write_bytes(data)
        if token := log.token(number):
            is_stamped = True
            (place / name.replace(".txt", ".tsr")).write_bytes(token)
    known = (*sealer.trusted, *log.claimed_keys())
    public = next(one for one in known if signing.key_id(one) == proofs[0].key)
    (folder / _KEY).write_bytes(signing.public_pem(public))
    return Seal(proofs[0].key, tuple(sorted(numbers)), is_stamped)


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
