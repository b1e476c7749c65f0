"""Files of articles: attachments and images, which are captured and are no pages."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ARRAY, Connection, Engine, Row, Select, Text, any_, func, literal, select, text

from catalogue import rows, schema
from catalogue.connection import transaction
from domain.capture import Capture, KnownFile, Reference, Role, Validators
from domain.change import FileSeen
from domain.urls import absolute, file_key

_captures = schema.captures.c
_FILE = (text(f"({schema.APART})"), _captures.role == Role.FILE.value)
_THERE = (200, 301, 302, 303, 304, 307, 308)
_SEEN = func.max(_captures.at).over(partition_by=_captures.urlkey)


def files(source: Engine, site: str) -> dict[str, KnownFile]:
    """Every file of a site that is held, by urlkey: its last capture that is no 304. Of one that lies elsewhere that
    is the redirect to it, which no condition can go by."""
    there = (
        select(schema.captures, _SEEN.label("checked"))
        .where(_captures.site == site, *_FILE, _captures.status.in_(_THERE))
        .subquery()
    )
    last = (there.c.urlkey, there.c.at.desc(), there.c.id)
    wanted = select(there).where(there.c.status != 304).distinct(there.c.urlkey).order_by(*last)
    with transaction(source) as connection:
        return {row.urlkey: _known(row) for row in connection.execute(wanted)}


def _known(row: Row[tuple[object, ...]]) -> KnownFile:
    if row.status != 200:
        return KnownFile(checked=row.checked, validators=Validators(url=row.url))
    reference = Reference(url=row.url, at=row.at, payload_digest=row.payload_digest)
    validators = Validators(url=row.url, etag=row.etag, last_modified=row.last_modified, reference=reference)
    return KnownFile(checked=row.checked, validators=validators)


def files_held(source: Engine, site: str, urls: Sequence[str]) -> dict[str, list[Capture]]:
    """By file_key, the captures of files in time order, and of those that their redirects led to."""
    with transaction(source) as connection:
        return _held(connection, site, {file_key(url) for url in urls})


def file_captures(source: Engine, site: str, url: str) -> tuple[Capture, ...]:
    """Every capture of a file in time order, whatever token followed its name; none where it is not held."""
    key = file_key(url)
    same = (_captures.urlkey == key) | _captures.urlkey.startswith(f"{key}?", autoescape=True)
    wanted = select(schema.captures).where(_captures.site == site, *_FILE, same)
    with transaction(source) as connection:
        found = connection.execute(wanted.order_by(_captures.at, _captures.id)).mappings().all()
    return tuple(rows.capture(row) for row in found if file_key(row["url"]) == key)


def attached(source: Engine, site: str, urlkeys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The addresses of the attachments that a page's last article has, by the page's urlkey; pages without are left
    out."""
    pages, articles = schema.pages.c, schema.articles.c
    shown = select(pages.urlkey, articles.body["attachments"].label("attachments")).join_from(
        schema.pages, schema.articles, (articles.site == pages.site) & (articles.digest == pages.article_digest)
    )
    with transaction(source) as connection:
        found = connection.execute(shown.where(pages.site == site, pages.urlkey == _among(urlkeys), *_SOME))
        return {row.urlkey: _hrefs(row.attachments) for row in found}


_SOME = (func.jsonb_array_length(schema.articles.c.body["attachments"]) > 0,)


def _hrefs(attachments: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(item["href"]) for item in attachments))


def _among(values: Collection[str]) -> Any:
    return any_(literal(list(values), ARRAY(Text)))


def files_seen(source: Engine, site: str, urlkeys: Sequence[str]) -> dict[str, tuple[FileSeen, ...]]:
    """What was found behind the attachments of pages, by the page's urlkey, in time order: each whole answer with its
    payload's digest, of whichever article of the page had it. An address that led elsewhere counts with what was
    there. Answers that say nothing of the file are left out: 304, errors, cut answers, and pages in its place."""
    with transaction(source) as connection:
        hrefs = _ever_attached(connection, site, urlkeys)
        held = _held(connection, site, {file_key(href) for found in hrefs.values() for href in found})
    return {page: seen for page, found in hrefs.items() if (seen := _seen(held, {file_key(href) for href in found}))}


def _ever_attached(connection: Connection, site: str, urlkeys: Sequence[str]) -> dict[str, set[str]]:
    articles = schema.articles.c
    shown = select(_captures.urlkey, articles.body["attachments"].label("attachments")).distinct()
    joined = shown.join_from(
        schema.captures,
        schema.articles,
        (articles.site == _captures.site) & (articles.digest == _captures.article_digest),
    )
    wanted = joined.where(_captures.site == site, _captures.urlkey == _among(urlkeys), *_SOME)
    found: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(wanted):
        found[row.urlkey].update(_hrefs(row.attachments))
    return found


_Held = dict[str, list[Capture]]


def _held(connection: Connection, site: str, wanted: set[str]) -> _Held:
    """The captures of files by file_key, those that redirects led to included."""
    held: _Held = {}
    while wanted:
        held |= {key: [] for key in wanted}
        for row in connection.execute(_of_files(site, wanted)).mappings():
            if (key := file_key(row["url"])) in wanted:
                held[key].append(rows.capture(row))
        led = (_leads_to(capture) for key in wanted for capture in held[key])
        wanted = {key for key in led if key and key not in held}
    return held


def _of_files(site: str, keys: Collection[str]) -> Select[Any]:
    bases = {key.partition("?")[0] for key in keys}
    named = func.split_part(_captures.urlkey, "?", 1) == _among(bases)
    wanted = select(schema.captures).where(_captures.site == site, *_FILE, _captures.status.in_(_THERE), named)
    return wanted.order_by(_captures.at, _captures.id)


def _leads_to(capture: Capture) -> str | None:
    there = capture.location if capture.status not in (200, 304) else None
    return file_key(absolute(capture.url, there)) if there else None


def _seen(held: _Held, keys: Collection[str]) -> tuple[FileSeen, ...]:
    found = (
        FileSeen(capture=end.id, at=end.at, key=key, digest=end.payload_digest)
        for key in keys
        for capture in held[key]
        for end in _end(held, capture)
        if end.status == 200 and _tells(end)
    )
    return tuple(sorted(found, key=lambda seen: (seen.at, seen.capture, seen.key)))


def _end(held: _Held, capture: Capture) -> Iterator[Capture]:
    """What was found where a capture leads to: itself, or what came after it where it sent on."""
    met = set()
    while (there := _leads_to(capture)) and there not in met:
        met.add(there)
        after = (one for one in held.get(there, ()) if one.at >= capture.at)
        if (found := next(after, None)) is None:
            return
        capture = found
    yield capture


def _tells(capture: Capture) -> bool:
    is_page = (capture.content_type or "").lower().startswith(("text/html", "application/xhtml"))
    return not is_page and not any(flag.startswith("truncated:") for flag in capture.flags)
