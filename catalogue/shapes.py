"""The JSON that others rely on. Times: ISO 8601, UTC with a Z; `published_at` with +08:00, as the page has it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from domain.article import Precision
from domain.change import Change, ChangeType, Status, Version
from domain.clock import SHANGHAI, iso
from domain.quality import quality


def change(item: Change) -> dict[str, Any]:
    """One element of `changes`."""
    shape = item.model_dump(mode="json", include=_CHANGE)
    return shape | {"at": iso(item.at), "id": item.id}


_CHANGE = {
    "url",
    "site",
    "type",
    "severity",
    "version",
    "previous",
    "cosmetic",
    "reprint_of",
    "reverts_to",
    "reason",
    "evidence",
    "fields",
    "classes",
    "reread",
}


def history(
    url: str,
    page: RowMapping | None,
    captures: Sequence[RowMapping],
    versions: Sequence[Version],
    changes: Sequence[Change],
) -> dict[str, Any]:
    """`history`: `change` is the type of the change that made the version; a page that was never compared
    (an entry, say) counts as live and has captures alone."""
    others = (ChangeType.REMOVED, ChangeType.DIVERGED)
    made = {item.version: item.type.value for item in reversed(changes) if item.type not in others}
    return {
        "url": url,
        "site": captures[0]["site"],
        "status": page["status"] if page else Status.LIVE.value,
        "title": page["title"] if page else None,
        "versions": [_version(item, made) for item in versions],
        "captures": [_capture(row) for row in captures],
        "changes": [change(item) for item in changes],
    }


def _version(item: Version, made: dict[int, str]) -> dict[str, Any]:
    return {
        "version": item.number,
        "first_seen": iso(item.first_seen),
        "last_seen": iso(item.last_seen),
        "article_digest": item.digest,
        "change": made.get(item.number),
        "captures": item.captures,
        "reverts_to": item.reverts_to,
        "files": dict(item.files),
    }


def _capture(row: RowMapping) -> dict[str, Any]:
    worth = quality(row["outcome"], row["reason"])
    return {
        "at": iso(row["at"]),
        "status": row["status"],
        "payload_digest": row["payload_digest"],
        "id": row["id"],
        "outcome": row["outcome"],
        "reason": row["reason"],
        "quality": worth[0] if worth else None,
    }


def published(at: datetime | None, precision: str | None, first_seen: datetime) -> dict[str, Any]:
    """When a page was published; where it does not say, when it was first seen, and so said."""
    said = at is not None and precision != Precision.FIRST_SEEN.value
    moment = at if said and at is not None else first_seen
    return {
        "published_at": moment.astimezone(SHANGHAI).isoformat(),
        "published_precision": precision if said else Precision.FIRST_SEEN.value,
    }


def page(row: RowMapping) -> dict[str, Any]:
    """One element of `search` and of the list of pages."""
    return {
        "url": row["url"],
        "site": row["site"],
        "title": row["title"],
        **published(row["published_at"], row["published_precision"], row["first_seen"]),
        "status": row["status"],
        "versions": row["versions"],
        "first_seen": iso(row["first_seen"]),
        "last_checked": iso(row["last_checked"]),
    }
