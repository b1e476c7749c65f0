"""Robots of group chats: an address with a token in it takes JSON, and says in its body whether it took it.

They answer 200 to what they refuse; a client that reads the status alone loses alerts in silence. That is why these
three are not sent by Apprise 2.2 (docs/decisions/0020-robots-of-our-own.md).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn
from urllib.parse import SplitResult, urlsplit

from alerts.channels.base import Away, Gone, Limits, Refused, Target
from alerts.channels.hiding import hide
from alerts.channels.posting import Answer, post
from alerts.guard import Guard
from alerts.kinds import Payload
from alerts.messages import Dialect, Rendered, render, shorten
from domain.errors import ConfigurationError
from domain.subscription import Language, Via

Json = dict[str, Any]
_READ = 64 * 1024
_MINUTE = timedelta(minutes=1)
# Codes change; what they say changes less.
_TOO_FAST = ("too fast", "too many", "frequency limit", "freq out of limit", "rate limit", "限流", "太快", "频率")


@dataclass(frozen=True, slots=True)
class Codes:
    """What a robot's codes mean: `busy` not now, and how long not; `gone` never again, if the answer holds that word
    besides; `wrong` something is set wrong at the robot, and what to do about it. Any other is about the one message.
    """

    busy: Mapping[int, timedelta]
    gone: Mapping[int, str]
    wrong: Mapping[int, str]


class Robot:
    """What the three have in common. A subclass says the form of an address, of a message, and of an answer."""

    via: Via
    dialect: Dialect
    limits: Limits
    codes: Codes
    hosts: tuple[str, ...]
    form: str

    def __init__(self, guard: Guard) -> None:
        self._guard = guard.trusting(*self.hosts)

    def token(self, url: SplitResult) -> str | None:
        """The token in an address, None where it is none of this robot's."""
        raise NotImplementedError

    def address(self, host: str, token: str) -> str:
        """The address in its normal form."""
        raise NotImplementedError

    def request(self, target: Target, subject: str, text: str) -> tuple[str, Json]:
        """Where to and what to post; signed where there is a secret."""
        raise NotImplementedError

    def verdict(self, said: Json) -> tuple[int | None, str]:
        """The code in an answer and its words; None where there is no code."""
        return number(said.get("errcode")), str(said.get("errmsg", ""))

    def size(self, subject: str, text: str) -> int:
        """What the robot counts against its limit, in bytes: the whole body."""
        _, body = self.request(Target(self.via, self.address(self.hosts[0], ""), None), subject, text)
        return len(_dumped(body))

    def check(self, address: str, secret: str | None) -> str:
        self._check_secret(secret)
        host, token = self._taken_apart(address.strip())
        if host not in self.hosts or not token:
            raise ConfigurationError(
                f"that is no address of a robot of {self.via.value} ({self.via.chinese})",
                hint=f"Copy it from the robot's settings; it has this form: {self.form}",
            )
        return self.address(host, token)

    def _taken_apart(self, address: str) -> tuple[str, str | None]:
        """Host and token of an address; nothing where it is not https on its own port and without a user."""
        try:
            url = urlsplit(address)
            plain = url.scheme == "https" and url.port in (None, 443) and "@" not in url.netloc
            return (url.hostname or "", self.token(url)) if plain else ("", None)
        except ValueError:
            return "", None

    def _check_secret(self, secret: str | None) -> None:
        if secret is not None and not (secret.isascii() and secret.isprintable() and secret.strip() == secret != ""):
            raise ConfigurationError(
                "that is no secret of a robot",
                hint="Copy it from the robot's settings, where it says 加签 or 签名校验.",
            )

    def lane(self, address: str) -> str:
        return address

    def fits(self, payload: Payload, language: Language) -> bool:
        return self._fits(render(payload, language, self.dialect))

    def _fits(self, message: Rendered) -> bool:
        return self.size(message.subject, _text(message)) <= (self.limits.bytes or 0)

    def send(self, target: Target, id: str, payload: Payload) -> str:
        shorter = shorten(payload, self._fits, target.language, self.dialect)
        rendered = render(shorter, target.language, self.dialect)
        text = _text(rendered)
        url, body = self.request(target, rendered.subject, text)
        said = {"content-type": "application/json; charset=utf-8", "user-agent": "Tongjian"}
        answer = post(self._guard, url, _dumped(body), said, read=_READ, secret=target.secret)
        return self._judged(target, answer)

    def _judged(self, target: Target, answer: Answer) -> str:
        said = _object(answer.body)
        code, words = self.verdict(said)
        if 200 <= answer.status < 300 and code == 0:
            return f"{answer.status} {hide(words, target.address, target.secret)}".strip()
        told = hide(f"{code} {words}", target.address, target.secret)
        if code is None:
            wait = number(said.get("wait"))
            pause = timedelta(seconds=min(wait, 3600)) if wait and wait > 0 else answer.retry_after
            raise Away(f"{answer.words}, without a code that says it was taken", retry_after=pause)
        self._refused(code, words, told, answer)

    def _refused(self, code: int, words: str, told: str, answer: Answer) -> NoReturn:
        pause = self.codes.busy.get(code)
        if pause is None and any(sign in words.lower() for sign in _TOO_FAST):
            pause = max(self.codes.busy.values())
        if pause is not None or answer.status == 429:
            raise Away(told, retry_after=answer.retry_after or pause or _MINUTE)
        if self.codes.gone.get(code, "\0") in words.lower():
            raise Gone(told)
        if code in self.codes.wrong:
            raise Away(told, hint=self.codes.wrong[code])
        kind = Away if answer.status >= 500 or code == 0 else Refused
        raise kind(told, retry_after=answer.retry_after)


def _text(message: Rendered) -> str:
    """What stands in the group. Its last line is the keyword that a robot may be told to ask for, in any language."""
    return f"{(message.markdown or message.text).rstrip()}\n\n通鉴 Tongjian"


def _dumped(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _object(body: bytes) -> Json:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def number(value: object) -> int | None:
    """A whole number of JSON, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
