"""What a bundle's page tells a stranger to type, typed as it stands."""

import html
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from authority import Authority
from making import acknowledged, exchange, write

from domain.change import Change, ChangeType
from storage import Archive, Bucket
from storage.export import Exhibit, Sealer, page, write_bundle
from storage.proofs import signing
from storage.proofs.making import make, stamp

NEEDED = ("openssl", "sha256sum", "base64", "sed", "grep")
pytestmark = pytest.mark.skipif(
    any(shutil.which(name) is None for name in NEEDED), reason=f"not all of {', '.join(NEEDED)} are here"
)


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with Authority(tmp_path / "authority") as running:
        yield running


@pytest.fixture
def sealer(tmp_path: Path) -> Sealer:
    signer = signing.make(tmp_path / "keys" / "checkpoint.key")
    return Sealer((signer.public,), signer)


def told(folder: Path) -> list[str]:
    """The commands on the page: the verifier's, then those by hand."""
    found = re.findall(r"<pre>(.*?)</pre>", (folder / "index.html").read_text(), re.DOTALL)
    return [html.unescape(one) for one in found]


def typed(commands: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Each line by itself, the first that fails ends it, a pipe failing as its last program does."""
    return subprocess.run(
        ["sh", "-e"], input=commands, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def bundle(bucket: Bucket, tmp_path: Path, sealer: Sealer, authority: Authority, *, stamped: tuple[int, ...]) -> Path:
    """Two captures of two runs, each in a checkpoint of its own; those of `stamped` have a time stamp."""
    archive = Archive(bucket)
    assert sealer.signer
    for number, run in ((1, "20260301t080000z-0a1b2c"), (2, "20260302t080000z-0a1b2c")):
        write(bucket, tmp_path / "spool", [exchange(number)], run=run)
        newest = make(archive, sealer.signer).newest
        if number in stamped and newest:
            stamp(archive, newest, authority.url, ())
    captures = acknowledged(bucket)
    shown = (Exhibit("before", captures[0]), Exhibit("after", captures[1]))
    change = Change(
        id="0" * 32,
        site=captures[1].site,
        url=captures[1].url,
        urlkey=captures[1].urlkey,
        type=ChangeType.EDITED,
        at=captures[1].at,
        version=2,
        severity=1,
    )
    folder = tmp_path / "case"
    write_bundle(archive, shown, lambda seal: {"index.html": page.index(change, "一篇", shown, seal)}, folder, sealer)
    (tmp_path / "PUBLISHED.pem").write_bytes(signing.public_pem(sealer.signer.public))
    (tmp_path / "AUTHORITY.pem").write_bytes(authority.root.read_bytes())
    return folder


def test_every_command_works_as_it_stands_and_writes_nothing_into_the_bundle(
    bucket: Bucket, tmp_path: Path, sealer: Sealer, authority: Authority
) -> None:
    folder = bundle(bucket, tmp_path, sealer, authority, stamped=(1, 2))
    verifier, by_hand = told(folder)
    done = typed(by_hand, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Signature Verified Successfully") == 3  # two checkpoints, and the list of files
    assert (done.stdout + done.stderr).count("Verification: OK") == 2
    assert done.stdout.count("Time stamp: ") == 2
    for name in ("before", "after"):  # what is printed side by side is the same
        record = re.search(r'"record": "([0-9a-f]{64})"', (folder / name / "response.proof.json").read_text())
        assert record
        assert done.stdout.count(record[1]) == 2
    checked = typed(verifier.replace("python3", sys.executable, 1), folder)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count("the authority saw checkpoint") == 2


def test_each_command_finds_what_is_false(bucket: Bucket, tmp_path: Path, sealer: Sealer, authority: Authority) -> None:
    folder = bundle(bucket, tmp_path, sealer, authority, stamped=(1, 2))
    by_hand = told(folder)[1]
    signature = "\n".join(line for line in by_hand.splitlines() if not line.startswith("sed '1d"))
    stamps = "\n".join(line for line in by_hand.splitlines() if line.startswith("openssl ts -verify"))
    spoiled = {
        "before/payload": by_hand,
        "checkpoints/0000000001.txt": signature,
        "checkpoints/0000000002.txt": stamps,
        "checkpoints/0000000002.tsr": stamps,
        "../PUBLISHED.pem": signature,
        "../AUTHORITY.pem": stamps,
    }
    other = Authority(tmp_path / "other", "Others").root.read_bytes()
    stranger = signing.public_pem(signing.make(tmp_path / "other.key").public)
    for name, commands in spoiled.items():
        path = folder / name
        right = path.read_bytes()
        damaged = right[:-20] + bytes([right[-20] ^ 1]) + right[-19:]
        path.write_bytes({"../PUBLISHED.pem": stranger, "../AUTHORITY.pem": other}.get(name, damaged))
        done = typed(commands, folder)
        assert done.returncode, f"{name}: {done.stdout}{done.stderr}"
        path.write_bytes(right)
    assert typed(by_hand, folder).returncode == 0


@pytest.mark.parametrize(("stamped", "words"), [((), "no time stamp"), ((1,), "of the others the time")])
def test_what_has_no_time_stamp_is_said_and_no_command_asks_for_it(
    bucket: Bucket,
    tmp_path: Path,
    sealer: Sealer,
    authority: Authority,
    stamped: tuple[int, ...],
    words: str,
) -> None:
    folder = bundle(bucket, tmp_path, sealer, authority, stamped=stamped)
    verifier, by_hand = told(folder)
    done = typed(by_hand, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (done.stdout + done.stderr).count("Verification: OK") == len(stamped)
    assert ("--roots" in verifier) == bool(stamped)
    assert words in (folder / "index.html").read_text().replace("\n", " ")
    assert typed(verifier.replace("python3", sys.executable, 1), folder).returncode == 0
