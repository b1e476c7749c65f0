"""Payloads as the outbox holds them, small."""

from collections.abc import Sequence

from alerts.kinds import Payload


def edited(title: str = "招商引资项目开工", places: int = 1, **more: object) -> Payload:
    """An edit of a page; with many places, a long message."""
    return {
        "id": "c0ffee",
        "type": "edited",
        "at": "2026-03-01T02:00:00Z",
        "url": "http://commerce.example.cn/2026/a1.html",
        "site": "alpha",
        "severity": 4,
        "cosmetic": False,
        "reprint_of": None,
        "fields": [{"name": "body", "before": "2000万元", "after": "2000亿元"}],
        "title": title,
        "site_title": "甲站",
        "region": "山东",
        "source": "",
        "published_at": None,
        "document_numbers": [],
        "link": "http://room.example/diff?url=a1",
        "evidence_link": "",
        "summary": "2000万元→2000亿元",
        "places": [_place(number) for number in range(places)],
        "more_places": 0,
        "excerpt": "",
        "notes": [],
        "also": [],
        "subscription": "commerce desk",
        "subscriptions": [{"id": "s1", "name": "commerce desk", "link": "http://room.example/subscriptions/s1"}],
        "health": [],
        **more,
    }


def _place(number: int) -> Payload:
    lead, tail = f"第{number}处，今年以来全市新签约项目", "全部建成" * 5
    return {
        "field": "body",
        "text": f"{lead}【2000万元→2000亿元】{tail}",
        "pieces": [["=", lead], ["-", "2000万元"], ["+", "2000亿元"], ["=", tail]],
    }


def digest(changes: Sequence[Payload]) -> Payload:
    """Many changes as one message."""
    return {
        "id": "d1935",
        "type": "digest",
        "at": "2026-03-01T03:00:00Z",
        "since": "2026-03-01T02:00:00Z",
        "title": "digest",
        "rhythm": "hourly",
        "changes": list(changes),
        "link": "http://room.example/changes",
        "subscription": "commerce desk",
        "subscriptions": [{"id": "s1", "name": "commerce desk", "link": "http://room.example/subscriptions/s1"}],
        "health": [],
    }
