"""Sketches of articles' texts, put down and dropped with the articles; copies found by them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Text, column, delete, exists, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert

from catalogue import crowding, schema
from catalogue.connection import transaction
from catalogue.kinds import Reading
from catalogue.values import within

# An article of a site: the site's name and the article's digest.
Node = tuple[str, str]
_prints = schema.fingerprints.c
# Numbers that two sketches share, at least, and a part of the shorter one, before the texts themselves are held against
# each other: four or five. Of a copy of a third of an article, a fifth of it rewritten, one in a hundred shares fewer.
SHARED, PART = 3, 10
# So many candidates of one article are looked at, those that share most.
MOST = 100
# So many numbers of an article are looked up; one that so many articles have is as common as any.
RARE, COMMON = 24, 200
_AT_ONCE = 500


def put(connection: Connection, site: str, shown: Mapping[str, Reading]) -> None:
    """Puts down the sketches of articles, by digest; over those that another reader made."""
    put_many(connection, {(site, digest): reading.fingerprint() for digest, reading in shown.items()})


def put_many(connection: Connection, sketches: Mapping[Node, Sequence[int]]) -> None:
    rows = [
        {"site": site, "digest": digest, "numbers": list(numbers)}
        for (site, digest), numbers in sketches.items()
        if numbers
    ]
    if rows:
        statement = insert(schema.fingerprints)
        changed = {"numbers": statement.excluded.numbers}
        connection.execute(statement.on_conflict_do_update(index_elements=["site", "digest"], set_=changed), rows)
    for site in sorted({site for site, _ in sketches}):
        crowding.note_numbers(connection, site, [digest for of, digest in sketches if of == site])


def drop_orphans(connection: Connection, site: str, digests: Collection[str]) -> None:
    """Drops those of the digests that no article has any more."""
    articles = schema.articles.c
    held = exists().where(articles.site == site, articles.digest == _prints.digest)
    connection.execute(delete(schema.fingerprints).where(_prints.site == site, within(_prints.digest, digests), ~held))


def without(source: Engine, nodes: Collection[Node]) -> set[Node]:
    """Those of the articles that have no sketch: short ones, and ones put down before there were sketches."""
    with transaction(source) as connection:
        held = select(_prints.site, _prints.digest).join(*_among(nodes, schema.fingerprints))
        return set(nodes) - {(row.site, row.digest) for row in connection.execute(held)}


def put_sketches(source: Engine, sketches: Mapping[Node, Sequence[int]]) -> None:
    with transaction(source) as connection:
        put_many(connection, sketches)


def candidates(source: Engine, nodes: Iterable[Node]) -> set[tuple[Node, Node]]:
    """Pairs of articles whose sketches share SHARED numbers, at most MOST of each of `nodes`, which is the first of
    the pair. One query for some hundred articles."""
    wanted = list(nodes)
    found: set[tuple[Node, Node]] = set()
    with transaction(source) as connection:
        connection.execute(_BY_INDEX)
        for start in range(0, len(wanted), _AT_ONCE):
            found |= _candidates(connection, wanted[start : start + _AT_ONCE])
    return found


def _candidates(connection: Connection, nodes: Sequence[Node]) -> set[tuple[Node, Node]]:
    sites, digests = ([node[place] for node in nodes] for place in (0, 1))
    limits = {"shared": SHARED, "part": PART, "most": MOST, "common": COMMON, "rare": RARE}
    said = {"sites": sites, "digests": digests, **limits}
    return {((row[0], row[1]), (row[2], row[3])) for row in connection.execute(_CANDIDATES, said)}


# What all officials say (提高政治站位…) is in every third article: each article looks up the rarest of the numbers that
# it shares with any other. What too many articles of one site share (catalogue.crowding) does not count: a form filled
# in ten thousand times leads to no other of them, only what each says itself does.
_CANDIDATES = text(
    """
    SELECT one.site, one.digest, near.site, near.digest
    FROM unnest(CAST(:sites AS text[]), CAST(:digests AS text[])) AS wanted (site, digest)
    JOIN fingerprints AS one USING (site, digest)
    CROSS JOIN LATERAL (
        SELECT array_agg(number) AS numbers FROM unnest(one.numbers) AS number
        WHERE NOT EXISTS (SELECT FROM crowds WHERE sign = number::text)
    ) AS own
    CROSS JOIN LATERAL (
        SELECT array_agg(rarest.number) AS numbers FROM (
            SELECT number FROM unnest(own.numbers) AS number
            CROSS JOIN LATERAL (
                SELECT count(*) FROM (
                    SELECT FROM fingerprints AS held WHERE held.numbers @> ARRAY[number] LIMIT :common
                ) AS few
            ) AS holders
            WHERE holders.count > 1
            ORDER BY holders.count, number
            LIMIT :rare
        ) AS rarest
    ) AS rare
    CROSS JOIN LATERAL (
        SELECT other.site, other.digest, shared.count
        FROM fingerprints AS other
        CROSS JOIN LATERAL (
            SELECT count(*) FROM unnest(other.numbers) AS number WHERE number = ANY (own.numbers)
        ) AS shared
        WHERE other.numbers && rare.numbers
        AND shared.count >= greatest(:shared, least(cardinality(one.numbers), cardinality(other.numbers)) / :part)
        AND (other.site, other.digest) <> (one.site, one.digest)
        AND NOT EXISTS (SELECT FROM crowds WHERE crowds.site = other.site AND sign = other.digest)
        ORDER BY shared.count DESC, other.site, other.digest
        LIMIT :most
    ) AS near
    """
)
# The planner takes a number for more frequent than it is, and would read the table from its beginning.
_BY_INDEX = text("SET LOCAL enable_seqscan = off")


def _among(nodes: Collection[Node], table: Any) -> tuple[Any, Any]:
    """What to join with to have the rows of these articles alone."""
    sites, digests = ([node[place] for node in nodes] for place in (0, 1))
    listed = (
        func.unnest(literal(sites, ARRAY(Text)), literal(digests, ARRAY(Text)))
        .table_valued(column("site", Text), column("digest", Text))
        .render_derived(name="wanted")
    )
    return listed, (listed.c.site == table.c.site) & (listed.c.digest == table.c.digest)
