"""What an S3 endpoint does and does not, found by trying it: each question is one that other archives lost data to.

Nothing here touches what is kept: all keys are under v1/probe/ and taken away afterwards.
"""

import base64
import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from domain.article import Frozen
from domain.clock import now
from storage import keys
from storage.bucket import Bucket
from storage.failures import is_passing, named, status
from storage.takedown import erase

log = logging.getLogger(__name__)

# SigV4 refuses what is 15 minutes off; ledgers and checkpoints tell better times than that.
_SKEW = 60.0
_SIZE = 2**18 + 1
_REFUSED = frozenset({409, 412})
CONDITIONS = ("if-none-match", "if-match")


class Trait(Frozen):
    """One thing tried. `needed` says that nothing may be written to a store that has it not."""

    name: str
    ok: bool
    message: str
    needed: bool = False


class Probe(Frozen):
    """What was found of a bucket at an endpoint, and when (UTC); `retained` says it was tried for Object Lock too."""

    v: int = 1
    endpoint: str
    bucket: str
    at: datetime
    retained: bool = False
    traits: tuple[Trait, ...]

    def has(self, name: str) -> bool:
        return any(one.name == name and one.ok for one in self.traits)

    @property
    def keeps_conditions(self) -> bool:
        return all(map(self.has, CONDITIONS))

    @property
    def faults(self) -> tuple[Trait, ...]:
        """What forbids writing, conditions apart: for these there is a lock."""
        return tuple(one for one in self.traits if one.needed and not one.ok)


def probe(bucket: Bucket) -> Probe:
    """Tries everything once, in about 30 requests. Raises EndpointDown where the endpoint gives no usable answer, and
    StorageError where the keys may not write."""
    return _Prober(bucket).run()


@dataclass(slots=True)
class _Said:
    """An answer: its status, None of it where there was none, and what boto made of it."""

    status: int | None
    answer: dict[str, Any]

    @property
    def ok(self) -> bool:
        return self.status is not None and self.status < 300


class _Prober:
    def __init__(self, bucket: Bucket) -> None:
        self._bucket, self._client = bucket, bucket.client
        self._under = f"{keys.PROBES}{secrets.token_hex(8)}/"

    def run(self) -> Probe:
        steps: tuple[Callable[[], Trait], ...] = (
            self._read_back,
            self._ranges,
            self._checksum,
            self._if_none_match,
            self._if_match,
            self._listing,
            self._pages,
            self._clock,
            self._versioning,
            self._object_lock,
        )
        try:
            traits = tuple(step() for step in steps)
        finally:
            self._clean()
        where, retained = (self._bucket.address, self._bucket.name), self._bucket.retained is not None
        return Probe(endpoint=where[0], bucket=where[1], at=now(), retained=retained, traits=traits)

    def _clean(self) -> None:
        for key, _ in list(self._bucket.list(self._under)):
            _, left = erase(self._bucket, key)
            for line in left:
                log.warning("probe: %s", line)

    def _ask(self, question: Callable[..., Any], **said: Any) -> _Said:
        """Asks once; a refusal is an answer. Keys that may not write, and an endpoint that is away, are raised."""
        try:
            answer = question(Bucket=self._bucket.name, **said)
            return _Said(answer["ResponseMetadata"]["HTTPStatusCode"], answer)
        except ClientError as error:
            if status(error) in {401, 403} or (is_passing(error) and status(error) != 501):
                raise named(error, f"{self._bucket.address}: probing {self._bucket.name}") from error
            return _Said(status(error), {"why": error.response["Error"].get("Code", "")})
        except BotoCoreError as error:
            raise named(error, f"{self._bucket.address}: probing {self._bucket.name}") from error

    def _put(self, name: str, data: bytes, **said: Any) -> _Said:
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        said = {"ChecksumSHA256": digest, "Key": self._under + name, "Body": data} | said
        return self._ask(self._client.put_object, **said)

    def _held(self, name: str) -> bytes | None:
        got = self._ask(self._client.get_object, Key=self._under + name)
        return got.answer["Body"].read() if got.ok else None

    def _read_back(self) -> Trait:
        data = secrets.token_bytes(_SIZE)
        put, name = self._put("whole", data), "read-back"
        if not put.ok:
            return Trait(name=name, ok=False, needed=True, message=f"refuses a plain PUT ({_shown(put)})")
        held = self._held("whole")
        if held == data:
            return Trait(name=name, ok=True, needed=True, message=f"{_SIZE:,} bytes came back as they were put")
        if held and data[:64] in held and held.find(data[:64]) > 0:
            what = "stores the framing of the upload (chunk sizes, signatures) inside the object: evidence altered"
        else:
            what = f"{len(held or b'')} other bytes came back for {_SIZE} put"
        return Trait(name=name, ok=False, needed=True, message=what)

    def _ranges(self) -> Trait:
        data = bytes(range(256))
        self._put("range", data)
        spans = {"bytes=16-31": data[16:32], "bytes=-8": data[-8:]}
        for span, wanted in spans.items():
            got = self._ask(self._client.get_object, Key=f"{self._under}range", Range=span)
            if not got.ok or got.answer["Body"].read() != wanted:
                return Trait(name="ranges", ok=False, needed=True, message=f"answers «Range: {span}» with other bytes")
        return Trait(name="ranges", ok=True, needed=True, message="parts of an object are read by themselves")

    def _checksum(self) -> Trait:
        wrong = base64.b64encode(hashlib.sha256(b"other bytes").digest()).decode()
        put = self._put("sum", b"these bytes", ChecksumSHA256=wrong)
        if put.ok:
            what = "accepts a PUT with a wrong SHA-256: what is damaged on its way is kept; `verify` sees it"
            return Trait(name="checksum", ok=False, message=what)
        stored = self._held("sum") is not None
        what = "refuses a wrong SHA-256, and keeps it all the same" if stored else "a wrong SHA-256 is refused"
        return Trait(name="checksum", ok=not stored, message=what)

    def _if_none_match(self) -> Trait:
        name = "if-none-match"
        first = self._put("once", b"first", IfNoneMatch="*")
        if not first.ok:
            return Trait(name=name, ok=False, message=f"refuses PUTs with If-None-Match ({_shown(first)})")
        second = self._put("once", b"second", IfNoneMatch="*")
        if second.ok or self._held("once") != b"first":
            what = "ignores If-None-Match: two writers could write over one another"
            return Trait(name=name, ok=False, message=what)
        if second.status not in _REFUSED:
            what = f"answers a second PUT with {_shown(second)}, which says nothing of why"
            return Trait(name=name, ok=False, message=what)
        return Trait(name=name, ok=True, message="a key is written once")

    def _if_match(self) -> Trait:
        name = "if-match"
        tag = self._put("swap", b"one").answer.get("ETag", "")
        right = self._put("swap", b"two", IfMatch=tag)
        if not right.ok:
            return Trait(name=name, ok=False, message=f"refuses a PUT with the right If-Match ({_shown(right)})")
        stale = self._put("swap", b"three", IfMatch=tag)
        if stale.ok or self._held("swap") != b"two":
            return Trait(name=name, ok=False, message="ignores If-Match: an update could be lost")
        return Trait(name=name, ok=True, message="a stale update is refused")

    def _listing(self) -> Trait:
        wanted = [f"{self._under}l/{part}" for part in ("a.json", "a/b", "a0", "a_b", "b-c", "b/c.d")]
        for key in wanted:
            self._put(key.removeprefix(self._under), b"x")
        found = [key for key, _ in self._bucket.list(f"{self._under}l/")]
        if sorted(found) != sorted(wanted):
            missing = sorted(set(wanted) - set(found)) or ["what is there twice"]
            what = f"a list right after a PUT is not complete: {missing[0]}"
            return Trait(name="listing", ok=False, needed=True, message=what)
        order = "" if found == sorted(wanted) else "; not in the order of bytes, which nothing here needs"
        return Trait(name="listing", ok=True, needed=True, message=f"what was put is listed at once{order}")

    def _pages(self) -> Trait:
        """As ledgers are read: numbered keys, from one on, in pages however small."""
        for number in (1, 2, 3):
            self._put(f"n/{number:010d}.json", b"x")
        names, token = list[str](), ""
        for _ in range(10):
            said: dict[str, Any] = {"Prefix": f"{self._under}n/", "MaxKeys": 1}
            said |= {"ContinuationToken": token} if token else {"StartAfter": f"{self._under}n/0000000001.json"}
            page = self._ask(self._client.list_objects_v2, **said).answer
            names += [item["Key"][-15:-5] for item in page.get("Contents", ())]
            token = page.get("NextContinuationToken", "") if page.get("IsTruncated") else ""
            if not token:
                break
        ok = names == ["0000000002", "0000000003"]
        what = "in pages of one key, in order, from any key on" if ok else f"pages of one key gave {names}"
        return Trait(name="pages", ok=ok, needed=True, message=what)

    def _clock(self) -> Trait:
        before = now()
        said = self._ask(self._client.head_bucket).answer
        told = said.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
        try:
            off = (parsedate_to_datetime(told) - before).total_seconds()
        except (ValueError, TypeError):
            return Trait(name="clock", ok=True, message="the endpoint tells no time")
        what = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} this machine's"
        return Trait(name="clock", ok=abs(off) <= _SKEW, message=f"the endpoint's clock is {what}")

    def _versioning(self) -> Trait:
        said = self._ask(self._client.get_bucket_versioning)
        state = said.answer.get("Status", "off") if said.ok else f"not known ({_shown(said)})"
        return Trait(name="versioning", ok=state == "Enabled", message=f"versioning is {state.lower()}")

    def _object_lock(self) -> Trait:
        """Wanted where retention is; a default of the bucket is never wanted."""
        said = self._ask(self._client.get_object_lock_configuration)
        found = said.answer.get("ObjectLockConfiguration", {}) if said.ok else {}
        there, wanted = found.get("ObjectLockEnabled") == "Enabled", self._bucket.retained
        if found.get("Rule"):
            what = "the bucket has a default retention, which locks leases and articles too: take it away"
            return Trait(name="object-lock", ok=False, message=what)
        if wanted and not there:
            what = f"TONGJIAN_RETENTION={wanted}, and the bucket cannot lock objects: every PUT would be refused"
            return Trait(name="object-lock", ok=False, needed=True, message=what)
        state = f"there, and evidence is kept {wanted}" if wanted else "there, not used" if there else "not there"
        return Trait(name="object-lock", ok=True, message=f"object lock is {state}")


def _shown(said: _Said) -> str:
    return f"{said.status} {said.answer.get('why', '')}".strip()
