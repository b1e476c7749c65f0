"""The verb doctor: is what Tongjian needs there?"""

from collections.abc import Callable
from dataclasses import dataclass

from domain.connect import parse_connect_to
from domain.errors import Conflict, TongjianError
from domain.settings import Settings
from pipeline.house import House, house
from sites import load

PROBE = "v1/probe.txt"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    ok: bool
    message: str


def examine(settings: Settings) -> list[Finding]:
    """Looks at each thing by itself, so that one fault does not hide another."""
    findings = [
        _look("contact", lambda: settings.contact or "unset; set TONGJIAN_CONTACT before --live"),
        _look("connect-to", lambda: f"{len(parse_connect_to(settings.connect_to))} rules"),
        _look("sites", lambda: ", ".join(load())),
        _look("spool", lambda: _spool(settings)),
    ]
    try:
        with house() as open_house:
            findings += [_look("s3", lambda: _s3(open_house)), _look("catalogue", lambda: _catalogue(open_house))]
    except TongjianError as error:
        findings.append(Finding("servers", ok=False, message=f"{error} {error.hint or ''}"))
    return findings


def _look(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, ok=True, message=look())
    except TongjianError as error:
        return Finding(what, ok=False, message=f"{error} {error.hint or ''}".strip())


def _fault(message: str) -> str:
    raise TongjianError(message)


def _spool(settings: Settings) -> str:
    spool = settings.state / "spool"
    if damaged := sorted(spool.glob("*/*/*.damaged")):
        _fault(f"{len(damaged)} damaged segments were set aside and will not be sent: {damaged[0]} …")
    waiting = len(list(spool.glob("*/*/*.warc.zst")))
    return f"{waiting} segments wait to be sent by their site's next run" if waiting else "empty"


def _s3(open_house: House) -> str:
    """A store that lets one key be written twice would let evidence be replaced."""
    bucket = open_house.bucket
    bucket.put_once(PROBE, b"tongjian", "text/plain")
    try:
        bucket.replace(PROBE, b"other", None, "text/plain")
    except Conflict:
        return f"{open_house.settings.s3_endpoint}/{bucket.name}: If-None-Match is honoured"
    return _fault(f"{open_house.settings.s3_endpoint} ignores If-None-Match: two writers could overwrite one another")


def _catalogue(open_house: House) -> str:
    return ", ".join(f"{number} {name}" for name, number in open_house.catalogue.counts().items())
