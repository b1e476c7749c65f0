"""The verb verify: checkpoints first, for they say what the ledgers must hold; then every site's ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.house import House
from pipeline.remembering import read, remember, remembered
from storage.checking import Finding
from storage.proofs import signing, timestamps
from storage.proofs.audit import Audit
from storage.verify import Checked, verify


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be verified, how far, and against what that is kept outside of the bucket."""

    sites: Sequence[str] = ()
    deep: bool = False
    quick: bool = False
    keys: Sequence[Path] = ()
    trust: Path | None = None
    since: int = 0


@dataclass(slots=True)
class Totals:
    """What was looked at and found; filled in while it goes on. `notices` say what could not be known."""

    segments: int = 0
    captures: int = 0
    bytes: int = 0
    checkpoints: int = 0
    stamped: int = 0
    findings: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """Progress: at what (a site, or `checkpoints`), bytes and entries just looked at; `is_done` where it ended."""

    at: str
    levels: str
    entries: int = 0
    size: int = 0
    is_done: bool = False


def verifying(house: House, wanted: Wanted, totals: Totals) -> Iterator[Step]:
    """Verifies, a step at a time. A checkpoint found whole is remembered. Raises ConfigurationError, EndpointDown,
    NotFound where there is no checkpoint `since`."""
    settings = house.settings
    trusted = [signing.read_public(path) for path in wanted.keys] or signing.trusted(settings.key_file)
    seen = [read(wanted.trust)] if wanted.trust else []
    if own := remembered(settings):
        seen.append(own)
    roots = timestamps.load_roots(settings.tsa_roots)
    audit = Audit(house.archive, trusted, roots=roots, since=wanted.since, elsewhere=seen)
    yield from _checkpoints(audit, totals)
    for site in wanted.sites or sorted({*house.archive.sites(), *audit.promises.sites}):
        levels = "sizes (level 0)" if wanted.quick else "sizes, hashes (levels 0, 1)"
        levels = "sizes, hashes, records (levels 0 to 2)" if wanted.deep else levels
        for checked in verify(house.archive, site, deep=wanted.deep, quick=wanted.quick, promises=audit.promises):
            _count(totals, checked)
            yield Step(site, levels, int(checked.seq > 0), 0 if wanted.quick else checked.size)
        yield Step(site, levels, is_done=True)
    if audit.newest and trusted and not totals.findings:
        remember(settings, audit.newest)


def _checkpoints(audit: Audit, totals: Totals) -> Iterator[Step]:
    what = "signatures, consistency, time stamps (level 3)"
    for judged in audit.run():
        totals.findings += judged.findings
        yield Step("checkpoints", what, int(judged.number > 0))
    totals.checkpoints, totals.stamped, totals.notices = audit.checkpoints, audit.stamped, audit.notices
    yield Step("checkpoints", what, is_done=True)


def _count(totals: Totals, checked: Checked) -> None:
    totals.segments += checked.seq > 0
    totals.captures += checked.captures
    totals.bytes += checked.size
    totals.findings += checked.findings
    totals.notices += [f"{one.site}: {one.message} ({one.key})" for one in checked.notes]
