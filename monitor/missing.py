"""When is a page gone? A window over its answers, never one of them alone."""

from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from domain.change import Observation, Outcome
from domain.site import Gone

_AWAY = frozenset({Outcome.MISSING, Outcome.MOVED, Outcome.EMPTY})


class Window:
    """The last answers of a page that said anything; one that says nothing neither counts nor resets."""

    def __init__(self, said: Gone, answers: int) -> None:
        self._needed = said.answers or answers
        self._apart: timedelta = said.apart
        self._seen: deque[Observation] = deque(maxlen=max(said.of or self._needed, self._needed))

    def see(self, seen: Observation) -> None:
        """Two answers in one run are one: the second look of a run is no second witness."""
        if self._seen and seen.run and self._seen[-1].run == seen.run:
            self._seen.pop()
        self._seen.append(seen)

    def clear(self) -> None:
        self._seen.clear()

    @property
    def missing(self) -> tuple[Observation, ...]:
        """The answers in the window by which the page is not where it was, in time order."""
        return tuple(seen for seen in self._seen if seen.outcome in _AWAY)

    @property
    def suspect(self) -> bool:
        """True where the last answer found the page missing."""
        return bool(self._seen) and self._seen[-1].outcome in _AWAY

    @property
    def closed(self) -> bool:
        """True where enough answers over enough time found the page missing, the last one too."""
        missing = self.missing
        enough = self.suspect and len(missing) >= self._needed
        return enough and missing[-1].at - missing[0].at >= self._apart


def target(missing: Sequence[Observation]) -> str | None:
    """Where the page leads now, if all that counts agrees on it."""
    targets = {seen.target for seen in missing}
    return targets.pop() if len(targets) == 1 else None
