"""Texts that too many articles of a site share to be anybody's own."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0009"
down_revision = "0008"

# As `catalogue.crowding` counts them: 50 of one site.
_NUMBERS = """
INSERT INTO crowds (site, sign)
SELECT site, number::text FROM fingerprints CROSS JOIN unnest(numbers) AS number GROUP BY site, number
HAVING count(*) > 50
"""
_ARTICLES = """
INSERT INTO crowds (site, sign)
SELECT site, article_digest FROM versions GROUP BY site, article_digest HAVING count(DISTINCT urlkey) > 50
"""


def upgrade() -> None:
    """Filled from what is there. Where there are any, every page is looked at again."""
    op.create_table("crowds", Column("site", Text, primary_key=True), Column("sign", Text, primary_key=True))
    op.create_index("crowds_sign", "crowds", ["sign"])
    op.execute(_NUMBERS)
    op.execute(_ARTICLES)
    op.execute(
        "INSERT INTO unsettled SELECT site, urlkey FROM pages WHERE EXISTS (SELECT FROM crowds) ON CONFLICT DO NOTHING"
    )


def downgrade() -> None:
    """The catalogue is a cache: there is no way back but a rebuild."""
    op.drop_table("crowds")
