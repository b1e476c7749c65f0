"""Feeds of subscriptions: valid, private, unchanged where nothing changed."""

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from desk_house import Known, People, edited, matter
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from starlette.testclient import TestClient

from domain.clock import parse
from domain.subscription import Match, Subscription
from web.desk import atom, jsonfeed
from web.desk.entries import feed
from web.desk.wellformed import wellformed

SUBSCRIPTION = Subscription(id="1a2b3c4d", name="招商", query="招商", created_at=datetime(2026, 3, 1, tzinfo=UTC))
A = {"a": "http://www.w3.org/2005/Atom"}
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
# Anything that a page may say, and a payload may hold: control characters, halves of pairs, markup.
ANYTHING = st.text(
    st.characters() | st.sampled_from("\x00\x08\x0b\x1f\x7f\x85\ufffe\uffff\ud800\udfff<>&\"']]>招")
) | st.just("]]>")
PAYLOADS = st.fixed_dictionaries(
    {"type": st.sampled_from(["new", "edited", "health", "x"]), "title": ANYTHING, "summary": ANYTHING},
    optional={
        "site_title": ANYTHING,
        "source": ANYTHING,
        "excerpt": ANYTHING,
        "url": ANYTHING,
        "link": ANYTHING,
        "document_numbers": st.lists(ANYTHING, max_size=2),
        "notes": st.lists(ANYTHING, max_size=2),
        "places": st.lists(
            st.fixed_dictionaries(
                {"field": ANYTHING, "text": ANYTHING},
                optional={"pieces": st.lists(st.tuples(st.sampled_from("=-+"), ANYTHING), max_size=3)},
            ),
            max_size=2,
        ),
    },
)


@pytest.fixture
def wang(people: People) -> Known:
    return people.add("王芳")


@pytest.fixture
def reader(people: People) -> TestClient:
    return TestClient(people.room, base_url="http://127.0.0.1")


@pytest.fixture
def path(people: People, wang: Known) -> str:
    return f"/feeds/{people.desk.renew_feed(wang.who, people.subscribe(wang).id)}"


def matched(payload: dict[str, object], change: str = "c1", at: datetime = AT) -> Match:
    return Match(change=change, at=at, payload=payload)


def parsed(body: bytes) -> etree._Element:
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False))


def test_a_feed_as_atom(reader: TestClient, path: str, people: People) -> None:
    body = "招商引资项目总投资{}，占地300亩。"
    change = edited("body", body.format("2000万元"), body.format("2000亿元"), title="招商引资<大会>")
    people.tell([change, matter(title="招商引资开工", minutes=5)])
    answer = reader.get(f"{path}.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = parsed(answer.content)
    assert root.xpath("count(a:entry)", namespaces=A) == 2
    for needed in ("a:id", "a:title", "a:updated", "a:author/a:name"):
        assert root.xpath(f"count({needed})", namespaces=A) == 1, needed
        assert root.xpath(f"string({needed})", namespaces=A)
    newest, older = root.xpath("a:entry", namespaces=A)
    assert "招商引资开工" in newest.xpath("string(a:title)", namespaces=A)
    assert "招商引资<大会>" in older.xpath("string(a:title)", namespaces=A)
    assert parse(older.xpath("string(a:updated)", namespaces=A)) == change.change.at
    assert older.xpath("string(a:link[@rel='alternate']/@href)", namespaces=A).startswith("http://127.0.0.1:8400/diff?")
    shown = html.fromstring(older.xpath("string(a:content[@type='html'])", namespaces=A))
    assert (shown.xpath("string(.//del)"), shown.xpath("string(.//ins)")) == ("2000万元", "2000亿元")
    assert "<" not in older.xpath("string(a:summary)", namespaces=A)


def test_a_feed_as_json(reader: TestClient, path: str, people: People) -> None:
    people.tell([matter(title="招商引资开工")])
    answer = reader.get(f"{path}.json")
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    said = answer.json()
    assert said["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = said["items"]
    assert {"id", "url", "title", "content_html", "date_published"} <= set(item)
    same = parsed(reader.get(f"{path}.atom").content).xpath("string(a:entry/a:id)", namespaces=A)
    assert item["id"] == same, "one change, one id"


def test_an_id_stays_and_is_a_urn() -> None:
    first = feed(SUBSCRIPTION, [matched({"title": "旧题"})], "http://old.example")
    other = SUBSCRIPTION.model_copy(update={"id": "ffffffff", "name": "别的"})
    later = feed(other, [matched({"title": "新题"}), matched({}, "c2")], "http://new.example")
    assert first.entries[0].id == later.entries[0].id
    assert len({one.id for one in later.entries}) == 2
    assert first.id != later.id
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", first.id)


@given(st.lists(PAYLOADS, max_size=3), ANYTHING)
def test_whatever_pages_say_the_documents_are_well_formed(payloads: list[dict[str, object]], name: str) -> None:
    named = SUBSCRIPTION.model_copy(update={"name": name})
    made = feed(
        named, [matched(payload, str(number)) for number, payload in enumerate(payloads)], "http://room.example"
    )
    root = parsed(atom.document(made))
    assert root.xpath("count(a:entry)", namespaces=A) == len(payloads)
    for entry in root.xpath("a:entry", namespaces=A):
        links = entry.xpath("a:link/@href", namespaces=A)
        assert links
        assert all(link.lower().startswith(("http://", "https://")) for link in links)
        content = html.fromstring(f"<div>{entry.xpath('string(a:content)', namespaces=A)}</div>")
        assert {node.tag for node in content.iter()} <= {"div", "p", "br", "a", "del", "ins"}
    said = json.loads(jsonfeed.document(made))
    assert [item["id"] for item in said["items"]] == root.xpath("a:entry/a:id/text()", namespaces=A)


@given(ANYTHING)
def test_what_is_left_is_what_xml_may_hold(text: str) -> None:
    left = wellformed(text)
    assert len(left) == len(text)
    etree.Element("x").text = left


def test_nothing_new_is_a_304(reader: TestClient, path: str, people: People) -> None:
    people.tell([matter(title="招商引资开工")])
    first = reader.get(f"{path}.atom")
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    for sent in ({"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-Modified-Since": modified}):
        again = reader.get(f"{path}.atom", headers=sent)
        assert (again.status_code, again.content) == (304, b""), sent
        assert again.headers["etag"] == tag
    earlier = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
    for sent in (
        {"If-None-Match": '"other"', "If-Modified-Since": modified},
        {"If-Modified-Since": earlier},
        {"If-Modified-Since": "yesterday"},
    ):
        assert reader.get(f"{path}.atom", headers=sent).status_code == 200, sent
    head = reader.head(f"{path}.atom")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert reader.get(f"{path}.json", headers={"If-None-Match": tag}).status_code == 200, "another form, another tag"


def test_an_older_change_found_late_is_new(reader: TestClient, path: str, people: People) -> None:
    people.tell([matter(title="招商引资开工", minutes=60)])
    first = reader.get(f"{path}.atom")
    people.tell([matter(title="招商引资大会", url="http://commerce.example.cn/2026/b.html")])
    said = reader.get(f"{path}.atom", headers={"If-None-Match": first.headers["etag"]})
    assert "招商引资大会" in said.text
    modified = [parsedate_to_datetime(answer.headers["last-modified"]) for answer in (first, said)]
    assert modified == sorted(modified)
    assert modified[1] < datetime.now(UTC) + timedelta(minutes=1), "when it was found, not when it happened"


def test_a_feed_is_for_its_readers_alone(reader: TestClient, path: str, people: People, wang: Known) -> None:
    answer = reader.get(f"{path}.atom")
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "private" in answer.headers["cache-control"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    token = path.rpartition("/")[2]
    for form in ("atom", "json"):
        assert token not in reader.get(f"{path}.{form}").text, "a document that is handed on gives the key to nobody"
    assert wang.who.name not in answer.text


def test_what_is_no_feed_is_told_alike(reader: TestClient, path: str, people: People, wang: Known) -> None:
    token = path.rpartition("/")[2]
    ended = people.desk.renew_feed(wang.who, people.desk.subscriptions(wang.who)[0].id)
    names = (
        "x.atom",
        f"{token}.atom",
        f"{token}.json",
        f"{token}.rss",
        token,
        f"{ended}.",
        f"{ended}x.atom",
        "招.atom",
    )
    answers = [reader.get(f"/feeds/{name}") for name in names]
    assert {(one.status_code, one.text) for one in answers} == {(404, answers[0].text)}
    assert {tuple(sorted(one.headers.items())) for one in answers} == {tuple(sorted(answers[0].headers.items()))}
    assert reader.get(f"/feeds/{ended}.atom").status_code == 200
