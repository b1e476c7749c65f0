"""What articles say of documents: which one each is, and which it cites, amends, interprets, repeals."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, Text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Empty for what was read before: `tongjian replay` or `rebuild` fills it, the next comparison of a page too."""
    op.create_table(
        "citations",
        Column("site", Text, primary_key=True),
        Column("digest", Text, primary_key=True),
        Column("place", Integer, primary_key=True),
        Column("relation", Text, nullable=False),
        Column("number", Text),
        Column("number_key", Text),
        Column("issuer", Text),
        Column("year", Integer),
        Column("sequence", BigInteger),
        Column("title", Text),
        Column("name", Text),
        Column("sentence", Text, nullable=False),
        Column("offset", Integer, nullable=False),
        Column("confidence", Float, nullable=False),
    )
    op.create_index("citations_number", "citations", ["number_key"])
    op.create_index("citations_name", "citations", ["name"])
    op.create_index("citations_issuer", "citations", ["issuer", "year", "sequence"])


def downgrade() -> None:
    """The catalogue is a cache: there is no way back but a rebuild."""
    op.drop_table("citations")
