"""What Apprise knows: Telegram, Slack, Matrix, ntfy and others, each message sent by a process of its own.

Apprise leaves it to its plugins how they connect, and says no more than whether they succeeded. So a plugin runs where
it can reach nothing but the hosts it may (alerts.channels.outside), for as long as it may, and what it logs stays
there but for the reason of a failure.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from alerts.channels.base import Away, Limits, Refused, Target
from alerts.channels.hiding import hide
from alerts.channels.services import BARRED, FIXED, HOSTED, OURS
from alerts.guard import Guard
from alerts.kinds import Payload
from alerts.messages import Rendered, render, shorten
from domain.errors import ConfigurationError
from domain.settings import ROOT
from domain.subscription import Language

PATIENCE = 30.0
_PROGRAM = Path(__file__).with_name("outside.py")
_KEPT = ("LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
_STATUS = re.compile(r"error[=:]\s*(\d{3})\b")
# Answers about this one message, as with webhooks.
_MESSAGE = frozenset({400, 413, 422})
_HINT = "https://appriseit.com/services/ says how the address of each service is written."


class Apprise:
    """What a service takes at once is not known for most; 20 a minute and 4,000 bytes please those that say."""

    limits = Limits(messages=20, per=timedelta(minutes=1), bytes=4_000, folds=True)

    def __init__(self, allow: str, rules: str) -> None:
        """`allow` as TONGJIAN_WEBHOOK_ALLOW, `rules` as TONGJIAN_CONNECT_TO."""
        self._allow, self._rules, self._guard = allow, rules, Guard(allow, rules)

    def check(self, address: str, secret: str | None) -> str:
        if secret is not None:
            raise ConfigurationError("an address of Apprise holds its secrets itself", hint="Leave the secret out.")
        address = address.strip()
        schema = _schema(address)
        barred = BARRED.intersection(_asked(address))
        if barred:
            raise ConfigurationError(
                f"the address asks for «{min(barred)}»", hint="Leave that out: it is not for here."
            )
        if schema in HOSTED:
            self._check_host(address)
        try:
            said = self._outside({"url": address, "check": True})
        except Away as error:
            raise ConfigurationError(f"the address could not be looked at: {error}", hint="Try again.") from None
        if not said["ok"]:
            raise ConfigurationError(f"Apprise cannot read that address of «{schema}»", hint=_HINT)
        return address

    def _check_host(self, address: str) -> None:
        try:
            url = urlsplit(address)
            host, port = url.hostname, url.port or 443
        except ValueError:
            host = None
        if host is None:
            raise ConfigurationError("the address names no host", hint=_HINT)
        self._guard.check(host, port)

    def lane(self, address: str) -> str:
        return address

    def fits(self, payload: Payload, language: Language) -> bool:
        return _fits(render(payload, language))

    def send(self, target: Target, id: str, payload: Payload) -> str:
        try:
            _schema(target.address)
        except ConfigurationError as error:
            raise Refused(str(error), hint=error.hint) from None
        whole = render(shorten(payload, _fits, target.language), target.language)
        # The service's own limit is known to its plugin alone; what does not fit is tried in fewer words.
        shortest = render(shorten(payload, lambda _: False, target.language), target.language)
        forms = [[one.subject, one.markdown or one.text, one.text] for one in (whole, shortest)]
        brief = f"{whole.subject}\n{payload.get('link') or ''}"
        order = {"url": target.address, "check": False, "forms": [*forms, ["", brief, brief]]}
        return _judged(self._outside(order), target)

    def _outside(self, order: dict[str, Any]) -> dict[str, Any]:
        """What the process says. Raises Away."""
        schema = _schema(order["url"])
        order |= {"allow": self._allow, "rules": self._rules}
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_PROGRAM), str(ROOT)],
                input=json.dumps(order).encode(),
                capture_output=True,
                env=dict(_environment(proxied=schema in FIXED and not self._rules)),
                timeout=PATIENCE,
                check=False,
            )
            said = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            raise Away(f"no answer within {PATIENCE:.0f} s") from None
        except (OSError, ValueError):
            raise Away("the process that sends by Apprise failed") from None
        return dict(said)


def _environment(*, proxied: bool) -> Iterator[tuple[str, str]]:
    """What the process needs to know of this one's environment: no keys, no folders. A proxy only for services with a
    host of their own: it would resolve names again, after they were looked at."""
    yield "PATH", os.environ.get("PATH", "")
    proxies = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy") if proxied else ()
    for name in (*_KEPT, *proxies):
        if name in os.environ:
            yield name, os.environ[name]


def _schema(address: str) -> str:
    """The service of an address. Raises ConfigurationError where it is none that may be used."""
    schema = address.partition("://")[0].lower() if "://" in address else ""
    if schema in FIXED or schema in HOSTED:
        return schema
    if schema in OURS:
        raise ConfigurationError("there is a channel of our own for that", hint=f"Choose {OURS[schema]}.")
    known = ", ".join(sorted(FIXED | HOSTED))
    raise ConfigurationError("that is no address of a service that messages may go to", hint=f"There are: {known}.")


def _asked(address: str) -> set[str]:
    try:
        return {name.lower() for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)}
    except ValueError:
        return set()


def _fits(message: Rendered) -> bool:
    return len((message.markdown or message.text).encode()) <= (Apprise.limits.bytes or 0)


def _judged(said: dict[str, Any], target: Target) -> str:
    """What the plugin says, where it succeeded. Raises for all else."""
    schema = _schema(target.address)
    if said["ok"]:
        return f"accepted by {schema}"
    words = f"{schema}: {hide(str(said['said']), target.address)}"
    found = _STATUS.search(str(said["said"]))
    status = int(found[1]) if found else 0
    if status == 429:
        raise Away(words, retry_after=timedelta(minutes=1))
    raise (Refused if status in _MESSAGE else Away)(words)
