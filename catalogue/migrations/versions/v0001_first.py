"""The first tables: captures, articles, pages, versions, changes, runs, progress."""

from typing import Any

from alembic import op
from sqlalchemy import Boolean, Column, DateTime, Integer, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None


def _columns(kind: Any, *names: str) -> list[Column[Any]]:
    """Columns of one type; a name that ends in `?` may be null, one that ends in `!` is of the key."""
    return [
        Column(name.rstrip("?!"), kind, nullable=name.endswith("?"), primary_key=name.endswith("!")) for name in names
    ]


def _texts(*names: str) -> list[Column[Any]]:
    return _columns(Text, *names)


def _numbers(*names: str) -> list[Column[Any]]:
    return _columns(Integer, *names)


def _times(*names: str) -> list[Column[Any]]:
    return _columns(DateTime(timezone=True), *names)


def _jsons(*names: str) -> list[Column[Any]]:
    return _columns(JSONB(none_as_null=True), *names)


def upgrade() -> None:
    _captures()
    _articles()
    _pages()
    _versions()
    _changes()
    _bookkeeping()


def _captures() -> None:
    op.create_table(
        "captures",
        *_texts("id!", "site", "run", "url", "urlkey"),
        *_times("at"),
        *_texts("role"),
        *_numbers("status"),
        *_texts("content_type?", "payload_digest"),
        *_numbers("payload_length"),
        *_texts("etag?", "last_modified?", "location?"),
        *_jsons("refers_to?", "flags"),
        *_texts("segment"),
        *_numbers("offset", "length", "seq"),
        *_texts("kind?", "article_digest?", "outcome?", "reason"),
    )
    op.create_index("captures_page", "captures", ["site", "urlkey", "at", "id"])
    op.create_index("captures_address", "captures", ["urlkey", "at", "id"])
    op.create_index("captures_ledger", "captures", ["site", "seq"])


def _articles() -> None:
    op.create_table(
        "articles",
        *_texts("site!", "digest!", "title?"),
        *_times("published_at?"),
        *_texts("published_precision", "source?", "text"),
        *_jsons("body"),
        *_texts("capture", "reader", "folded"),
        *_columns(ARRAY(SmallInteger), "grams"),
    )
    op.create_index("articles_grams", "articles", ["grams"], postgresql_using="gin")


def _pages() -> None:
    op.create_table(
        "pages",
        *_texts("site!", "urlkey!", "url", "status"),
        *_times("first_seen", "last_seen?", "last_checked", "changed_at?"),
        *_jsons("validators"),
        *_numbers("versions"),
        *_texts("title?", "article_digest?"),
        *_times("published_at?"),
        *_texts("published_precision?"),
    )
    op.create_index("pages_address", "pages", ["urlkey"])
    op.create_index("pages_status", "pages", ["site", "status"])


def _versions() -> None:
    op.create_table(
        "versions",
        *_texts("site!", "urlkey!"),
        *_numbers("number!"),
        *_texts("article_digest"),
        *_times("first_seen", "last_seen"),
        *_texts("capture"),
        *_numbers("captures", "reverts_to?"),
    )
    op.create_index("versions_article", "versions", ["site", "article_digest"])


def _changes() -> None:
    op.create_table(
        "changes",
        *_texts("id!", "site", "url", "urlkey", "type"),
        *_times("at"),
        *_numbers("version", "previous?", "severity"),
        *_columns(Boolean, "cosmetic"),
        *_texts("reprint_of?"),
        *_numbers("reverts_to?"),
        *_texts("reason"),
        *_jsons("evidence", "fields"),
    )
    op.create_index("changes_time", "changes", ["at", "id"])
    op.create_index("changes_site", "changes", ["site", "at"])
    op.create_index("changes_type", "changes", ["type", "at"])
    op.create_index("changes_page", "changes", ["site", "urlkey", "at"])


def _bookkeeping() -> None:
    op.create_table("runs", *_texts("site!", "run!"), *_times("started", "finished"), *_jsons("summary"))
    op.create_index("runs_time", "runs", ["started"])
    op.create_table("progress", *_texts("site!"), *_numbers("read_seq", "compared_seq"))


def downgrade() -> None:
    """The catalogue is a cache: there is no way back but a rebuild."""
    for table in ("progress", "runs", "changes", "versions", "pages", "articles", "captures"):
        op.drop_table(table)
