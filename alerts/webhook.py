"""Webhooks as Standard Webhooks 1.0.0 has them: JSON by POST, an id that stays, a signature where there is a secret.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import asyncio
import base64
import hashlib
import hmac
import json
from http import HTTPStatus

import httpx

from alerts.addresses import key
from alerts.channels import Away, Gone, Refused
from alerts.kinds import Payload, Subscription
from domain.clock import now
from domain.connect import is_loopback

_PATIENCE = 10.0
# Answers about this one message; any other failure is about the endpoint.
_MESSAGE = frozenset({400, 413, 422})


def headers(id: str, timestamp: int, body: bytes, secret: str | None) -> dict[str, str]:
    """The headers of one attempt. `timestamp` is the attempt's, Unix seconds; signed is `id.timestamp.body`."""
    said = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Tongjian",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
    }
    if secret is None:
        return said
    signed = hmac.new(key(secret), f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return said | {"webhook-signature": "v1," + base64.b64encode(signed).decode()}


class Webhook:
    """Accepted is any 2xx within 10 s in all. Redirects are not followed: only subscribers say where messages go."""

    def lane(self, subscription: Subscription) -> str:
        return subscription.address

    def send(self, subscription: Subscription, id: str, payload: Payload) -> str:
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        said = headers(id, int(now().timestamp()), body, subscription.secret)
        try:
            status = asyncio.run(_post(subscription.address, body, said))
        except TimeoutError as error:
            raise Away(f"no answer within {_PATIENCE:.0f} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise Away(f"{type(error).__name__}: {error}".removesuffix(": ")) from error
        return _judged(status)


async def _post(url: str, body: bytes, said: dict[str, str]) -> int:
    """The status of the answer; its body is left unread."""
    # httpx counts its timeout for each read anew; this one is for all of it, against an endpoint that drips.
    async with asyncio.timeout(_PATIENCE):
        proxied = not is_loopback(httpx.URL(url).host)
        async with (
            httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=False, trust_env=proxied) as client,
            client.stream("POST", url, content=body, headers=said) as answer,
        ):
            return answer.status_code


def _judged(status: int) -> str:
    """What came back, where it is an acceptance. Raises for all else."""
    words = f"{status} {_phrase(status)}".strip()
    if 200 <= status < 300:
        return words
    if status == 410:
        raise Gone(words)
    raise (Refused if status in _MESSAGE else Away)(words)


def _phrase(status: int) -> str:
    """The standard's phrase, not the endpoint's: that one may hold anything."""
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
