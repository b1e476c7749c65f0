"""The control channel: what other processes on this machine ask of a replica, at /_replica/ of its own host.

GET state, log, payload?url=…; POST publish, hold, edit, revert, remove, restore, add, fault, clear with one
JSON object: `url` (or SITE/SLUG) and what the verb takes. Loopback only.
"""

import json
from typing import TYPE_CHECKING

from demo.model import Answer, Ask
from demo.timeline import ACTIONS
from domain.clock import iso
from domain.errors import ConfigurationError, NotFound, TongjianError

if TYPE_CHECKING:
    from demo.replica import Replica

HOSTS = frozenset({"replica.localhost", "localhost", "127.0.0.1", "[::1]"})
PREFIX = "/_replica/"


def control(replica: "Replica", ask: Ask) -> Answer:
    """The answer to a control request: JSON, but for payloads. Errors are told as {"error", "hint"}."""
    verb = ask.path.removeprefix(PREFIX) if ask.path.startswith(PREFIX) else ""
    try:
        if ask.method == "POST":
            return _json(200, _act(replica, verb, _object(ask.body)))
        if verb == "payload":
            payload = replica.payload(ask.query.get("url", ""))
            return Answer(200, (("Content-Type", "application/octet-stream"),), payload)
        return _json(200, _tell(replica, verb))
    except NotFound as error:
        return _json(404, {"error": str(error), "hint": error.hint})
    except TongjianError as error:
        return _json(400, {"error": str(error), "hint": error.hint})


def _tell(replica: "Replica", verb: str) -> object:
    if verb == "state":
        return replica.describe()
    if verb == "log":
        return [
            {"at": iso(item.at), "url": item.url, "status": item.status, "sha256": item.sha256} for item in replica.sent
        ]
    raise NotFound(f"{PREFIX}{verb}: nothing to tell", hint=f"Ask {PREFIX}state, {PREFIX}log, {PREFIX}payload.")


def _act(replica: "Replica", verb: str, given: dict[str, object]) -> object:
    target = str(given.pop("url", given.pop("article", given.pop("target", ""))))
    if verb == "fault":
        replica.fault(target, str(given.pop("kind", "")), **given)
        return {"target": target, "faults": replica.faults()}
    if verb == "clear":
        replica.clear(target or None)
        return {"faults": replica.faults()}
    missing = [name for name in ACTIONS.get(verb, ("verb",)) if name not in given and name != "mode"]
    if missing:
        raise ConfigurationError(f"{PREFIX}{verb}: {', '.join(missing)} missing", hint=str(__doc__))
    words = {name: str(value) for name, value in given.items()}
    article = replica.perform({"mode": "404", **words, "do": verb, "article": target})
    return {"url": article.url, "title": article.title, "live": article.live}


def _object(body: bytes) -> dict[str, object]:
    try:
        given = json.loads(body or b"{}")
    except ValueError as error:
        raise ConfigurationError("the request's body is no JSON") from error
    if not isinstance(given, dict):
        raise ConfigurationError("the request's body is no JSON object")
    return given


def _json(status: int, value: object) -> Answer:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return Answer(status, (("Content-Type", "application/json; charset=utf-8"),), text.encode())
