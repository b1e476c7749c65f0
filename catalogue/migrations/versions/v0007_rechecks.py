"""What the recheck plan goes by, beside each page: how often it was checked, and what came of it by age."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, false, text
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0007"
down_revision = "0006"

_NONE = "'{0,0,0,0,0,0}'"


def upgrade() -> None:
    """Pages have nothing there until they are compared again, and are looked at in every run until then."""
    op.add_column("pages", Column("numbered", Boolean, nullable=False, server_default=false()))
    for name in ("checks", "changes", "phase"):
        op.add_column("pages", Column(name, Integer, nullable=False, server_default=text("0")))
    op.add_column("pages", Column("watched", ARRAY(BigInteger), nullable=False, server_default=text(_NONE)))
    op.add_column("pages", Column("found", ARRAY(Integer), nullable=False, server_default=text(_NONE)))
    op.add_column("pages", Column("next_check", DateTime(timezone=True)))
    op.drop_index("pages_young", "pages")
    op.drop_index("pages_checked", "pages")
    op.create_index("pages_next", "pages", ["site", "next_check"])


def downgrade() -> None:
    """The catalogue is a cache: there is no way back but a rebuild."""
    op.drop_index("pages_next", "pages")
    op.create_index("pages_checked", "pages", ["site", "last_checked"])
    op.create_index("pages_young", "pages", ["site", "first_seen", "last_checked"])
    for name in ("next_check", "found", "watched", "phase", "changes", "checks", "numbered"):
        op.drop_column("pages", name)
