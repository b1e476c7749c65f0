"""Webhooks as Standard Webhooks 1.0.0 has them: JSON by POST, an id that stays, a signature where there is a secret.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import httpx

from alerts import addresses
from alerts.channels.base import Away, Gone, Limits, Refused, Target
from alerts.channels.posting import Answer, post
from alerts.guard import Guard
from alerts.kinds import Payload
from domain.clock import now
from domain.subscription import Language

# Answers about this one message; any other failure is about the endpoint.
_MESSAGE = frozenset({400, 413, 422})
# Of a digest, which comes in several parts beyond it: common servers take a body of 1 MB.
_LARGEST = 512 * 1024


def headers(id: str, timestamp: int, body: bytes, secret: str | None) -> dict[str, str]:
    """The headers of one attempt. `timestamp` is the attempt's, Unix seconds; signed is `id.timestamp.body`, once for
    each of the secrets, so that a receiver can change his while messages are on their way."""
    said = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Tongjian",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
    }
    if secret is None:
        return said
    text = f"{id}.{timestamp}.".encode() + body
    return said | {"webhook-signature": " ".join(_signature(one, text) for one in secret.split())}


def _signature(secret: str, text: bytes) -> str:
    signed = hmac.new(addresses.key(secret), text, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


class Webhook:
    """Accepted is any 2xx within 10 s in all. Redirects are not followed: only subscribers say where messages go."""

    limits = Limits(messages=None, per=timedelta(minutes=1), bytes=_LARGEST, folds=False)

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def check(self, address: str, secret: str | None) -> str:
        url = httpx.URL(addresses.webhook(address.strip()))
        for one in (secret or "").split():
            addresses.key(one)
        self._guard.check(url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80))
        return address.strip()

    def lane(self, address: str) -> str:
        return address

    def fits(self, payload: Payload, language: Language) -> bool:
        return len(_body(payload)) <= _LARGEST

    def send(self, target: Target, id: str, payload: Payload) -> str:
        body = _body(payload)
        said = headers(id, int(now().timestamp()), body, target.secret)
        return _judged(post(self._guard, target.address, body, said, secret=target.secret))


def _body(payload: Payload) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _judged(answer: Answer) -> str:
    """What came back, where it is an acceptance. Raises for all else."""
    if 200 <= answer.status < 300:
        return answer.words
    if answer.status == 410:
        raise Gone(answer.words)
    kind = Refused if answer.status in _MESSAGE else Away
    raise kind(answer.words, retry_after=answer.retry_after)
