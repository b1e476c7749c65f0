"""An article's text as it is held against another's: sentences, and runs of characters."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from domain.article import Article
from domain.matching import matchable, without_readings
from monitor.folding import bare

_END = re.compile(r"(?<=[。！？；!?;])")
# Lines that say who published, not what happened.
_APART = re.compile(
    r"^[\[【(（]?\s*(?:原(?:文)?标题|来源|(?:文章|稿件|信息|新闻|图片)来源|转自|转载自|本文(?:转载|来源|转)自?|责任?编辑|责编|编辑|编审|审核|校对|"
    r"监制|作者|撰稿|文/|记者|通讯员|摄影|编者按|编者注|编者的话|编后|扫一扫|声明|免责声明|版权声明|点击|更多)"
)
_RUN = 5
# Two sentences with so many pairs of characters in common are one, rewritten.
_REWRITTEN = 0.5
# Unmatched sentences beyond this many are no longer held against each other.
_MOST = 300
_PIECE = re.compile(r"\d+(?:[.,:/]\d+)*|.", re.DOTALL)
_LONGEST = 1_500


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence: as shown, as compared (`key`), and the number of its paragraph."""

    shown: str
    key: str
    paragraph: int


@dataclass(frozen=True)
class Text:
    """All sentences of an article but those that name its source or its editors; captions and tables included."""

    passages: tuple[Passage, ...]

    @cached_property
    def signs(self) -> str:
        return "".join(passage.key for passage in self.passages)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(passage.key for passage in self.passages)

    @cached_property
    def runs(self) -> frozenset[str]:
        """Every run of five characters."""
        signs = self.signs
        return frozenset(signs[start : start + _RUN] for start in range(len(signs) - _RUN + 1))


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the sentences of two texts lie beside each other. `rewritten` are pairs; `kept` counts those alike."""

    kept: int
    rewritten: tuple[tuple[Passage, Passage], ...]
    only_first: tuple[Passage, ...] = field(default=())
    only_second: tuple[Passage, ...] = field(default=())


def text_of(article: Article) -> Text:
    return Text(tuple(_passages(article)))


def _passages(article: Article) -> Iterator[Passage]:
    lines = (line for block in article.body for line in block.text.splitlines())
    for number, line in enumerate(lines):
        plain = without_readings(line).strip()
        if not plain or _APART.match(plain):
            continue
        for shown in _END.split(plain):
            key = bare(matchable(shown))
            if key:
                yield Passage(shown.strip(), key, number)


def align(first: Text, second: Text) -> Alignment:
    """A sentence stayed where the other text holds it, wherever that ends its sentences."""
    gone = [passage for passage in first.passages if passage.key not in second.keys and passage.key not in second.signs]
    come = [passage for passage in second.passages if passage.key not in first.keys and passage.key not in first.signs]
    pairs = tuple(_pairs(gone[:_MOST], come[:_MOST]))
    old, new = {id(pair[0]) for pair in pairs}, {id(pair[1]) for pair in pairs}
    return Alignment(
        kept=len(first.passages) - len(gone),
        rewritten=pairs,
        only_first=tuple(passage for passage in gone if id(passage) not in old),
        only_second=tuple(passage for passage in come if id(passage) not in new),
    )


def _pairs(gone: Iterable[Passage], come: Iterable[Passage]) -> Iterator[tuple[Passage, Passage]]:
    """Each sentence with the most like it among those not taken yet, in order."""
    free = [(passage, _twos(passage.key)) for passage in come]
    for passage in gone:
        own = _twos(passage.key)
        best = max(free, key=lambda item: _dice(own, item[1]), default=None)
        if best and _dice(own, best[1]) >= _REWRITTEN:
            free.remove(best)
            yield passage, best[0]


def _twos(key: str) -> frozenset[str]:
    return frozenset(key[start : start + 2] for start in range(len(key) - 1))


def _dice(first: frozenset[str], second: frozenset[str]) -> float:
    return 2 * len(first & second) / max(1, len(first) + len(second))


def differing(first: str, second: str) -> tuple[tuple[str, str], ...]:
    """What stands in the one where the other has something else; no number is cut in two. Either may be empty."""
    if len(first) + len(second) > _LONGEST:
        return ((first, second),)
    old, new = _PIECE.findall(first), _PIECE.findall(second)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(("".join(old[a:b]), "".join(new[c:d])) for op, a, b, c, d in codes if op != "equal")
