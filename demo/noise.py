"""What moves on every request and means nothing: counters, clocks, ad ids, session tokens, hot lists."""

import itertools
import secrets
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from random import Random

from demo.model import Article

_WEEKDAYS = "一二三四五六日"


class Noise:
    """Counters that only grow while the replica runs, and everything random. Safe for threads."""

    def __init__(self) -> None:
        self._hits: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._random = Random()
        self._serial = itertools.count(1)

    def hits(self, url: str, now: datetime) -> int:
        """The views of an address: more at each call, and more as days pass."""
        with self._lock:
            self._hits[url] += 1
            return sum(url.encode()) % 977 + int(now.timestamp()) // 3600 % 10_000 + self._hits[url]

    def token(self) -> str:
        """32 hex digits, another each time."""
        return secrets.token_hex(16)

    def serial(self) -> int:
        """A number, another each time."""
        return self._random.randrange(10_000, 99_999) * 1000 + next(self._serial) % 1000

    def pick(self, articles: Sequence[Article], count: int) -> list[Article]:
        """Up to `count` of the articles, in another order each time."""
        with self._lock:
            return self._random.sample(list(articles), min(count, len(articles)))


def masthead(now: datetime) -> str:
    """The day as mastheads print it: 2024年05月15日 星期三. `now` in the zone to be shown."""
    return f"{now:%Y年%m月%d日} 星期{_WEEKDAYS[now.weekday()]}"
