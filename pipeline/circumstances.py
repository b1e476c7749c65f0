"""What befell a site as a whole and what is volatile on it, told from its captures before any page is judged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalogue import Catalogue, upheavals
from catalogue.comparing import Observed
from catalogue.connection import transaction
from catalogue.rows import Row
from domain.article import Article
from domain.capture import Capture
from domain.change import ChangeType, History, Observation, Outcome
from domain.clock import parse
from domain.errors import NotFound, TakenDown
from domain.mask import MaskRule
from domain.site import Site
from domain.urls import urlkey
from monitor import upheavals as told
from monitor.context import Context
from monitor.learning import Twice, learned
from monitor.sameness import same_article
from monitor.volatile import mask_of
from pipeline.house import House
from pipeline.reading import read_capture

# The site's own not-found pages that are looked at: what it shows may change with its mark-up.
_PROBES = 3
# What the site's file says was never learned: a time for its rules, so that they sort first.
_SAID = parse("2000-01-01T00:00:00+08:00")


@dataclass(frozen=True)
class Circumstances:
    """The site's part of every verdict, and the pages to judge again because it is another than before."""

    context: Context
    again: tuple[str, ...] = ()
    moves: Mapping[str, upheavals.Move] = field(default_factory=dict)


def circumstances(house: House, site: Site, catalogue: Catalogue, after: int) -> Circumstances:
    """What is true of the site as a whole, from captures up to now; what is news since ledger entry `after` is put
    down. Raises CatalogueError, IntegrityError."""
    rules = _redesigns(site, catalogue, after)
    outages = list(_outages(house, site, catalogue, after))
    with transaction(catalogue.engine) as connection:
        upheavals.put_upheavals(connection, site.name, outages)
        befell = upheavals.upheavals(connection, site.name)
        before = upheavals.masks(connection, site.name)
        every = _every(site, before, rules, upheavals.second_looks(connection, site.name))
        if every != before:
            upheavals.put_masks(connection, site.name, every)
        again = upheavals.several(connection, site.name, after) if every != before else []
        probes = upheavals.probes(connection, site.name, _PROBES)
        moves = {urlkey(move.target): move for move in reversed(upheavals.moves(connection, site.name))}
    context = Context(
        volatile=mask_of(every),
        gone=site.gone,
        not_found=tuple(_read(house, site, probes)),
        outages=frozenset(row["run"] for row in befell if row["kind"] == "outage"),
        redesigns={row["run"]: frozenset(row["fields"]) for row in befell if row["kind"] == "redesign"},
    )
    return Circumstances(context, tuple(again), moves)


def _outages(house: House, site: Site, catalogue: Catalogue, after: int) -> Iterable[Row]:
    with transaction(catalogue.engine) as connection:
        crowds = upheavals.missing_runs(connection, site.name, after, told.PAGES, told.SHARE)
        earlier = {row["run"]: row["at"] for row in upheavals.upheavals(connection, site.name)}
        pages = {crowd.run: upheavals.pages_of_run(connection, site.name, crowd.run) for crowd in crowds}
    for crowd in crowds:
        seen = (observed for _, observed, _ in catalogue.observed(site.name, pages[crowd.run]).values())
        after_all = house.settings.gone_after
        found = told.outage(crowd.run, seen, earlier, gone_after=after_all, pace=house.settings.pace)
        if found:
            earlier[crowd.run] = found.at
            yield _row(found)


def _redesigns(site: Site, catalogue: Catalogue, after: int) -> list[MaskRule]:
    rules: list[MaskRule] = []
    with transaction(catalogue.engine) as connection:
        for crowd in upheavals.changed_runs(connection, site.name, after, told.PAGES, told.SHARE):
            pairs = upheavals.pairs_of_run(connection, site.name, after, crowd.run)
            found = told.redesign(site.name, crowd.run, crowd.at, crowd.asked, pairs)
            if found:
                upheavals.put_upheavals(connection, site.name, [_row(found.upheaval)])
                rules += found.rules
    return rules


def _row(found: told.Upheaval) -> Row:
    counted = {"touched": found.touched, "asked": found.asked}
    return {"run": found.run, "kind": found.kind, "at": found.at, "fields": list(found.fields), "pages": counted}


def _every(
    site: Site,
    before: Sequence[MaskRule],
    redesigned: Sequence[MaskRule],
    looks: Sequence[tuple[upheavals.Look, Article, Article]],
) -> tuple[MaskRule, ...]:
    """What was known, what second looks teach, what redesigns brought, and what the site's file says now."""
    twice = (Twice(look.urlkey, first, second, look.captures, look.at) for look, first, second in looks)
    said = (
        MaskRule.model_validate({"site": site.name, "kind": kind, "value": value, "learned": _SAID})
        for kind in ("always", "never")
        for value in getattr(site.masks, kind)
    )
    kept = [rule for rule in before if rule.kind == "shape"]
    rules = {_key(rule): rule for rule in (*redesigned, *kept, *learned(site.name, twice), *said)}
    return tuple(rules[key] for key in sorted(rules))


def _key(rule: MaskRule) -> tuple[str, str, str]:
    return rule.kind, rule.value, rule.urlkey or ""


def _read(house: House, site: Site, probes: Sequence[Capture]) -> Iterable[Article]:
    for capture in probes:
        try:
            article = read_capture(house, capture, site)
        except (NotFound, TakenDown):
            continue
        if article.title or article.text:
            yield article


def of_pages(around: Circumstances, site: Site, catalogue: Catalogue, seen: dict[str, Observed]) -> Context:
    """The site's part of a verdict with what that of some pages hangs on: the files of their articles, what their
    redirects lead to, and where redirects led to them."""
    led = {one.target for _, told_, _ in seen.values() for one in told_ if one.target}
    with transaction(catalogue.engine) as connection:
        held = upheavals.last_articles(connection, site.name, {urlkey(target) for target in led}) if led else {}
        edited = upheavals.edits_told(connection, site.name, list(seen))
    there = {target: held[urlkey(target)] for target in led if urlkey(target) in held}
    files = catalogue.files_seen(site.name, list(seen))
    arrived = frozenset(_arrived(around, site, catalogue, seen))
    return replace(around.context, files=files, targets=there, arrived=arrived, told=edited)


def _arrived(around: Circumstances, site: Site, catalogue: Catalogue, seen: dict[str, Observed]) -> Iterator[str]:
    """Pages that were first seen when or after another's redirect led there, and show that one's article."""
    first = {key: one for key in seen if key in around.moves and (one := _first(seen[key], around.moves[key]))}
    if not first:
        return
    shown = catalogue.articles(site.name, {one.digest for one in first.values() if one.digest})
    with transaction(catalogue.engine) as connection:
        sources = upheavals.last_articles(connection, site.name, {around.moves[key].urlkey for key in first})
    for key, one in first.items():
        source, here = sources.get(around.moves[key].urlkey), shown.get(one.digest or "")
        if source is not None and here is not None and same_article(source, here):
            yield key


def _first(page: Observed, move: upheavals.Move) -> Observation | None:
    """The page's first article, where it was not known before the move."""
    one = next((seen for seen in page[1] if seen.outcome is Outcome.ARTICLE), None)
    return one if one is not None and (one.run == move.run or one.at >= move.at) else None


def twins(site: Site, catalogue: Catalogue, histories: Sequence[History]) -> dict[str, str]:
    """By urlkey, the other address of pages that are gone while their article is still to be seen there."""
    found: dict[str, str] = {}
    with transaction(catalogue.engine) as connection:
        for history in histories:
            last = history.changes[-1] if history.changes else None
            if last is None or last.type is not ChangeType.REMOVED:
                continue
            digest = history.versions[-1].article_digest
            other = upheavals.twin(connection, site.name, history.urlkey, digest, last.at)
            if other:
                found[history.urlkey] = other
    return found
