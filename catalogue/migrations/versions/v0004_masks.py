"""What is volatile on a site, what befell a site as a whole, what an edit touched, the files of a version."""

from alembic import op
from sqlalchemy import Column, DateTime, Text, text
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Rows of before have empty ones; `tongjian rebuild` or the next comparison of a page fills them."""
    op.add_column("versions", Column("files", JSONB, nullable=False, server_default=text("'{}'")))
    op.add_column("changes", Column("classes", JSONB, nullable=False, server_default=text("'[]'")))
    op.create_table(
        "masks",
        Column("site", Text, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("value", Text, primary_key=True),
        Column("urlkey", Text, primary_key=True),
        Column("samples", JSONB, nullable=False),
        Column("evidence", JSONB, nullable=False),
        Column("learned", DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "upheavals",
        Column("site", Text, primary_key=True),
        Column("run", Text, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("fields", JSONB, nullable=False),
        Column("pages", JSONB, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
    )
    op.create_index("captures_again", "captures", ["site", "at"], postgresql_where=text("flags @> '[\"again\"]'"))
    op.create_index("captures_moved", "captures", ["site"], postgresql_where=text("outcome = 'moved'"))
    op.create_index("captures_probed", "captures", ["site", "at"], postgresql_where=text("role = 'probe'"))


def downgrade() -> None:
    op.drop_index("captures_probed", "captures")
    op.drop_index("captures_moved", "captures")
    op.drop_index("captures_again", "captures")
    op.drop_table("upheavals")
    op.drop_table("masks")
    op.drop_column("changes", "classes")
    op.drop_column("versions", "files")
