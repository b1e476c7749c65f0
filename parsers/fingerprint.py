"""A small sketch of an article's text, by which the few articles that may be the same are found among very many.

Scaled MinHash (FracMinHash: Irber et al. 2022, doi:10.1101/2022.01.11.475838, after Broder's mod-p sampling, 1997):
of the hashes of all runs of eight characters those below a bound are kept. Two texts keep the same ones of what they
share, so a copy of the first half has half of the original's numbers, where a MinHash of fixed size, made for texts
of equal length, would see little in common. The bound is a power of two, so that texts of different length sample
alike below the smaller one.
"""

import re
import zlib
from collections.abc import Iterator

from domain.article import Article, Kind
from domain.matching import matchable

# Shorter texts are notices and captions: that two of them are alike says nothing.
SHORTEST = 60
_RUN = 8
# At most about so many numbers of one text, at least half of it.
_MANY = 64
_HASHES = 2**32
# Texts longer than any article: books, tables.
_LONGEST = 200_000
_NO_LETTER = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """Letters, digits and hanzi alone, folded as domain.matching has it: what copies of a text share."""
    return _NO_LETTER.sub("", matchable(text))


def fingerprint(article: Article) -> tuple[int, ...]:
    """Numbers of 32 bits, signed, sorted; about 32 to 64 of them, whatever the text's length. None of what is no
    article, or has fewer than SHORTEST letters. Title, source and typesetting do not count."""
    if article.kind is not Kind.ARTICLE:
        return ()
    said = letters(article.text)[:_LONGEST]
    if len(said) < SHORTEST:
        return ()
    bound = _HASHES >> ((len(said) - 1) // _MANY).bit_length()
    return tuple(sorted(number - _HASHES // 2 for number in set(_hashes(said)) if number < bound))


def _hashes(text: str) -> Iterator[int]:
    data = text.encode("utf-32-le", "surrogatepass")
    for start in range(0, 4 * (len(text) - _RUN + 1), 4):
        yield zlib.crc32(data[start : start + 4 * _RUN])
