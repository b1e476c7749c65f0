"""Which sites a command means."""

from collections.abc import Sequence
from datetime import timedelta

import sites as site_files
from domain.errors import ConfigurationError
from domain.site import Entry, Site


def select(names: Sequence[str], *, every: bool = False) -> tuple[Site, ...]:
    """The named sites, or all with `every`. Raises ConfigurationError naming what is unknown, and what there is."""
    known = site_files.load()
    if every:
        return tuple(known.values())
    if not names:
        raise ConfigurationError("no site named", hint=f"Name one or more of {', '.join(known)}, or say --all.")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ConfigurationError(f"no site called {', '.join(unknown)}", hint=f"There are: {', '.join(known)}.")
    return tuple(known[name] for name in names)


def site_of(name: str) -> Site:
    """The site of that name, or its stand-in where its file is gone."""
    return site_files.load().get(name) or retired(name)


class _Retired(Site):
    """A site whose hosts nobody remembers: what its ledger holds is its own."""

    def owns(self, url: str) -> bool:
        return True


def retired(name: str) -> Site:
    """A stand-in for a site whose file is gone: its captures are still read, by the generic reader."""
    nowhere = f"http://{name}.invalid/"
    return _Retired(
        name=name, title=name, homepage=nowhere, entries=(Entry(url=nowhere),), article=r".", every=timedelta(days=1)
    )
