"""A digest is split quickly, and exactly as the plain way splits it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from message_stories import daily, digested, edited, fresh, ill, removed

from alerts.channels.dingtalk import DingTalk
from alerts.channels.mail import Mail
from alerts.channels.wecom import WeCom
from alerts.guard import Guard
from alerts.kinds import Payload
from alerts.messages import Dialect, Language, digests, fitting, render, split

WAYS: dict[str, Any] = {"dingtalk": DingTalk(Guard()), "wecom": WeCom(Guard()), "email": Mail("", "a@example.com")}
KINDS: tuple[Callable[[int], Payload], ...] = (lambda _: edited(), fresh, lambda _: removed())


def whole(kinds: list[int]) -> Payload:
    made = (
        KINDS[kind](number + 1) | {"id": f"{number}", "url": f"http://yunchuan.example.cn/{number}.html"}
        for number, kind in enumerate(kinds)
    )
    return digested(list(made), health=ill())


def plain(said: Payload) -> Payload:
    """As the database gives it back: nothing that was made of it before is with it."""
    back: Payload = json.loads(json.dumps(said, ensure_ascii=False))
    return back


def plainly(said: Payload, fits: Callable[[Payload], bool]) -> list[Payload]:
    """Every number of changes tried in turn, every try laid out anew."""
    if fits(said):
        return [said]
    left, parts = list(said["changes"]), list[list[Payload]]()
    while left:
        counts = range(2, len(left) + 1)
        good = (n - 1 for n in counts if not fits(digests._part(said, left[:n], len(parts) + 1, 99, ends=True)))
        count = next(good, len(left))
        parts.append(left[:count])
        left = left[count:]
    last = len(parts)
    return [digests._part(said, part, number, last, ends=number == last) for number, part in enumerate(parts, 1)]


def step_by_step(said: Payload, fits: Callable[[Payload], bool]) -> list[Payload]:
    parts = plainly(said, fits)
    for step in fitting._STEPS[2:]:
        if len(parts) > 3:
            parts = plainly(said | {"changes": [fitting._change(one, step) for one in said["changes"]]}, fits)
    return parts


@settings(max_examples=15, deadline=None)
@given(
    kinds=st.lists(st.integers(0, 2), min_size=1, max_size=40),
    room=st.integers(1_500, 12_000),
    language=st.sampled_from(["zh", "en", "both"]),
)
def test_it_is_split_as_the_plain_way_splits_it(kinds: list[int], room: int, language: Language) -> None:
    def fits(payload: Payload) -> bool:
        return len((render(payload, language, "wecom").markdown or "").encode()) <= room

    said = whole(kinds)
    assert split(said, fits) == step_by_step(said, lambda payload: fits(plain(payload)))


@pytest.mark.parametrize("via", WAYS)
@pytest.mark.parametrize("count", [1, 7, 8, 9, 11, 45])
def test_what_channels_take_is_split_so_too(via: str, count: int) -> None:
    way, said = WAYS[via], whole([number % 3 for number in range(count)])
    parts = split(said, lambda payload: way.fits(payload, "both"))
    assert parts == step_by_step(said, lambda payload: way.fits(plain(payload), "both"))
    assert all(way.fits(plain(part), "both") for part in parts)


@pytest.mark.parametrize("dialect", ["commonmark", "dingtalk", "wecom", "feishu"])
def test_a_part_says_what_it_says_when_it_comes_back_from_the_database(dialect: Dialect) -> None:
    for part in split(whole([0, 1, 2] * 9), lambda payload: WAYS["dingtalk"].fits(payload, "zh")):
        tried, back = render(part, "zh", dialect), render(plain(part), "zh", dialect)
        assert (tried.subject, tried.text, tried.html, tried.markdown) == (
            back.subject,
            back.text,
            back.html,
            back.markdown,
        )


def test_where_it_takes_too_many_parts_the_rest_is_not_looked_at() -> None:
    looked_at: set[str] = set()

    def three(payload: Payload) -> bool:
        looked_at.update(one["id"] for one in payload["changes"])
        return len(payload["changes"]) <= 3

    one = daily()["changes"][0]
    said = daily() | {"changes": [one | {"id": str(number)} for number in range(500)]}
    assert digests.split_into(said, three, 4) is None
    assert len(looked_at) < 50
    assert digests.split_into(said, three, 167) == digests.split(said, three)
