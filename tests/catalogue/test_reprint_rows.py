"""Sketches go with their articles; only pages that stand otherwise are looked at again."""

from functools import partial

from making_captures import URL, article, fill, missing, shown

from catalogue import Catalogue, Reading, fingerprinting, reprinting
from domain.article import Article
from parsers.fingerprint import fingerprint

LONG = (
    "全市新签约项目二十个，总投资五十亿元，涉及高端装备、新材料、现代物流等领域，"
    "预计年内全部开工建设，明年陆续投产见效，带动就业三千余人，新增税收约两亿元。"
)
OTHER = "http://news.example.cn/2026/b2.html"


def sketched(reading: Reading) -> Reading:
    assert reading.article is not None
    said = partial(fingerprint, reading.article)
    return Reading(reading.capture, reading.article, reading.observation, reading.reader, fingerprint=said)


def waiting(catalogue: Catalogue) -> int:
    """How many pages are to be looked at; they are taken off the list."""
    pages = reprinting.unsettled(catalogue.engine, 100)
    reprinting.settle(catalogue.engine, pages, {}, {}, quiet=False, crowds={})
    return len(pages)


def long(more: str = "") -> Article:
    return article(body=LONG + more)


def test_only_what_changed_is_looked_at_again(catalogue: Catalogue) -> None:
    fill(catalogue, [shown(0, long())])
    assert waiting(catalogue) == 1
    fill(catalogue, [shown(1, long())])
    assert waiting(catalogue) == 0
    fill(catalogue, [shown(2, long("又及。"))])
    assert waiting(catalogue) == 1
    fill(catalogue, [missing(3)], [missing(4)])
    assert waiting(catalogue) == 1
    fill(catalogue, [missing(5)])
    assert waiting(catalogue) == 0


def test_candidates_come_by_their_sketches(catalogue: Catalogue) -> None:
    one, other = long(), long("编辑按：以上消息供参考。")
    apart = article(body="".join(chr(0x4E00 + 7 * number) for number in range(200)))
    readings = [shown(0, one), shown(1, other, OTHER), shown(2, apart, OTHER), shown(3, article())]
    fill(catalogue, [sketched(reading) for reading in readings])
    held = {row["digest"] for row in catalogue.dump()["fingerprints"]}
    assert held == {one.digest, other.digest, apart.digest}, "a short text has none"
    found = fingerprinting.candidates(catalogue.engine, [("alpha", one.digest), ("alpha", apart.digest)])
    assert found == {(("alpha", one.digest), ("alpha", other.digest))}


def test_a_site_that_is_cleared_leaves_no_sketch(catalogue: Catalogue) -> None:
    fill(catalogue, [sketched(shown(0, long(), URL))])
    catalogue.clear("alpha")
    counts = catalogue.counts()
    assert (counts["fingerprints"], counts["unsettled"], counts["reprints"]) == (0, 0, 0)
