"""scale: a catalogue of 1 M pages and 10 M captures, made up in PostgreSQL, and what its questions take."""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import text
from starlette.testclient import TestClient

from alerts import outbox, people, subscriptions
from alerts.upgrading import upgrade
from bench.places import temporary
from bench.results import goal, percentile, table
from bench.saying import say
from bench.scale_round import Recorder
from bench.scale_rows import ENDED, SITE, a_name, counties, large
from catalogue import Catalogue
from catalogue.kinds import Asked
from domain.clock import parse
from domain.desk import Draft
from domain.settings import settings
from domain.subscription import OPERATOR
from domain.tempo import USUAL
from domain.urls import urlkey
from monitor.differences import characters
from pipeline.clustering import settle
from pipeline.comparing import compare_site
from pipeline.house import House
from storage import Archive
from web.app import create

PAGES = 1000  # thousands
GOAL = 20.0
_ASKED = 300
_LARGEST, _SMALLEST = "site00", "site49"
_SOMETIME, _ENDED = datetime(2025, 12, 1, tzinfo=UTC), parse(ENDED)
Questions = dict[str, tuple[Callable[[], object], int]]


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """`rounds` counts thousands of pages. The questions are those of the reading room, of scripts, and of a round;
    beside them a plain round trip as the floor, and the same questions as they would be without their index."""
    thousands = rounds or (20 if quick else PAGES)
    with temporary() as state, large(state / "pg", thousands * 1000) as catalogue:
        sizes = _sizes(catalogue)
        say("  " + ", ".join(f"{name} {size}" for name, size in sizes.items()))
        urls = _urls(catalogue)
        asked = _measured(_questions(catalogue, urls))
        rows = [*asked, *_measured(_peers(catalogue, urls)), *_measured(_writing(catalogue, urls))]
    table(("ms", "times", "p50", "p95", "most"), rows)
    for name, _, _, p95, _ in asked:
        goal(f"{name}: p95, ms", p95, GOAL)
    return {"pages": thousands * 1000, "sizes": sizes, "rows": rows}


def _sizes(catalogue: Catalogue) -> dict[str, str]:
    wanted = text(
        "SELECT relname, pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace AND pg_total_relation_size(oid) > 1e6 ORDER BY 1"
    )
    with catalogue.engine.connect() as connection:
        return {name: size for name, size in connection.execute(wanted) if not name.startswith("bench_")}


def _measured(questions: Questions) -> list[tuple[str, int, float, float, float]]:
    return [(name, *_timed(work, times)) for name, (work, times) in questions.items()]


def _timed(work: Callable[[], object], times: int) -> tuple[int, float, float, float]:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return times, percentile(taken, 0.5), percentile(taken, 0.95), max(taken)


def _questions(catalogue: Catalogue, urls: Sequence[str]) -> Questions:
    """What has to be quick. Each is asked for another page, word or site each time."""
    chance, common = random.Random(11), counties()
    after, ended = _end_of_page(catalogue)

    def url() -> str:
        return chance.choice(urls)

    def site() -> str:
        return f"site{chance.randrange(50):02}"

    return {
        "history of an address": (lambda: catalogue.history(url()), _ASKED),
        "memento nearest to a time": (lambda: catalogue.nearest(urlkey(url()), _SOMETIME), _ASKED),
        "a page of a TimeMap": (lambda: catalogue.mementos(urlkey(url()), 1, 1000), _ASKED),
        "a version and its article": (lambda: catalogue.version(url()), _ASKED),
        "search: a name of two characters": (lambda: catalogue.search(_name(chance)), _ASKED),
        "search: a word of two that one article in 200 has": (lambda: catalogue.search(chance.choice(common)), 100),
        "search: a word of two that all have": (lambda: catalogue.search("商务"), 50),
        "search: a long word": (lambda: catalogue.search("跨境电商"), 50),
        "search: two words, one rare": (lambda: catalogue.search(f"项目 {_name(chance)}"), 50),
        "front page of the reading room: what it asks": (partial(_front, catalogue), 100),
        "changes, 200 newest": (lambda: catalogue.changes(limit=200), 100),
        "changes, the next 200": (lambda: catalogue.changes(limit=200, after_id=after), 100),
        "changes, 200 of any site": (lambda: catalogue.changes(site=site(), limit=200), 100),
        "changes, 200 removed of any site": (lambda: catalogue.changes(site=site(), type="removed", limit=200), 100),
        "changes --since an hour": (lambda: catalogue.changes(since=ended - timedelta(hours=1)), 100),
        "pages, 50 of any site": (lambda: catalogue.pages(site(), limit=50), 100),
        "pages, 50 gone": (lambda: catalogue.pages(limit=50, status="gone"), 100),
        "sites": (catalogue.sites, 100),
        "recheck plan: what is due of any site": (lambda: _due(catalogue, site()), _ASKED),
        "recheck plan: what is due of the largest": (lambda: _due(catalogue, _LARGEST), 50),
        "alerts: what nobody was told": (_untold(catalogue), 50),
    }


def _front(catalogue: Catalogue) -> None:
    catalogue.changes(limit=51)
    catalogue.sites()


def _untold(catalogue: Catalogue) -> Callable[[], object]:
    """One subscription, as old as the last hundred changes."""
    upgrade(catalogue.engine)
    subscriptions.add(catalogue.engine, Draft(name="bench"), people.get(catalogue.engine, OPERATOR))
    oldest = "UPDATE subscriptions SET created_at = (SELECT at FROM changes ORDER BY at DESC OFFSET 99 LIMIT 1)"
    with catalogue.engine.begin() as connection:
        connection.execute(text(oldest))
    return partial(outbox.untold, catalogue.engine)


def _peers(catalogue: Catalogue, urls: Sequence[str]) -> Questions:
    """The floor, and what the same takes without the index or the trick that is meant for it."""
    chance = random.Random(12)
    application = create(catalogue, cast(Archive, None), characters)
    browser = TestClient(application, base_url="http://127.0.0.1")
    one = "SELECT * FROM captures WHERE id = (SELECT capture FROM versions WHERE urlkey = :key LIMIT 1)"
    places = "SELECT at, id, status FROM captures WHERE urlkey = :key ORDER BY at, id"
    names = "SELECT count(*) FROM articles WHERE folded LIKE :key"

    def key() -> str:
        return urlkey(chance.choice(urls))

    return {
        "floor: SELECT 1 in a transaction": (partial(_sql, catalogue, "SELECT 1"), _ASKED),
        "floor: one capture by its key, plain SQL": (lambda: _sql(catalogue, one, key=key()), _ASKED),
        "floor: an address's captures, plain SQL": (lambda: _sql(catalogue, places, key=key()), _ASKED),
        "peer: the same without the index": (lambda: _sql(catalogue, _NO_INDEX + places, key=key()), 1),
        "peer: a word of two by LIKE, no pairs": (lambda: _sql(catalogue, names, key=f"%{_name(chance)}%"), 1),
        "peer: all pages of the largest site, then the plan": (lambda: catalogue.page_states(_LARGEST), 1),
        "peer: counting all pages and changes for the front page": (partial(_sql, catalogue, _COUNTED), 3),
        "known pages of the largest site, all of them": (lambda: catalogue.known(_LARGEST), 3),
        "the front page, rendered": (lambda: browser.get("/"), 50),
        "search: one character": (lambda: catalogue.search("商"), 20),
    }


_NO_INDEX = (
    "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexonlyscan = off; "
)
_COUNTED = (
    "SELECT site, status, count(*) FROM pages GROUP BY 1, 2 UNION ALL SELECT site, '', count(*) FROM changes GROUP BY 1"
)


def _sql(catalogue: Catalogue, said: str, **values: Any) -> None:
    with catalogue.engine.begin() as connection:
        connection.execute(text(said), values).all()


def _writing(catalogue: Catalogue, urls: Sequence[str]) -> Questions:
    """A round of the largest site as the verbs have it: circumstances, verdicts, reprint clusters."""
    here = settings().model_copy(update={"database": catalogue.engine.url.render_as_string(hide_password=False)})
    house, recorder = House(here, None, ExitStack()), Recorder(catalogue, urls)

    def compare() -> None:
        compare_site(house, SITE, catalogue)
        settle(catalogue)

    def one_round() -> None:
        recorder.record()
        compare()

    return {
        "record 64 new captures": (recorder.record, 20),
        "compare what was recorded, 1,280 captures": (compare, 1),
        "record 64 and compare": (one_round, 20),
    }


def _end_of_page(catalogue: Catalogue) -> tuple[str, datetime]:
    """The id and the time of the two-hundredth change."""
    wanted = text("SELECT id, at FROM changes ORDER BY at DESC, id DESC OFFSET 199 LIMIT 1")
    with catalogue.engine.connect() as connection:
        row = connection.execute(wanted).one()
        return row.id, row.at


def _urls(catalogue: Catalogue) -> Sequence[str]:
    with catalogue.engine.connect() as connection:
        return list(connection.scalars(text("SELECT url FROM bench_pages WHERE p % 97 = 0")))


def _due(catalogue: Catalogue, site: str) -> int:
    """One page in ten thousand is due, as many as a round every few minutes finds."""
    return len(catalogue.due(site, Asked(_ENDED, 1.0, 200, USUAL)))


def _name(chance: random.Random) -> str:
    return a_name(chance.randrange(160**2))
