"""Captures as served: the same bytes, and nothing in them that runs."""

import gzip

import pytest
from publishing import HTML, URL, Answered, Publisher, article, confirmed, shown
from starlette.testclient import TestClient

from domain.capture import Role

WICKED = "<script>document.title='ran'</script><img src=http://evil.example/p.gif><form action=http://evil.example>"
READ = article("标题", "正文。")


def raw(client: TestClient, publisher: Publisher, number: int = -1, **headers: str) -> tuple[bytes, dict[str, str]]:
    """The bytes before any content coding is undone, and the headers."""
    with client.stream("GET", f"/capture/{publisher.captures()[number].id}/raw", headers=headers) as answer:
        return b"".join(answer.iter_raw()), dict(answer.headers) | {"status": str(answer.status_code)}


def test_the_bytes_come_back_harmless(client: TestClient, publisher: Publisher) -> None:
    answer = shown(0, READ, extra=WICKED)
    publisher.publish(answer)
    payload, headers = raw(client, publisher)
    assert payload == answer.payload
    assert headers["content-type"] == HTML
    policy = headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert "allow-" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-disposition"] == "inline"
    assert headers["memento-datetime"] == "Sun, 01 Mar 2026 08:00:00 GMT"
    assert headers["link"] == f'<{URL}>; rel="original"'
    assert "set-cookie" not in headers


def test_another_charset_stays_as_declared(client: TestClient, publisher: Publisher) -> None:
    payload = "<title>淄博</title>".encode("gb18030")
    publisher.publish(Answered(URL, 0, READ, payload, content_type="text/html; charset=gb2312"))
    kept, headers = raw(client, publisher)
    assert (kept, headers["content-type"]) == (payload, "text/html; charset=gb2312")
    publisher.publish(Answered(URL, 1, READ, payload, content_type="text/html"))
    assert raw(client, publisher)[1]["content-type"] == "text/html", "no charset is made up"


def test_a_content_coding_is_kept_where_it_is_there(client: TestClient, publisher: Publisher) -> None:
    coded, said = gzip.compress(b"<p>x</p>"), ((b"Content-Encoding", b"gzip"),)
    payloads = (coded, b"<p>y</p>")
    publisher.publish(*(Answered(URL, n, READ, payload, more_headers=said) for n, payload in enumerate(payloads)))
    kept, headers = raw(client, publisher, 0)
    assert (kept, headers["content-encoding"]) == (coded, "gzip")
    kept, headers = raw(client, publisher, 1)
    assert kept == b"<p>y</p>"
    assert "content-encoding" not in headers, "claimed, and not there"


@pytest.mark.parametrize(
    ("kind", "disposition", "sent"),
    [
        ("application/pdf", "attachment", "application/pdf"),
        ("application/xhtml+xml", "attachment", "application/xhtml+xml"),
        ("text/html-sandboxed", "attachment", "text/html-sandboxed"),
        ("TEXT/HTML;charset=GBK", "inline", "TEXT/HTML;charset=GBK"),
        ("image/svg+xml", "inline", "image/svg+xml"),
        (None, "attachment", "application/octet-stream"),
    ],
)
def test_what_is_shown_and_what_is_handed_over(
    client: TestClient, publisher: Publisher, kind: str | None, disposition: str, sent: str
) -> None:
    publisher.publish(Answered(URL, 0, READ, b"%PDF-1.7", content_type=kind))
    _, headers = raw(client, publisher)
    assert headers["content-disposition"].split(";")[0] == disposition
    assert headers["content-type"] == sent
    frame = client.get(f"/capture/{publisher.captures()[0].id}").text
    assert ("<iframe" in frame) == (disposition == "inline")


def test_the_frame_page_gives_the_facts(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(shown(0, READ, more_headers=((b"ETag", b'"v1"'),)))
    (capture,) = publisher.captures()
    text = client.get(f"/capture/{capture.id}").text
    for fact in (capture.payload_digest, capture.segment, "2026-03-01 16:00:00", "2026-03-01T08:00:00", "&#34;v1&#34;"):
        assert fact in text
    assert f'<iframe sandbox src="/capture/{capture.id}/raw"' in text


def test_a_304_shows_what_it_confirms(client: TestClient, publisher: Publisher) -> None:
    first = shown(0, READ)
    publisher.publish(first)
    publisher.publish(confirmed(1, publisher.captures()[0]))
    held, confirming = publisher.captures()
    assert raw(client, publisher)[0] == first.payload
    text = client.get(f"/capture/{confirming.id}").text
    assert f"/capture/{held.id}" in text
    assert f'src="/capture/{confirming.id}/raw"' in text


def test_a_capture_is_no_script_and_no_style_sheet(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(Answered(URL, 0, READ, b"alert(1)", content_type="text/javascript"))
    for use in ("script", "style", "worker", "serviceworker", "object"):
        assert raw(client, publisher, **{"Sec-Fetch-Dest": use})[1]["status"] == "403"
    assert raw(client, publisher, **{"Sec-Fetch-Dest": "iframe"})[1]["status"] == "200"


def test_an_entry_has_captures_and_no_article(client: TestClient, publisher: Publisher) -> None:
    publisher.publish(Answered("http://news.example.cn/list.html", 0, None, b"<ul></ul>", role=Role.ENTRY))
    text = client.get("/page", params={"url": "http://news.example.cn/list.html"}).text
    assert "没有读出文章" in text


def test_a_capture_that_is_not_kept(client: TestClient) -> None:
    for id in ("f" * 64, "x", "F" * 64, "../etc"):
        assert client.get(f"/capture/{id}/raw").status_code == 404
