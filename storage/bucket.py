"""One bucket over boto3. A PUT that was not refused is either there or known not to be."""

import base64
import hashlib
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from domain.errors import Conflict, EndpointDown, NotFound, StorageError
from domain.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

log = logging.getLogger(__name__)

_TAKEN = frozenset({409, 412})
_REFUSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Stored:
    """An object's bytes and the tag that conditional writes go by."""

    data: bytes
    etag: str


def connect(settings: Settings, keys: tuple[str, str] | None = None, *, attempts: int = 6) -> "Bucket":
    """The bucket that the settings name. `keys` are an access key and its secret; without them boto3 looks
    where it always does (AWS_*).

    `attempts` is how often a PUT is tried, with waits of 0.2 s doubling, before EndpointDown.
    """
    config = Config(
        signature_version="s3v4",
        request_checksum_calculation="when_required",  # boto3#4435: chunk framing kept as content
        response_checksum_validation="when_required",
        connect_timeout=5,
        read_timeout=30,
        retries={"total_max_attempts": 1},
        s3={"addressing_style": "path"},
        max_pool_connections=16,
    )
    access, secret = keys or (None, None)
    client = boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint,
        config=config,
        aws_access_key_id=access,
        aws_secret_access_key=secret,
        region_name="us-east-1" if settings.s3_endpoint else None,
    )
    return Bucket(client, settings.bucket, attempts=attempts)


class Bucket:
    """Puts, gets and lists. Every method raises EndpointDown where the endpoint gives no usable answer."""

    def __init__(self, client: "S3Client", name: str, *, attempts: int = 6) -> None:
        self._client = client
        self._attempts = attempts
        self.name = name

    def ensure(self) -> None:
        """Makes the bucket where it is missing."""
        try:
            self._client.head_bucket(Bucket=self.name)
        except ClientError as error:
            if _status(error) != 404:
                raise self._named(error, self.name) from error
            self._call("create_bucket", self.name)
        except BotoCoreError as error:
            raise self._named(error, self.name) from error

    def put_once(self, key: str, data: bytes, content_type: str = "application/json") -> str:
        """Writes an object that must never change and gives its tag.

        A refusal (409, 412) is read back: the same bytes are our own lost reply, other bytes raise
        Conflict. A timeout, a 5xx and a 400 say nothing of what happened (a 400 may come after the bytes
        were kept), so they too are read back, and the same bytes are put to the same key again.
        """
        last: Exception | None = None
        for attempt in range(self._attempts):
            if attempt:
                time.sleep(0.2 * 2 ** (attempt - 1))
            try:
                return self._put(key, data, content_type, IfNoneMatch="*")
            except (ClientError, BotoCoreError) as error:
                last = error
                if _status(error) in _REFUSED:
                    raise self._named(error, key) from error
                if held := self._held(key, data, taken=_status(error) in _TAKEN):
                    return held
                log.warning("put %s: %s; trying again", key, error)
        raise self._named(last, key) from last

    def _held(self, key: str, data: bytes, *, taken: bool) -> str | None:
        """The tag where the key holds exactly `data`; None where that cannot be known or it is absent."""
        try:
            stored = self.get(key)
        except NotFound:
            return None
        except EndpointDown:
            if taken:
                raise
            return None
        if stored.data != data:
            raise Conflict(
                f"{self.name}/{key} already holds other bytes",
                hint="Another writer was first; read the key and go on from there.",
            )
        return stored.etag

    def replace(self, key: str, data: bytes, etag: str | None, content_type: str = "application/json") -> str:
        """Compare and swap: writes only over the version tagged `etag` (None: only where absent).

        Raises Conflict where another version is there.
        """
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        try:
            return self._put(key, data, content_type, **condition)
        except (ClientError, BotoCoreError) as error:
            if _status(error) in _TAKEN:
                raise Conflict(f"{self.name}/{key} changed meanwhile") from error
            raise self._named(error, key) from error

    def put_derived(self, key: str, data: bytes, content_type: str) -> None:
        """Writes an object that can be made again (articles read); the last writer wins."""
        try:
            self._put(key, data, content_type)
        except (ClientError, BotoCoreError) as error:
            raise self._named(error, key) from error

    def _put(self, key: str, data: bytes, content_type: str, **condition: Any) -> str:
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        answer = self._client.put_object(
            Bucket=self.name, Key=key, Body=data, ContentType=content_type, ChecksumSHA256=digest, **condition
        )
        return answer["ETag"]

    def get(self, key: str, start: int | None = None, length: int | None = None) -> Stored:
        """An object, or `length` bytes of it from `start` (negative: the last bytes). Raises NotFound."""
        span: dict[str, Any] = {}
        if start is not None:
            span["Range"] = f"bytes={start}" if start < 0 else f"bytes={start}-{start + (length or 1) - 1}"
        try:
            answer = self._client.get_object(Bucket=self.name, Key=key, **span)
            return Stored(answer["Body"].read(), answer["ETag"])
        except (ClientError, BotoCoreError) as error:
            if _status(error) == 404:
                raise NotFound(f"{self.name}/{key} is not there") from error
            raise self._named(error, key) from error

    def size(self, key: str) -> int | None:
        """An object's size in bytes, or None where there is none."""
        try:
            return self._client.head_object(Bucket=self.name, Key=key)["ContentLength"]
        except (ClientError, BotoCoreError) as error:
            if _status(error) == 404:
                return None
            raise self._named(error, key) from error

    def list(self, prefix: str, start_after: str = "") -> Iterator[tuple[str, int]]:
        """Keys and sizes under a prefix, in the endpoint's order."""
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.name, Prefix=prefix, StartAfter=start_after
            )
            for page in pages:
                yield from ((item["Key"], item["Size"]) for item in page.get("Contents", ()))
        except (ClientError, BotoCoreError) as error:
            raise self._named(error, prefix) from error

    def folders(self, prefix: str) -> tuple[str, ...]:
        """The names directly under a prefix that end in a slash, without it."""
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.name, Prefix=prefix, Delimiter="/"
            )
            found = [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", ())]
        except (ClientError, BotoCoreError) as error:
            raise self._named(error, prefix) from error
        return tuple(sorted(name.removeprefix(prefix).rstrip("/") for name in found))

    def _call(self, method: str, key: str) -> None:
        try:
            getattr(self._client, method)(Bucket=self.name)
        except (ClientError, BotoCoreError) as error:
            raise self._named(error, key) from error

    def _named(self, error: Exception | None, key: str) -> StorageError:
        where = f"{self._client.meta.endpoint_url}: {self.name}/{key}: {error}"
        if error is not None and _status(error) in _REFUSED:
            return StorageError(where, hint="Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the bucket's policy.")
        return EndpointDown(
            where,
            hint="Check that the S3 endpoint is up; what was acknowledged is kept, "
            "and the next run sends what is in the spool.",
        )


def _status(error: Exception) -> int | None:
    if isinstance(error, ClientError):
        code = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return 404 if error.response["Error"].get("Code") in {"NoSuchKey", "NoSuchBucket", "404"} else code
    return None
