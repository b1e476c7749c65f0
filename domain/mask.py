"""Volatile parts of pages: what moves by itself, and never makes a version."""

from datetime import datetime
from typing import Literal

from domain.article import Frozen


class MaskRule(Frozen):
    """One thing that is volatile on one site, learned or said.

    `kind` says how `value` is meant: `shape`, a block of a body whose digits may be any (`浏览#次`); `after`, whatever
    stands between the block of that text and the next that stays; `field`, a whole field of the article (`images`) of
    the page `urlkey`; `always` and `never`, what the site's file says (Site.masks). `samples` are what it was seen to
    say, `evidence` the captures that showed it, a pair a page, `learned` the time of the first (UTC).
    """

    site: str
    kind: Literal["shape", "after", "field", "always", "never"]
    value: str
    urlkey: str | None = None
    samples: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    learned: datetime
