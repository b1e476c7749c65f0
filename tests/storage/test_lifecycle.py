"""Retention on each object, and the bucket's own settings, on a real SeaweedFS."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from kept_at import Endpoint
from making import RUN, SITE, exchange, large_body_of, write

from domain.article import Article
from domain.clock import now
from domain.errors import ConfigurationError, StorageError
from domain.health import HealthOrder
from domain.settings import Settings
from storage import Archive, Bucket, connect, keys, lifecycle
from storage.caring import put_order
from storage.lease import take
from storage.proofs import making, signing
from storage.retention import Retention, covers, parse
from storage.takedown import erase

_NUMBERS = count(1)


@pytest.fixture
def locking(endpoint: Endpoint) -> Bucket:
    settings = Settings(s3_endpoint=endpoint.address, bucket=f"kept-{next(_NUMBERS)}", retention="COMPLIANCE:1d")
    made = connect(settings, endpoint.keys, attempts=2)
    made.ensure()
    return made


def held(bucket: Bucket, key: str) -> tuple[str | None, Any]:
    head = bucket.client.head_object(Bucket=bucket.name, Key=key)
    return head.get("ObjectLockMode"), head.get("ObjectLockRetainUntilDate")


@pytest.mark.parametrize(
    ("text", "mode", "until"),
    [
        ("10y", "GOVERNANCE", datetime(2038, 3, 1, tzinfo=UTC)),
        ("COMPLIANCE:4y", "COMPLIANCE", datetime(2032, 2, 29, tzinfo=UTC)),
        ("GOVERNANCE:400d", "GOVERNANCE", datetime(2028, 2, 29, tzinfo=UTC) + timedelta(days=400)),
    ],
)
def test_a_span_is_read(text: str, mode: str, until: datetime) -> None:
    found = parse(text)
    assert found is not None
    assert (found.mode, found.until(datetime(2028, 2, 29, tzinfo=UTC))) == (mode, until)


@pytest.mark.parametrize("text", ["10", "0y", "-1y", "compliance:10y", "LEGAL:1y", "10y ", "101y", "1.5y", "10m"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse(text)
    assert parse("") is None


def test_evidence_is_locked_and_what_changes_is_not(locking: Bucket, tmp_path: Path) -> None:
    archive, lease = Archive(locking), take(locking, SITE, RUN)
    archive.put_run(SITE, RUN, {"v": 1})
    put_order(locking, HealthOrder(site=SITE, action="acknowledge", at=now(), by="li", reason="已联系站长"))
    write(locking, tmp_path, [exchange(1), exchange(2, body=large_body_of("x"))])
    archive.put_articles(SITE, "one", 1, {"00": Article.unreadable("text")})
    making.make(archive, signing.make(tmp_path / "keys" / "checkpoint.key"))
    lease.renew()
    lease.release()
    soon = now() + timedelta(hours=23)
    locked, free = set(), set()
    for key, _ in locking.list(""):
        mode, until = held(locking, key)
        (locked if mode == "COMPLIANCE" and until > soon else free).add(key)
    assert {key.rsplit("/", 1)[0].split("/")[1] for key in locked} == {"seg", "big", "led", "run", "chk", "care"}
    assert all(map(covers, locked))
    assert not any(map(covers, free))
    assert keys.lease(SITE) in free
    assert keys.manifest(SITE, RUN, "open") in locked
    for key in locked:
        deleted, left = erase(locking, key, bypass=True)
        assert (deleted, len(left)) == (0, 1)
    for key in free:
        assert erase(locking, key)[1] == []


def test_no_default_of_the_bucket(locking: Bucket) -> None:
    said: Any = locking.client.get_object_lock_configuration(Bucket=locking.name)
    assert said["ObjectLockConfiguration"] == {"ObjectLockEnabled": "Enabled"}


def test_a_put_again_after_a_lost_reply_is_no_conflict(locking: Bucket) -> None:
    tag = locking.put_once(keys.ledger(SITE, 1), b"{}")
    assert locking.put_once(keys.ledger(SITE, 1), b"{}") == tag


def rules(bucket: Bucket) -> dict[str, Any]:
    said: Any = bucket.client.get_bucket_lifecycle_configuration(Bucket=bucket.name)
    return {one["ID"]: one for one in said["Rules"]}


def applied(bucket: Bucket, chosen: tuple[str, int] | None = None) -> Iterator[lifecycle.Applied]:
    return lifecycle.apply(bucket, lifecycle.plan(bucket, chosen))


def test_the_plan_changes_nothing_and_applying_it_all(bucket: Bucket) -> None:
    steps = lifecycle.plan(bucket)
    assert sum(step.do is not None for step in steps) == 6
    assert bucket.client.get_bucket_versioning(Bucket=bucket.name).get("Status") is None
    assert all(one.ok for one in lifecycle.apply(bucket, steps))
    assert bucket.client.get_bucket_versioning(Bucket=bucket.name)["Status"] == "Enabled"
    made = rules(bucket)
    assert made["tongjian-uploads"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert made["tongjian-old-leases"]["NoncurrentVersionExpiration"]["NoncurrentDays"] == 7
    evidence = (keys.SEGMENTS, keys.BIG, keys.LEDGERS, keys.CHECKPOINTS, keys.GONE)
    for rule in made.values():
        assert not rule.get("Expiration")
        prefix = rule["Filter"]["Prefix"]
        assert "NoncurrentVersionExpiration" not in rule or not any(one.startswith(prefix) for one in evidence)


def test_applied_twice_it_does_nothing(bucket: Bucket) -> None:
    list(applied(bucket))
    before = rules(bucket)
    again = lifecycle.plan(bucket)
    assert [step.do for step in again] == [None] * len(again)
    assert all("left as it is" in one.message for one in lifecycle.apply(bucket, again))
    assert rules(bucket) == before


def test_rules_of_others_stay(bucket: Bucket) -> None:
    theirs: Any = {
        "ID": "theirs",
        "Status": "Enabled",
        "Filter": {"Prefix": "backups/"},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 3},
    }
    old = {**theirs, "ID": "tongjian-of-old", "Filter": {"Prefix": "v1/old/"}}
    both: Any = {"Rules": [theirs, old]}
    bucket.client.put_bucket_lifecycle_configuration(Bucket=bucket.name, LifecycleConfiguration=both)
    said = list(applied(bucket))
    assert all(one.ok for one in said)
    assert rules(bucket)["theirs"]["Filter"] == {"Prefix": "backups/"}
    assert "tongjian-of-old" not in rules(bucket)
    assert any("not ours" in one.message for one in said)


def test_what_a_store_refuses_is_said_and_the_rest_done(bucket: Bucket) -> None:
    """SeaweedFS has no colder class."""
    said = {one.what: one for one in applied(bucket, ("STANDARD_IA", 90))}
    refused = [what for what, one in said.items() if not one.ok]
    assert refused == ["rule tongjian-cold-segments", "rule tongjian-cold-bodies"]
    assert "the store refuses" in said[refused[0]].message
    assert set(rules(bucket)) == {f"tongjian-{name}" for name in ("uploads", *(f"old-{one}" for one in _OLD))}


_OLD = ("leases", "articles", "tiles", "probes")


def test_object_lock_is_switched_on_after_versioning(endpoint: Endpoint, bucket: Bucket) -> None:
    bucket.retained = Retention("COMPLIANCE", 1, "d")
    with pytest.raises(StorageError):
        bucket.put_once(keys.ledger(SITE, 1), b"{}")
    assert all(one.ok for one in applied(bucket))
    bucket.retained = Retention("GOVERNANCE", 1, "d")
    bucket.put_once(keys.ledger(SITE, 2), b"{}")
    assert held(bucket, keys.ledger(SITE, 2))[0] == "GOVERNANCE"
    assert erase(bucket, keys.ledger(SITE, 2), bypass=True) == (1, [])


@pytest.mark.parametrize("text", ["STANDARD_IA", "standard_ia:90", "STANDARD_IA:0", "GLACIER:90", "DEEP_ARCHIVE:90"])
def test_what_cannot_be_read_at_once_is_no_class(text: str) -> None:
    with pytest.raises(ConfigurationError):
        lifecycle.cold(text)


def test_a_class_and_its_days() -> None:
    assert (lifecycle.cold("GLACIER_IR:30"), lifecycle.cold("")) == (("GLACIER_IR", 30), None)
