"""Texts that stand on a site so often that they are no article's own: a form filled in again and again, a phrase of the
house, a placeholder. They lead to no copies: a page of them would be held against all the others.

`crowds` only grows while captures come in, and is counted where sketches and versions are put down. So it is the same
in whatever order they came; pages that were looked at before their text was a crowd's are listed to be looked at again.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Engine, func, select, text

from catalogue import schema
from catalogue.connection import transaction
from catalogue.values import within
from domain.change import History

# So many articles of one site may carry a number of a sketch, and so many of its pages show one article.
CROWD = 50
_crowds = schema.crowds.c


def note_numbers(connection: Connection, site: str, digests: Collection[str]) -> None:
    """Notes the numbers that too many of the site's articles carry, among those of some that were put down."""
    if digests:
        said = {"site": site, "digests": list(digests), "crowd": CROWD}
        connection.execute(_INDEX_ALONE, {"seq": "off"})
        fresh = connection.scalars(_NUMBERS, said).all()
        if fresh:
            connection.execute(_UNSETTLE_CARRIERS, {"numbers": [int(sign) for sign in fresh]})
        connection.execute(_INDEX_ALONE, {"seq": "on"})


def note_articles(connection: Connection, site: str, histories: Sequence[History]) -> None:
    """Notes the articles that too many of the site's pages show, among those of some pages that were put down."""
    digests = {version.article_digest for history in histories for version in history.versions}
    said = {"site": site, "digests": sorted(digests), "crowd": CROWD}
    fresh = connection.scalars(_ARTICLES, said).all()
    if fresh:
        connection.execute(_UNSETTLE_PAGES, {"site": site, "digests": list(fresh)})


def crowded(source: Engine, nodes: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the articles, by site and digest, that too many pages show."""
    with transaction(source) as connection:
        wanted = select(_crowds.site, _crowds.sign).where(within(_crowds.sign, {digest for _, digest in nodes}))
        return {(row.site, row.sign) for row in connection.execute(wanted)} & set(nodes)


def known(connection: Connection) -> dict[str, int]:
    """How many are noted of each site: another number later means that some were added."""
    wanted = select(_crowds.site, func.count()).group_by(_crowds.site)
    return {row[0]: row[1] for row in connection.execute(wanted)}


# The planner takes a number for more frequent than it is, and would read the table from its beginning.
_INDEX_ALONE = text("SELECT set_config('enable_seqscan', :seq, true)")
_NUMBERS = text(
    """
    INSERT INTO crowds (site, sign)
    SELECT :site, carried.number::text
    FROM (
        SELECT DISTINCT number FROM fingerprints CROSS JOIN unnest(numbers) AS number
        WHERE site = :site AND digest = ANY (CAST(:digests AS text[]))
        AND NOT EXISTS (SELECT FROM crowds WHERE crowds.sign = number::text AND crowds.site = :site)
        OFFSET 0
    ) AS carried
    CROSS JOIN LATERAL (
        SELECT count(*) FROM fingerprints AS other
        WHERE other.numbers @> ARRAY[carried.number] AND other.site = :site
    ) AS held
    WHERE held.count > :crowd
    ON CONFLICT DO NOTHING RETURNING sign
    """
)
_UNSETTLE_CARRIERS = text(
    """
    INSERT INTO unsettled (site, urlkey)
    SELECT DISTINCT versions.site, versions.urlkey FROM fingerprints
    JOIN versions ON versions.site = fingerprints.site AND versions.article_digest = fingerprints.digest
    WHERE fingerprints.numbers && CAST(:numbers AS integer[])
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING
    """
)
_ARTICLES = text(
    """
    INSERT INTO crowds (site, sign)
    SELECT :site, shown.digest
    FROM unnest(CAST(:digests AS text[])) AS shown (digest)
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT urlkey) FROM versions WHERE site = :site AND article_digest = shown.digest
    ) AS held
    WHERE held.count > :crowd AND NOT EXISTS (SELECT FROM crowds WHERE site = :site AND sign = shown.digest)
    ON CONFLICT DO NOTHING RETURNING sign
    """
)
_UNSETTLE_PAGES = text(
    """
    INSERT INTO unsettled (site, urlkey)
    SELECT DISTINCT site, urlkey FROM versions WHERE site = :site AND article_digest = ANY (CAST(:digests AS text[]))
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING
    """
)
