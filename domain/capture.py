"""Captures, and what a run says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from domain.article import Frozen
from domain.wire import Wire


class Role(StrEnum):
    """Why an address was fetched. HOP: a redirect led there, and no page was there: evidence, not to be followed
    again by itself, or a loop with a token in it would make pages without end. PART: a further page of the article
    captured right before it in the same segment; never a page by itself. FILE: an attachment or an image of an
    article; no page either. PROBE: an address that cannot exist, asked for once to see what the site answers then."""

    ENTRY = "entry"
    PAGE = "page"
    ROBOTS = "robots"
    HOP = "hop"
    PART = "part"
    FILE = "file"
    PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as the spider hands it to storage. `at` is when the request left, UTC.

    `body` is the payload as it came, content coding kept, transfer coding undone. `refers_to` is the
    capture a 304 confirms. Header values are bytes as received; `flags` say what is not as on the wire, and
    of a page with further ones how many there are (`parts:4`) and which did not come (`part-failed:3`).
    `wire` is what the connection carried, where it could be kept; without it the headers are put together again.
    """

    url: str
    at: datetime
    role: Role
    status: int
    reason: str
    request_headers: tuple[tuple[bytes, bytes], ...]
    response_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    method: str = "GET"
    protocol: str = "HTTP/1.1"
    ip: str | None = None
    refers_to: "Reference | None" = None
    flags: tuple[str, ...] = ()
    wire: Wire | None = None


class Reference(Frozen):
    """The earlier capture that a 304 answer confirms."""

    url: str
    at: datetime
    payload_digest: str


class Capture(Frozen):
    """One fetch at one instant, as the archive holds it. Immutable.

    `id` is the leaf hash of its response record (SHA-256 over 0x00 and the uncompressed record, hex);
    `payload_digest` is `sha256:<hex>`; `segment`, `offset` and `length` say where the record's zstd frame
    is. `content_type`, `etag`, `last_modified` and `location` are the answer's headers.
    """

    id: str
    site: str
    run: str
    url: str
    urlkey: str
    at: datetime
    role: Role
    status: int
    content_type: str | None = None
    payload_digest: str
    payload_length: int
    etag: str | None = None
    last_modified: str | None = None
    location: str | None = None
    refers_to: Reference | None = None
    flags: tuple[str, ...] = ()
    segment: str
    offset: int
    length: int


class Validators(Frozen):
    """A page to fetch again: its address and what makes the request conditional."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    reference: Reference | None = None


class KnownFile(Frozen):
    """A file of an article that is held: when it was last seen to be there (UTC), and what a condition goes by."""

    checked: datetime
    validators: Validators


class Issue(Frozen):
    """Something a run must not keep to itself. `kind` is a stable word (dns, tls, timeout, robots, …)."""

    kind: str
    site: str
    message: str
    url: str | None = None
    at: datetime | None = None
    level: str = Field("error", pattern="^(error|warning)$")


class RunSummary(Frozen):
    """What a finished capture run says of itself; kept as its done.json. `skipped` counts the entries that were not
    due in it; `lists` are the links on the first page of each that answered, by the entry's address."""

    site: str
    run: str
    started: datetime
    finished: datetime
    reason: str
    captures: int = 0
    segments: int = 0
    links: int = 0
    skipped: int = 0
    lists: Mapping[str, int] = Field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
