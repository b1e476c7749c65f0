"""The room's pages over a real catalogue and a real archive."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from publishing import SITE, URL, Publisher, article, at, confirmed, missing, shown
from starlette.testclient import TestClient

from catalogue import Catalogue
from domain.article import Block, Precision
from domain.clock import now
from domain.clock import shown as shanghai
from domain.errors import CatalogueError
from monitor.differences import characters
from storage import Archive
from web import create
from web.difference import differences, excerpts
from web.shaping import arrivals, is_stale, marked

FIRST = article("高新区项目开工", "第一段不变。", "总投资2000万元，占地300亩。", "第三段不变。")
SECOND = article("高新区项目开工", "第一段不变。", "总投资2000亿元，占地300亩。", "第三段不变。")
OTHER = "http://news.example.cn/2026/b2.html"


def page(url: str = URL, **more: object) -> dict[str, object]:
    return {"url": url, **more}


def test_an_empty_room_says_what_to_do(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "tongjian run --all" in answer.text
    assert "从未" in answer.text, "a site that is configured and never ran is in the summary"
    assert "过期" in answer.text


def test_changes_stand_newest_first_with_the_edit_in_a_line(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST))
    publisher.publish(shown(1, SECOND))
    text = client.get("/").text
    assert text.index("edited") < text.index('<span class="badge new">')
    assert "<del>2000万元</del><ins>2000亿元</ins>" in text
    assert "阿尔法新闻网" in text
    assert "2026-03-01 17:00:00" in text, "16:00 in Shanghai is 08:00 UTC"
    assert "第三段" not in text, "paragraphs that stayed are left out of the line"


def test_every_kind_of_change_has_its_word(client: TestClient, publisher: Publisher) -> None:
    later = FIRST.model_copy(update={"published_at": FIRST.published_at + timedelta(days=1)})  # type: ignore[operator]
    publisher.publish(shown(0, FIRST), shown(1, SECOND), shown(2, FIRST), shown(3, later))
    publisher.publish(missing(4))
    publisher.publish(missing(5), shown(6, later))
    text = client.get("/").text
    for word in ("新", "改", "删", "复", "重发"):
        assert f'<span lang="zh-Hans">{word}</span>' in text
    assert "改回第 1 版" in text
    assert "status 404" in text


def test_the_summary_of_sites_comes_again_by_itself(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST), missing(1, OTHER))
    text = client.get("/sites", params={"site": SITE}).text
    assert text.startswith("<p"), "a piece of a page"
    assert text.count("chosen") == 1
    assert "<strong>4</strong>" in text, "four sites are configured"
    assert "<strong>2</strong>" in text, "two captures"


def test_filters_by_site_and_type(client: TestClient, publisher: Publisher, catalogue: Catalogue) -> None:
    publisher.publish(shown(0, FIRST), shown(1, SECOND))
    edited = client.get("/", params={"type": "edited", "site": SITE}).text
    assert edited.count('<li id="c-') == 1
    assert client.get("/", params={"type": "", "site": ""}).text.count('<li id="c-') == 2
    assert "没有符合的变化" in client.get("/", params={"site": "beta"}).text
    assert client.get("/", params={"type": "burnt"}).status_code == 400


def test_older_changes_are_a_page_away(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(*(shown(n, article(f"第{n}篇", "正文。"), f"{OTHER}?n={n}") for n in range(60)))
    first = client.get("/").text
    assert "第59篇" in first
    assert "第9篇" not in first
    older = re.search(r'href="(/\?[^"]*after=[0-9a-f]+)"', first)
    assert older
    second = client.get(older[1].replace("&amp;", "&")).text
    assert second.count('<li id="c-') == 10
    assert "hx-trigger" not in second, "a page of the past does not poll"


def test_only_what_is_new_comes_by_itself(client: TestClient, publisher: Publisher) -> None:
    (first,) = publisher.publish(shown(1, FIRST))
    short = first.id[:12]
    assert client.get("/fresh", params={"seen": [short]}).status_code == 204
    publisher.publish(shown(0, SECOND, OTHER), shown(2, SECOND))
    answer = client.get("/fresh", params={"seen": [short]})
    assert answer.text.count("<li id=") == 2
    assert short not in re.findall(r'<li id="c-(\w+)"', answer.text)
    assert f'hx-swap-oob="beforebegin:#c-{short}"' in answer.text, "the later one goes above"
    assert 'hx-swap-oob="beforeend:#changes"' in answer.text, "one captured earlier, read later, goes below"
    assert client.get("/fresh", params={"seen": [short], "type": "removed"}).status_code == 204


def test_arrivals_keep_their_order(publisher: Publisher) -> None:
    made = publisher.publish(*(shown(n, FIRST, f"{OTHER}?n={n}") for n in range(4)))
    newest = made[::-1]
    ids = [change.id[:12] for change in newest]
    assert arrivals(newest, ids) == []
    assert arrivals(newest, [ids[1], ids[3]]) == [(ids[1], [newest[0]]), (ids[3], [newest[2]])]
    assert arrivals(newest, []) == [(None, list(newest))]


def test_an_address_through_time(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST), shown(1, SECOND))
    publisher.publish(confirmed(2, publisher.captures()[1]))
    text = client.get("/page", params=page()).text
    assert "第 1 版" in text
    assert "第 2 版" in text
    assert "总投资2000亿元" in text, "the last version is shown"
    assert "2026-02-27 09:30" in text
    assert "精确到分" in text
    assert "总投资2000万元，" in client.get("/page", params=page(v=1)).text
    for capture in publisher.captures():
        assert f"/capture/{capture.id}" in text
    assert '<option value="1" selected>' in text


def test_an_article_without_a_date_says_first_seen(client: TestClient, publisher: Publisher) -> None:
    undated = article("无日期", "正文。", published_at=None, published_precision=Precision.FIRST_SEEN)
    publisher.publish(shown(0, undated))
    text = client.get("/page", params=page()).text
    assert "首次发现" in text
    assert shanghai(at(0)) in text


def test_the_difference_of_two_versions(client: TestClient, publisher: Publisher) -> None:
    stays = [f"第{n}段没有变化。" for n in range(9)]
    edited = [article("标题", *stays, f"投资2000{unit}元。") for unit in "万亿"]
    publisher.publish(*(shown(number, read) for number, read in enumerate(edited)))
    text = client.get("/diff", params=page(a=1, b=2)).text
    assert "<del>2000万元</del><ins>2000亿元</ins>" in text
    assert "8 段未变" in text, "all but the one beside the change"
    assert "<details>" in text
    assert client.get("/diff", params=page()).text == text, "the last two where no numbers are given"
    assert "两版相同" in client.get("/diff", params=page(a=2, b=2)).text
    assert client.get("/diff", params=page(a=1, b=9)).status_code == 404
    assert client.get("/diff", params=page(a=0, b=2)).status_code == 400
    assert client.get("/diff", params=page(a=99999999999)).status_code == 400


def test_paragraphs_that_split_or_join_are_marked() -> None:
    split, joined = article("标题", "甲乙。", "丙丁。"), article("标题", "甲乙。丙丁。")
    (body,) = differences(split, joined, characters)
    pieces = [piece for part in body.parts for line in part.lines for piece in line]
    assert [piece.text for piece in pieces if piece.op == "delete"] == ["¶"]
    assert "".join(piece.text for piece in pieces if piece.op == "equal") == "甲乙。丙丁。"


def test_an_excerpt_of_a_long_text_is_short(publisher: Publisher) -> None:
    text = "很长的段落。" * 4000
    publisher.publish(shown(0, article("标题", text)))
    (change,) = publisher.publish(shown(1, article("标题", "新写的一段。" * 3000)))
    (excerpt,) = excerpts(change.fields, characters)
    assert 0 < sum(len(piece.text) for piece in excerpt.pieces) < 300


def test_search_finds_and_marks(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST), shown(1, SECOND))
    text = client.get("/search", params={"q": "亿元"}).text
    assert "<mark>亿元</mark>" in text
    assert "高新区项目开工" in text
    past = client.get("/search", params={"q": "万元"}).text
    assert "旧版第 1 版" in past
    assert "没有找到" in client.get("/search", params={"q": "不存在的词"}).text
    assert "想找什么" in client.get("/search").text
    assert marked("a+b", "+") == [(False, "a"), (True, "+"), (False, "b")]


def test_the_interface_for_scripts(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST), shown(1, SECOND))
    newest, oldest = client.get("/api/changes").json()
    assert (newest["type"], oldest["type"]) == ("edited", "new")
    assert newest["fields"] == [{"name": "body", "before": FIRST.text, "after": SECOND.text}]
    assert newest.keys() >= {"url", "site", "at", "severity", "version", "cosmetic", "reprint_of"}
    for since in ("2026-03-01T08:30:00Z", "2026-03-01T16:30:00+08:00", "2026-03-01 16:30"):
        assert [item["type"] for item in client.get("/api/changes", params={"since": since}).json()] == ["edited"]
    assert len(client.get("/api/changes?since=2026-03-01T16:30:00+08:00").json()) == 1, "a plus unescaped"
    assert client.get("/api/changes", params={"type": "new", "site": SITE}).json() == [oldest]
    assert client.get("/api/changes", params={"since": "yesterday"}).status_code == 400
    history = client.get("/api/history", params=page()).json()
    assert (history["status"], len(history["versions"]), len(history["captures"])) == ("edited", 2, 2)
    assert client.get("/api/history", params=page(OTHER)).status_code == 404
    assert client.get("/api/history", params=page(OTHER)).json()["hint"]
    assert client.get("/health").json()["status"] == "ok"


@pytest.mark.parametrize(
    "path",
    ["/page?url=http://nowhere.example/", "/nothing", "/diff?url=http://nowhere.example/", "/?after=0", "/capture/x"],
)
def test_what_is_not_kept_is_said_kindly(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "没有留存" in answer.text
    assert 'href="/"' in answer.text
    if "url=" in path:
        assert "http://nowhere.example/" in answer.text


@pytest.mark.parametrize(
    "path", ["/page", "/page?url=", "/page?url=http://[bad", "/diff?url=http://a:b/", "/?site=%00"]
)
def test_what_cannot_be_asked_is_said(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_a_database_that_is_away_is_said_without_its_address(archive: Archive) -> None:
    away = Catalogue("postgresql://someone:secret@127.0.0.1:1/none")
    with pytest.raises(CatalogueError):
        away.sites()
    client = TestClient(create(away, archive, characters), base_url="http://127.0.0.1")
    answer = client.get("/page", params=page())
    assert answer.status_code == 503
    assert URL in answer.text
    assert "127.0.0.1:1" not in answer.text
    assert "secret" not in answer.text
    assert client.get("/health").status_code == 503
    assert client.get("/health").json()["status"] == "unavailable"
    assert client.get("/fresh").status_code == 503


def test_hostile_texts_stay_texts(client: TestClient, publisher: Publisher) -> None:
    wicked = article(
        '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
        "<script>alert(2)</script>",
        source='"><svg onload=alert(3)>',
        attachments=({"href": "javascript:alert(4)", "name": "<b>附件</b>"},),
    )
    body = (*wicked.body, Block(kind="image", src="javascript:alert(5)"), Block(kind="image", src="http://[x"))
    wicked = wicked.model_copy(update={"body": body})
    address = "http://news.example.cn/2026/<script>alert(6)</script>"
    publisher.publish(shown(0, FIRST, address), shown(1, wicked, address))
    query = {"url": address}
    for path, params in (("/", {}), ("/page", query), ("/diff", query), ("/search", {"q": "<script>"}), ("/fresh", {})):
        text = client.get(path, params=params).text
        assert "alert(" in text, path
        assert not re.search(r"<(script(?! src=\"/static/)|img src=x|svg|b)\b", text), path
        assert 'href="javascript:' not in text, path


def test_own_pages_load_nothing_from_elsewhere(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST))
    for path in ("/", "/page?url=" + URL, "/nothing", "/static/room.css", "/static/htmx.js"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'; frame-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers
    text = client.get("/").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", text)
    assert client.get("/static/htmx.js").text.startswith("var htmx=")


def test_reading_only_and_only_by_its_names(room: FastAPI, client: TestClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = client.request(method, "/")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert client.head("/").status_code == 200
    assert client.get("/", headers={"Host": "rebound.example"}).status_code == 400
    assert client.get("/", headers={"Host": "localhost:8400"}).status_code == 200


def test_further_host_names_can_be_given(catalogue: Catalogue, archive: Archive) -> None:
    app = create(catalogue, archive, characters, hosts=("room.example",))
    assert TestClient(app, base_url="http://room.example").get("/health").status_code == 200


def test_a_site_that_missed_three_runs_is_stale() -> None:
    every = timedelta(minutes=30)
    assert is_stale(None, every)
    assert is_stale(now() - timedelta(minutes=91), every)
    assert not is_stale(now() - timedelta(minutes=80), every)
