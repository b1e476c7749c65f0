"""Who hears how far long work has come."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.ledger import Entry


@dataclass(frozen=True, slots=True)
class Steps:
    """`begin` hears the site, the ledger entry that is read already and the last to be read; `entry` each one read;
    `pages` how many more pages are compared."""

    begin: Callable[[str, int, int], None] = lambda site, done, last: None
    entry: Callable[[Entry], None] = lambda entry: None
    pages: Callable[[int], None] = lambda pages: None
