"""Who made an article, as the lines around it say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parsers import bylines, dates
from parsers.document import Found
from parsers.publication import SENTENCE, Surroundings
from parsers.tree import Line

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Credits:
    """People by what they did, each None where nobody is named."""

    authors: Found[Names] | None = None
    photographers: Found[Names] | None = None
    editors: Found[Names] | None = None


def find(around: Surroundings) -> Credits:
    """The people that the publish line and the closing lines name."""
    lines = (*around.near, *around.after)
    authors = [(line, _named(line.text, "author", bylines.names)) for line in lines]
    authors += [(line, bylines.reporters(_beside_time(line.text))) for line in around.near]
    authors += [(line, _reporters(line.text)) for line in around.near]
    return Credits(
        authors=_first(authors),
        photographers=_first([(line, _named(line.text, "photo", bylines.names)) for line in lines]),
        editors=_first([(line, _named(line.text, "editor", bylines.editors)) for line in lines]),
    )


def _named(text: str, kind: str, rule: Callable[[str], Names]) -> Names:
    """Everybody a line names under labels of one kind: 编辑:甲某 责任编辑:乙某. None of a sentence that merely
    uses such a word."""
    pairs = [] if SENTENCE.search(text) else bylines.labelled(text)
    return tuple(dict.fromkeys(name for pair in pairs if pair.kind == kind for name in rule(pair.value)))


def _reporters(text: str) -> Names:
    """Reporters after a source, 来源：甲日报 记者 乙某, or in a line of their own."""
    pairs = () if SENTENCE.search(text) else bylines.labelled(text)
    named = next((found for pair in pairs if pair.kind == "source" and (found := _after_name(pair.value))), ())
    return named or bylines.byline(text) or bylines.reported(text)


def _after_name(value: str) -> Names:
    return bylines.reporters(value.partition(" ")[2])


def _beside_time(text: str) -> str:
    """What follows the time on a publish line, up to the first label: 全媒体记者 甲某 通讯员 乙某."""
    first = next(dates.stamps(text), None)
    rest = text[first.span[1] :] if first else ""
    pairs = bylines.labelled(rest)
    return rest[: pairs[0].start] if pairs else rest


def _first(found: Sequence[tuple[Line, Names]]) -> Found[Names] | None:
    return next((Found(names, f"line {line.number}", 0.8) for line, names in found if names), None)
