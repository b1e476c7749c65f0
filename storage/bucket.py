"""One bucket over boto3. A PUT that was not refused is either there or known not to be."""

import base64
import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from domain.errors import ConfigurationError, Conflict, EndpointDown, IntegrityError, NotFound, StorageError
from domain.settings import Settings
from storage import retention
from storage.failures import TAKEN, is_final, is_passing, named, status
from storage.fence import Lock, refused

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

log = logging.getLogger(__name__)

_QUESTIONS = 3
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Stored:
    """An object's bytes and the tag that conditional writes go by."""

    data: bytes
    etag: str


def connect(settings: Settings, keys: tuple[str, str] | None = None, *, attempts: int = 6) -> "Bucket":
    """The bucket that the settings name. `keys` are an access key and its secret; without them boto3 looks
    where it always does (AWS_*). Raises ConfigurationError where the endpoint is no address.

    `attempts` is how often a PUT is tried, with waits of 0.2 s doubling, before EndpointDown; what only
    asks is tried three times at most.
    """
    config = Config(
        signature_version="s3v4",
        request_checksum_calculation="when_required",  # boto3#4435: chunk framing kept as content
        response_checksum_validation="when_required",
        connect_timeout=5,
        read_timeout=30,
        retries={"total_max_attempts": 1},
        s3={"addressing_style": settings.s3_addressing},  # Aliyun OSS takes none but virtual
        max_pool_connections=16,
        # A proxy of the environment knows nothing of this machine's own loopback.
        proxies={} if _is_loopback(settings.s3_endpoint) else None,
    )
    access, secret = keys or (None, None)
    try:
        client = boto3.client(
            "s3",
            endpoint_url=settings.s3_endpoint,
            config=config,
            aws_access_key_id=access,
            aws_secret_access_key=secret,
            region_name=boto3.Session().region_name or ("us-east-1" if settings.s3_endpoint else None),
        )
    except (ValueError, BotoCoreError) as error:
        raise ConfigurationError(
            f"S3 endpoint {settings.s3_endpoint}: {error}",
            hint="TONGJIAN_S3_ENDPOINT is a whole address, such as http://127.0.0.1:8333.",
        ) from error
    return Bucket(client, settings.bucket, attempts=attempts, retained=retention.parse(settings.retention))


def _is_loopback(endpoint: str | None) -> bool:
    host = urlsplit(endpoint or "").hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Bucket:
    """Puts, gets and lists. Every method raises EndpointDown where the endpoint gives no usable answer, and
    StorageError where it refuses (keys, the bucket's name)."""

    def __init__(
        self, client: "S3Client", name: str, *, attempts: int = 6, retained: retention.Retention | None = None
    ) -> None:
        self._client = client
        self._attempts = attempts
        self.name, self.retained = name, retained
        # Where the store keeps no conditions: what keeps writers apart instead, or why nothing may be written.
        self.lock: Lock | None = None
        self.refusal: str | None = None

    @property
    def client(self) -> "S3Client":
        """For what asks of the store itself: probes, its settings, versions of objects."""
        return self._client

    @property
    def address(self) -> str:
        return str(self._client.meta.endpoint_url)

    def ensure(self) -> None:
        """Makes the bucket where it is missing."""
        try:
            self._ask("", partial(self._client.head_bucket, Bucket=self.name))
        except NotFound:
            self._make()

    def _make(self) -> None:
        try:
            # Some stores can lock objects only in buckets that were made for it.
            options: dict[str, Any] = {"ObjectLockEnabledForBucket": True} if self.retained else {}
            self._client.create_bucket(Bucket=self.name, **options)
        except (ClientError, BotoCoreError) as error:
            if status(error) not in TAKEN:  # 409: another process has just made it
                raise self._named(error, "") from error

    def put_once(self, key: str, data: bytes, content_type: str = "application/json") -> str:
        """Writes an object that must never change and gives its tag.

        A refusal (409, 412) is read back: the same bytes are our own lost reply, other bytes raise
        Conflict. A timeout, a 5xx and a 400 say nothing of what happened (a 400 may come after the bytes
        were kept), so they too are read back, and the same bytes are put to the same key again.
        """
        last: Exception | None = None
        for _ in self._tries(self._attempts):
            try:
                return self._put_if(key, data, content_type, None)
            except (ClientError, BotoCoreError) as error:
                last = error
                if is_final(error):
                    raise self._named(error, key) from error
                if held := self._held(key, data, taken=status(error) in TAKEN):
                    return held
                log.warning("put %s: %s; trying again", key, error)
        raise self._named(last, key) from last

    def replace(self, key: str, data: bytes, etag: str | None, content_type: str = "application/json") -> str:
        """Compare and swap: writes only over the version tagged `etag` (None: only where absent).

        Raises Conflict where another version is there. A lost reply is read back as in `put_once`: a
        refusal that follows one may be of our own bytes.
        """
        last: Exception | None = None
        for _ in self._tries(self._attempts):
            try:
                return self._put_if(key, data, content_type, etag)
            except (ClientError, BotoCoreError) as error:
                taken = status(error) in TAKEN
                if taken and last is None:
                    raise Conflict(f"{self.name}/{key} changed meanwhile") from error
                last = error
                if is_final(error):
                    raise self._named(error, key) from error
                if held := self._held(key, data, taken=taken, before=etag):
                    return held
                log.warning("replace %s: %s; trying again", key, error)
        raise self._named(last, key) from last

    def _held(self, key: str, data: bytes, *, taken: bool, before: str | None = None) -> str | None:
        """The tag where the key holds exactly `data`; None where that cannot be known, it is absent, or it is
        still the version tagged `before`."""
        try:
            stored = self.get(key) if taken else self._get(key)
        except NotFound:
            return None
        except EndpointDown:
            if taken:
                raise
            return None
        if stored.data == data:
            return stored.etag
        if stored.etag == before and not taken:
            return None
        raise Conflict(
            f"{self.name}/{key} already holds other bytes",
            hint="Another writer was first; read the key and go on from there.",
        )

    def put_derived(self, key: str, data: bytes, content_type: str) -> None:
        """Writes an object that can be made again (articles read); the last writer wins. A 409 and a 400 are tried
        again too: S3 says so that another request is under way (OperationAborted), or late (RequestTimeout)."""
        last: Exception | None = None
        for _ in self._tries(self._attempts):
            try:
                self._put(key, data, content_type)
                return
            except (ClientError, BotoCoreError) as error:
                last = error
                if is_final(error):
                    break
        raise self._named(last, key) from last

    def _put_if(self, key: str, data: bytes, content_type: str, etag: str | None) -> str:
        """Puts where the key holds the version tagged `etag`, or nothing (None)."""
        if self.lock is None:
            condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
            return self._put(key, data, content_type, **condition)
        with self.lock(f"{self.name}/{key}"):
            if self._tag(key) != etag:
                raise refused(key)
            return self._put(key, data, content_type)

    def _tag(self, key: str) -> str | None:
        try:
            return self._client.head_object(Bucket=self.name, Key=key)["ETag"]
        except ClientError as error:
            if status(error) == 404 and not is_final(error):
                return None
            raise

    def _put(self, key: str, data: bytes, content_type: str, **condition: Any) -> str:
        if self.refusal:
            raise StorageError(self.refusal, hint="See `tongjian doctor`, and docs/operating.md on endpoints.")
        if self.retained:
            condition |= self.retained.asked(key)
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        answer = self._client.put_object(
            Bucket=self.name, Key=key, Body=data, ContentType=content_type, ChecksumSHA256=digest, **condition
        )
        return answer["ETag"]

    def get(self, key: str, start: int | None = None, length: int | None = None) -> Stored:
        """An object, or `length` bytes of it from `start` (negative: the last bytes). Raises NotFound, and
        IntegrityError where it ends before `start`."""
        return self._get(key, start, length, times=_QUESTIONS)

    def _get(self, key: str, start: int | None = None, length: int | None = None, *, times: int = 1) -> Stored:
        span: dict[str, Any] = {}
        if start is not None:
            span["Range"] = f"bytes={start}" if start < 0 else f"bytes={start}-{start + (length or 1) - 1}"

        def read() -> Stored:
            answer = self._client.get_object(Bucket=self.name, Key=key, **span)
            return Stored(answer["Body"].read(), answer["ETag"])

        return self._ask(key, read, times=times)

    def size(self, key: str) -> int | None:
        """An object's size in bytes, or None where there is none."""
        try:
            return self._ask(key, partial(self._client.head_object, Bucket=self.name, Key=key))["ContentLength"]
        except NotFound:
            return None

    def list(self, prefix: str, start_after: str = "") -> Iterator[tuple[str, int]]:
        """Keys and sizes under a prefix, in the endpoint's order."""
        for page in self._pages(prefix, StartAfter=start_after):
            yield from ((item["Key"], item["Size"]) for item in page.get("Contents", ()))

    def folders(self, prefix: str) -> tuple[str, ...]:
        """The names directly under a prefix that end in a slash, without it."""
        pages = self._pages(prefix, Delimiter="/")
        found = [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", ())]
        return tuple(sorted(name.removeprefix(prefix).rstrip("/") for name in found))

    def _pages(self, prefix: str, **query: Any) -> Iterator[Any]:
        query |= {"Bucket": self.name, "Prefix": prefix}
        while True:
            page: Any = self._ask(prefix, partial(self._client.list_objects_v2, **query))
            yield page
            if not page.get("IsTruncated"):
                return
            query["ContinuationToken"] = page["NextContinuationToken"]

    def _ask(self, key: str, question: Callable[[], _T], *, times: int = _QUESTIONS) -> _T:
        """The answer to what may be asked as often as one likes, because asking twice does no harm."""
        last: Exception | None = None
        for _ in self._tries(min(times, self._attempts)):
            try:
                return question()
            except (ClientError, BotoCoreError) as error:
                last = error
                if status(error) == 404 and not is_final(error):
                    raise NotFound(f"{self.name}/{key} is not there") from error
                if status(error) == 416:
                    raise IntegrityError(f"{self.name}/{key} is truncated: it ends before what is asked") from error
                if not is_passing(error):
                    break
        raise self._named(last, key) from last

    def _tries(self, times: int) -> Iterator[int]:
        """Counts tries, with the wait before each but the first."""
        for attempt in range(times):
            if attempt:
                time.sleep(0.2 * 2 ** (attempt - 1))
            yield attempt

    def _named(self, error: Exception | None, key: str) -> StorageError:
        return named(error, f"{self.address}: {self.name}/{key}")
