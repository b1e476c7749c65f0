"""An attacker who can write to the bucket, ledgers, manifests and tiles included, and has not the signing key.

Every attack leaves each file valid in itself, and most leave the ledger a valid chain. `verify` finds each, and names
where; of other tools, `fastwarc check` (and `warcio check` where it is installed) say what they make of the files.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from making import RUN, SITE, START, committed, exchange, overwrite, remove, sealed

from domain.capture import RunSummary
from storage import Archive, Bucket, keys
from storage.ledger import GENESIS, Commit, Entry, Ledger, unpack
from storage.proofs import signing
from storage.proofs.audit import Audit
from storage.proofs.checkpoint import Signed
from storage.proofs.making import make
from storage.proofs.signing import Signer
from storage.proofs.tiles import Growing
from storage.segment import Sealed
from storage.verify import Finding, verify

SEGMENTS = 6


@dataclass(frozen=True)
class Scene:
    """An archive of six segments of three captures, signed after the third, the fifth and the sixth."""

    bucket: Bucket
    signer: Signer
    segments: Sequence[Sealed]
    entries: list[Entry]
    checkpoints: list[Signed]

    def findings(self, *, deep: bool = True, elsewhere: Sequence[Signed] = (), since: int = 0) -> list[Finding]:
        archive = Archive(self.bucket)
        audit = Audit(archive, [self.signer.public], elsewhere=elsewhere, since=since)
        found = [one for judged in audit.run() for one in judged.findings]
        for site in sorted({*archive.sites(), *audit.promises.sites}):
            looked = verify(archive, site, deep=deep, promises=audit.promises)
            found += [one for checked in looked for one in checked.findings]
        return found

    def rewrite(self, first: int, commits: Sequence[Commit]) -> None:
        """Puts these commits at `first` and after, as a valid chain; entries beyond them are taken away."""
        prev = Ledger(self.bucket, SITE).read(first - 1).hash if first > 1 else GENESIS
        for seq, commit in enumerate(commits, first):
            document = {"v": 1, "site": SITE, "seq": seq, "prev": prev, **asdict(commit)}
            data = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
            overwrite(self.bucket, keys.ledger(SITE, seq), data)
            prev = unpack(data, "").hash
        gone = range(first + len(commits), len(self.entries) + 1)
        remove(self.bucket, *(keys.ledger(SITE, seq) for seq in gone))

    def say_finished(self, segments: int) -> None:
        """What the run says of itself."""
        summary = RunSummary(site=SITE, run=RUN, started=START, finished=START, reason="finished", segments=segments)
        overwrite(self.bucket, keys.manifest(SITE, RUN, "done"), summary.model_dump_json().encode())

    def retile(self) -> None:
        """Makes the tree's tiles fit the ledger as it is now."""
        tree = Growing(self.bucket)
        tree.extend(entry.leaf for entry in Ledger(self.bucket, SITE).walk())
        tree.close()


@pytest.fixture(scope="module")
def segments() -> Sequence[Sealed]:
    return [sealed(*(exchange(10 * number + one) for one in range(3))) for number in range(SEGMENTS)]


@pytest.fixture
def scene(bucket: Bucket, segments: Sequence[Sealed], tmp_path: Path) -> Scene:
    signer = signing.make(tmp_path / "keys" / "checkpoint.key")
    entries, checkpoints = [], []
    for number, one in enumerate(segments, 1):
        key = keys.segment(SITE, RUN, number, one.sha256)
        bucket.put_once(key, one.data)
        records = len(one.index.frames)
        commit = Commit(key, one.sha256, len(one.data), 3, records, one.index.root, RUN, f"2026-03-01T08:0{number}:00Z")
        entries.append(Ledger(bucket, SITE).append(commit))
        if number in {3, 5, 6}:
            newest = make(Archive(bucket), signer).newest
            assert newest is not None
            checkpoints.append(newest)
    made = Scene(bucket, signer, segments, entries, checkpoints)
    made.say_finished(SEGMENTS)
    assert made.findings() == []
    assert made.findings(elsewhere=checkpoints) == []
    return made


# The attacks. Each gives the keys that a finding must name.


def truncated_tail(scene: Scene) -> set[str]:
    key = scene.entries[1].commit.segment
    overwrite(scene.bucket, key, scene.segments[1].data[:-1])
    return {key}


def bit_flip(scene: Scene) -> set[str]:
    key, data = scene.entries[1].commit.segment, bytearray(scene.segments[1].data)
    data[scene.segments[1].index.captures[1].offset + 40] ^= 1
    overwrite(scene.bucket, key, bytes(data))
    return {key}


def removed_record(scene: Scene) -> set[str]:
    """The second capture of the second segment is gone; segment, index, ledger and tiles are made to agree."""
    without = sealed(exchange(10), exchange(12))
    key = keys.segment(SITE, RUN, 2, without.sha256)
    overwrite(scene.bucket, key, without.data)
    remove(scene.bucket, scene.entries[1].commit.segment)
    changed = replace(
        scene.entries[1].commit,
        segment=key,
        sha256=without.sha256,
        size=len(without.data),
        captures=2,
        records=len(without.index.frames),
        root=without.index.root,
    )
    scene.rewrite(2, [changed, *(entry.commit for entry in scene.entries[2:])])
    scene.retile()
    return {keys.ledger(SITE, 3)}  # where the first checkpoint over it was signed


def swapped_bytes(scene: Scene) -> set[str]:
    one, two = scene.entries[1].commit.segment, scene.entries[3].commit.segment
    overwrite(scene.bucket, one, scene.segments[3].data)
    overwrite(scene.bucket, two, scene.segments[1].data)
    return {one, two}


def swapped_entries(scene: Scene) -> set[str]:
    """Two segments change places in the ledger, which is chained anew."""
    commits = [entry.commit for entry in scene.entries]
    commits[1], commits[3] = commits[3], commits[1]
    scene.rewrite(1, commits)
    return {keys.ledger(SITE, 2)}


def removed_segment(scene: Scene) -> set[str]:
    """The last segment, its entry and what the run said are gone: what is left is a shorter, valid archive."""
    remove(scene.bucket, scene.entries[-1].commit.segment, keys.ledger(SITE, SEGMENTS))
    scene.say_finished(SEGMENTS - 1)
    return {keys.ledger(SITE, SEGMENTS)}


def removed_site(scene: Scene) -> set[str]:
    """Everything of the site but what was signed."""
    remove(scene.bucket, *(key for key, _ in scene.bucket.list("v1/") if not key.startswith("v1/chk/")))
    return {keys.ledger(SITE, 1)}


def old_checkpoint_replayed(scene: Scene) -> set[str]:
    """In the place of the newest."""
    overwrite(scene.bucket, keys.checkpoint(3), scene.checkpoints[0].data)
    return {keys.checkpoint(3)}


def forked_ledger(scene: Scene) -> set[str]:
    """From the fourth entry on a history that never was, with tiles to fit."""
    others = [sealed(*(exchange(900 + 10 * number + one) for one in range(3))) for number in range(3)]
    commits = []
    for number, one in enumerate(others, 4):
        key = keys.segment(SITE, RUN, number, one.sha256)
        overwrite(scene.bucket, key, one.data)
        old = scene.entries[number - 1].commit
        remove(scene.bucket, old.segment)
        commits.append(replace(old, segment=key, sha256=one.sha256, size=len(one.data), root=one.index.root))
    scene.rewrite(4, commits)
    scene.retile()
    return {keys.ledger(SITE, 5)}


def forged_checkpoint(scene: Scene) -> set[str]:
    """A forked ledger, and a checkpoint over it signed by the attacker's own key, which is in the bucket too."""
    removed_segment(scene)
    stranger = Signer(signing.Ed25519PrivateKey.generate(), Path())
    remove(scene.bucket, keys.checkpoint(2), keys.checkpoint(3))
    scene.retile()
    make(Archive(scene.bucket), stranger, trusted=[scene.signer.public])
    return {keys.checkpoint(2)}


def removed_checkpoint(scene: Scene) -> set[str]:
    remove(scene.bucket, keys.checkpoint(2))
    return {keys.checkpoint(2)}


def changed_checkpoint(scene: Scene) -> set[str]:
    """Only its time, and only one digit."""
    data = scene.checkpoints[1].data.replace(b"time 20", b"time 19")
    overwrite(scene.bucket, keys.checkpoint(2), data)
    return {keys.checkpoint(2)}


def changed_tile(scene: Scene) -> set[str]:
    """The tree's kept hashes are of no entry: nothing is lost, but no proof can be given."""
    data = bytearray(scene.bucket.get(keys.tile(0, 0)).data)
    data[33] ^= 1
    overwrite(scene.bucket, keys.tile(0, 0), bytes(data))
    return {keys.checkpoint(1)}


# With what is_valid says, the files of the archive are valid each for itself: only the whole shows the attack.
ATTACKS: dict[Callable[[Scene], set[str]], bool] = {
    truncated_tail: False,
    bit_flip: False,
    removed_record: True,
    swapped_bytes: True,
    swapped_entries: True,
    removed_segment: True,
    removed_site: True,
    old_checkpoint_replayed: True,
    forked_ledger: True,
    forged_checkpoint: True,
    removed_checkpoint: True,
    changed_checkpoint: True,
    changed_tile: True,
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_the_attack_is_found_and_placed(scene: Scene, attack: Callable[[Scene], set[str]]) -> None:
    named = attack(scene)
    found = {one.key for one in scene.findings()}
    assert named <= found
    assert named <= {one.key for one in scene.findings(deep=False)}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_what_fastwarc_says_of_the_same_files(scene: Scene, attack: Callable[[Scene], set[str]]) -> None:
    """Whether each file is whole is all that a checker of files can say: of the whole archive it says nothing."""
    attack(scene)
    left = [scene.bucket.get(key).data for key, _ in scene.bucket.list(keys.SEGMENTS)]
    assert all(map(checks, left)) is ATTACKS[attack]


@cache
def checks(segment: bytes) -> bool:
    """True where the tool finds nothing wrong in it. Asked once of the same bytes: most are left alone by an attack."""
    beside = Path(sys.executable).parent / "fastwarc"
    tool = beside if beside.exists() else shutil.which("fastwarc")
    with NamedTemporaryFile(suffix=".warc.zst") as file:
        file.write(segment)
        file.flush()
        done = subprocess.run([str(tool), "check", "-q", file.name], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "FAIL" not in done.stdout + done.stderr


def test_the_exact_entry_of_a_fork_is_named_while_the_tiles_stand(scene: Scene) -> None:
    """Without made-up tiles, the tree itself says which entry is the first that is another."""
    commits = [entry.commit for entry in scene.entries]
    changed = replace(commits[3], at="2026-03-01T09:00:00Z")
    scene.rewrite(4, [changed, *commits[4:]])
    (found,) = scene.findings()
    assert found.key == keys.ledger(SITE, 4)
    assert f"forked: not the entry that checkpoint 2 signed; it names {changed.segment}" in found.message


def test_a_rollback_shows_only_against_a_copy_kept_elsewhere(scene: Scene) -> None:
    """All is as it was when the first checkpoint was made. Nothing in the bucket tells; a copy does."""
    remove(scene.bucket, *(entry.commit.segment for entry in scene.entries[3:]))
    remove(scene.bucket, *(keys.ledger(SITE, seq) for seq in (4, 5, 6)), keys.checkpoint(2), keys.checkpoint(3))
    scene.say_finished(3)
    scene.retile()
    assert scene.findings() == []
    assert scene.findings(elsewhere=[scene.checkpoints[0]]) == []
    found = {one.key: one.message for one in scene.findings(elsewhere=[scene.checkpoints[2]])}
    assert "rolled back: checkpoint 3 was kept elsewhere, and the log here ends at 1" in found[keys.checkpoint(3)]
    assert "has entries up to 6; the ledger ends at 3" in found[keys.ledger(SITE, 4)]


def test_a_log_signed_anew_by_who_stole_the_key_shows_against_a_copy(scene: Scene) -> None:
    """With the key a whole other history can be signed; but it is not the one that was seen before."""
    forked_ledger(scene)
    remove(scene.bucket, *(keys.checkpoint(number) for number in (1, 2, 3)))
    make(Archive(scene.bucket), scene.signer)
    assert scene.findings() == []
    for kept in scene.checkpoints:
        found = {one.key: one.message for one in scene.findings(elsewhere=[kept])}
        assert keys.checkpoint(kept.checkpoint.number) in found
    assert (
        "forked: not the entry 5 in the checkpoint 2"
        in {one.key: one.message for one in scene.findings(elsewhere=[scene.checkpoints[1]])}[keys.ledger(SITE, 5)]
    )


def test_a_copy_that_is_not_signed_is_no_copy(scene: Scene) -> None:
    kept = scene.checkpoints[1]
    other = replace(kept, data=kept.data.replace(b"time 20", b"time 19"))
    assert [one.key for one in scene.findings(elsewhere=[other])] == [keys.checkpoint(2)]


def test_what_lies_before_is_left_alone_where_that_is_asked(scene: Scene) -> None:
    bit_flip(scene)
    assert scene.findings(since=1) == []
    assert len(scene.findings(since=0)) > 0
    removed_segment(scene)
    assert {one.key for one in scene.findings(since=1)} == {keys.ledger(SITE, SEGMENTS)}


def test_a_stamp_that_a_checkpoint_names_must_stay(scene: Scene) -> None:
    """Any bytes will do for a stamp here: what is tested is that it cannot be taken away or changed."""
    scene.bucket.put_once(keys.token(3), b"stamp")
    Ledger(scene.bucket, SITE).append(replace(scene.entries[0].commit, segment="v1/seg/alpha/other"))
    newest = make(Archive(scene.bucket), scene.signer).newest
    assert newest is not None
    assert newest.checkpoint.token is not None
    remove(scene.bucket, keys.token(3))
    assert any(one.key == keys.token(3) and "removed" in one.message for one in scene.findings())
    scene.bucket.put_once(keys.token(3), b"other")
    assert any(one.key == keys.token(3) and "changed" in one.message for one in scene.findings())


def test_what_cannot_be_known_is_said(scene: Scene) -> None:
    archive = Archive(scene.bucket)
    audit = Audit(archive, ())
    assert [one for judged in audit.run() for one in judged.findings] == []
    assert any("no public key from outside" in notice for notice in audit.notices)
    remove(scene.bucket, *(key for key, _ in scene.bucket.list("v1/chk/")))
    bare = Audit(archive, [scene.signer.public])
    assert list(bare.run())[-1].findings == ()
    assert any("no checkpoint" in notice for notice in bare.notices)
    assert any(one.key == keys.checkpoint(3) for one in scene.findings(elsewhere=scene.checkpoints[2:]))


def test_sites_do_not_disturb_one_another(scene: Scene) -> None:
    """Two sites in one tree: a fork of one is found there and only there."""
    committed(scene.bucket, [sealed(exchange(number, site="beta"), site="beta") for number in range(4)], site="beta")
    make(Archive(scene.bucket), scene.signer)
    assert scene.findings() == []
    removed_segment(scene)
    assert {one.site for one in scene.findings()} == {SITE}


def test_what_is_signed_while_one_looks_is_for_the_next_time(scene: Scene) -> None:
    looking = Audit(Archive(scene.bucket), [scene.signer.public])
    run = looking.run()
    found = list(next(run).findings)
    Ledger(scene.bucket, SITE).append(scene.entries[0].commit)
    newest = make(Archive(scene.bucket), scene.signer).newest
    assert newest is not None
    assert newest.checkpoint.number == 4
    found += [one for judged in run for one in judged.findings]
    assert found == []
    assert looking.newest == scene.checkpoints[2]
