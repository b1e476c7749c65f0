"""scale: a catalogue of 1 M pages and 10 M captures, made up in PostgreSQL, and what its questions take."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import text

import alerts
from alerts import outbox
from bench.places import house, temporary
from bench.results import goal, percentile, table
from bench.saying import say
from bench.scale_rows import a_name, fill
from catalogue import Catalogue, Reading
from catalogue.kinds import Rest
from domain.article import Article, Block
from domain.capture import Capture, Role
from domain.change import Observation, Outcome
from domain.clock import now
from domain.urls import urlkey
from monitor.judge import judge
from monitor.plan import GONE, LADDER, due

PAGES = 1000  # thousands
GOAL = 20.0
_ASKED = 200
_LARGEST, _SMALLEST = "site00", "site49"


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """`rounds` counts thousands of pages. The questions are those of the reading room, of scripts, and of a round."""
    thousands = rounds or (20 if quick else PAGES)
    with temporary() as state, house(state) as open_house:
        catalogue = open_house.catalogue
        fill(catalogue, thousands * 1000)
        sizes = _sizes(catalogue)
        say("  " + ", ".join(f"{name} {size}" for name, size in sizes.items()))
        rows = [(name, *_timed(work, times)) for name, (work, times) in _questions(catalogue).items()]
    table(("ms", "times", "p50", "p95", "most"), rows)
    goal("history of an address, p95, ms", next(row[3] for row in rows if row[0] == "history"), GOAL)
    return {"pages": thousands * 1000, "sizes": sizes, "rows": rows}


def _sizes(catalogue: Catalogue) -> dict[str, str]:
    wanted = text(
        "SELECT relname, pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace AND pg_total_relation_size(oid) > 1e6 ORDER BY 1"
    )
    with catalogue.engine.connect() as connection:
        return {name: size for name, size in connection.execute(wanted) if not name.startswith("bench_")}


def _timed(work: Callable[[], object], times: int) -> tuple[int, float, float, float]:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return times, percentile(taken, 0.5), percentile(taken, 0.95), max(taken)


def _questions(catalogue: Catalogue) -> dict[str, tuple[Callable[[], object], int]]:
    chance = random.Random(11)
    urls = _urls(catalogue)
    end, ended = _end_of_page(catalogue)
    alerts.upgrade(catalogue.engine)

    def any_url() -> str:
        return chance.choice(urls)

    return {
        "history": (lambda: catalogue.history(any_url()), _ASKED),
        "memento: nearest to a time": (lambda: catalogue.nearest(urlkey(any_url()), _SOMETIME), _ASKED),
        "memento: a page of the TimeMap": (lambda: catalogue.mementos(urlkey(any_url()), 1, 1000), _ASKED),
        "a version and its article": (lambda: catalogue.version(any_url()), _ASKED),
        "search: a name of two characters": (lambda: catalogue.search(_name(chance)), 50),
        "search: a word on every page": (lambda: catalogue.search("商务"), 5),
        "search: a long word": (lambda: catalogue.search("跨境电商"), 5),
        "search: two words, one rare": (lambda: catalogue.search(f"项目 {_name(chance)}"), 20),
        "search: one character": (lambda: catalogue.search("商"), 3),
        "changes, 200 newest": (lambda: catalogue.changes(limit=200), 50),
        "changes, the next 200": (lambda: catalogue.changes(limit=200, after_id=end), 50),
        "changes of the largest site": (lambda: catalogue.changes(site=_LARGEST, limit=200), 50),
        "changes of the smallest site, removed": (
            lambda: catalogue.changes(site=_SMALLEST, type="removed", limit=200),
            50,
        ),
        "changes since an hour": (lambda: catalogue.changes(since=ended - timedelta(hours=1)), 20),
        "pages, 50 latest changed": (lambda: catalogue.pages(limit=50), 20),
        "pages, 50 of the largest site": (lambda: catalogue.pages(_LARGEST, limit=50), 20),
        "pages, 50 gone": (lambda: catalogue.pages(limit=50, status="gone"), 20),
        "sites": (catalogue.sites, 5),
        "plan: due pages of the largest site": (lambda: _due(catalogue, _LARGEST), 3),
        "plan: known pages of the largest site": (lambda: catalogue.known(_LARGEST), 3),
        "plan: due pages of the smallest site": (lambda: _due(catalogue, _SMALLEST), 5),
        "plan: known pages of the smallest site": (lambda: catalogue.known(_SMALLEST), 5),
        "alerts: what nobody was told": (lambda: outbox.untold(catalogue.engine), 5),
        "record 64 new captures": (partial(_record, catalogue, urls), 50),
        "compare what was recorded": (partial(_compare, catalogue), 1),
        "record 64 and compare": (partial(_round, catalogue, urls), 20),
    }


def _end_of_page(catalogue: Catalogue) -> tuple[str, datetime]:
    """The id and the time of the two-hundredth change."""
    wanted = text("SELECT id, at FROM changes ORDER BY at DESC, id DESC OFFSET 199 LIMIT 1")
    with catalogue.engine.connect() as connection:
        row = connection.execute(wanted).one()
        return row.id, row.at


_SOMETIME = datetime(2025, 12, 1, tzinfo=UTC)


def _urls(catalogue: Catalogue) -> Sequence[str]:
    with catalogue.engine.connect() as connection:
        return list(connection.scalars(text("SELECT url FROM bench_pages WHERE p % 97 = 0")))


def _due(catalogue: Catalogue, site: str) -> int:
    """A twentieth of the pages: most of these are older than a month, and looked at once in thirty days."""
    moment = _SOMETIME
    return len(due(catalogue.page_states(site, Rest(moment, 1.0, LADDER, GONE)), moment))


def _name(chance: random.Random) -> str:
    return a_name(chance.randrange(160**2))


def _round(catalogue: Catalogue, urls: Sequence[str]) -> None:
    _record(catalogue, urls)
    _compare(catalogue)


def _record(catalogue: Catalogue, urls: Sequence[str]) -> None:
    """A ledger entry of the largest site: 64 pages captured again, every eighth edited."""
    own = [url for url in urls if "www.site0." in url]
    moment, seq = now(), catalogue.progress(_LARGEST).read_seq + 1
    taken = enumerate(random.sample(own, 64))
    catalogue.record(_LARGEST, seq, [_reading(url, moment, seq, place) for place, url in taken])


def _reading(url: str, moment: datetime, seq: int, place: int) -> Reading:
    body = f"第{seq if place % 8 == 0 else 0}次修改。" + "全市商务工作会议召开。" * 60
    article = Article(title=f"{url} 通报", body=(Block(text=body),))
    capture = Capture(
        id=f"{seq:032x}{place:032x}",
        site=_LARGEST,
        run="20260101t000000z-000000",
        url=url,
        urlkey=urlkey(url),
        at=moment,
        role=Role.PAGE,
        status=200,
        payload_digest=f"sha256:{place:064x}",
        payload_length=48_000,
        segment="bench",
        offset=place,
        length=1,
    )
    seen = Observation(capture=capture.id, at=moment, outcome=Outcome.ARTICLE, digest=article.digest)
    return Reading(capture, article, seen, "bench")


def _compare(catalogue: Catalogue) -> None:
    done = catalogue.progress(_LARGEST)
    upto, keys = catalogue.pages_to_compare(_LARGEST)
    catalogue.stale(_LARGEST, keys, "bench")
    seen = catalogue.observed(_LARGEST, keys)
    histories = [judge(_LARGEST, url, key, told, articles) for key, (url, told, articles) in seen.items()]
    catalogue.put_histories(_LARGEST, upto, histories, since=done)
