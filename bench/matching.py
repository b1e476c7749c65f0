"""matching: all subscriptions held against each change in one pass, beside the naive loop over them.

Words are the real ones of the dictionary that rjieba carries, two characters each, and pairs of them; subscribers ask
for nouns, with Zipf's and Mandelbrot's skew, so that some are in every article. Articles are the labelled real pages
where they lie beside the repository, joined or cut to their length, else texts drawn from the same words as often as
Chinese uses them. The loop is given what helps it: a document folded once, and terms looked for as folded strings.

Milliseconds are of the processor, not of the clock: other programs that run beside it do not count, though they take
its caches. What the clock said is printed beside them.
"""

import gc
import time
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from random import Random

import psutil
import rjieba

from alerts.query import Document, Matcher, Query, parse
from alerts.query.document import Reading
from alerts.query.holding import holds_of
from bench import evaluation
from bench.results import goal, percentile, table
from bench.saying import say
from parsers import read

SIZES, QUICK = (10_000, 100_000), (500,)
LENGTHS = (1_500, 10_000)
GOAL_MS = 10.0
_ARTICLES, _LOOPED = 100, 5
_SITES = 1_000
_SHIFT = 100
_SIGNS = bytes(byte for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF) for byte in (high, low)).decode(
    "gb2312", "ignore"
)
_NUMBERS = ("鲁政办发", "浙政发", "国办发", "财税", "粤府办")
_TYPES = ("new", "edited", "removed", "restored")


@dataclass(frozen=True, slots=True)
class Words:
    """Words by falling frequency, their frequencies summed up, and the nouns among them."""

    words: list[str]
    summed: list[int]
    nouns: list[str]

    def asked(self, chance: Random) -> str:
        """As subscribers ask: the noun of rank n as often as 1/(n + _SHIFT)."""
        reach = (len(self.nouns) + _SHIFT) / (1 + _SHIFT)
        return self.nouns[int((1 + _SHIFT) * reach ** chance.random()) - 1 - _SHIFT]

    def said(self, chance: Random) -> str:
        """As texts have it."""
        return self.words[bisect(self.summed, chance.randrange(self.summed[-1]))]


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """`rounds` counts articles of each length."""
    words = _words(600 if quick else len(_SIGNS))
    articles = 5 if quick else (rounds or _ARTICLES)
    documents = {length: _documents(words, length, articles) for length in LENGTHS}
    say(f"  {len(words.nouns):,} nouns to ask for; {articles} articles of each length, {_origin()}")
    return {f"{size}": _of_size(size, words, documents) for size in (QUICK if quick else SIZES)}


def _origin() -> str:
    return "of made-up text" if evaluation.missing() else "of real pages"


@lru_cache(maxsize=1)
def _words(signs: int) -> Words:
    """Every pair of common characters that is a word, of the first so-many characters."""
    common = _SIGNS[:signs]
    found = [one + other for one in common for other in common if rjieba.has_word(one + other)]
    ranked = sorted(((int(rjieba.suggest_freq(word)), word) for word in found), reverse=True)
    words = [word for _, word in ranked]
    return Words(words, list(accumulate(often for often, _ in ranked)), list(filter(_is_noun, words)))


def _is_noun(word: str) -> bool:
    """Names too, and verbs that stand for things (招商, 投资): n, nr, ns, nt, nz, vn."""
    tags = [tag for _, tag in rjieba.tag(word)]
    return len(tags) == 1 and (tags[0].startswith("n") or tags[0] == "vn")


def _documents(words: Words, length: int, count: int) -> list[Document]:
    chance = Random(length)
    texts = (
        _real() if not evaluation.missing() else ["".join(words.said(chance) for _ in range(400)) for _ in range(99)]
    )
    return [_document(chance, texts, length, number) for number in range(count)]


@lru_cache(maxsize=1)
def _real() -> list[str]:
    return [text for payload in evaluation.payloads() if len(text := read(payload, "http://example.com/").text) > 99]


def _document(chance: Random, texts: Sequence[str], length: int, number: int) -> Document:
    """One in three is an edit that changed an amount in it."""
    body, long = "", [text for text in texts if 4 * len(text) > length]
    while len(body) < length:
        body += chance.choice(long) + "\n"
    body = body[:length]
    edits = (("body", body, body[:500] + "总投资2000亿元" + body[510:]),) if number % 3 == 0 else ()
    return Document(
        site=f"site-{chance.randrange(_SITES)}",
        region=("山东省济宁市",),
        type="edited" if edits else chance.choice(_TYPES),
        severity=chance.randint(1, 5),
        title=body[:30],
        body=edits[0][2] if edits else body,
        source="新华社",
        edits=edits,
    )


def _query(chance: Random, words: Words) -> str:
    """One to four words for most; every fourth names sites, every sixth a type, a few the severity."""
    shapes: Sequence[Callable[[Callable[[], str]], str]] = (
        lambda word: word(),
        lambda word: f"{word()} {word()}",
        lambda word: f"{word()} {word()} {word()}",
        lambda word: f"{word()} {word()} {word()} {word()}",
        lambda word: f"({word()} 或 {word()} 或 {word()})",
        lambda word: f"({' 或 '.join(word() for _ in range(8))}) 与 ({' 或 '.join(word() for _ in range(6))})",
        lambda word: f"{word()} {word()} 非 ({word()} 或 {word()})",
        lambda word: f"{word()} 近/10 {word()}",
        lambda word: f"标题:{word()}",
        lambda word: f"文号:{chance.choice(_NUMBERS)}〔{chance.randint(2010, 2026)}〕{chance.randint(1, 200)}号",
    )
    shape = chance.choices(shapes, weights=(20, 28, 16, 5, 10, 7, 6, 4, 3, 1))[0]
    said = shape(lambda: words.asked(chance) + (words.asked(chance) if chance.random() < 0.3 else ""))
    narrowing: Sequence[tuple[float, Callable[[], str]]] = [
        (
            0.25,
            lambda: f" site:({' 或 '.join(f'site-{chance.randrange(_SITES)}' for _ in range(chance.randint(1, 3)))})",
        ),
        (0.16, lambda: f" type:({' 或 '.join(chance.sample(_TYPES, 2))})"),
        (0.06, lambda: f" severity>={chance.randint(2, 5)}"),
    ]
    return said + "".join(more() for share, more in narrowing if chance.random() < share)


def _of_size(size: int, words: Words, documents: dict[int, list[Document]]) -> dict[str, object]:
    chance = Random(size)
    texts = [_query(chance, words) for _ in range(size)]
    gc.collect()
    held, began = _megabytes(), time.perf_counter()
    queries = [(number, parse(text)) for number, text in enumerate(texts)]
    parsed, built = time.perf_counter() - began, time.perf_counter()
    parsed_mb = _megabytes() - held
    matcher = Matcher(queries)
    made = time.perf_counter() - built
    say(f"  {size:,} subscriptions: parsed in {parsed:.1f} s ({parsed_mb:.0f} MB), ready {made:.1f} s later")
    numbers: dict[str, object] = {"parse_s": parsed, "build_s": made, "parsed_mb": parsed_mb}
    numbers["mb"] = _megabytes() - held - parsed_mb
    say(f"  the matcher takes {numbers['mb']:.0f} MB")
    rows = {length: _timed(matcher, queries, of) for length, of in documents.items()}
    head = ("characters", "p50 ms", "p95 ms", "max ms", "clock p95", "matching", "loop ms", "× faster")
    table(head, [(f"{length:,}", *row.values()) for length, row in rows.items()])
    for length, row in rows.items():
        goal(f"p95 of {length:,} characters, {size:,} subscriptions", row["p95"], GOAL_MS, unit=" ms")
    return numbers | {f"{length}": row for length, row in rows.items()}


def _timed(
    matcher: Matcher[int], queries: Sequence[tuple[int, Query]], documents: Sequence[Document]
) -> dict[str, float]:
    """Milliseconds a change, folding its texts included, all articles three times after one warm-up; of the loop the
    median over a few, checked to find the same. `clock` is the p95 of the clock."""
    for document in documents:
        matcher.matching(document)
    ours, clock, found = [], [], 0
    for document in [*documents, *documents, *documents]:
        began, at = time.process_time(), time.perf_counter()
        matching = matcher.matching(document)
        ours.append((time.process_time() - began) * 1000)
        clock.append((time.perf_counter() - at) * 1000)
        found += len(matching)
    looped = [_looped(matcher, queries, document) for document in documents[:_LOOPED]]
    loop = percentile(looped, 0.5)
    middle = percentile(ours, 0.5)
    return {
        "p50": middle,
        "p95": percentile(ours, 0.95),
        "max": max(ours),
        "clock": percentile(clock, 0.95),
        "matching": found / len(ours),
        "loop": loop,
        "ratio": loop / middle,
    }


def _looped(matcher: Matcher[int], queries: Sequence[tuple[int, Query]], document: Document) -> float:
    began = time.process_time()
    reading = Reading(document)
    found = {number for number, query in queries if holds_of(query, reading)}
    spent = (time.process_time() - began) * 1000
    if found != set(matcher.matching(document)):
        raise AssertionError("the matcher and the loop differ")
    return spent


def _megabytes() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1e6
