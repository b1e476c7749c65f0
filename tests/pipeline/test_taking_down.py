"""Takedown as a whole: bucket, catalogue, what is shown of it; and rebuild gives the same."""

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from newspaper import SITE, Newspaper, page, url
from starlette.testclient import TestClient

from domain.capture import Capture
from domain.clock import now
from domain.errors import ConfigurationError, Conflict, NotFound, TakenDown
from pipeline import takedown as verb
from pipeline.exporting import Wanted as Taking
from pipeline.exporting import choose, export_warc
from pipeline.house import House
from pipeline.rebuilding import rebuild
from pipeline.room import reading_room
from pipeline.showing import article_at, payload_at
from pipeline.takedown import order, takedown
from pipeline.verifying import Totals, Wanted, verifying
from storage import keys
from storage.lease import take

SECRET = "这一段话依法院命令不得再公开，它写的是某人的住址和电话。"
ORDER = order("court order 1/2026", "a court", None, bypass=False)


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "site_of", lambda name: SITE)


@pytest.fixture
def told(paper: Newspaper) -> Newspaper:
    """Page 1 said something that it must not, between two versions that may stay; page 2 never did."""
    paper.answers = {url(1): page(1), url(2): page(2)}
    paper.round()
    paper.answers[url(1)] = page(1, SECRET)
    paper.round()
    paper.answers[url(1)] = page(1, "后来改成了这样，没有人再提起。")
    paper.round()
    return paper


def captures(house: House, number: int) -> tuple[Capture, ...]:
    return tuple(sorted(house.catalogue.captures(url(number)), key=lambda capture: capture.at))


def derived(house: House) -> dict[str, Any]:
    return {name: rows for name, rows in house.catalogue.dump().items() if name not in {"generations", "rereadings"}}


def wrong(house: House) -> Totals:
    totals = Totals()
    for _ in verifying(house, Wanted(deep=True), totals):
        pass
    return totals


def test_a_page_is_gone_from_all_that_shows_it(told: Newspaper) -> None:
    house, before = told.house, captures(told.house, 1)
    assert SECRET[:20] in str(derived(house))
    done = takedown(house, url(1), ORDER)
    assert ({one.id for one in done.captures}, done.left) == ({one.id for one in before}, [])
    rows = derived(house)
    assert SECRET[:20] not in str(rows)
    assert captures(house, 1) == before
    assert {row["url"] for row in rows["pages"]} == {url(2)}
    assert house.catalogue.search("住址和电话") == []
    for ask in (payload_at, article_at):
        with pytest.raises(TakenDown, match="court order 1/2026"):
            ask(house, url(1), None)
    assert payload_at(house, url(2), None).decode().startswith("<!DOCTYPE html>")
    assert wrong(house).findings == []
    assert len([line for line in wrong(house).notices if "taken down" in line]) == 3


def test_a_rebuild_gives_the_same(told: Newspaper) -> None:
    house = told.house
    takedown(house, captures(house, 1)[1].id, ORDER)
    live = derived(house)
    assert SECRET[:20] not in str(live)
    rebuild(house, {SITE.name: SITE})
    assert derived(house) == live
    house.catalogue.clear()
    rebuild(house, {SITE.name: SITE})
    lost = derived(house)
    for rows in (live, lost):
        for row in rows["changes"]:
            row.pop("reread", None)
    assert lost == live


def test_one_capture_goes_and_nobody_is_told_of_what_follows(told: Newspaper) -> None:
    house = told.house
    before = {change.id for change in house.catalogue.changes()}
    takedown(house, captures(house, 1)[1].id, ORDER)
    fresh = [change for change in house.catalogue.changes() if change.id not in before]
    marked = {row["id"] for row in derived(house)["changes"] if row["reread"]}
    assert {change.id for change in fresh} <= marked
    history = house.catalogue.history(url(1))
    assert [version["version"] for version in history["versions"]] == [1, 2]
    assert told.read() == ()


def test_it_goes_on_being_captured(told: Newspaper) -> None:
    house = told.house
    takedown(house, captures(house, 1)[1].id, ORDER)
    told.answers[url(1)] = page(1, "又一次改动，这次写得更长一些，也更清楚。")
    assert [change.type.value for change in told.round()] == ["edited"]
    assert wrong(house).findings == []


def test_no_other_reading_of_the_past_keeps_it(told: Newspaper) -> None:
    house = told.house
    house.catalogue.begin_generation(SITE.name, "another")
    takedown(house, url(1), ORDER)
    for place in ("next", "kept"):
        beside = house.catalogue.beside(place)  # type: ignore[arg-type]
        assert SECRET[:20] not in str(beside.dump())


def test_the_reading_room_says_451_and_why(told: Newspaper) -> None:
    house, first = told.house, captures(told.house, 1)[1]
    takedown(house, first.id, ORDER)
    client = TestClient(reading_room(house), base_url="http://127.0.0.1", follow_redirects=True)
    for path in (f"/capture/{first.id}/raw", f"/memento/{first.at:%Y%m%d%H%M%S}id_/{first.url}"):
        answer = client.get(path)
        assert answer.status_code == 451, path
        assert "court order 1/2026" in answer.text
        assert "因法律原因下架" in answer.text
        assert SECRET[:20] not in answer.text
    assert client.get(f"/capture/{captures(house, 1)[0].id}/raw").status_code == 200


def test_withheld_for_a_time(told: Newspaper) -> None:
    house, one = told.house, captures(told.house, 1)[1]
    takedown(house, one.id, order("injunction", "a court", now() + timedelta(days=1), bypass=False))
    assert SECRET[:20] not in str(derived(house))
    with pytest.raises(TakenDown, match="until"):
        house.archive.answer(one)
    stone, etag = house.archive.tombstones.get(SITE.name, one.id) or pytest.fail("no tombstone")
    house.archive.tombstones.put(stone.model_copy(update={"until": now() - timedelta(seconds=1)}), etag)
    house.archive.taken_down(SITE.name, fresh=True)
    rebuild(house, {SITE.name: SITE})
    assert SECRET[:20] in str(derived(house))


def test_it_waits_for_who_is_capturing(told: Newspaper) -> None:
    house = told.house
    lease = take(house.bucket, SITE.name, "20260301t090000z-ffffff")
    stored = house.bucket.get(keys.lease(SITE.name))
    elsewhere = stored.data.replace(b'"host": "', b'"host": "other-')
    house.bucket.replace(keys.lease(SITE.name), elsewhere, lease.etag)
    with pytest.raises(Conflict):
        takedown(house, url(1), ORDER)
    assert list(house.bucket.list(keys.GONE)) == []


def test_what_is_not_kept_and_what_says_not_why(told: Newspaper) -> None:
    with pytest.raises(NotFound):
        takedown(told.house, "http://news.example.cn/2026/99.html", ORDER)
    for reason, by in (("", "a court"), ("why", " ")):
        with pytest.raises(ConfigurationError):
            order(reason, by, None, bypass=False)
    with pytest.raises(ConfigurationError):
        order("why", "who", now() - timedelta(days=1), bypass=False)


def test_an_export_leaves_it_out_and_goes_on(told: Newspaper, tmp_path: Path) -> None:
    house = told.house
    chosen = choose(house, Taking(url=url(1)))
    export_warc(house, chosen, tmp_path / "before.warc.gz", lambda *_: None)
    for until in (now() + timedelta(days=1), None):
        takedown(house, captures(house, 1)[1].id, order("why", "who", until, bypass=False))
        path = tmp_path / f"{until is None}.warc.gz"
        export_warc(house, choose(house, Taking(url=url(1))), path, lambda *_: None)
        text = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        assert SECRET[:20] not in text
        assert text.count("WARC-Type: response") == 2
    assert SECRET[:20] in gzip.decompress((tmp_path / "before.warc.gz").read_bytes()).decode("utf-8", "replace")
