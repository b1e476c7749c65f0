"""Following a document: the word `number:鲁政办发〔2017〕7号` (or `文号:`) of a subscription, in any form of it.

It occurs where the page is that document or names it, by its number; the message says what the page does to it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from domain.citation import Citation, DocumentNumber
from domain.errors import ConfigurationError
from parsers.citing import parse

_FOLLOWED = re.compile(r"^\s*(?:number|文号)\s*[:：]\s*(?P<number>.*\S)\s*$", re.IGNORECASE)


@lru_cache(maxsize=1024)
def followed(word: str) -> DocumentNumber | None:
    """The number that a word follows; None for a word that follows none. Raises ConfigurationError for one that
    means to and names no number."""
    found = _FOLLOWED.match(word)
    if found is None:
        return None
    number = parse(found["number"])
    if number is None:
        raise ConfigurationError(
            f"«{found['number']}» is no document number", hint="Write for example number:鲁政办发〔2017〕7号."
        )
    return number


def said(words: Sequence[str], citations: Sequence[Citation]) -> Iterator[Citation]:
    """What a page says of the documents that a subscription follows."""
    wanted = {number.key for word in words if (number := followed(word))}
    return (item for item in citations if item.number and item.number.key in wanted)


def line(item: Citation) -> str:
    """`废止 repeals 鲁政办发〔2017〕7号: the sentence`."""
    number = item.number.text if item.number else item.title
    return f"{item.relation.chinese} {item.relation.value} {number}: {item.sentence[:200]}"
