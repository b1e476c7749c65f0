"""The query that the options --word, --type and --site mean."""

import re
from collections.abc import Iterable, Sequence

from alerts.query.fields import HEALTH
from alerts.query.scanning import Sign, tokens

_FOLLOWED = re.compile(r"^\s*(?:number|文号)\s*[:：]\s*(?P<number>.*\S)\s*$", re.IGNORECASE)
_BARE = re.compile(r"[\w.%-]*\w[\w.%]*")
_NAME = re.compile(r"[\w.-]*\w")


def from_words(words: Iterable[str], types: Iterable[str] = (), sites: Iterable[str] = ()) -> str:
    """Every word, any of the types, any of the sites; nothing given does not narrow. `health` among the types is told
    whatever the words. A word `number:…` follows that document."""
    kinds = list(dict.fromkeys(types))
    told = [kind for kind in kinds if kind != HEALTH]
    asked = [one for word in words if (one := _word(word))]
    if told:
        asked.insert(0, _any("type", told))
    rest = " ".join(asked)
    if HEALTH in kinds:
        rest = f"({rest}) OR type:{HEALTH}" if told else f"type:{HEALTH}"
    where = _any("site", list(dict.fromkeys(sites)))
    if not where or not rest:
        return where or rest
    return f"{where} ({rest})" if HEALTH in kinds and told else f"{where} {rest}"


def _word(word: str) -> str:
    found = _FOLLOWED.match(word)
    if found:
        return f"number:{quoted(found['number'])}"
    return quoted(word.strip()) if word.strip() else ""


def _any(field: str, values: Sequence[str]) -> str:
    if not values:
        return ""
    said = [value if _NAME.fullmatch(value) and not _operates(value) else _in_quotes(value) for value in values]
    return f"{field}:{said[0]}" if len(said) == 1 else f"{field}:({' OR '.join(said)})"


def quoted(word: str) -> str:
    """A word as it is written in a query: in quotes where it would be taken for something else."""
    return word if _BARE.fullmatch(word) and word[0] != "-" and not _operates(word) else _in_quotes(word)


def _operates(word: str) -> bool:
    return next(tokens(word)).sign is not Sign.WORD


def _in_quotes(word: str) -> str:
    escaped = re.sub(r'(["“”＂\\])', r"\\\1", word)
    return f'"{escaped}"'
