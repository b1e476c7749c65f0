"""What befell a site as a whole, and what is volatile on it: asked for and put down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Select, delete, distinct, func, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from catalogue import rows, schema
from catalogue.connection import transaction
from catalogue.rows import Row
from catalogue.values import within
from domain.article import Article
from domain.capture import Capture
from domain.change import Change, Outcome
from domain.mask import MaskRule
from domain.urls import absolute

_captures, _articles, _masks = schema.captures.c, schema.articles.c, schema.masks.c
_AWAY = (Outcome.MISSING.value, Outcome.MOVED.value, Outcome.EMPTY.value)
_THERE = (Outcome.ARTICLE.value, Outcome.SAME.value)


@dataclass(frozen=True, slots=True)
class Crowd:
    """A run in which many pages answered alike: how many of those `asked`, and since when (UTC)."""

    run: str
    at: datetime
    touched: int
    asked: int


def missing_runs(connection: Connection, site: str, after: int, least: int, share: float) -> list[Crowd]:
    """Runs in whose captures after ledger entry `after` pages were missing: `least` of them, and that share."""
    away = func.count(distinct(_captures.urlkey)).filter(_captures.outcome.in_(_AWAY))
    asked = func.count(distinct(_captures.urlkey))
    wanted = (
        select(_captures.run, func.min(_captures.at), away, asked)
        .where(_captures.site == site, _captures.seq > after, _captures.outcome.in_((*_AWAY, *_THERE)))
        .group_by(_captures.run)
        .having(away >= least, away >= share * asked)
        .order_by(func.min(_captures.at))
    )
    return [Crowd(*row) for row in connection.execute(wanted)]


def pages_of_run(connection: Connection, site: str, run: str) -> list[str]:
    """The urlkeys of the pages a run asked for."""
    wanted = select(distinct(_captures.urlkey)).where(
        _captures.site == site, _captures.run == run, _captures.outcome.in_((*_AWAY, *_THERE))
    )
    return sorted(connection.scalars(wanted))


def _shown(site: str, after: int) -> Select[tuple[str, str, int, str, datetime, str, str | None, str | None]]:
    """Captures that show an article or confirm one, each with the article its page showed before."""
    touched = select(_captures.urlkey).where(
        _captures.site == site, _captures.seq > after, _captures.outcome == Outcome.ARTICLE.value
    )
    before = func.lag(_captures.article_digest).over(
        partition_by=_captures.urlkey, order_by=(_captures.at, _captures.id)
    )
    return select(
        _captures.id,
        _captures.run,
        _captures.seq,
        _captures.urlkey,
        _captures.at,
        _captures.outcome,
        _captures.article_digest,
        before.label("before"),
    ).where(_captures.site == site, _captures.urlkey.in_(touched), _captures.outcome.in_(_THERE))


def changed_runs(connection: Connection, site: str, after: int, least: int, share: float) -> list[Crowd]:
    """Runs in whose captures after ledger entry `after` many pages show another article than before."""
    seen = _shown(site, after).subquery()
    differs = (seen.c.outcome == Outcome.ARTICLE.value) & (seen.c.before != seen.c.article_digest)
    known = func.count(distinct(seen.c.urlkey)).filter(seen.c.before.is_not(None) | (seen.c.outcome != "article"))
    changed = func.count(distinct(seen.c.urlkey)).filter(differs)
    wanted = (
        select(seen.c.run, func.min(seen.c.at), changed, known)
        .where(seen.c.seq > after)
        .group_by(seen.c.run)
        .having(changed >= least, changed >= share * known)
        .order_by(func.min(seen.c.at))
    )
    return [Crowd(*row) for row in connection.execute(wanted)]


def pairs_of_run(connection: Connection, site: str, after: int, run: str) -> list[tuple[str, Article, Article]]:
    """(capture, before, after) of a run's pages whose article differs from the one before."""
    seen = _shown(site, after).subquery()
    wanted = (
        select(seen.c.id, seen.c.before, seen.c.article_digest)
        .where(seen.c.run == run, seen.c.outcome == "article", seen.c.before != seen.c.article_digest)
        .order_by(seen.c.id)
    )
    found = connection.execute(wanted).all()
    held = articles(connection, site, {one for row in found for one in row[1:]})
    return [(id, held[old], held[new]) for id, old, new in found if old in held and new in held]


def articles(connection: Connection, site: str, digests: set[str]) -> dict[str, Article]:
    wanted = select(_articles.digest, _articles.body).where(_articles.site == site, within(_articles.digest, digests))
    return {row["digest"]: rows.article(row) for row in connection.execute(wanted).mappings()}


@dataclass(frozen=True, slots=True)
class Look:
    """Two captures of one page within one run, and the articles they showed."""

    urlkey: str
    captures: tuple[str, str]
    at: datetime
    digests: tuple[str, str]


def second_looks(connection: Connection, site: str) -> list[tuple[Look, Article, Article]]:
    """Every capture that was taken to see what moves by itself, with the one before it in its run, where the two
    showed different articles."""
    again = schema.captures.alias("again")
    wanted = (
        select(again.c.urlkey, _captures.id, again.c.id, again.c.at, _captures.article_digest, again.c.article_digest)
        .select_from(again)
        .join(schema.captures, (_captures.site == again.c.site) & (_captures.urlkey == again.c.urlkey))
        .where(again.c.site == site, text(f"again.{schema.AGAIN}"), text(f"NOT (captures.{schema.AGAIN})"))
        .where(_captures.run == again.c.run, _captures.at < again.c.at)
        .where(_captures.outcome == Outcome.ARTICLE.value, again.c.outcome == Outcome.ARTICLE.value)
        .where(_captures.article_digest != again.c.article_digest)
        .order_by(again.c.at, again.c.id)
    )
    looks = [Look(row[0], (row[1], row[2]), row[3], (row[4], row[5])) for row in connection.execute(wanted)]
    held = articles(connection, site, {one for look in looks for one in look.digests})
    return [(look, held[look.digests[0]], held[look.digests[1]]) for look in looks]


def masks(source: Engine | Connection, site: str) -> tuple[MaskRule, ...]:
    """What is volatile on a site, learned or said, in the order of the rules' kinds and values."""
    if isinstance(source, Engine):
        with transaction(source) as connection:
            return masks(connection, site)
    found = source.execute(select(schema.masks).where(_masks.site == site)).mappings()
    rules = [MaskRule.model_validate(dict(row) | {"urlkey": row["urlkey"] or None}) for row in found]
    return tuple(sorted(rules, key=lambda rule: (rule.kind, rule.value, rule.urlkey or "")))


def put_masks(connection: Connection, site: str, rules: Sequence[MaskRule]) -> None:
    """Puts rules in the place of those that are there."""
    connection.execute(delete(schema.masks).where(_masks.site == site))
    values = [rule.model_dump(mode="json") | {"urlkey": rule.urlkey or "", "learned": rule.learned} for rule in rules]
    if values:
        connection.execute(insert(schema.masks), values)


def put_upheavals(connection: Connection, site: str, found: Sequence[Row]) -> None:
    """Puts down what befell a site, over what is there of the same run."""
    for row in found:
        statement = upsert(schema.upheavals).values(row | {"site": site})
        keys = ["site", "run", "kind"]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=row))


def upheavals(connection: Connection, site: str) -> list[Row]:
    """All that befell a site, in time order."""
    wanted = select(schema.upheavals).where(schema.upheavals.c.site == site)
    found = connection.execute(wanted.order_by(schema.upheavals.c.at, schema.upheavals.c.run)).mappings()
    return [dict(row) for row in found]


def several(connection: Connection, site: str, upto: int) -> list[str]:
    """The urlkeys of pages that showed more than one article up to a ledger entry."""
    wanted = (
        select(_captures.urlkey)
        .where(_captures.site == site, _captures.outcome == Outcome.ARTICLE.value, _captures.seq <= upto)
        .group_by(_captures.urlkey)
        .having(func.count(distinct(_captures.article_digest)) > 1)
    )
    return sorted(connection.scalars(wanted))


def probes(connection: Connection, site: str, most: int) -> list[Capture]:
    """The last captures of addresses that cannot exist."""
    wanted = (
        select(schema.captures)
        .where(_captures.site == site, text(schema.PROBED), _captures.status == 200)
        .order_by(_captures.at.desc(), _captures.id)
        .limit(most)
    )
    return [rows.capture(row) for row in connection.execute(wanted).mappings()]


def last_articles(connection: Connection, site: str, urlkeys: Collection[str]) -> dict[str, Article]:
    """What pages showed last, by urlkey; nothing of pages that never showed an article."""
    wanted = (
        select(_captures.urlkey, _captures.article_digest)
        .where(_captures.site == site, within(_captures.urlkey, urlkeys))
        .where(_captures.outcome == Outcome.ARTICLE.value)
        .ext(distinct_on(_captures.urlkey))
        .order_by(_captures.urlkey, _captures.at.desc(), _captures.id.desc())
    )
    shown = {row.urlkey: row.article_digest for row in connection.execute(wanted)}
    held = articles(connection, site, set(shown.values()))
    return {urlkey: held[digest] for urlkey, digest in shown.items() if digest in held}


def twin(connection: Connection, site: str, urlkey: str, digest: str, by: datetime) -> str | None:
    """Another address of the site at which an article was first seen by a time, and goes on being seen."""
    versions, pages = schema.versions.c, schema.pages.c
    wanted = (
        select(pages.url)
        .join(schema.pages, (pages.site == versions.site) & (pages.urlkey == versions.urlkey))
        .select_from(schema.versions)
        .where(versions.site == site, versions.article_digest == digest, versions.urlkey != urlkey)
        .where(versions.first_seen <= by, pages.article_digest == digest, pages.status.not_in(("gone", "suspect")))
        .order_by(versions.first_seen.desc(), pages.urlkey)
        .limit(1)
    )
    return connection.execute(wanted).scalar()


@dataclass(frozen=True, slots=True)
class Move:
    """A capture that led to another article's address."""

    urlkey: str
    target: str
    run: str
    at: datetime


def moves(connection: Connection, site: str) -> list[Move]:
    """Every capture of a site that led to another article's address, in time order."""
    columns = (_captures.urlkey, _captures.url, _captures.location, _captures.run, _captures.at)
    wanted = select(*columns).where(_captures.site == site, text(schema.MOVED), _captures.location.is_not(None))
    found = connection.execute(wanted.order_by(_captures.at, _captures.id))
    return [Move(row.urlkey, absolute(row.url, row.location), row.run, row.at) for row in found]


def edits_told(connection: Connection, site: str, urlkeys: Collection[str]) -> dict[str, Change]:
    """The edits of pages that are put down, by the capture that proves each."""
    changes = schema.changes.c
    wanted = select(schema.changes).where(changes.site == site, within(changes.urlkey, urlkeys))
    edited = wanted.where(changes.classes != text("'[]'::jsonb"))
    found = (rows.change(row) for row in connection.execute(edited).mappings())
    return {change.evidence[0]: change for change in found if change.evidence}
