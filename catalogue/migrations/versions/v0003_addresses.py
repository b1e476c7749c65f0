"""The history of an address from one index: what it shows of a capture lies beside its place in time. What is due to
be fetched again, by index."""

from alembic import op
from sqlalchemy import Column, Integer, text
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """`captures_page` said the same by site; hardly an address is captured by two of them."""
    op.drop_index("captures_page", "captures")
    op.drop_index("captures_address", "captures")
    op.execute("UPDATE captures SET reason = left(reason, 200) WHERE length(reason) > 200")
    shown = ["site", "status", "outcome", "reason", "payload_digest"]
    op.create_index("captures_address", "captures", ["urlkey", "at", "id"], postgresql_include=shown)
    op.create_index("pages_checked", "pages", ["site", "last_checked"])
    op.create_index("pages_young", "pages", ["site", "first_seen", "last_checked"])
    op.create_index("runs_site", "runs", ["site", "started", "run"])
    _totals()


def _totals() -> None:
    """What the front page counts, counted as it comes."""
    op.add_column("progress", Column("changes", Integer, nullable=False, server_default=text("0")))
    op.add_column("progress", Column("statuses", JSONB, nullable=False, server_default=text("'{}'")))
    op.execute(
        "UPDATE progress SET changes = held.number FROM (SELECT site, count(*) AS number FROM changes GROUP BY site) "
        "AS held WHERE held.site = progress.site"
    )
    op.execute(
        "UPDATE progress SET statuses = held.statuses FROM (SELECT site, jsonb_object_agg(status, number) AS statuses "
        "FROM (SELECT site, status, count(*) AS number FROM pages GROUP BY site, status) AS counted GROUP BY site) "
        "AS held WHERE held.site = progress.site"
    )


def downgrade() -> None:
    """The catalogue is a cache: there is no way back but a rebuild."""
    for column in ("statuses", "changes"):
        op.drop_column("progress", column)
    op.drop_index("runs_site", "runs")
    op.drop_index("pages_young", "pages")
    op.drop_index("pages_checked", "pages")
    op.drop_index("captures_address", "captures")
    op.create_index("captures_address", "captures", ["urlkey", "at", "id"])
    op.create_index("captures_page", "captures", ["site", "urlkey", "at", "id"])
