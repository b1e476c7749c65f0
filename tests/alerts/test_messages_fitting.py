"""The same in fewer words, and a digest in several parts: nothing is lost that a channel has room for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from message_stories import STORIES, daily, digested, edited, fresh, ill, removed

from alerts.kinds import Payload
from alerts.messages import Rendered, digest, digests, render, shorten, split
from alerts.messages.digests import ordered

LINK = "https://room.example/diff?url=http%3A%2F%2Fyunchuan.example.cn%2F2026%2Fa1.html&site=yunchuan&a=1&b=2"


def within(count: int) -> Callable[[Rendered], bool]:
    return lambda message: len((message.markdown or "").encode()) <= count


def parts_within(count: int) -> Callable[[Payload], bool]:
    return lambda payload: within(count)(render(payload))


def test_what_fits_is_left_alone() -> None:
    said = edited()
    assert shorten(said, within(20_000)) is said


@pytest.mark.parametrize("room", [1_800, 1_400, 1_000, 800, 500])
def test_a_message_gets_as_short_as_it_must(room: int) -> None:
    message = render(shorten(edited(), within(room)))
    assert within(room)(message)
    assert "2000万元" in message.text
    assert "2000亿元" in message.text
    assert LINK in message.text
    assert LINK in (message.markdown or "")


@pytest.mark.parametrize("story", sorted(STORIES))
def test_where_nothing_fits_the_first_fact_and_the_link_are_left(story: str) -> None:
    said = STORIES[story]()
    message = render(shorten(said, lambda _: False))
    whole = render(said)
    assert len(message.text) <= len(whole.text)
    first = said["changes"][0] if said.get("changes") else said
    assert first["link"] in message.text
    if first.get("places"):
        changed = [text for op, text in first["places"][0]["pieces"] if op != "="]
        assert changed[0][:8] in message.text


def test_what_is_left_out_is_counted() -> None:
    said = shorten(edited(), within(1_000))
    message = render(said)
    assert "另有 1 处，见链接" in message.text
    assert "and 1 more place, see the link" in message.text


def many(count: int) -> Payload:
    return digested([fresh(number) for number in range(1, count + 1)], health=ill())


def test_a_digest_says_how_many_changes_the_link_leads_to() -> None:
    said = shorten(many(40), within(4_000))
    assert 0 < len(said["changes"]) < 40
    assert said["more"] == 40 - len(said["changes"])
    text = render(said).text
    assert f"另有 {said['more']} 条变化" in text
    assert "昨日 40 条变化：40 新" in text


def test_a_digest_becomes_parts_with_every_change_in_order() -> None:
    whole = daily(*(fresh(number) for number in range(1, 31)))
    parts = split(whole, parts_within(8_000))
    assert 1 < len(parts) <= 3
    assert [one["id"] for part in parts for one in part["changes"]] == [one["id"] for one in whole["changes"]]
    for number, part in enumerate(parts, 1):
        message = render(part)
        assert within(8_000)(message)
        assert f"({number}/{len(parts)})" in message.subject
        assert f"{number}/{len(parts)}" in message.text
        assert part["counts"] == whole["counts"]
        assert bool(part["health"]) == (number == len(parts))
    assert len({part["id"] for part in parts}) == len(parts)


def test_many_parts_are_told_in_fewer_words() -> None:
    whole = digested([one | {"id": f"{number}"} for number, one in enumerate([edited(), removed()] * 15)])
    parts = split(whole, parts_within(4_096))
    full = sum(len(one["places"]) for one in whole["changes"])
    assert [one["id"] for part in parts for one in part["changes"]] == [one["id"] for one in whole["changes"]]
    assert sum(len(one["places"]) for part in parts for one in part["changes"]) < full
    assert all(parts_within(4_096)(part) for part in parts)


def test_a_change_too_long_for_any_part_is_one_of_its_own() -> None:
    parts = split(daily(), parts_within(1))
    assert [len(part["changes"]) for part in parts] == [1] * 8


def test_a_digest_that_fits_is_one() -> None:
    whole = daily()
    assert split(whole, lambda _: True) == [whole]


def test_the_weightiest_page_comes_first_and_a_pages_changes_stay_in_order() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)

    def change(url: str, minute: int, severity: int, site: str = "alpha") -> dict[str, Any]:
        moment = (at + timedelta(minutes=minute)).isoformat()
        return {"url": url, "site": site, "at": moment, "severity": severity, "type": "edited"}

    early, late = change("b", 1, 2), change("b", 9, 5)
    other, elsewhere, slight = change("a", 5, 5), change("c", 0, 5, "beta"), change("d", 0, 1)
    told = ordered([slight, late, elsewhere, other, early])
    assert [(one["url"], one["severity"]) for one in told] == [("b", 2), ("b", 5), ("a", 5), ("c", 5), ("d", 1)]
    assert [one["group"] for one in told] == [5, 5, 5, 5, 1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=12), st.integers(1_500, 9_000))
def test_any_digest_in_any_room_keeps_every_change(weights: list[int], room: int) -> None:
    some = [fresh(number + 1) | {"severity": weight} for number, weight in enumerate(weights)]
    whole = digested(some)
    parts = split(whole, parts_within(room))
    assert [one["id"] for part in parts for one in part["changes"]] == [one["id"] for one in whole["changes"]]
    assert [one["group"] for part in parts for one in part["changes"]] == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    ("rhythm", "hours", "hour", "said"),
    [
        ("daily", 24, 0, "昨日 1 条变化：1 新"),
        ("daily", 24, 10, "今日 1 条变化：1 新"),
        ("daily", 72, 0, "自 11-19 08:00 起 1 条变化：1 新"),
        ("hourly", 1, 0, "过去一小时 1 条变化：1 新"),
        ("hourly", 9, 0, "自 11-21 23:00 起 1 条变化：1 新"),
        ("instant", 1, 0, "自 11-22 07:00 起 1 条变化：1 新"),
    ],
)
def test_a_headline_says_of_which_time(rhythm: str, hours: int, hour: int, said: str) -> None:
    at = datetime(2026, 11, 22, hour, tzinfo=UTC)
    since = at - timedelta(hours=hours)
    made = digest(
        [fresh(1)], rhythm=rhythm, since=since, at=at, name="x", link="https://room.example/", id="d", health=[]
    )
    assert render(made, "zh").text.splitlines()[0] == said
    assert said in made["title"]


def test_the_language_is_kept_to() -> None:
    for story in ("test", "channel", "broken"):
        english = render(STORIES[story](), "en")
        said = (
            english.text.replace("云川项目群", "")
            .replace("商务组的信箱", "")
            .replace("江湾日报", "")
            .replace("站况", "")
        )
        assert not [sign for sign in said if "一" <= sign <= "鿿"]
        assert not [line for line in render(STORIES[story](), "zh").text.splitlines() if line.startswith("Nothing")]


def test_a_payload_of_an_older_house_still_makes_a_message() -> None:
    """Deliveries that wait keep the payload they were made with."""
    old = {
        "type": "edited",
        "title": "开工",
        "link": LINK,
        "url": "http://a.example.cn/",
        "site": "alpha",
        "at": "2026-11-21T01:30:00Z",
    }
    said = render(told_before(old))
    assert "开工" in said.text
    assert "总投资【2000万元→2000亿元】" in said.text
    assert LINK in said.text


def told_before(old: Payload) -> Payload:
    more = {"summary": "正文 body:\n  总投资【2000万元→2000亿元】", "fields": [], "subscription": "desk", "health": []}
    return old | more


def test_thousands_of_changes_are_not_rendered_anew_for_every_part() -> None:
    looked_at: list[int] = []

    def ten(payload: Payload) -> bool:
        looked_at.append(len(payload["changes"]))
        return looked_at[-1] <= 10

    one = daily()["changes"][0]
    whole = daily() | {"changes": [one | {"id": str(number)} for number in range(1_000)]}
    parts = digests.split(whole, ten)
    assert [len(part["changes"]) for part in parts] == [10] * 100
    assert sum(looked_at) < 10 * 1_000
