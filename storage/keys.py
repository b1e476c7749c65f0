"""The names of objects: `[0-9a-z._-]` and slashes, equal width, never built from addresses.

SeaweedFS limits a path component to 255 bytes, folds `a//b` and lists in another order than UTF-8; keys of
this alphabet are safe from all three.
"""

import secrets
from datetime import UTC, datetime

SEGMENTS = "v1/seg/"
LEDGERS = "v1/led/"
RUNS = "v1/run/"
ARTICLES = "v1/art/"
CHECKPOINTS = "v1/chk/log/"
TILES = "v1/chk/tile/"
PUBLIC_KEYS = "v1/chk/keys/"
BIG = "v1/big/"
DICTIONARIES = "v1/dict/"
GONE = "v1/gone/"
PROBES = "v1/probe/"
CARE = "v1/care/"
BACKUPS = "v1/backup/alerts/"


def run_id(moment: datetime) -> str:
    """A run's name: its start in UTC to the second and six random hex digits, `20261122t020610z-0a1b2c`."""
    return f"{moment.astimezone(UTC):%Y%m%dt%H%M%Sz}-{secrets.token_hex(3)}"


def started(run: str) -> datetime:
    """When a run began, UTC, as its name says; of a name that says no time, the beginning of the calendar's
    second day."""
    try:
        return datetime.strptime(run[:16], "%Y%m%dt%H%M%Sz").replace(tzinfo=UTC)
    except ValueError:
        return datetime(1, 1, 2, tzinfo=UTC)


def _day(run: str) -> str:
    return f"{run[:4]}/{run[4:6]}/{run[6:8]}"


def segment(site: str, run: str, number: int, sha256: str) -> str:
    """Where the `number`-th segment of a run lies; its content's hash is part of its name."""
    return f"{SEGMENTS}{site}/{_day(run)}/{run}/{number:06d}_{sha256[:16]}.warc.zst"


def ledger(site: str, seq: int) -> str:
    """Where entry `seq` (from 1) of a site's ledger lies."""
    return f"{LEDGERS}{site}/{seq:010d}.json"


def manifest(site: str, run: str, name: str) -> str:
    """A run's `open` or `done` manifest."""
    return f"{RUNS}{site}/{_day(run)}/{run}/{name}.json"


def lease(site: str) -> str:
    """Who captures the site now."""
    return f"{RUNS}{site}/lease.json"


def articles(site: str, reader: str, seq: int) -> str:
    """The articles that reader version `reader` made of ledger entry `seq`."""
    return f"{ARTICLES}{site}/{reader}/{seq:010d}.json.zst"


def big(sha256: str) -> str:
    """Where a body too large for a segment lies; its name is its hash, hex."""
    return f"{BIG}{sha256[:2]}/{sha256}"


def dictionary(site: str, number: int, sha256: str) -> str:
    """The `number`-th dictionary trained for a site."""
    return f"{DICTIONARIES}{site}/{number:06d}_{sha256[:16]}.zdict"


def checkpoint(number: int) -> str:
    """Where checkpoint `number` (from 1) lies: the signed note as it was stamped."""
    return f"{CHECKPOINTS}{number:010d}.txt"


def token(number: int) -> str:
    """The time-stamping authority's answer (DER, RFC 3161) for checkpoint `number`."""
    return f"{CHECKPOINTS}{number:010d}.tsr"


def tile(level: int, number: int) -> str:
    """Up to 256 hashes of the tree over all entries, of subtrees of 256^level leaves, from `256 * number` on."""
    return f"{TILES}{level:02d}/{number:010d}"


def public_key(key_id: str) -> str:
    """A copy of the key that checkpoints are signed with. Trust in it comes from elsewhere."""
    return f"{PUBLIC_KEYS}{key_id}.pem"


def tombstone(site: str, capture: str) -> str:
    """What is said of a capture that was taken down."""
    return f"{GONE}{site}/{capture}.json"


def redacted(segment: str, sha256: str) -> str:
    """Where a segment without what was taken down lies, beside the place of the one it was made of."""
    return f"{redactions(segment)}{sha256[:16]}.warc.zst"


def redactions(segment: str) -> str:
    """What the names of all redactions of a segment begin with."""
    return f"{segment.removesuffix('.warc.zst')}_redacted_"


def care(site: str, moment: datetime, sha256: str) -> str:
    """What somebody said of a site's health at a moment; its content's hash is part of its name."""
    return f"{CARE}{site}/{moment.astimezone(UTC):%Y%m%dt%H%M%Sz}_{sha256[:16]}.json"


def backup(moment: datetime, sha256: str) -> str:
    """Where a backup of alerts' tables lies, as they were at a moment; its own hash is part of its name."""
    return f"{BACKUPS}{moment.astimezone(UTC):%Y%m%dt%H%M%Sz}_{sha256[:16]}.jsonl.zst"
