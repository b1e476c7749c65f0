"""What a page's captures alone do not say, and its verdict hangs on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.article import Article
from domain.change import Change, FileSeen
from domain.site import Gone
from monitor.volatile import Mask


@dataclass(frozen=True)
class Context:
    """Of the site: what is `volatile` on it, what it shows for addresses that cannot exist
    (`not_found`), the runs in which it was out of order as a whole (`outages`), and those in which its mark-up
    changed everywhere, each with the fields that this moved (`redesigns`).

    Of pages, by urlkey: captures of the `files` their articles link to; the articles that redirects lead to
    (`targets`, by address); the address at which a page's article is found besides (`twins`); those that a redirect of
    a known page led to with its article (`arrived`), which are nothing new.

    `told` are changes found before, by the capture that proves them: an edit between the same two states is classed
    once, for that takes longer than all the rest.
    """

    volatile: Mask = field(default_factory=Mask)
    gone: Gone = field(default_factory=Gone)
    not_found: tuple[Article, ...] = ()
    outages: frozenset[str] = frozenset()
    redesigns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    files: Mapping[str, tuple[FileSeen, ...]] = field(default_factory=dict)
    targets: Mapping[str, Article] = field(default_factory=dict)
    twins: Mapping[str, str] = field(default_factory=dict)
    arrived: frozenset[str] = frozenset()
    told: Mapping[str, Change] = field(default_factory=dict)
