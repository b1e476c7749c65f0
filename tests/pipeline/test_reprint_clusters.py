"""Copies over several sites in a real catalogue: clusters, first publishers, what is told; a rebuild makes the same."""

from typing import Any

import pytest
from newspaper import Newspaper

import sites as site_files
from domain.change import Change
from domain.site import Entry, Site
from pipeline.comparing import compare_site
from pipeline.house import House
from pipeline.rebuilding import rebuild
from pipeline.replaying import replay

TEXT = (
    "市商务局近日印发通知，全年安排专项资金{amount}万元，支持外贸企业参加境外展会，开拓多元化国际市场。",
    "通知明确，申报企业应当在每季度结束后十五日内提交材料，由区县商务主管部门初审后报市商务局复核。",
    "对首次获得国际认证的中小企业，按照实际支出的一半给予补助，单个企业每年不超过三十万元。",
    "市商务局将会同财政、海关等部门建立联席会议制度，每季度通报一次资金拨付进度，接受社会监督。",
    "去年全市有进出口实绩的企业达到一千二百余家，其中民营企业占八成以上，新增备案企业二百一十家。",
)
TITLE = "甲州市安排专项资金支持外贸企业开拓国际市场"
_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body><div class="article">
<h1>{title}</h1><div class="info"><span>发布时间：{published}</span> <span>来源：{source}</span></div>
<div class="TRS_Editor">{body}</div></div><div class="foot">版权所有</div></body></html>"""


def site(name: str, title: str, host: str, *tags: str) -> Site:
    home = f"http://{host}/"
    return Site(
        name=name, title=title, homepage=home, entries=(Entry(url=f"{home}list/"),), article=r"/\d+\.html$", tags=tags
    )


OFFICE = site("office", "甲州市商务局", "commerce.jiazhou.gov.cn", "government")
DAILY = site("daily", "甲州日报", "daily.example.cn")
PORTAL = site("portal", "乙州在线", "portal.example.com")
SITES = {one.name: one for one in (DAILY, OFFICE, PORTAL)}


def page(
    amount: int = 2000, *, keep: int = 5, source: str = "甲州市商务局", at: str = "2026-03-01 09:00", title: str = TITLE
) -> str:
    body = "".join(f"<p>{one.format(amount=amount)}</p>" for one in TEXT[:keep])
    return _PAGE.format(title=title, published=at, source=source, body=body)


class Press:
    """Several sites, each with a clock of its own."""

    def __init__(self, house: House, patch: pytest.MonkeyPatch) -> None:
        self.house = house
        self.papers = {name: Newspaper(house, patch, one) for name, one in SITES.items()}

    def shows(self, site: Site, body: str | None, number: int = 1) -> tuple[Change, ...]:
        """One round of a site, in which a page answers so."""
        paper = self.papers[site.name]
        paper.answers[address(site, number)] = body
        paper.capture()
        return paper.read()

    def of(self, site: Site, kind: str) -> list[Change]:
        return list(self.house.catalogue.changes(site=site.name, type=kind))

    def row(self, site: Site, number: int = 1) -> dict[str, Any]:
        rows = self.house.catalogue.dump()["reprints"]
        return next(row for row in rows if row["site"] == site.name and row["urlkey"].endswith(f"/{number}.html"))


def address(site: Site, number: int = 1) -> str:
    return f"{site.homepage}2026/{number}.html"


@pytest.fixture
def press(house: House, monkeypatch: pytest.MonkeyPatch) -> Press:
    monkeypatch.setattr(site_files, "load", lambda folders=None: SITES)
    return Press(house, monkeypatch)


def test_a_copy_names_its_original(press: Press) -> None:
    press.shows(OFFICE, page())
    (new,) = press.shows(PORTAL, page(keep=3, at="2026-03-02 10:00", title="好消息！外贸企业有补助"))
    (kept,) = press.of(PORTAL, "new")
    assert (kept.id, kept.reprint_of) == (new.id, address(OFFICE))
    assert press.of(OFFICE, "new")[0].reprint_of is None
    row = press.row(PORTAL)
    assert row["confidence"] > 0.8
    assert row["contained"] > 0.9
    assert row["cluster"] == press.row(OFFICE)["cluster"]
    assert press.house.catalogue.counts()["unsettled"] == 0


def test_the_original_may_come_after_its_copy(press: Press) -> None:
    press.shows(PORTAL, page(at="2026-03-02 10:00"))
    before = press.of(PORTAL, "new")
    assert before[0].reprint_of is None
    found = press.shows(OFFICE, page())
    assert [change.site for change in found] == ["office"]
    (after,) = press.of(PORTAL, "new")
    assert (after.id, after.reprint_of) == (before[0].id, address(OFFICE))


def test_a_divergence_is_told_once(press: Press) -> None:
    press.shows(OFFICE, page())
    found = press.shows(PORTAL, page(200, at="2026-03-02 10:00"))
    diverged = [change for change in found if change.type.value == "diverged"]
    assert [(one.url, one.reprint_of) for one in diverged] == [(address(PORTAL), address(OFFICE))]
    assert press.of(PORTAL, "diverged") == diverged
    assert press.shows(PORTAL, page(200, at="2026-03-02 10:00")) == ()
    assert press.shows(OFFICE, page()) == ()
    assert press.of(PORTAL, "diverged") == diverged


def test_the_original_goes_and_the_copies_stay(press: Press) -> None:
    press.shows(OFFICE, page())
    press.shows(PORTAL, page(at="2026-03-02 10:00"))
    press.shows(OFFICE, None)
    found = press.shows(OFFICE, None)
    assert sorted((change.site, change.type.value) for change in found) == [
        ("office", "removed"),
        ("portal", "diverged"),
    ]
    (site,) = [one for one in press.house.catalogue.sites() if one["site"] == "portal"]
    assert site["changes"] == 2


ORDERS = [(OFFICE, DAILY, PORTAL), (PORTAL, DAILY, OFFICE), (DAILY, PORTAL, OFFICE)]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "-".join(one.name for one in order))
def test_a_rebuild_in_any_order_gives_the_same(press: Press, order: tuple[Site, ...]) -> None:
    press.shows(OFFICE, page())
    press.shows(DAILY, page(keep=3, at="2026-03-01 15:00"))
    press.shows(PORTAL, page(200, at="2026-03-02 10:00", source="甲州日报"))
    press.shows(OFFICE, page(1500))
    press.shows(OFFICE, None)
    press.shows(OFFICE, None)
    before = press.house.catalogue.dump()
    assert len(before["reprints"]) == 3
    assert {row["type"] for row in before["changes"]} >= {"new", "edited", "removed", "diverged"}
    catalogue = press.house.catalogue
    for name in (one.name for one in order):
        catalogue.clear(name)
    rebuild(press.house, SITES)
    assert catalogue.dump() == before
    rebuild(press.house, SITES)
    assert catalogue.dump() == before


def test_a_replay_keeps_what_was_settled(press: Press) -> None:
    press.shows(OFFICE, page())
    press.shows(PORTAL, page(200, at="2026-03-02 10:00"))
    told = press.of(PORTAL, "diverged")
    press.papers["portal"].reader("9.9")
    assert replay(press.house, PORTAL).switched
    assert press.of(PORTAL, "diverged") == told
    assert press.of(PORTAL, "new")[0].reprint_of == address(OFFICE)
    assert replay(press.house, PORTAL, back=True).switched
    assert press.of(PORTAL, "diverged") == told
    assert compare_site(press.house, PORTAL) == ()


def test_pages_put_down_before_there_were_sketches(press: Press) -> None:
    press.shows(OFFICE, page())
    press.shows(PORTAL, page(at="2026-03-02 10:00"))
    before = press.house.catalogue.dump()
    with press.house.catalogue.engine.begin() as connection:
        for said in ("DELETE FROM fingerprints", "DELETE FROM reprints", "UPDATE changes SET reprint_of = NULL"):
            connection.exec_driver_sql(said)
        connection.exec_driver_sql("INSERT INTO unsettled SELECT site, urlkey FROM pages")
    assert compare_site(press.house, PORTAL) == ()
    assert press.house.catalogue.dump() == before


def test_one_article_at_two_addresses(press: Press) -> None:
    press.shows(PORTAL, page())
    press.shows(PORTAL, page(), 2)
    (copy,) = (one for one in press.of(PORTAL, "new") if one.url == address(PORTAL, 2))
    assert copy.reprint_of == address(PORTAL)
    assert press.of(PORTAL, "diverged") == []
