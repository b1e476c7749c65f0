"""What the archive holds of a page at a time, and how two of its versions differ."""

from datetime import datetime
from typing import Any

from catalogue.holding import Held, files_of
from domain.article import Article
from domain.capture import Capture
from domain.clock import shown
from domain.errors import NotFound
from domain.filed import with_digests
from monitor.differences import characters
from monitor.fields import edits
from pipeline.house import House
from pipeline.reading import read_capture
from pipeline.selecting import site_of


def payload_at(house: House, url: str, at: datetime | None) -> bytes:
    """The bytes as served by the capture at or before `at` (None: the last); a 304's are those it confirms.

    Raises NotFound, IntegrityError.
    """
    capture = house.catalogue.payload_of(_held_at(house, url, at))
    return house.archive.answer(capture).payload


def _held_at(house: House, url: str, at: datetime | None) -> Capture:
    """The last capture by then. What came later proves nothing of that time, so it is not given for it."""
    capture = house.catalogue.capture_at(url, at)
    if at is not None and capture.at > at:
        raise NotFound(
            f"nothing was kept of {url} by {shown(at)}", hint=f"Its first capture is of {shown(capture.at)}."
        )
    return capture


def article_at(house: House, url: str, at: datetime | None) -> tuple[Capture, Article]:
    """The capture at or before `at`, and what today's readers see in it. Raises NotFound, IntegrityError."""
    capture = house.catalogue.payload_of(_held_at(house, url, at))
    return capture, read_capture(house, capture, site_of(capture.site))


def files_at(house: House, article: Article, capture: Capture) -> tuple[Held, ...]:
    """The attachments and images of an article as read from a capture, and which captures hold them."""
    return files_of(house.catalogue, article, capture)


def versions_apart(house: House, url: str, a: int | None, b: int | None) -> dict[str, Any]:
    """Two versions' differing fields with character-level spans; without numbers, the last two."""
    newer, after, _ = house.catalogue.version(url, b)
    before_number = a if a is not None else newer.number - 1
    if before_number < 1:
        raise NotFound(f"{url} has one version only", hint="There is nothing to compare it with yet.")
    older, before, _ = house.catalogue.version(url, before_number)
    if older.files != newer.files:
        before, after = with_digests(before, older.files), with_digests(after, newer.files)
    fields = [
        {
            "name": edit.name,
            "before": edit.before,
            "after": edit.after,
            "spans": [{"op": span.op, "text": span.text} for span in characters(edit.before or "", edit.after or "")],
        }
        for edit in edits(before, after)
    ]
    return {"url": url, "a": older.number, "b": newer.number, "fields": fields}
