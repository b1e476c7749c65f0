"""What a reader found on a page, field by field, before it becomes an Article."""

from dataclasses import dataclass, field
from datetime import date

from lxml import html

from domain.article import Signature, Validity
from parsers.body import Body
from parsers.dates import Stamp
from parsers.document import Found


@dataclass(frozen=True, slots=True)
class Fields:
    """None where there is nothing to say. `absent` names fields known not to be there.

    Names are the Article's; `published` and `updated` are its `published_at` and `updated_at`. `region` is
    the element that holds the body, `drop` what in it is not the article's. `issues` go to the article.
    """

    title: Found[str] | None = None
    kicker: Found[str] | None = None
    subtitle: Found[str] | None = None
    published: Found[Stamp] | None = None
    updated: Found[Stamp] | None = None
    source: Found[str] | None = None
    publisher: Found[str] | None = None
    authors: Found[tuple[str, ...]] | None = None
    photographers: Found[tuple[str, ...]] | None = None
    editors: Found[tuple[str, ...]] | None = None
    channel: Found[str] | None = None
    summary: Found[str] | None = None
    breadcrumb: Found[tuple[str, ...]] | None = None
    index_number: Found[str] | None = None
    agency: Found[str] | None = None
    written_on: Found[date] | None = None
    effective_on: Found[date] | None = None
    expires_on: Found[date] | None = None
    validity: Found[Validity] | None = None
    region: Found[html.HtmlElement] | None = None
    drop: tuple[html.HtmlElement, ...] = ()
    absent: frozenset[str] = frozenset()
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All fields of a page, settled. `weighed` are the candidates that were not taken, by field."""

    fields: Fields
    body: Body = field(default_factory=Body)
    document_numbers: tuple[str, ...] = ()
    signature: Signature | None = None
    weighed: dict[str, tuple[Found[str], ...]] = field(default_factory=dict)
