"""TimeMaps over real HTTP: three forms, an index over pages, every capture once."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from memento_client import LINK_FORMAT, Client, Link, date, links
from publishing import URL, Answered, Publisher, article, at, html, missing, shown

from domain.capture import Role
from domain.clock import parse
from web.memento import maps

READS = [article("标题", f"第{number}次。") for number in range(7)]
SECOND = 1 / 3600
FORMS = {"link": LINK_FORMAT, "json": "application/json", "cdxj": "text/x-cdxj"}


@pytest.fixture
def memento(address: str) -> Iterator[Client]:
    client = Client(f"{address}/timegate/")
    yield client
    client.close()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three, so that seven captures make three of them."""
    monkeypatch.setattr(maps, "SIZE", 3)


def seven(publisher: Publisher) -> None:
    publisher.publish(*(shown(hours, read) for hours, read in enumerate(READS)))


def only(listed: list[Link], *rels: str) -> list[Link]:
    return [link for link in listed if link.rels >= set(rels)]


def test_a_timemap_in_link_format(memento: Client, address: str, publisher: Publisher) -> None:
    seven(publisher)
    uri = f"{address}/timemap/link/{URL}"
    listed = memento.timemap(uri)
    assert [link.target for link in only(listed, "original")] == [URL]
    assert [link.target for link in only(listed, "timegate")] == [f"{address}/timegate/{URL}"]
    (itself,) = only(listed, "self")
    assert (itself.target, itself.attributes["type"]) == (uri, LINK_FORMAT)
    assert (itself.time("from"), itself.time("until")) == (at(0), at(6))
    assert only(listed, "timemap") == []
    assert [link.rels - {"memento"} for link in only(listed, "memento")] == [{"first"}, *[set()] * 5, {"last"}]
    for hours, link in enumerate(only(listed, "memento")):
        found = memento.get(link.target)
        assert (found.at, found.at, found.body) == (at(hours), link.time(), html(READS[hours]))
    text = memento.get(uri).body.decode()
    assert text.splitlines()[0] == f'<{URL}>; rel="original",', "a link a line"
    assert len(text.splitlines()) == len(listed)


@pytest.mark.usefixtures("small")
def test_an_index_of_pages(memento: Client, address: str, publisher: Publisher) -> None:
    seven(publisher)
    uri = f"{address}/timemap/link/{URL}"
    index = memento.timemap(uri)
    assert only(index, "memento") == []
    spans = [(link.time("from"), link.time("until")) for link in only(index, "timemap")]
    assert spans == [(at(0), at(2)), (at(3), at(5)), (at(6), at(6))]
    (itself,) = only(index, "self")
    assert (itself.time("from"), itself.time("until")) == (at(0), at(6))
    for number, link in enumerate(only(index, "timemap"), 1):
        assert link.attributes["type"] == LINK_FORMAT
        page = memento.timemap(link.target)
        (itself,) = only(page, "self")
        assert (itself.target, itself.time("from"), itself.time("until")) == (link.target, *spans[number - 1])
        times = [item.time() for item in only(page, "memento")]
        assert (times[0], times[-1]) == spans[number - 1]
        beside = {int(item.target.split("/")[5]): item.time("from") for item in only(page, "timemap")}
        assert beside == {n: spans[n - 1][0] for n in (number - 1, number + 1) if 1 <= n <= 3}
        assert (only(page, "first") != []) == (number == 1)
        assert (only(page, "last") != []) == (number == 3)
    found = list(memento.mementos(uri))
    assert sorted(link.time() for link in found) == [at(hours) for hours in range(7)], "each once"
    assert memento.get(f"{address}/timemap/link/4/{URL}").status == 404
    assert memento.get(f"{address}/timemap/link/0/{URL}").status == 404


@pytest.mark.usefixtures("small")
def test_pages_lead_on_by_their_headers(memento: Client, address: str, publisher: Publisher) -> None:
    seven(publisher)
    for form, kind in FORMS.items():
        uri: str | None = f"{address}/timemap/{form}/1/{URL}"
        seen = []
        while uri:
            got = memento.get(uri)
            assert got.headers["Content-Type"].split(";")[0] == kind
            assert got.one("original").target == URL
            assert got.one("timegate").target == f"{address}/timegate/{URL}"
            following = got.all("next")
            seen.append(uri)
            uri = following[0].target if following else None
        assert len(seen) == 3, form


@pytest.mark.usefixtures("small")
def test_the_index_in_json(memento: Client, address: str, publisher: Publisher) -> None:
    seven(publisher)
    index = json.loads(memento.get(f"{address}/timemap/json/{URL}").body)
    assert (index["original_uri"], index["timegate_uri"]) == (URL, f"{address}/timegate/{URL}")
    assert "mementos" not in index
    listed = []
    for page in index["timemap_index"]:
        told = json.loads(memento.get(page["uri"]).body)
        listed += told["mementos"]["list"]
        times = [parse(item["datetime"]) for item in told["mementos"]["list"]]
        assert (times[0], times[-1]) == (parse(page["from"]), parse(page["until"]))
    assert [parse(item["datetime"]) for item in listed] == [at(hours) for hours in range(7)]
    assert [memento.get(item["uri"]).body for item in listed] == [html(read) for read in READS]


def test_a_timemap_in_json(memento: Client, address: str, publisher: Publisher) -> None:
    publisher.publish(shown(0, READS[0]), missing(1))
    told = json.loads(memento.get(f"{address}/timemap/json/{URL}").body)
    assert told["self"] == f"{address}/timemap/json/{URL}"
    assert told["timemap_uri"] == {f"{form}_format": f"{address}/timemap/{form}/{URL}" for form in FORMS}
    assert [item["status"] for item in told["mementos"]["list"]] == [200, 404]
    first, last = told["mementos"]["list"]
    assert (told["mementos"]["first"], told["mementos"]["last"]) == (first, last)
    assert "timemap_index" not in told


def test_a_timemap_in_cdxj(memento: Client, address: str, publisher: Publisher) -> None:
    answers = (shown(0.5 * SECOND, READS[0]), missing(1), Answered(URL, 2, None, b"%PDF", content_type=None))
    publisher.publish(*answers)
    lines = memento.get(f"{address}/timemap/cdxj/{URL}").body.decode().splitlines()
    assert lines == sorted(lines)
    kept = publisher.captures()
    for line, capture in zip(lines, kept, strict=True):
        key, stamp, said = line.split(" ", 2)
        fields = json.loads(said)
        assert (key, stamp) == (capture.urlkey, f"{capture.at:%Y%m%d%H%M%S}")
        assert (fields["url"], fields["status"]) == (URL, str(capture.status))
        assert (fields["digest"], fields["length"]) == (capture.payload_digest, str(capture.payload_length))
        assert (fields["id"], parse(fields["at"])) == (capture.id, capture.at)
        assert memento.get(fields["uri"]).at == capture.at.replace(microsecond=0)
    assert [json.loads(line.split(" ", 2)[2])["mime"] for line in lines] == ["text/html", "text/html", "unk"]


def test_a_page_ends_inside_one_second(
    memento: Client, address: str, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "SIZE", 2)
    publisher.publish(*(shown(0.1 * number * SECOND, read) for number, read in enumerate(READS)))
    found = list(memento.mementos(f"{address}/timemap/link/{URL}"))
    assert len({link.target for link in found}) == len(READS)
    assert {link.time() for link in found} == {at(0)}


def test_more_than_a_thousand(memento: Client, address: str, publisher: Publisher) -> None:
    url, count, batch = "http://news.example.cn/list.html", 1100, 50
    for start in range(0, count, batch):
        numbers = range(start, start + batch)
        answers = (Answered(url, number * SECOND, None, b"<ul>%d" % number, role=Role.ENTRY) for number in numbers)
        publisher.publish(*answers)
    index = memento.timemap(f"{address}/timemap/link/{url}")
    pages = [memento.timemap(link.target) for link in only(index, "timemap")]
    assert [len(only(page, "memento")) for page in pages] == [1000, 100]
    found = [link for page in pages for link in only(page, "memento")]
    assert [link.time() for link in found] == [at(0) + timedelta(seconds=number) for number in range(count)]
    for number in (0, 999, 1000, 1099):
        assert memento.get(found[number].target).body == b"<ul>%d" % number
    lines = memento.get(f"{address}/timemap/cdxj/{url}")
    assert len(lines.body.splitlines()) == 1000
    assert len(memento.get(lines.one("next").target).body.splitlines()) == 100


def test_an_address_that_begins_like_a_page(memento: Client, address: str, publisher: Publisher) -> None:
    publisher.publish(shown(0, READS[0], "http://2.example.cn/"))
    assert memento.timemap(f"{address}/timemap/link/2.example.cn/")
    assert memento.timemap(f"{address}/timemap/link/1/http%3A%2F%2F2.example.cn%2F")


def test_what_is_no_timemap(memento: Client, address: str, publisher: Publisher) -> None:
    publisher.publish(shown(0, READS[0]))
    answer = memento.get(f"{address}/timemap/xml/{URL}")
    assert answer.status == 404
    assert "link, cdxj, json" in answer.body.decode()


def test_the_client_reads_the_rfcs_own_examples() -> None:
    """The examples of section 5 of RFC 7089, shortened: commas in dates, several relations, a missing space."""
    text = (
        '<http://a.example.org>;rel="original",\n'
        "<http://arxiv.example.net/timemap/http://a.example.org>\n"
        '; rel="self";type="application/link-format"\n'
        '; from="Tue, 20 Jun 2000 18:02:59 GMT"\n; until="Wed, 09 Apr 2008 20:30:51 GMT",\n'
        "<http://arxiv.example.net/web/20000620180259/http://a.example.org>\n"
        '; rel="first memento";datetime="Tue, 20 Jun 2000 18:02:59 GMT"\n; license="http://c.example.org/by/3.0/"\n'
    )
    original, itself, first = links(text, "http://arxiv.example.net/")
    assert original.rels == {"original"}
    assert itself.time("until") == date("Wed, 09 Apr 2008 20:30:51 GMT")
    assert first.rels == {"first", "memento"}
