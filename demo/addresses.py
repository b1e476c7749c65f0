"""Which id an article has in its address: stable, from what the text says and its file's name."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from demo.model import Source
from demo.splitters import split
from demo.texts import Parts

_SHANGHAI = ZoneInfo("Asia/Shanghai")
# Ids that real articles of that moment carry, so that a text of theirs is found where it really stood.
_KNOWN = {
    ("qidian-zibo", "2020-08-21T15:43:49"): 1056321,
    ("shandong-commerce", "2019-01-07T00:00:00"): 4415480,
    ("iqilu-jining", "2017-08-30T14:50:08"): 3672893,
}
_FLAT = {"toudeng": 39941}
_RANGE = {
    "qidian-zibo": (1_100_000, 400_000),
    "shandong-commerce": (5_100_000, 4_000_000),
    "iqilu-jining": (4_000_000, 900_000),
    "diyang-keqiao": (1_600_000_000, 90_000_000),
    "toudeng": (50_000, 40_000),
}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text, its pieces and its id."""

    source: Source
    parts: Parts
    number: int


def numbered(sources: Iterable[Source], taken: Iterable[tuple[str, int]] = ()) -> list[Numbered]:
    """Each text with an id that no other text of its site has, nor `taken` (site, id).

    A number for a file name is the id itself.
    """
    used = set(taken)
    result = []
    for source in sorted(sources, key=lambda item: (item.site, item.slug != item.site, item.slug)):
        parts = split(source.site, source.text)
        number = _wanted(source, parts.moment)
        while (source.site, number) in used:
            number += 1
        used.add((source.site, number))
        result.append(Numbered(source, parts, number))
    return result


def _wanted(source: Source, moment: datetime | None) -> int:
    if source.slug.isdigit():
        return int(source.slug)
    if source.slug == source.site and source.site in _FLAT:
        return _FLAT[source.site]
    if moment and (known := _KNOWN.get((source.site, moment.isoformat()))):
        return known
    if moment and source.site == "diyang-keqiao":  # its ids are the second of publication, as 1589030523 shows
        return int(moment.replace(tzinfo=_SHANGHAI).timestamp())
    low, span = _RANGE[source.site]
    return low + int(hashlib.sha256(source.slug.encode()).hexdigest(), 16) % span
