"""All mentions of a text."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from domain.mention import Mention
from parsers.mentions import agencies, amounts, dates, places, posts
from parsers.mentions.plain import plain


@lru_cache(maxsize=32)  # of three versions the second is looked through as the later one, then as the earlier
def find(text: str, on: date | None = None) -> tuple[Mention, ...]:
    """Every mention in `text`, by place in the text; those of one kind never overlap, dates and deadlines neither.

    `on` is the publication day in Asia/Shanghai: 8月29日, 昨日 and 明年底 are told from it. A place within an
    agency, and both within a post, are part of that name and no mentions of their own. Linear in the text's length.
    """
    folded = plain(text)
    where = places.places(folded)
    offices = agencies.agencies(folded, where)
    held = posts.posts(text, folded, offices, where)
    days = _apart([*dates.terms(text, folded), *dates.dates(text, folded, on)])
    shares = list(amounts.percentages(text, folded))
    counted = _outside(amounts.amounts(text, folded), [*days, *shares])
    named = _outside(agencies.mentions(text, offices), held)
    placed = _outside(places.mentions(text, where), [*held, *agencies.mentions(text, offices)])
    found = [*days, *shares, *counted, *held, *named, *placed]
    return tuple(sorted(found, key=lambda mention: (mention.start, mention.end)))


def _apart(found: Iterable[Mention]) -> list[Mention]:
    """Without those that overlap an earlier or longer one."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda item: (item.start, -item.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _outside(found: Iterable[Mention], others: Iterable[Mention]) -> list[Mention]:
    """Those that touch none of `others`."""
    taken = {at for other in others for at in range(other.start, other.end)}
    return [mention for mention in found if mention.start not in taken and mention.end - 1 not in taken]
