"""Labelled sentences: how they are written, and how what was found compares with them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain.mention import Mention, MentionKind
from parsers.mentions import find

_MARK = re.compile(r"\{([^{}|]+)\|([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the day it was published on, and its mentions."""

    text: str
    on: date
    mentions: frozenset[Mention]


@dataclass(frozen=True, slots=True)
class Score:
    """How many mentions were found, how many of those right, how many there are. Right: span, value, unit, role."""

    found: int
    right: int
    labelled: int

    @property
    def precision(self) -> float:
        return 100 * self.right / self.found if self.found else 100.0

    @property
    def recall(self) -> float:
        return 100 * self.right / self.labelled if self.labelled else 100.0


def sentences(path: Path) -> Iterator[Sentence]:
    """The sentences of a labelled file; its head tells the format."""
    on = date.min
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            on = date.fromisoformat(line[1:])
        elif line and not line.startswith("#"):
            yield _sentence(line, on)


def scores(labelled: Iterable[Sentence]) -> dict[MentionKind, Score]:
    """A score for each kind."""
    found: Counter[MentionKind] = Counter()
    right: Counter[MentionKind] = Counter()
    there: Counter[MentionKind] = Counter()
    for sentence in labelled:
        seen = frozenset(find(sentence.text, sentence.on))
        found.update(mention.kind for mention in seen)
        right.update(mention.kind for mention in seen & sentence.mentions)
        there.update(mention.kind for mention in sentence.mentions)
    return {kind: Score(found[kind], right[kind], there[kind]) for kind in MentionKind}


def _sentence(line: str, on: date) -> Sentence:
    text, mentions, at = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        mentions.append(_mention(mark[1], len(text), mark[2].split("|")))
        text += mark[1]
        at = mark.end()
    return Sentence(text + line[at:], on, frozenset(mentions))


def _mention(text: str, start: int, fields: list[str]) -> Mention:
    kind, value, unit, role, person = (*fields, "", "", "", "")[:5]
    return Mention(
        MentionKind(kind),
        text,
        start,
        start + len(text),
        text if value == "=" else value or None,
        unit or None,
        role or None,
        person or None,
    )
