"""doctor --make-key, checkpoint and verify as people call them, on a real SeaweedFS."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import warm_commands
from authority import Authority
from kept_at import Endpoint
from making import SITE, commit, committed, exchange, overwrite, remove, sealed

from storage import Bucket, keys
from storage.ledger import Ledger
from storage.proofs import signing

Run = Callable[..., "Answer"]


class Answer:
    """What a command said."""

    def __init__(self, done: "subprocess.CompletedProcess[bytes]") -> None:
        self.code, self.out, self.err = done.returncode, done.stdout.decode(), done.stderr.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(endpoint: Endpoint, bucket: Bucket, tmp_path: Path) -> Run:
    """Runs a command in a house whose state is the test's own folder; the database is never asked for."""

    def command(*arguments: str, **settings: str) -> Answer:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TONGJIAN_")} | {
            "TONGJIAN_S3_ENDPOINT": endpoint.address,
            "TONGJIAN_BUCKET": bucket.name,
            "TONGJIAN_DATABASE": "postgresql://nobody@127.0.0.1:1/none",
            "TONGJIAN_STATE": str(tmp_path / "state"),
            "AWS_ACCESS_KEY_ID": endpoint.keys[0],
            "AWS_SECRET_ACCESS_KEY": endpoint.keys[1],
        }
        said = {f"TONGJIAN_{name}": value for name, value in settings.items()}
        return Answer(warm_commands.run(*arguments, env=environment | said, timeout=100))

    return command


def test_from_no_key_to_a_proved_archive_and_its_damage(run: Run, bucket: Bucket, tmp_path: Path) -> None:
    committed(bucket, [sealed(exchange(number)) for number in range(3)])
    without = run("checkpoint", "--json")
    assert (without.code, without.json["issues"][0]["kind"]) == (3, "no-key")
    told = run("verify", "--json")
    assert (told.code, told.json["checkpoints"]) == (0, 0)
    assert "no checkpoint" in told.json["notices"][0]

    made = run("doctor", "--make-key")
    key = tmp_path / "state" / "keys" / "checkpoint.key"
    assert made.code == 0
    assert "BEGIN PUBLIC KEY" in made.out
    assert "PRIVATE" not in made.out + made.err
    assert signing.key_id(signing.load(key).public) in made.out
    again = run("doctor", "--make-key")
    assert again.code == 1
    assert "is not replaced" in again.err

    signed = run("checkpoint", "--json", "--save", str(tmp_path / "kept.txt"))
    assert signed.code == 0, signed.err
    assert (signed.json["number"], signed.json["added"], signed.json["stamped"]) == (1, 3, False)
    assert (tmp_path / "kept.txt").read_bytes() == bucket.get(keys.checkpoint(1)).data
    assert run("checkpoint", "--json").json["added"] == 0

    for options in ((), ("--deep",), ("--quick",), ("--since", "1"), ("--trust", str(tmp_path / "kept.txt"))):
        clean = run("verify", "--json", *options)
        assert clean.code == 0, clean.out + clean.err
        assert clean.json["findings"] == []
    assert run("verify", "--json").json["notices"] == []

    remove(bucket, keys.ledger(SITE, 3))
    damaged = run("verify")
    assert damaged.code == 1
    assert f"{SITE}: {keys.ledger(SITE, 3)}: removed: checkpoint 1 signed entries up to 3" in damaged.out
    assert "checkpoints: signatures, consistency, time stamps (level 3): done" in damaged.err
    assert f"{SITE}: sizes, hashes (levels 0, 1): done" in damaged.err
    refused = run("checkpoint", "--json")
    assert (refused.code, refused.json["added"]) == (1, 0)
    assert "0000000003.json is missing" in refused.json["issues"][0]["message"]


def test_a_rolled_back_log_is_remembered_and_not_signed_over(run: Run, bucket: Bucket, tmp_path: Path) -> None:
    run("doctor", "--make-key")
    for number in (1, 2):
        committed(bucket, [sealed(exchange(number))])
        assert run("checkpoint").code == 0
    remove(bucket, keys.checkpoint(2), keys.ledger(SITE, 2))
    found = run("verify", "--json")
    assert found.code == 1
    assert any("rolled back" in one["message"] for one in found.json["findings"])
    refused = run("checkpoint")
    assert refused.code == 1
    assert "rolled back: this machine has seen checkpoint 2" in refused.err
    assert bucket.size(keys.checkpoint(2)) is None
    (tmp_path / "state" / "checkpoints" / f"{bucket.name}.txt").write_text("junk")
    assert "no checkpoint" in run("verify").err


def test_another_key_is_no_key(run: Run, bucket: Bucket, tmp_path: Path) -> None:
    run("doctor", "--make-key")
    committed(bucket, [sealed(exchange(1))])
    assert run("checkpoint").code == 0
    other = signing.make(tmp_path / "other.key")
    public = str(signing.public_file(other.path))
    refused = run("verify", "--json", "--key", public)
    assert refused.code == 1
    assert "not signed by a key that is trusted" in refused.json["findings"][0]["message"]
    own = str(signing.public_file(tmp_path / "state" / "keys" / "checkpoint.key"))
    assert run("verify", "--json", "--key", public, "--key", own).code == 0
    assert run("verify", "--key", str(tmp_path / "none.pem")).code == 1
    assert run("verify", "--since", "7").code == 1


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here to be an authority")
def test_an_authority_that_was_away_is_asked_again(run: Run, bucket: Bucket, tmp_path: Path) -> None:
    run("doctor", "--make-key")
    Ledger(bucket, SITE).append(commit(1))
    with Authority(tmp_path / "authority") as authority:
        settings = {"TSA": authority.url, "TSA_ROOTS": str(authority.root)}
        good, authority.answer = authority.answer, lambda question: (503, "text/plain", b"later")
        away = run("checkpoint", "--json", **settings)
        assert (away.code, away.json["number"], away.json["stamped"]) == (3, 1, False)
        assert [(one["kind"], one["level"]) for one in away.json["issues"]] == [("timestamp", "warning")]
        authority.answer = good
        back = run("checkpoint", "--json", **settings)
        assert (back.code, back.json["added"], back.json["stamped"]) == (0, 0, True)
        told = run("verify", "--quick", "--json", **settings)
        assert (told.json["stamped"], told.json["notices"]) == (1, [])
    overwrite(bucket, keys.token(1), b"junk")
    assert keys.token(1) in run("verify", "--quick", **settings).out
