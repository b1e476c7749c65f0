"""A news site's pages through time: one template, a text of its own on each page, lists and counters that move on.

The template is ours, in size and in how well gzip packs it like the median of the labelled real pages (56 KB, 4.0
times); where those lie beside the repository, some of their templates are used as well, with texts made here in the
place of theirs. Texts are as long as theirs: 800 characters in the median, 1,300 in the mean.
"""

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from bench import evaluation, pages

FRESH = 0.7
"""How many captures find another page than the one before: 8,464 of 12,000 in ../shared/facts."""
_MOVES = 12
_HOSTS = 4
_LEAST, _MOST = 20_000, 200_000


@dataclass(frozen=True, slots=True)
class Template:
    """What all pages of a site share, before and after the text of one."""

    name: str
    before: str
    after: str
    encoding: str


def own() -> Template:
    """A page of 56 KB without its text."""
    chance, said = Random(7), pages.sentences()
    blocks = "".join(_block(chance, said, number) for number in range(46))
    head, foot = pages.frame()
    return Template("own template", head + '<div class="text">', f"</div>{blocks}{foot}", "utf-8")


def _block(chance: Random, said: tuple[str, ...], number: int) -> str:
    items = "".join(
        f'<li class="list-item"><a target="_blank" data-id="{chance.getrandbits(64):x}" href="/content/2026/'
        f'{chance.randrange(10**6)}.html">{chance.choice(said)}</a><span class="date">2026-03-1{place}</span></li>\n'
        for place in range(3)
    )
    return f'<div class="module module-{number} clearfix"><div class="hd"><h3>频道</h3></div><ul>\n{items}</ul></div>\n'


def real() -> Iterator[Template]:
    """Templates of real pages, each of another host, cut out where the labelled text begins and ends."""
    if evaluation.missing():
        return
    seen: set[str] = set()
    with tarfile.open(evaluation.PAGES) as archive:
        held = {item.name: item for item in archive if item.isfile()}
        for name in sorted(held):
            if len(seen) < _HOSTS and name.endswith("/gold.json"):
                gold = json.loads(_read(archive, held[name]))
                html = _read(archive, held[name.replace("gold.json", "page.html")])
                found = _cut(gold, html) if gold.get("host") not in seen else None
                if found:
                    seen.add(gold["host"])
                    yield found


def _read(archive: tarfile.TarFile, item: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(item)
    return file.read() if file else b""


def _cut(gold: dict[str, str], html: bytes) -> Template | None:
    encoding = gold.get("encoding") or "utf-8"
    lines = [line.strip() for line in (gold.get("body") or "").splitlines() if len(line.strip()) > 16]
    text = html.decode(encoding, "replace")
    if len(lines) < 2 or not _LEAST < len(html) < _MOST:
        return None
    start, end = text.find(lines[0][:10]), text.rfind(lines[-1][-10:])
    if not 0 < start < end:
        return None
    return Template(gold["host"], text[:start].replace("{", "{{").replace("}", "}}"), text[end + 10 :], encoding)


def capture(template: Template, page: int, number: int) -> bytes:
    """The page as it is found at visit `number`, counted from 0: sometimes as it was at the visit before."""
    chance = Random(page * 1000)
    while number and Random(page * 1000 + number).random() >= FRESH:
        number -= 1
    said = pages.sentences()
    text = _text(chance, said)
    hot = (page * 3 + number * _MOVES) % len(said)
    moving = "".join(
        f'<li><a href="/a/{place}.html">{said[place % len(said)]}</a></li>\n' for place in range(hot, hot + _MOVES)
    )
    head = _head(template, said[page % len(said)], page, number)
    return f"{head}{text}\n<ul>{moving}</ul>{template.after}".encode(template.encoding, "xmlcharrefreplace")


def _head(template: Template, title: str, page: int, number: int) -> str:
    time = f"2026-{page % 12 + 1:02d}-{page % 28 + 1:02d} {page % 24:02d}:{page % 60:02d}"
    return template.before.format(title=title, time=time, hits=page * 7 % 9000 + number * 13)


def _text(chance: Random, said: tuple[str, ...]) -> str:
    room = min(6000, max(150, round(chance.lognormvariate(6.68, 0.98))))
    paragraphs = []
    while room > 0:
        paragraphs.append("".join(chance.sample(said, chance.randint(3, 8))))
        room -= len(paragraphs[-1])
    return "".join(f"<p>　　{paragraph}</p>\n" for paragraph in paragraphs)


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    return (own(), *real())
