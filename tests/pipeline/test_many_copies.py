"""Two thousand notices of one form: bounded work, the same rows in whatever order they come."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

import sites as site_files
from catalogue import Catalogue, Reading
from catalogue.crowding import CROWD
from domain.article import Article, Block
from domain.capture import Capture, Role
from domain.change import Observation, Outcome
from domain.urls import urlkey
from monitor import alikeness
from monitor.judge import judge
from parsers.fingerprint import fingerprint
from pipeline import clustering, copies
from pipeline.house import House

START = datetime(2026, 3, 1, tzinfo=UTC)
FORM = (
    "根据工作安排，现将供水管网检修事项通知如下，请沿线用户提前做好储水准备，不便之处敬请谅解。",
    "检修期间如遇雨雪天气，施工时间相应顺延，恢复供水后请先放水片刻，待水质清澈后再行使用。",
    "各小区物业服务单位应当张贴告示，并协助老年人家庭储水，有疑问的请拨打服务热线咨询办理。",
)
OWN = "青山绿水红花白雪东风西岭南溪北原金湖银河长桥短巷古镇新城高楼低谷春华秋实夏雨冬阳"
COUNT = 2_000


def notice(number: int) -> Article:
    """One of many: the form, and a line of its own that no other has."""
    chance = random.Random(number)
    line = "".join(chance.choices(OWN, k=12))
    return article(number, (*FORM[:2], f"本次检修涉及{line}一带共{number}户。", FORM[2]))


def article(number: int, lines: Sequence[str]) -> Article:
    return Article(title=f"关于检修的通知（{number}）", body=tuple(Block(text=line) for line in lines))


def reading(site: str, number: int, shown: Article) -> Reading:
    url = f"http://{site}.example.cn/2026/{number}.html"
    at = START + timedelta(minutes=number)
    capture = Capture(
        id=f"{site}{number:05}",
        site=site,
        run="20260301t000000z-000000",
        url=url,
        urlkey=urlkey(url),
        at=at,
        role=Role.PAGE,
        status=200,
        payload_digest=f"sha256:{number:064x}",
        payload_length=1000,
        segment="tests",
        offset=number,
        length=1,
    )
    seen = Observation(capture=capture.id, at=at, outcome=Outcome.ARTICLE, digest=shown.digest)
    return Reading(capture, shown, seen, "tests", fingerprint=partial(fingerprint, shown))


def put(catalogue: Catalogue, readings: Sequence[Reading]) -> None:
    """As a round does it: read, compared, settled."""
    site = readings[0].capture.site
    catalogue.record(site, catalogue.progress(site).read_seq + 1, readings)
    upto, keys = catalogue.pages_to_compare(site)
    seen = catalogue.observed(site, keys)
    histories = [judge(site, url, key, told, articles) for key, (url, told, articles) in seen.items()]
    catalogue.put_histories(site, upto, histories)
    clustering.settle(catalogue)


def rows(catalogue: Catalogue) -> dict[str, list[dict[str, object]]]:
    held = catalogue.dump()
    return {name: held[name] for name in ("reprints", "crowds", "unsettled")}


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each two texts that were held against each other."""
    counted: list[int] = []

    def likeness(first: alikeness.Side, second: alikeness.Side) -> alikeness.Likeness | None:
        counted.append(1)
        return alikeness.likeness(first, second)

    monkeypatch.setattr(copies, "likeness", likeness)
    monkeypatch.setattr(clustering, "likeness", likeness)
    monkeypatch.setattr(site_files, "load", lambda folders=None: {})
    return counted


def test_notices_of_one_form_are_not_held_against_each_other(house: House, looks: list[int]) -> None:
    catalogue = house.catalogue
    made = [reading("water", number, notice(number)) for number in range(COUNT)]
    for start in range(0, COUNT, 100):
        put(catalogue, made[start : start + 100])
    first = len(looks)
    assert first < COUNT, "one look a notice would be much"
    put(catalogue, [reading("water", COUNT, notice(COUNT))])
    assert len(looks) - first <= CROWD, "one notice more costs what one costs"
    assert catalogue.counts()["unsettled"] == 0


@pytest.mark.parametrize("seed", [1])
def test_in_any_order_the_same(house: House, looks: list[int], seed: int) -> None:
    """Notices of a form, a copy of one of them elsewhere, and one text at many addresses; each a different size of
    round."""
    catalogue, chance = house.catalogue, random.Random(seed)
    body = ("".join(chance.choices(OWN, k=40)) + "。" for _ in range(6))
    story = article(7, tuple(body))
    made = [reading("water", number, notice(number)) for number in range(3 * CROWD)]
    made += [reading("water", 9000 + number, story) for number in range(2)]
    made += [reading("paper", 1, story), reading("paper", 2, notice(3))]
    made += [reading("gone", number, article(0, FORM)) for number in range(CROWD + 5)]
    expected = None
    for size in (1000, 40, 7):
        for site in ("water", "paper", "gone"):
            catalogue.clear(site)
        chance.shuffle(made)
        for start in range(0, len(made), size):
            round_ = made[start : start + size]
            for site in sorted({one.capture.site for one in round_}):
                put(catalogue, [one for one in round_ if one.capture.site == site])
        assert catalogue.counts()["unsettled"] == 0
        expected = expected or rows(catalogue)
        assert rows(catalogue) == expected
    assert expected is not None
    clusters = {(row["site"], row["urlkey"]): row["cluster"] for row in expected["reprints"]}
    told = [urlkey(f"http://{site}.example.cn/2026/{number}.html") for site, number in (("water", 9000), ("paper", 1))]
    assert clusters["water", told[0]] == clusters["paper", told[1]], "a copy is found beside the crowd"
    assert not [key for site, key in clusters if site == "gone"], "a text at many addresses is nobody's"
