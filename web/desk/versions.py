"""What somebody has read, so that what they write is not put over what somebody else wrote meanwhile."""

import hashlib

from fastapi import Request
from pydantic import BaseModel

from domain.errors import Stale
from domain.subscription import Subscription


def version(read: BaseModel) -> str:
    """The same for the same content, another for any other."""
    return hashlib.sha256(read.model_dump_json().encode()).hexdigest()[:32]


def tagged(held: Subscription) -> dict[str, str]:
    """RFC 9110, 8.8.3: a strong one, its JSON is made of nothing else."""
    return {"ETag": f'"{version(held)}"'}


def hold(request: Request, held: Subscription) -> None:
    """RFC 9110, 13.1.1: raises Stale where If-Match names other versions alone; weak ones never match."""
    told = request.headers.get("if-match")
    if told is None or told.strip() == "*":
        return
    if tagged(held)["ETag"] not in {part.strip() for part in told.split(",")}:
        raise Stale(
            f"subscription {held.id}: If-Match names another version 其间已被改动",
            hint="Read it again, and change what is there now.",
        )
