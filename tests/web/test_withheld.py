"""A capture that was taken down: what is withheld, by whom and why, with 451 (RFC 7725)."""

from datetime import timedelta

import pytest
from publishing import URL, Answered, Publisher, article, confirmed, shown
from starlette.testclient import TestClient

from domain.capture import Role
from domain.clock import now
from domain.errors import NotFound
from storage import Archive, keys
from storage.takedown import Order, take_down

READ = article("标题", "正文。")
ORDER = Order("法院命令 court order 1/2026", "某法院 <a court>")


def _down(archive: Archive, publisher: Publisher, number: int, order: Order = ORDER) -> str:
    capture = publisher.captures()[number]
    assert all(not done.left for done in take_down(archive, capture.site, [capture], order, None))
    return capture.id


def test_the_page_says_who_and_why(client: TestClient, publisher: Publisher, archive: Archive) -> None:
    publisher.publish(shown(0, READ), shown(1, article("标题", "另一段。")))
    gone = _down(archive, publisher, 0)
    answer = client.get(f"/capture/{gone}")
    assert answer.status_code == 451
    assert client.get(f"/capture/{gone}/raw").status_code == 451
    for said in ("内容已下架", "某法院 &lt;a court&gt;", "法院命令 court order 1/2026", keys.tombstone("alpha", gone)):
        assert said in answer.text
    assert publisher.captures()[0].payload_digest in answer.text
    assert "<iframe" not in answer.text
    assert f"/capture/{gone}/raw" not in answer.text
    other = client.get(f"/capture/{publisher.captures()[1].id}")
    assert (other.status_code, "<iframe" in other.text, "下架" in other.text) == (200, True, False)


def test_what_confirms_it_is_withheld_with_it(client: TestClient, publisher: Publisher, archive: Archive) -> None:
    publisher.publish(shown(0, READ))
    publisher.publish(confirmed(1, publisher.captures()[0]))
    gone = _down(archive, publisher, 0)
    answer = client.get(f"/capture/{publisher.captures()[1].id}")
    assert answer.status_code == 451
    assert gone[:12] in answer.text
    assert "<iframe" not in answer.text


def test_until_a_day(client: TestClient, publisher: Publisher, archive: Archive) -> None:
    publisher.publish(shown(0, READ))
    gone = _down(archive, publisher, 0, Order("a reason", "someone", now() + timedelta(days=2)))
    answer = client.get(f"/capture/{gone}")
    assert answer.status_code == 451
    assert "until" in answer.text


def test_what_is_not_known_is_no_capture(client: TestClient, publisher: Publisher) -> None:
    assert client.get(f"/capture/{'0' * 64}").status_code == 404
    with pytest.raises(NotFound):
        publisher.catalogue.capture("0" * 64)


PDF = "http://news.example.cn/up/1.pdf"


def test_an_articles_files_are_shown_with_what_holds_them(client: TestClient, publisher: Publisher) -> None:
    more = {
        "attachments": ({"name": "1.通知.pdf", "href": PDF}, {"name": "2.表.doc", "href": "http://x.example/2.doc"}),
        "images": ("http://news.example.cn/up/1.png",),
    }
    files = (
        Answered(PDF, 0.1, None, b"%PDF-1.4 " * 300, content_type="application/pdf", role=Role.FILE),
        Answered(more["images"][0], 0.1, None, b"\x89PNG", content_type="image/png", role=Role.FILE),
    )
    publisher.publish(shown(0, article("标题", "正文。", **more)), *files)
    page = client.get("/page", params={"url": URL}).text
    held = [capture for url in (PDF, more["images"][0]) for capture in publisher.catalogue.captures(url)]
    assert len(held) == 2
    for capture in held:
        assert capture.payload_digest in page
    assert "2,700" in page
    assert page.count("没有留存") == 1
    link = page.partition("2,700")[0].rpartition('<a href="')[2].partition('"')[0]
    assert client.get(link, follow_redirects=True).status_code == 200
