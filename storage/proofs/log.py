"""The log: all checkpoints of a bucket, numbered from 1 without gaps, each naming the one before by its hash."""

import re
from collections.abc import Iterator
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.errors import ConfigurationError, IntegrityError, NotFound
from storage import keys
from storage.bucket import Bucket
from storage.ledger import last
from storage.proofs.checkpoint import Signed, parse
from storage.proofs.signing import load_public

_NAME = re.compile(r"/(?P<number>\d{10})\.txt$")


class Log:
    """The checkpoints kept in a bucket. Nothing read here is trusted before its signature is checked."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self.read = lru_cache(maxsize=256)(self._read)

    def _read(self, number: int) -> Signed:
        """Checkpoint `number`. Raises NotFound, and IntegrityError where it is none or another one."""
        key = keys.checkpoint(number)
        signed = parse(self._bucket.get(key).data, key)
        if signed.checkpoint.number != number:
            raise IntegrityError(f"{key}: holds checkpoint {signed.checkpoint.number}: an old one was put there")
        return signed

    def head(self) -> Signed | None:
        """The newest checkpoint. Raises IntegrityError where one below it is missing."""
        number = last(lambda one: self._bucket.size(keys.checkpoint(one)) is not None)
        if any(found > number + 1 for found in self.numbers(number)):
            raise IntegrityError(f"{keys.checkpoint(number + 1)} is missing: the log went on beyond it")
        return self.read(number) if number else None

    def numbers(self, above: int = 0) -> Iterator[int]:
        """The numbers of all checkpoints above `above`, by listing: galloping stops at a gap, a list does not."""
        for key, _ in self._bucket.list(keys.CHECKPOINTS, keys.checkpoint(above)):
            if found := _NAME.search(key):
                yield int(found["number"])

    def token(self, number: int) -> bytes | None:
        """The time stamp (DER) of a checkpoint, None where it has none."""
        try:
            return self._bucket.get(keys.token(number)).data
        except NotFound:
            return None

    def claimed_keys(self) -> tuple[Ed25519PublicKey, ...]:
        """The public keys that the bucket itself holds: anyone who can write to it could have put them there."""
        found = []
        for key, _ in self._bucket.list(keys.PUBLIC_KEYS):
            try:
                found.append(load_public(self._bucket.get(key).data, key))
            except ConfigurationError as error:
                raise IntegrityError(str(error)) from error
        return tuple(found)
