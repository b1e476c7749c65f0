"""Object Lock, object by object: until when an object that never changes may not be deleted or written over.

Never as the bucket's default: that would lock leases and articles too, and writers that do not know of it break
(kopia#5509).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.clock import now
from domain.errors import ConfigurationError
from storage import keys

_SAID = re.compile(r"(?:(?P<mode>GOVERNANCE|COMPLIANCE):)?(?P<number>[1-9]\d{0,3})(?P<unit>[dy])")
_EVIDENCE = (keys.SEGMENTS, keys.BIG, keys.LEDGERS, keys.CHECKPOINTS, keys.GONE, keys.CARE)
_MANIFESTS = ("/open.json", "/done.json")


@dataclass(frozen=True, slots=True)
class Retention:
    """`mode` is GOVERNANCE (who has the right may delete earlier) or COMPLIANCE (nobody may); a span in years or
    days (`unit` y or d)."""

    mode: str
    number: int
    unit: str

    def until(self, moment: datetime) -> datetime:
        """The first instant after the span; ten years after a 29 February is a 1 March."""
        if self.unit == "d":
            return moment + timedelta(days=self.number)
        try:
            return moment.replace(year=moment.year + self.number)
        except ValueError:
            return moment.replace(year=moment.year + self.number, month=3, day=1)

    def asked(self, key: str) -> dict[str, Any]:
        """What a PUT of the key asks for; nothing where the key is one that changes, or can be made again."""
        if not covers(key):
            return {}
        return {"ObjectLockMode": self.mode, "ObjectLockRetainUntilDate": self.until(now())}

    def __str__(self) -> str:
        return f"{self.mode}:{self.number}{self.unit}"


def covers(key: str) -> bool:
    """True for evidence: segments and bodies, ledgers, checkpoints and their time stamps, tombstones, what people
    said of sites' health, and the manifests that say how many segments a run made."""
    return key.startswith(_EVIDENCE) or (key.startswith(keys.RUNS) and key.endswith(_MANIFESTS))


def parse(text: str) -> Retention | None:
    """What TONGJIAN_RETENTION says: `10y`, `400d`, `COMPLIANCE:10y`; None where it is empty. Raises
    ConfigurationError."""
    if not text:
        return None
    found = _SAID.fullmatch(text)
    if not found or (found["unit"] == "y" and int(found["number"]) > 100):
        raise ConfigurationError(
            f"TONGJIAN_RETENTION={text}: no span", hint="Write 10y or 400d, or COMPLIANCE:10y; GOVERNANCE unless said."
        )
    return Retention(found["mode"] or "GOVERNANCE", int(found["number"]), found["unit"])
