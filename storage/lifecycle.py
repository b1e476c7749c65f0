"""The bucket's own settings: versioning, Object Lock, and what the store may take away or move by itself.

Rules that are not ours (`tongjian-…`) stay as they are. What a store refuses is said and the rest is done.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from domain.errors import ConfigurationError, StorageError
from storage import keys
from storage.bucket import Bucket
from storage.failures import is_final, is_passing, named, status

_OURS = "tongjian-"
# What changes or can be made again: of these, older versions are of no use. Manifests under v1/run/ never have one.
_MUTABLE = {"leases": keys.RUNS, "articles": keys.ARTICLES, "tiles": keys.TILES, "probes": keys.PROBES}
_OLD_DAYS, _ABORT_DAYS = 7, 7
_COLD = re.compile(r"(?P<name>[A-Z][A-Z0-9_]*):(?P<days>[1-9]\d{0,4})")
# These must be restored for hours before they can be read; a page is shown at once, and verify reads everything.
_SLEEPING = frozenset({"GLACIER", "DEEP_ARCHIVE", "ARCHIVE", "COLD_ARCHIVE", "DEEP_COLD_ARCHIVE"})


@dataclass(frozen=True, slots=True)
class Step:
    """One setting: what it is, how it stands, what is wanted, and how to get there (None: nothing is to be done)."""

    what: str
    stands: str
    wanted: str
    do: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a step."""

    what: str
    ok: bool
    message: str


def cold(text: str) -> tuple[str, int] | None:
    """What TONGJIAN_COLD says: a storage class and after how many days. Raises ConfigurationError."""
    if not text:
        return None
    found = _COLD.fullmatch(text)
    if not found:
        raise ConfigurationError(f"TONGJIAN_COLD={text}", hint="Write CLASS:DAYS, such as STANDARD_IA:90.")
    if found["name"] in _SLEEPING:
        raise ConfigurationError(
            f"TONGJIAN_COLD={text}: what lies in {found['name']} must be restored before it can be read",
            hint="Choose a class that is read at once: STANDARD_IA, GLACIER_IR.",
        )
    return found["name"], int(found["days"])


def plan(bucket: Bucket, chosen: tuple[str, int] | None = None) -> list[Step]:
    """How the bucket stands and what is to be done. `chosen` is what `cold` gave. Raises EndpointDown."""
    return [_versioning(bucket), _locking(bucket), *_rules(bucket, chosen)]


def apply(bucket: Bucket, steps: list[Step]) -> Iterator[Applied]:
    """Does each step by itself and looks whether it was kept. What is right already is not touched."""
    for step in steps:
        if step.do is None:
            yield Applied(step.what, ok=True, message=f"{step.stands}; left as it is")
            continue
        try:
            step.do()
        except StorageError as error:
            yield Applied(step.what, ok=False, message=f"not done, the store refuses: {error}")
            continue
        yield Applied(step.what, ok=True, message=f"done: {step.wanted}")


def _asked(bucket: Bucket, question: Callable[..., Any], **said: Any) -> Any:
    """None where the store has none of it, or does not know the question."""
    try:
        return question(Bucket=bucket.name, **said)
    except (ClientError, BotoCoreError) as error:
        if status(error) in {400, 404, 405, 501} and not is_final(error):
            return None
        raise named(error, f"{bucket.address}: settings of {bucket.name}") from error


def _told(bucket: Bucket, order: Callable[..., Any], **said: Any) -> None:
    try:
        order(Bucket=bucket.name, **said)
    except (ClientError, BotoCoreError) as error:
        where = f"{bucket.address}: settings of {bucket.name}"
        if is_passing(error) and status(error) != 501:
            raise named(error, where) from error
        raise StorageError(f"{where}: {error}") from error


def _versioning(bucket: Bucket) -> Step:
    what, wanted = "versioning", "enabled, so that what is written over or deleted can be brought back"
    state = (_asked(bucket, bucket.client.get_bucket_versioning) or {}).get("Status", "off")
    if state == "Enabled":
        return Step(what, "enabled", wanted)

    def enable() -> None:
        _told(bucket, bucket.client.put_bucket_versioning, VersioningConfiguration={"Status": "Enabled"})
        if (_asked(bucket, bucket.client.get_bucket_versioning) or {}).get("Status") != "Enabled":
            raise StorageError(f"{bucket.name}: versioning was accepted and is not enabled")

    return Step(what, state.lower(), wanted, enable)


def _locking(bucket: Bucket) -> Step:
    what, asked = "object lock", bucket.client.get_object_lock_configuration
    found = (_asked(bucket, asked) or {}).get("ObjectLockConfiguration", {})
    there = found.get("ObjectLockEnabled") == "Enabled"
    if found.get("Rule"):
        return Step(what, f"there, with a default retention ({found['Rule']}): take it away by hand", "no default")
    if there or bucket.retained is None:
        return Step(what, "there" if there else "not there, and TONGJIAN_RETENTION is not set", "")

    def enable() -> None:
        order = bucket.client.put_object_lock_configuration
        _told(bucket, order, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
        if not _asked(bucket, asked):
            raise StorageError(f"{bucket.name}: object lock was accepted and is not there")

    return Step(what, "not there", f"possible, without a default: each object asks for {bucket.retained}", enable)


def _rules(bucket: Bucket, chosen: tuple[str, int] | None) -> Iterator[Step]:
    """One step a rule, each of which puts all rules: so a store that refuses one of them keeps the others."""
    for rule in [*_wanted(), *_transitions(chosen)]:
        held = {one.get("ID"): one for one in _held(bucket)}
        words = _words(rule)
        if _words(held.get(rule["ID"], {})) == words:
            yield Step(f"rule {rule['ID']}", "as wanted", words)
        else:
            stands = _words(held[rule["ID"]]) if rule["ID"] in held else "not there"
            yield Step(f"rule {rule['ID']}", stands, words, _putter(bucket, rule))
    names = {rule["ID"] for rule in [*_wanted(), *_transitions(chosen)]}
    for one in _held(bucket):
        if one.get("ID", "").startswith(_OURS) and one["ID"] not in names:
            yield Step(f"rule {one['ID']}", _words(one), "gone: nothing asks for it now", _remover(bucket, one["ID"]))
        elif not one.get("ID", "").startswith(_OURS):
            yield Step(f"rule {one.get('ID', '')}", f"{_words(one)}; not ours", "")


def _held(bucket: Bucket) -> list[dict[str, Any]]:
    return list((_asked(bucket, bucket.client.get_bucket_lifecycle_configuration) or {}).get("Rules", ()))


def _putter(bucket: Bucket, rule: dict[str, Any]) -> Callable[[], None]:
    def put() -> None:
        others = [one for one in _held(bucket) if one.get("ID") != rule["ID"]]
        _put(bucket, [*others, rule])
        if _words(rule) not in map(_words, _held(bucket)):
            raise StorageError(f"{bucket.name}: rule {rule['ID']} was accepted and is not there")

    return put


def _remover(bucket: Bucket, name: str) -> Callable[[], None]:
    def remove() -> None:
        _put(bucket, [one for one in _held(bucket) if one.get("ID") != name])

    return remove


def _put(bucket: Bucket, rules: list[dict[str, Any]]) -> None:
    if rules:
        order = bucket.client.put_bucket_lifecycle_configuration
        _told(bucket, order, LifecycleConfiguration={"Rules": rules})
    else:
        _told(bucket, bucket.client.delete_bucket_lifecycle)


def _rule(name: str, prefix: str, **what: Any) -> dict[str, Any]:
    return {"ID": f"{_OURS}{name}", "Status": "Enabled", "Filter": {"Prefix": prefix}, **what}


def _wanted() -> Iterator[dict[str, Any]]:
    yield _rule("uploads", "", AbortIncompleteMultipartUpload={"DaysAfterInitiation": _ABORT_DAYS})
    for name, prefix in _MUTABLE.items():
        yield _rule(f"old-{name}", prefix, NoncurrentVersionExpiration={"NoncurrentDays": _OLD_DAYS})


def _transitions(chosen: tuple[str, int] | None) -> Iterator[dict[str, Any]]:
    for name, prefix in {"segments": keys.SEGMENTS, "bodies": keys.BIG}.items() if chosen else ():
        assert chosen
        yield _rule(f"cold-{name}", prefix, Transitions=[{"Days": chosen[1], "StorageClass": chosen[0]}])


def _words(rule: dict[str, Any]) -> str:
    """A rule in words, by which two are compared too: stores add fields of their own."""
    if not rule:
        return ""
    prefix = rule.get("Filter", {}).get("Prefix", rule.get("Prefix", "")) or "everything"
    said = [
        f"uploads that were not finished go after {days} days"
        for days in [rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")]
        if days
    ]
    old = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays")
    said += [f"older versions go after {old} days"] if old else []
    said += [f"to {one['StorageClass']} after {one.get('Days')} days" for one in rule.get("Transitions", ())]
    said += [f"EXPIRES: {rule['Expiration']}"] if rule.get("Expiration") else []
    return f"{prefix}: {', '.join(said)}" + ("" if rule.get("Status") == "Enabled" else " (switched off)")
