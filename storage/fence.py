"""For stores that do not keep If-None-Match and If-Match: a lock held elsewhere, around looking and putting.

It is a fence as the conditions are, and a lower one: a PUT that timed out may still be done after its lock was let
go. What is kept stays provable, for keys carry content hashes and the ledger is a chain.
"""

from contextlib import AbstractContextManager
from typing import Protocol

from botocore.exceptions import ClientError


class Lock(Protocol):
    """Holds what `name` names, alone among all that write to the bucket, while the block lasts."""

    def __call__(self, name: str) -> AbstractContextManager[None]: ...


def refused(key: str) -> ClientError:
    """What a store that keeps conditions would have answered."""
    said = {"Error": {"Code": "PreconditionFailed", "Message": f"{key} is there, or another version of it"}}
    return ClientError(said | {"ResponseMetadata": {"HTTPStatusCode": 412}}, "PutObject")  # type: ignore[arg-type]
