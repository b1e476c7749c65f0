"""What of a site's files to ask for in a run. Which capture holds a file of an article: see catalogue.holding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from catalogue import Catalogue
from catalogue.holding import Held, files_of
from domain.capture import KnownFile, Validators
from domain.site import Site
from domain.urls import file_key

__all__ = ["Asking", "Held", "files_of", "to_ask"]

# A server that names neither a tag nor a date sends a file whole each time.
_WHOLE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a run needs to know of a site's files. By file_key: `held` are those that need no fetching, `old` those to
    ask for again where a page that shows them is new or changed. `attached` are the addresses of those to ask for
    again with a page in any case, by its urlkey; they are in `old`."""

    held: frozenset[str] = frozenset()
    old: Mapping[str, Validators] = field(default_factory=dict)
    attached: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def to_ask(
    catalogue: Catalogue,
    site: Site,
    pages: Sequence[str],
    moment: datetime,
    *,
    pace: float = 1.0,
    recheck: bool = False,
) -> Asking:
    """What of a site's files to ask for in a run that fetches `pages` (urlkeys) again, at `moment` of the plan.

    A file is old `site.files.again` after it was last seen. An attachment of one of `pages` is asked for again in any
    case, on condition; where its server gave nothing to go by, once a day. `recheck`: all of them.
    """
    if not (site.files.attachments or site.files.images):
        return Asking()
    known = {file_key(item.validators.url): item for item in catalogue.files(site.name).values()}
    day, again = moment - _WHOLE / pace, moment - site.files.again / pace
    shown = catalogue.attached(site.name, pages) if site.files.attachments else {}
    ripe = {key for key, item in known.items() if recheck or _is_conditional(item) or item.checked <= day}
    attached = {page: tuple(url for url in urls if file_key(url) in ripe) for page, urls in shown.items()}
    asked = {file_key(url) for urls in attached.values() for url in urls}
    held = frozenset(key for key, item in known.items() if item.checked > again and key not in asked)
    old = {key: item.validators for key, item in known.items() if key not in held}
    return Asking(held, old, {page: urls for page, urls in attached.items() if urls})


def _is_conditional(item: KnownFile) -> bool:
    return item.validators.reference is not None and bool(item.validators.etag or item.validators.last_modified)
