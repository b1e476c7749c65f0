"""What each run counted, one row a run."""

from alembic import op
from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"

_FILL = """
INSERT INTO tallies (site, run, at, counts)
SELECT c.site, c.run, c.at, c.counts || coalesce(a.counts, '{}') FROM (
  SELECT site, run, min(at) AS at, jsonb_strip_nulls(jsonb_build_object(
    'entries', nullif(count(*) FILTER (WHERE role = 'entry'), 0),
    'entries_failed', nullif(count(*) FILTER (
      WHERE role = 'entry' AND status >= 400 AND status NOT IN (404, 410)), 0),
    'pages', nullif(count(*) FILTER (WHERE role = 'page' AND outcome IS NOT NULL), 0),
    'failed', nullif(count(*) FILTER (
      WHERE role = 'page' AND outcome IS NOT NULL AND status >= 400 AND status NOT IN (404, 410)), 0),
    'blocked', nullif(count(*) FILTER (
      WHERE role = 'page' AND outcome IS NOT NULL AND kind IN ('blocked', 'login')), 0)
  )) AS counts FROM captures GROUP BY site, run
) c LEFT JOIN (
  SELECT captures.site, captures.run, jsonb_strip_nulls(jsonb_build_object(
    'articles', count(*),
    'titled', nullif(count(*) FILTER (WHERE coalesce(articles.title, '') <> ''), 0),
    'timed', nullif(count(*) FILTER (WHERE published_precision <> 'first_seen'), 0),
    'sourced', nullif(count(*) FILTER (WHERE articles.source IS NOT NULL), 0),
    'bodied', nullif(count(*) FILTER (WHERE articles.text <> ''), 0),
    'characters', nullif(sum(length(articles.text)), 0),
    'garbled', nullif(count(*) FILTER (WHERE (body ->> 'fidelity')::float < 1), 0),
    'drifted', nullif(count(*) FILTER (WHERE body ->> 'issues' LIKE '%"reader: %'), 0),
    'drift_title', nullif(count(*) FILTER (WHERE body ->> 'issues' LIKE '%"reader: title:%'), 0),
    'drift_published', nullif(count(*) FILTER (WHERE body ->> 'issues' LIKE '%"reader: published:%'), 0),
    'drift_source', nullif(count(*) FILTER (WHERE body ->> 'issues' LIKE '%"reader: source:%'), 0),
    'drift_body', nullif(count(*) FILTER (WHERE body ->> 'issues' LIKE '%"reader: body:%'), 0)
  )) AS counts FROM articles JOIN captures ON captures.id = articles.capture AND captures.site = articles.site
  GROUP BY captures.site, captures.run
) a ON a.site = c.site AND a.run = c.run
"""


def upgrade() -> None:
    """Filled from what is there, as a rebuild would fill it."""
    op.create_table(
        "tallies",
        Column("site", Text, primary_key=True),
        Column("run", Text, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("counts", JSONB, nullable=False),
    )
    op.create_index("tallies_time", "tallies", ["site", "at"])
    op.create_index("pages_seen", "pages", ["site", "first_seen"])
    op.execute(_FILL)


def downgrade() -> None:
    """The catalogue is a cache: there is no way back but a rebuild."""
    op.drop_index("pages_seen", "pages")
    op.drop_table("tallies")
