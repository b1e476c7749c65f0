"""TimeGate and mementos over real HTTP, asked by a client that knows RFC 7089 and nothing of ours."""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from memento_client import Client, Link
from publishing import HTML, URL, Answered, Publisher, article, at, confirmed, html, missing, shown
from starlette.testclient import TestClient

from catalogue import Catalogue
from domain.capture import Role
from domain.settings import settings
from monitor.differences import characters
from storage import Archive
from web import create

FIRST, SECOND, THIRD = (
    article("高新区项目开工", f"总投资{amount}。") for amount in ("2000万元", "2000亿元", "两千亿元")
)
SECOND_LONG = 1 / 3600
NOWHERE = "http://news.example.cn/2026/never.html"


@pytest.fixture
def memento(address: str) -> Iterator[Client]:
    client = Client(f"{address}/timegate/")
    yield client
    client.close()


def three(publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST), shown(10, SECOND), shown(20, THIRD))


def rels(link: Link) -> str:
    return " ".join(sorted(link.rels - {"memento"}))


def test_from_the_original_by_its_timegate_to_a_memento(memento: Client, publisher: Publisher) -> None:
    three(publisher)
    found = memento.at(URL, at(11))
    assert (found.status, found.at, found.body) == (200, at(10), html(SECOND))
    assert found.one("original").target == URL
    assert found.one("timegate").target == memento.gate(URL).uri
    assert found.one("timemap").attributes["type"] == "application/link-format"
    listed = list(memento.mementos(found.one("timemap").target))
    assert [link.time() for link in listed] == [at(0), at(10), at(20)]
    assert [memento.get(link.target).body for link in listed] == [html(read) for read in (FIRST, SECOND, THIRD)]


@pytest.mark.parametrize(
    ("asked", "given"),
    [(-500, 0), (0, 0), (4, 0), (5, 0), (5.1, 10), (9, 10), (10, 10), (14.9, 10), (20, 20), (9000, 20), (None, 20)],
)
def test_the_nearest_is_chosen(memento: Client, publisher: Publisher, asked: float | None, given: float) -> None:
    three(publisher)
    assert memento.at(URL, None if asked is None else at(asked)).at == at(given)


def test_a_timegate_answers_with_first_and_last_and_those_beside(memento: Client, publisher: Publisher) -> None:
    three(publisher)
    gate = memento.gate(URL, at(10))
    assert gate.one("original").target == URL
    assert gate.one("timemap").attributes["type"] == "application/link-format"
    named = {rels(link): link.time() for link in gate.all("memento")}
    assert named == {"first prev": at(0), "": at(10), "last next": at(20)}
    assert gate.headers["Location"] in {link.target for link in gate.all("memento")}


def test_each_memento_leads_to_its_neighbours(memento: Client, publisher: Publisher) -> None:
    publisher.publish(*(shown(n, article("标题", f"第{n}次。")) for n in range(5)))
    here, seen = memento.at(URL, at(-1)), list[datetime]()
    first = here.uri
    while True:
        seen.append(here.at)
        assert here.one("first", "memento").time() == at(0)
        assert here.one("last", "memento").time() == at(4)
        (itself,) = (link for link in here.all("memento") if link.target == here.uri)
        assert itself.time() == here.at
        assert here.headers["Content-Location"] == here.uri
        if not here.all("next", "memento"):
            break
        here = memento.get(here.one("next", "memento").target)
    assert seen == [at(n) for n in range(5)]
    assert itself.rels >= {"last"}
    while here.all("prev", "memento"):
        here = memento.get(here.one("prev", "memento").target)
    assert here.uri == first


def test_a_single_memento_is_first_and_last(memento: Client, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST))
    assert memento.at(URL).one("memento").rels == {"first", "last", "memento"}


@pytest.mark.parametrize(
    "said",
    [
        "2026-03-01T08:00:00Z",
        "Sun, 01 Mar 2026 08:00:00 +0000",
        "Sun, 01 Mar 2026 08:00:00",
        "Sunday, 01-Mar-26 08:00:00 GMT",
        "Sun, 31 Feb 2026 08:00:00 GMT",
        "Sun, 01 mar 2026 08:00:00 GMT",
        "Sun, 01 Mar 2026 25:00:00 GMT",
        "yesterday",
        "",
    ],
)
def test_a_bad_accept_datetime(memento: Client, publisher: Publisher, said: str) -> None:
    publisher.publish(shown(0, FIRST))
    answer = memento.get(memento.gate(URL).uri, **{"Accept-Datetime": said})
    assert answer.status == 400
    assert answer.headers["Vary"] == "accept-datetime"
    assert answer.one("original").target == URL
    assert memento.timemap(answer.one("timemap").target)
    assert "Thu, 31 May 2007 20:35:00 GMT" in answer.body.decode()


def test_what_is_not_held(memento: Client, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST))
    gate = memento.gate(NOWHERE, at(0))
    assert gate.status == 404
    assert gate.headers["Vary"] == "accept-datetime"
    assert gate.one("original").target == NOWHERE
    assert memento.get(gate.one("timemap").target).status == 404
    dated = memento.at(URL).uri.replace(URL, NOWHERE)
    answer = memento.get(dated)
    assert answer.status == 404
    assert "Memento-Datetime" not in answer.headers
    assert {"original", "timegate", "timemap"} <= {rel for link in answer.links for rel in link.rels}


@pytest.mark.parametrize("original", ["ftp://news.example.cn/", "javascript:alert(1)", "http://", "http://[x/", ""])
def test_what_is_no_address(memento: Client, address: str, original: str) -> None:
    assert memento.gate(original).status == 400
    assert memento.get(f"{address}/timemap/link/{original}").status == 400
    assert memento.get(f"{address}/memento/20260301/{original}").status == 400


@pytest.mark.parametrize(
    "dated", ["2026x", "202", "20261", "20261301", "x", "20260301080000id", "123456789012345678901"]
)
def test_what_is_no_time(memento: Client, address: str, dated: str) -> None:
    assert memento.get(f"{address}/memento/{dated}/{URL}").status == 400


def test_short_times_lead_to_the_nearest(memento: Client, publisher: Publisher, address: str) -> None:
    three(publisher)
    for dated, hours in (("2026", 0), ("20260301", 0), ("202603011759", 10), ("20260302040001", 20), ("2027", 20)):
        answer = memento.get(f"{address}/memento/{dated}/{URL}")
        assert answer.status == 302
        assert memento.get(answer.headers["Location"]).at == at(hours)
    answer = memento.get(f"{address}/memento/2027id_/{URL}")
    assert "id_/" in answer.headers["Location"]


def test_as_captured(memento: Client, publisher: Publisher) -> None:
    payload = "<meta charset=gbk><title>淄博</title>".encode("gbk")
    more = (
        (b"Server", b"nginx"),
        (b"Set-Cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
        (b"X-Odd", b"a\x01b\x7fc\xd6\xd0"),
        (b"Location-", b"x"),
        (b"Bad Name", b"x"),
    )
    publisher.publish(Answered(URL, 0, FIRST, payload, content_type="text/html;charset=GB2312", more_headers=more))
    found = memento.at(URL)
    assert (found.status, found.body, found.at) == (200, payload, at(0))
    assert found.headers["Content-Type"] == "text/html;charset=GB2312"
    assert found.headers.get_list("X-Archive-Orig-Set-Cookie") == ["a=1", "b=2"]
    assert found.headers["X-Archive-Orig-Server"] == "nginx"
    assert found.headers["X-Archive-Orig-Content-Type"] == "text/html;charset=GB2312"
    assert "\x01" not in found.headers["X-Archive-Orig-X-Odd"]
    assert not [name for name in found.headers if " " in name]
    assert "Set-Cookie" not in found.headers
    assert "Server" not in found.headers or found.headers["Server"] != "nginx"
    digest = base64.b64encode(hashlib.sha256(payload).digest()).decode()
    assert found.headers["Content-Digest"] == f"sha-256=:{digest}:"


def test_too_many_headers_are_cut(memento: Client, publisher: Publisher) -> None:
    more = tuple((b"X-%d" % number, b"v" * 200) for number in range(500))
    publisher.publish(Answered(URL, 0, FIRST, b"<p>", more_headers=more))
    found = memento.at(URL)
    assert found.headers["X-Archive-Orig-X-0"] == "v" * 200
    assert len(found.headers) < 100


@pytest.mark.parametrize(("status", "sent"), [(404, 404), (410, 410), (500, 500), (503, 503), (203, 203), (999, 502)])
def test_the_original_status(memento: Client, publisher: Publisher, status: int, sent: int) -> None:
    publisher.publish(Answered(URL, 0, None, b"<html>404", status=status))
    found = memento.at(URL)
    assert (found.status, found.at, found.body) == (sent, at(0), b"<html>404")
    assert found.headers["X-Archive-Status-Line"].split()[1] == str(status)
    assert [link.time() for link in memento.mementos(found.one("timemap").target)] == [at(0)], "errors are listed too"


def test_every_role_is_a_memento(memento: Client, publisher: Publisher) -> None:
    for number, role in enumerate(Role):
        url = f"http://news.example.cn/{role.value}.txt"
        publisher.publish(Answered(url, number, None, role.value.encode(), content_type="text/plain", role=role))
        assert memento.at(url).body == role.value.encode()


def test_a_304_shows_what_it_confirms(memento: Client, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST, more_headers=((b"ETag", b'"v1"'),)))
    publisher.publish(confirmed(5, publisher.captures()[0]))
    found = memento.at(URL, at(5))
    assert (found.status, found.body, found.at) == (200, html(FIRST), at(5))
    assert found.headers["Content-Type"] == HTML
    assert found.headers["X-Archive-Orig-ETag"] == '"v1"'


def test_a_304_of_what_is_not_kept(memento: Client, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST))
    lost = publisher.captures()[0].model_copy(update={"payload_digest": "sha256:" + "0" * 64})
    publisher.publish(confirmed(5, lost))
    gate = memento.gate(URL, at(5))
    answer = memento.get(gate.headers["Location"])
    assert answer.status == 404
    assert "Memento-Datetime" not in answer.headers


def moved(hours: float, url: str, location: bytes, status: int = 301) -> Answered:
    return Answered(url, hours, None, b"moved", status, more_headers=((b"Location", location),), role=Role.HOP)


def test_redirects_stay_in_the_archive(memento: Client, publisher: Publisher) -> None:
    old, lost = "http://news.example.cn/old/a.html", "http://news.example.cn/lost.html"
    publisher.publish(moved(1, old, b"../2026/a1.html"), shown(1 + SECOND_LONG, FIRST), shown(9, SECOND))
    publisher.publish(moved(2, lost, b"http://elsewhere.example/x?y=%2F"))
    hop = memento.at(old)
    assert (hop.status, hop.at) == (301, at(1))
    assert memento.get(hop.headers["Location"]).at == at(1 + SECOND_LONG)
    assert hop.headers["X-Archive-Orig-Location"] == "../2026/a1.html"
    away = memento.at(lost).headers["Location"]
    assert away.startswith(memento.at(lost).uri[:30])
    answer = memento.get(away)
    assert answer.status == 404
    assert answer.one("original").target == "http://elsewhere.example/x?y=%2F"


@pytest.mark.parametrize("location", [b"javascript:alert(1)", b"data:text/html,x", b"http://[", b"mailto:a@b", b""])
def test_redirects_to_no_page_lead_nowhere(memento: Client, publisher: Publisher, location: bytes) -> None:
    publisher.publish(moved(0, URL, location, 302))
    found = memento.at(URL)
    assert found.status == 302
    assert "Location" not in found.headers


def test_a_redirect_to_its_own_page_does_not_turn_in_circles(memento: Client, publisher: Publisher) -> None:
    secure = URL.replace("http:", "https:")
    publisher.publish(moved(0, URL, secure.encode()), shown(SECOND_LONG * 5, FIRST, secure))
    publisher.publish(moved(9, URL, secure.encode()))
    for hours in (0, 9):
        hop = memento.at(URL, at(hours))
        assert (hop.status, hop.at) == (301, at(hours))
        assert memento.get(hop.headers["Location"]).body == html(FIRST)
    alone = "http://www.example.cn/"
    publisher.publish(moved(0, alone, b"https://example.cn/"))
    assert "Location" not in memento.at(alone).headers


def test_redirects_in_bytes_of_any_charset(memento: Client, publisher: Publisher) -> None:
    target = "http://news.example.cn/淄博.html"
    publisher.publish(moved(0, URL, "/淄博.html".encode()), shown(0, FIRST, target))
    assert memento.get(memento.at(URL).headers["Location"]).body == html(FIRST)


def test_several_captures_in_one_second(memento: Client, publisher: Publisher) -> None:
    reads = [article("标题", f"第{n}次。") for n in range(4)]
    parts = (0.0, 0.000001, 0.25, 0.999999)
    publisher.publish(*(shown(part * SECOND_LONG, read) for part, read in zip(parts, reads, strict=True)))
    publisher.publish(shown(-SECOND_LONG * 0.1, THIRD))
    asked = memento.at(URL, at(0))
    assert asked.at == at(0)
    assert asked.body == html(reads[3]), "of one second the last"
    listed = list(memento.mementos(asked.one("timemap").target))
    assert len({link.target for link in listed}) == 5
    assert [link.time() for link in listed] == [at(-SECOND_LONG), *[at(0)] * 4]
    assert [memento.get(link.target).body for link in listed] == [html(read) for read in (THIRD, *reads)]


def test_two_captures_in_one_microsecond(
    memento: Client, catalogue: Catalogue, archive: Archive, publisher: Publisher, tmp_path: Path
) -> None:
    other = Publisher(catalogue, archive, tmp_path / "other", "beta")
    publisher.publish(shown(0, FIRST))
    before = memento.at(URL).uri
    other.publish(shown(0, SECOND))
    listed = list(memento.mementos(memento.at(URL).one("timemap").target))
    assert len({link.target for link in listed}) == 2
    bodies = [memento.get(link.target).body for link in listed]
    assert sorted(bodies) == sorted([html(FIRST), html(SECOND)])
    found = [memento.get(link.target) for link in listed]
    assert found[0].one("next", "memento").target == listed[1].target
    assert found[1].one("prev", "memento").target == listed[0].target
    assert memento.get(before).status == 302, "the time alone names neither of them any more"


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("http://news.example.cn/a.jsp?id=1&type=2", ["http://news.example.cn/a.jsp?type=2&id=1"]),
        ("http://news.example.cn/go?u=http%3A%2F%2Fx.cn%2F%3Fa%3D1", []),
        ("http://news.example.cn/a%2Fb.html", []),
        ("http://news.example.cn/a%e4%b8%ad.html", ["http://news.example.cn/a%E4%B8%AD.html"]),
        ("http://news.example.cn/a%E4%B8%AD.html", ["http://news.example.cn/a%e4%b8%ad.html"]),
        ("http://news.example.cn/中文.html", ["http://news.example.cn/%E4%B8%AD%E6%96%87.html"]),
        ("http://news.example.cn/s?kw=%D6%D0", []),
        ("http://xn--fiq228c.example.cn/", ["http://%E4%B8%AD%E6%96%87.example.cn/", "http://XN--FIQ228C.example.cn"]),
        ("http://中文.example.cn/", ["http://xn--fiq228c.example.cn/", "http://%E4%B8%AD%E6%96%87.example.cn/"]),
        ("https://www.example.cn:8443/a;b=1/c,d(e)'f!$&*+=~@:|.html", []),
        (
            "https://news.example.cn/",
            [
                "http://news.example.cn/",
                "news.example.cn",
                "http:/www.news.example.cn",
                "https%3A%2F%2Fnews.example.cn/",
            ],
        ),
        (
            "http://news.example.cn/a?b=c#part",
            ["http://news.example.cn/a?b=c", "http%3A%2F%2Fnews.example.cn%2Fa%3Fb%3Dc"],
        ),
        ("http://news.example.cn//a//b.html?x=1?y=2", []),
    ],
)
def test_addresses_as_they_are_written(memento: Client, publisher: Publisher, kept: str, asked: list[str]) -> None:
    publisher.publish(shown(0, FIRST, kept))
    for original in (kept.split("#", maxsplit=1)[0], *asked):
        found = memento.at(original)
        assert (found.status, found.body) == (200, html(FIRST)), original
        assert found.headers["Content-Location"] == found.uri, "one address a capture"
        assert memento.get(found.one("timegate").target).headers["Location"] == found.uri
        (link,) = memento.mementos(found.one("timemap").target)
        assert link.target == found.uri
        assert found.headers["Link"].isascii()


def test_the_bytes_with_their_coding_and_without(memento: Client, publisher: Publisher) -> None:
    coded = gzip.compress(html(FIRST))
    publisher.publish(Answered(URL, 0, FIRST, coded, more_headers=((b"Content-Encoding", b"gzip"),)))
    found = memento.at(URL)
    assert (found.body, found.headers["Content-Encoding"]) == (coded, "gzip"), "as they came"
    assert httpx.get(found.uri, trust_env=False).text == html(FIRST).decode(), "a client undoes the coding"
    raw = re.sub(r"/memento/(\d+)/", r"/memento/\1id_/", found.uri)
    answer = httpx.get(raw, trust_env=False)
    assert answer.content == coded, "exactly what was captured, whoever asks"
    assert answer.headers["X-Archive-Orig-Content-Encoding"] == "gzip"
    assert answer.headers["Memento-Datetime"] == found.headers["Memento-Datetime"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_raw_form_leads_nowhere(memento: Client, publisher: Publisher) -> None:
    publisher.publish(moved(0, URL, b"/2026/b.html"))
    answer = memento.get(re.sub(r"/memento/(\d+)/", r"/memento/\1id_/", memento.at(URL).uri))
    assert (answer.status, answer.body) == (301, b"moved")
    assert "Location" not in answer.headers


def test_head_says_what_get_would(memento: Client, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST), missing(1))
    found = memento.at(URL, at(0))
    for uri in (found.uri, found.one("timegate").target, found.one("timemap").target):
        got, head = memento.get(uri), memento.get(uri, "HEAD")
        ours = (
            "Memento-Datetime",
            "Link",
            "Location",
            "Vary",
            "ETag",
            "Content-Type",
            "Content-Length",
            "Cache-Control",
        )
        assert (head.status, head.body) == (got.status, b"")
        assert [head.headers.get(name) for name in ours] == [got.headers.get(name) for name in ours]


def test_caching(memento: Client, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST))
    found = memento.at(URL)
    assert found.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert "Vary" not in found.headers
    again = memento.get(found.uri, **{"If-None-Match": f'"x", W/{found.headers["ETag"]}'})
    assert (again.status, again.body, again.at) == (304, b"", found.at)
    assert again.headers["Link"] == found.headers["Link"]
    assert memento.gate(URL).headers["Cache-Control"] == "no-cache"
    assert memento.get(found.one("timemap").target).headers["Cache-Control"] == "no-cache"


def test_nothing_of_a_memento_runs_here(memento: Client, publisher: Publisher) -> None:
    publisher.publish(Answered(URL, 0, FIRST, b"alert(1)", content_type="text/javascript"), shown(1, SECOND))
    script, page = memento.at(URL, at(0)), memento.at(URL, at(1))
    for found in (script, page):
        policy = found.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox; default-src 'none'")
        assert "allow-" not in policy
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert found.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in found.headers
        for use in ("script", "style", "image", "worker", "serviceworker"):
            assert memento.get(found.uri, **{"Sec-Fetch-Dest": use}).status == 403
    assert script.headers["Content-Disposition"].startswith("attachment")
    assert page.headers["Content-Disposition"] == "inline"


def test_scripts_of_others_read_nothing_unless_told(
    catalogue: Catalogue, archive: Archive, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.publish(shown(0, FIRST))
    asking = {"Origin": "https://reader.example"}
    preflight = asking | {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "accept-datetime"}
    gate = f"/timegate/{URL}"
    closed = TestClient(create(catalogue, archive, characters), base_url="http://127.0.0.1")
    assert "access-control-allow-origin" not in closed.get(gate, headers=asking, follow_redirects=False).headers
    assert closed.options(gate, headers=preflight).status_code == 405
    monkeypatch.setenv("TONGJIAN_WEB_SHARE", "https://reader.example")
    settings.cache_clear()
    try:
        shared = TestClient(create(catalogue, archive, characters), base_url="http://127.0.0.1")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    answer = shared.get(gate, headers=asking, follow_redirects=False)
    assert answer.headers["access-control-allow-origin"] == "https://reader.example"
    assert "memento-datetime" in answer.headers["access-control-expose-headers"].lower()
    assert shared.options(gate, headers=preflight).status_code == 200
    stranger = preflight | {"Origin": "https://other.example"}
    assert "access-control-allow-origin" not in shared.options(gate, headers=stranger).headers
    assert "access-control-allow-origin" not in shared.get("/", headers=asking).headers


def test_the_room_leads_to_mementos(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST), shown(1 + SECOND_LONG / 4, SECOND))
    text = client.get("/page", params={"url": URL}).text
    dated = re.findall(r'href="(/memento/[^"]+)"', text)
    assert [client.get(path).content for path in dated] == [html(SECOND), html(FIRST)]
    for path in re.findall(r'href="(/timemap/[^"]+)"', text):
        assert client.get(path).status_code == 200
    assert f"/timegate/{URL}" in text
    for label in ("存档", "memento", "时间表", "TimeMap"):
        assert label in text
    frame = client.get(f"/capture/{publisher.captures()[0].id}").text
    plain, raw = re.findall(r'href="(/memento/[^"]+)"', frame)
    assert client.get(plain).content == client.get(raw).content == html(FIRST)
    assert "id_/" in raw


def test_dates_are_utc_to_the_second(memento: Client, publisher: Publisher) -> None:
    publisher.publish(shown(0.7 * SECOND_LONG, FIRST))
    found = memento.at(URL)
    assert found.headers["Memento-Datetime"] == "Sun, 01 Mar 2026 08:00:00 GMT"
    assert found.at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert "/20260301080000700000/" in found.uri
    assert found.at + timedelta(microseconds=700000) == publisher.captures()[0].at
