"""Checks an evidence bundle of Tongjian 通鉴 with nothing but Python's standard library (3.9 or newer), offline.

    python3 verify.py [FOLDER] [--key PUBLIC.pem] [--roots AUTHORITY.pem]

FOLDER is where the bundle lies; where this file lies unless said. --key is the public key that the archive
published; without it the one in the bundle is used, which proves only that one key signed all. --roots are the
certificates of the time-stamping authority, from its own site; with them `openssl ts -verify` is asked.
Exit 0: all that is said to hold, holds. Exit 1: the last line names the step that failed.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

LIST = "files.txt"
KEY = "checkpoint.pub.pem"
TOMBSTONE = "tombstone.json"

# Ed25519 verification, from RFC 8032, section 5.1: the curve -x² + y² = 1 + d x² y² over the integers modulo P.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z
NEUTRAL: Point = (0, 1, 1, 0)


def add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    z = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, z - c, z + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    result = NEUTRAL
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def point_of(data: bytes) -> Point | None:
    """A point from its 32 bytes (5.1.3); None where they are none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(data) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """True where the signature is the key's over the message (5.1.7)."""
    key, commitment = point_of(public), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or BASE is None or len(signature) != 64 or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    told = int.from_bytes(digest, "little") % ORDER
    one, other = times(8 * scalar, BASE), times(8, add(commitment, times(told, key)))
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 == (one[1] * other[2] - other[1] * one[2]) % P


def fail(step: str, what: str) -> NoReturn:
    sys.stdout.write(f"FAILED 失败  {step}: {what}\n")
    sys.exit(1)


def passed(step: str, what: str) -> None:
    sys.stdout.write(f"ok 通过  {step}: {what}\n")


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leads(leaf: bytes, index: int, size: int, path: list[str], head: bytes) -> bool:
    """True where a path leads from a leaf hash to a tree's head (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in map(bytes.fromhex, path):
        if last == 0:
            return False
        if place & 1 or place == last:
            found = sha256(b"\x01" + step + found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == head


def note_parts(data: bytes) -> tuple[bytes, str | None, bytes]:
    """A signed note's text, the name it is signed under and key id with signature; no name where it is unsigned."""
    text, gap, tail = data.rpartition(b"\n\n")
    found = re.fullmatch("— ([^ \n]+) ([A-Za-z0-9+/]+=*)\n", tail.decode("utf-8", "replace")) if gap else None
    return (text + b"\n", found[1], base64.b64decode(found[2])) if found else (data, None, b"")


def note_holds(data: bytes, public: bytes) -> bool:
    text, name, value = note_parts(data)
    if name is None:
        return False
    return value[:4] == sha256(name.encode() + b"\n\x01" + public)[:4] and signed(public, text, value[4:])


def public_key(path: Path) -> bytes:
    """The 32 bytes of an Ed25519 public key in PEM (RFC 8410)."""
    lines = path.read_text("ascii", "replace").split("\n")
    data = base64.b64decode("".join(line for line in lines if "-" not in line))
    if len(data) != 44 or data[:12] != bytes.fromhex("302a300506032b6570032100"):
        raise ValueError("no Ed25519 public key")
    return data[12:]


def check_files(folder: Path) -> None:
    """Every file is listed with its hash, and every listed file is there."""
    rows = note_parts((folder / LIST).read_bytes())[0].decode().split("\n")
    found = [re.fullmatch(r"([0-9a-f]{64})  ([0-9A-Za-z._/-]+)", row) for row in rows[1:-1]]
    if rows[-1] or not rows[0].endswith("/export") or not all(found):
        fail("files", f"{LIST} is not as it was written")
    listed = {one[2]: one[1] for one in found if one}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {LIST}
    for name in sorted(there ^ set(listed)):
        fail("files", f"{name}: " + ("missing" if name in listed else f"not in {LIST}"))
    for name, digest in sorted(listed.items()):
        if sha256((folder / name).read_bytes()).hex() != digest:
            fail("files", f"{name}: not the file that {LIST} lists")
    passed("files", f"{len(listed)} files are as {LIST} says")


def dechunked(body: bytes) -> bytes:
    """The payload of a chunked body (RFC 9112, section 7.1), as far as it can be read."""
    pieces: list[bytes] = []
    at = 0
    while (end := body.find(b"\n", at)) >= 0:
        size = body[at:end].partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,16}", size):
            break
        if int(size, 16) == 0:
            return b"".join(pieces)
        pieces.append(body[end + 1 : end + 1 + int(size, 16)])
        at = end + 1 + int(size, 16)
        at += 2 if body[at : at + 2] == b"\r\n" else 1
    return b"".join(pieces) if at else body


def check_answer(folder: Path) -> None:
    """The payload, the headers and what capture.json says are those of the record."""
    name = folder.name
    record = (folder / "response.warc").read_bytes()
    head, _, rest = record.partition(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode("utf-8", "replace").split("\r\n")[1:] if ": " in line)
    block = rest[:-4]
    end = re.search(rb"\n\r?\n", block)
    top, body = (block[: end.end()], block[end.end() :]) if end else (block, b"")
    if (folder / "headers.txt").read_bytes() != top:
        fail("payload", f"{name}/headers.txt: not the headers in the record")
    payload = (folder / "payload").read_bytes()
    outside = fields.get("TJ-Payload-Object")
    codings = re.findall(rb"(?im)^transfer-encoding[ \t]*:[ \t]*(.*?)[ \t]*\r?$", top)
    chunked = bool(codings) and codings[-1].rpartition(b",")[2].strip().lower() == b"chunked"
    named = sha256(payload).hex() == outside.rpartition("/")[2] if outside else False
    if not named and (outside or payload != (dechunked(body) if chunked else body)):
        fail("payload", f"{name}/payload: not the payload in the record, nor what it names by its hash")
    told = json.loads((folder / "capture.json").read_bytes())
    if (told["url"], told["at"]) != (fields.get("WARC-Target-URI"), fields.get("WARC-Date")):
        fail("payload", f"{name}/capture.json: not the address and time in the record")
    passed("payload", f"{name}/payload is what the record holds: {len(payload)} bytes of {told['url']} at {told['at']}")


def check_proof(folder: Path, record: Path) -> str:
    """Record, segment, checkpoint: from the record's bytes to the head that a checkpoint names; gives its number."""
    name = f"{record.parent.name}/{record.name}"
    proof: dict[str, Any] = json.loads(record.with_suffix(".proof.json").read_bytes())
    is_gone = record.name == "response.warc" and (record.parent / TOMBSTONE).exists()
    leaf = bytes.fromhex(proof["record"]) if is_gone else sha256(b"\0" + record.read_bytes())
    if leaf.hex() != proof["record"] or (is_gone and record.exists()):
        fail("record", f"{name}: not the record that its proof is of")
    entry = json.loads(proof["entry"])
    root = bytes.fromhex(entry["root"])
    is_in = leads(leaf, proof["record_index"], proof["records"], proof["record_path"], root)
    if not is_in or proof["records"] != entry["records"]:
        fail("segment", f"{name}: its path does not lead to the root in the ledger entry")
    lines = proof["checkpoint"].split("\n")
    size, head, number = int(lines[1]), base64.b64decode(lines[2]), f"{int(lines[3].split()[1]):010d}"
    entry_leaf = sha256(b"\0" + proof["entry"].encode())
    if not leads(entry_leaf, proof["entry_index"], size, proof["entry_path"], head):
        fail("checkpoint", f"{name}: the ledger entry's path does not lead to the head in the checkpoint")
    if proof["checkpoint"].encode() != (folder / "checkpoints" / f"{number}.txt").read_bytes():
        fail("checkpoint", f"{name}: checkpoints/{number}.txt is not the checkpoint in the proof")
    passed("record, segment, checkpoint", f"{name} is in entry {entry['seq']} of {entry['site']}, in {number}")
    return number


def check_tombstone(folder: Path, public: bytes) -> None:
    """What stands for an answer that was taken down is of that capture, and as it was signed."""
    names = TOMBSTONE, "capture.json", "response.proof.json"
    said, told, proof = (json.loads((folder / name).read_bytes()) for name in names)
    if said["capture"] != proof["record"] or any(said[name] != told[name] for name in ("url", "payload_digest")):
        fail("tombstone", f"{folder.name}/{TOMBSTONE}: not of this capture")
    mark = said.pop("signature") or {}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    is_ours = mark.get("key") == sha256(public).hex()[:16]
    if is_ours and not signed(public, b"tongjian tombstone v1\n" + text, base64.b64decode(mark["value"])):
        fail("tombstone", f"{folder.name}/{TOMBSTONE}: its signature is not valid: it was changed")
    why = f"by {said['by']}: {said['reason']}; its tombstone is {'' if is_ours else 'NOT '}signed by this key"
    what = "a record of this hash is proved, not what it said"
    passed("tombstone", f"{folder.name}/response.warc was TAKEN DOWN 已下架 {why}; {what}")


def check_token(folder: Path, number: str, roots: str | None) -> None:
    note, token = folder / "checkpoints" / f"{number}.txt", folder / "checkpoints" / f"{number}.tsr"
    if not token.exists():
        return passed("token", f"none for checkpoint {number}: its time is by the archive's clock alone")
    hashes = (hashlib.new(name, note.read_bytes()).digest() for name in ("sha256", "sha384", "sha512"))
    if not any(one in token.read_bytes() for one in hashes):
        fail("token", f"{token.name} is of other bytes than {note.name}")
    openssl = shutil.which("openssl")
    if openssl is None or roots is None:
        why = "no --roots given, or no openssl here"
        return passed("token", f"{token.name} names {note.name}; NOT CHECKED 未检验: who signed it ({why})")
    asked = [openssl, "ts", "-verify", "-data", str(note), "-in", str(token), "-CAfile", roots]
    if subprocess.run(asked, capture_output=True, check=False).returncode:
        fail("token", f"{token.name}: openssl ts -verify does not accept it")
    told = subprocess.run([openssl, "ts", "-reply", "-in", str(token), "-text"], capture_output=True, check=False)
    at = re.search(rb"Time stamp: (.*)", told.stdout)
    passed("token", f"the authority saw checkpoint {number} by {at[1].decode() if at else 'the time in it'}")


def check_signatures(folder: Path, key: str | None, numbers: list[str]) -> bytes:
    path = Path(key) if key else folder / KEY
    public = public_key(path)
    for number in numbers:
        if not note_holds((folder / "checkpoints" / f"{number}.txt").read_bytes(), public):
            fail("signature", f"checkpoints/{number}.txt is not signed by this key")
    whose = "the key you gave" if key else f"the key in the bundle ({KEY}): compare it with the published one"
    passed("signature", f"checkpoints are signed by {whose}; SHA-256 of its 32 bytes {sha256(public).hex()}")
    data = (folder / LIST).read_bytes()
    is_signed = note_parts(data)[1] is not None
    if is_signed and not note_holds(data, public):
        fail("list", f"{LIST} is signed, but not by this key, or it was changed")
    what = "signed by the same key" if is_signed else "not signed: what is proved are the records, not the words around"
    passed("list", f"{LIST} is {what}")
    return public


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--key")
    parser.add_argument("--roots")
    given = parser.parse_args()
    folder = Path(given.folder)
    try:
        check_files(folder)
        records = {path.with_name(path.name[:-11] + ".warc") for path in folder.glob("*/*.proof.json")}
        if not records or set(folder.glob("*/*.warc")) - records:
            fail("files", "a record has no proof, or there is no record")
        numbers = sorted({check_proof(folder, path) for path in sorted(records)})
        public = check_signatures(folder, given.key, numbers)
        for place in sorted({path.parent for path in records}):
            check_tombstone(place, public) if (place / TOMBSTONE).exists() else check_answer(place)
        for number in numbers:
            check_token(folder, number, given.roots)
    except (ValueError, KeyError, IndexError, TypeError, OSError) as error:
        fail("reading", f"a file is not as it was written: {error!r}")
    sys.stdout.write("All steps passed 全部通过. What that proves, and what not 含义: index.html\n")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    main()
