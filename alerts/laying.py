"""Digests of the past laid out as they would be sent: into how many parts would a channel's limit split them?"""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from itertools import cycle, islice
from math import ceil

from sqlalchemy import Engine

from alerts import messages, past
from alerts.channels import Channel
from alerts.composing import in_parts
from alerts.kinds import Payload
from alerts.notices import Named
from alerts.payload import addressed, payload
from alerts.simulating import Found, Parts
from domain.subscription import Language, Rhythm

# So many changes are laid out, which takes about a second; what is more is judged by so many of all that were found,
# in digests of these sizes. What is larger is as many times the largest.
MOST, _SAMPLE = 1_000, 200
_SIZES = (6, 9, 13, 20, 30, 45, 70, 100, 150, 220, 330)
_NAME = "订阅 subscription"


class Layout:
    """Digests to one channel in a language. They are laid out without the copies of their articles and without the
    sites whose silence says nothing; `most` changes at most."""

    def __init__(
        self,
        source: Engine,
        sites: past.Sites,
        web: str,
        way: Channel,
        language: Language,
        found: Sequence[Found],
        most: int = MOST,
    ) -> None:
        self._source, self._sites, self._web = source, sites, web
        self._way, self._language, self._found, self._left = way, language, found, most
        self._named = Named("0" * 32, _NAME, language, frozenset())
        self._estimates: dict[int, int] = {}

    def split(self, changes: Sequence[Found], rhythm: Rhythm, at: datetime) -> Parts:
        """Into how many parts a digest of these changes, made then, is split. Raises CatalogueError."""
        if len(changes) > self._left:
            return Parts(self._estimate(len(changes)), exact=False)
        self._left -= len(changes)
        told = self._payloads([one.id for one in changes])
        return Parts(self._parts(told, rhythm, changes[0].at, at) if told else 1)

    def _payloads(self, ids: Sequence[str]) -> list[Payload]:
        found = past.matters(self._source, self._sites, ids)
        return [addressed(payload(one, self._web), [self._named], self._web) for one in found]

    def _parts(self, told: list[Payload], rhythm: Rhythm, since: datetime, at: datetime) -> int:
        whole = messages.digest(
            told,
            rhythm=rhythm,
            since=since,
            at=at,
            id="0" * 64,
            name=_NAME,
            link=f"{self._web.rstrip('/')}/deliveries",
        )
        return len(in_parts(whole, told, self._way, self._language, "a backtest"))

    def _estimate(self, count: int) -> int:
        size = next((one for one in _SIZES if one >= count), _SIZES[-1])
        if size not in self._estimates:
            told, times = list(islice(cycle(self._sample), size)), self._found
            self._estimates[size] = self._parts(told, Rhythm.INSTANT, times[0].at, times[-1].at) if told else 1
        return max(1, ceil(self._estimates[size] * count / size))

    @cached_property
    def _sample(self) -> list[Payload]:
        """Changes from the whole of the time."""
        step = ceil(len(self._found) / _SAMPLE)
        return self._payloads([one.id for one in self._found[::step]])
