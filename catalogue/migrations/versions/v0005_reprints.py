"""Reprint clusters: sketches of articles' texts, the pages of each cluster, and the pages still to be looked at."""

from alembic import op
from sqlalchemy import Boolean, Column, Float, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Every page is still to be looked at; its articles' sketches are made then."""
    op.create_table("fingerprints", *_keys("site", "digest"), Column("numbers", ARRAY(Integer), nullable=False))
    kept = {"fastupdate": "off"}  # what waits to be put into the index would be read by each question
    op.create_index("fingerprints_numbers", "fingerprints", ["numbers"], postgresql_using="gin", postgresql_with=kept)
    op.create_table(
        "reprints",
        *_keys("site", "urlkey"),
        *(Column(name, Text, nullable=False) for name in ("cluster", "first_site", "first_urlkey", "first_url")),
        *(Column(name, Float, nullable=False) for name in ("confidence", "similarity", "contained")),
        Column("official", Boolean, nullable=False),
        Column("reasons", JSONB, nullable=False),
    )
    op.create_index("reprints_cluster", "reprints", ["cluster"])
    op.create_index("reprints_first", "reprints", ["first_site", "first_urlkey"])
    op.create_table("unsettled", *_keys("site", "urlkey"))
    op.execute("INSERT INTO unsettled SELECT site, urlkey FROM pages")


def _keys(*names: str) -> list[Column[str]]:
    return [Column(name, Text, primary_key=True) for name in names]


def downgrade() -> None:
    """The catalogue is a cache: there is no way back but a rebuild."""
    for name in ("unsettled", "reprints", "fingerprints"):
        op.drop_table(name)
