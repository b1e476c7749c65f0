"""What moves on every visit and means nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bench.paper import words

_WEEKDAYS = "一二三四五六日"
_START = datetime(2026, 10, 12, 8, 0)  # noqa: DTZ001 - as pages print it
_SAYINGS = ("支持！", "希望早日落实", "讲得好，为家乡点赞", "具体什么时候开始？", "我们小区也想报名", "期待后续报道")


@dataclass(frozen=True, slots=True)
class Item:
    """An article as another page lists it."""

    path: str
    title: str
    day: str
    hits: int = 0


@dataclass(frozen=True, slots=True)
class Voice:
    """A reader's comment."""

    who: int
    ago: int
    said: str


@dataclass(frozen=True, slots=True)
class Volatile:
    """The moving parts of one answer."""

    masthead: str
    clock: str
    sky: str
    degrees: int
    token: str
    serial: int
    hits: int
    visitors: int
    online: int
    comments: int
    likes: int
    ad: str
    previous: Item
    next: Item
    hot: tuple[Item, ...]
    recommended: tuple[Item, ...]
    voices: tuple[Voice, ...]


def volatile(chance: Random, round_: int, visit: int, shelf: Sequence[Item]) -> Volatile:
    """The moving parts of the `visit`-th answer to a page. `shelf`: what the site may list; at least two."""
    now = _START + timedelta(days=round_, seconds=chance.randint(0, 30_000))
    picked = [chance.choice(shelf) for _ in range(12)]
    ranked = [Item(item.path, item.title, item.day, chance.randint(100, 90_000)) for item in picked]
    return Volatile(
        masthead=f"{now:%Y年%m月%d日} 星期{_WEEKDAYS[now.weekday()]}",
        clock=f"{now:%H:%M:%S}",
        sky=chance.choice(words.SKIES),
        degrees=chance.randint(-5, 35),
        token=f"{chance.getrandbits(128):032x}",
        serial=chance.randint(10**5, 10**9),
        hits=300 + 37 * visit + chance.randint(0, 30),
        visitors=chance.randint(10**6, 10**7),
        online=chance.randint(10, 900),
        comments=3 * visit + chance.randint(0, 3),
        likes=11 * visit + chance.randint(0, 9),
        ad=chance.choice(words.ADS),
        previous=picked[0],
        next=picked[1],
        hot=tuple(ranked[2:7]),
        recommended=tuple(picked[7:11]),
        voices=tuple(_voice(chance) for _ in range(chance.randint(1, 3))),
    )


def _voice(chance: Random) -> Voice:
    return Voice(chance.randint(1000, 9999), chance.randint(1, 59), chance.choice(_SAYINGS))
