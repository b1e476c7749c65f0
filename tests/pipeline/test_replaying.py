"""Another reader reads otherwise; that is never taken for a publisher's edit, and the past can be read again."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from listeners import listener
from newspaper import SITE, Newspaper, database, page, url

from alerts import outbox
from alerts.kinds import Matter
from catalogue.generations import forget
from domain.article import Article, Block, Kind
from domain.change import Change, Status
from domain.clock import now
from domain.errors import NotFound, Overtaken
from monitor.judge import judge
from pipeline import comparing, replaying
from pipeline.comparing import compare_site
from pipeline.embedded.shared import Endpoints
from pipeline.house import House
from pipeline.readers import reader_of
from pipeline.rebuilding import rebuild
from pipeline.replaying import Replayed, replay
from pipeline.steps import Steps

_NUMBERS = count(1)
EDITED = "更正：新签约项目总投资由20亿元调整为12亿元。"


def with_suffix(article: Article) -> str:
    return f"{article.title}_某某新闻网"


def without_first(article: Article) -> tuple[Block, ...]:
    return article.body[1:]


def other_than(title: str, article: Article) -> Kind:
    return Kind.OTHER if title in (article.title or "") else Kind.ARTICLE


@pytest.fixture
def told(house: House) -> None:
    """A subscription to everything, made before the first capture."""
    listener(house, "all", since="2026-01-01")


def to_tell(house: House) -> set[tuple[str, str]]:
    """Changes that a notifier would tell now, as (type, url)."""
    found = map(house.catalogue.change, outbox.untold(house.catalogue.engine))
    return {(change.type.value, change.url) for change in found}


def tell(house: House) -> set[tuple[str, str]]:
    """The same, and they are told."""
    found = to_tell(house)
    ids = outbox.untold(house.catalogue.engine)
    matters = [Matter(house.catalogue.change(id), "", "") for id in ids]
    assert outbox.enqueue(house.catalogue.engine, matters, "http://room.example", now()).notices == len(found)
    return found


def kinds(changes: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.type.value, change.url) for change in changes]


@pytest.mark.usefixtures("told")
def test_a_better_reader_raises_no_false_edit(house: House, paper: Newspaper) -> None:
    paper.answers = {url(number): page(number) for number in range(1, 6)}
    paper.reader("1.0", title=with_suffix)
    assert {kind for kind, _ in kinds(paper.round())} == {"new"}
    tell(house)
    paper.todays_reader()
    assert paper.round() == ()
    assert to_tell(house) == set()
    assert {change.type.value for change in house.catalogue.changes()} == {"new"}
    version, article, _ = house.catalogue.version(url(1))
    assert (version.number, version.captures, article.title) == (1, 2, "全市商务工作第1次会议召开")
    assert house.catalogue.counts()["articles"] == 5, "what the older reader saw is no version any more"


@pytest.mark.usefixtures("told")
def test_a_real_edit_in_the_first_round_after_an_upgrade_is_told(house: House, paper: Newspaper) -> None:
    paper.answers = {url(number): page(number) for number in range(1, 4)}
    paper.reader("1.0", title=with_suffix)
    paper.round()
    tell(house)
    paper.todays_reader()
    paper.answers[url(2)] = page(2, EDITED)
    paper.answers[url(3)] = None
    assert kinds(paper.round()) == [("edited", url(2))]
    assert kinds(paper.round()) == [("removed", url(3))]
    assert tell(house) == {("edited", url(2)), ("removed", url(3))}
    (edit,) = house.catalogue.changes(type="edited")
    assert [item.name for item in edit.fields] == ["body"]


@pytest.mark.usefixtures("told")
def test_an_old_edit_that_only_todays_reader_sees_is_marked_and_not_told(house: House, paper: Newspaper) -> None:
    paper.answers = {url(1): page(1)}
    paper.reader("1.0", body=without_first)
    paper.round()
    paper.answers[url(1)] = page(1, EDITED)
    assert paper.round() == (), "the older reader is blind to it"
    tell(house)
    paper.todays_reader()
    assert paper.round() == ()
    assert [(change.type.value, change.reread) for change in house.catalogue.changes()] == [
        ("edited", True),
        ("new", False),
    ]
    assert to_tell(house) == set()
    rebuild(house, {SITE.name: SITE})
    assert [change.reread for change in house.catalogue.changes()] == [True, False]
    assert to_tell(house) == set()


@pytest.mark.usefixtures("told")
def test_a_rebuild_by_another_reader_tells_nobody_of_the_past(house: House, paper: Newspaper) -> None:
    paper.answers = {url(1): page(1)}
    paper.reader("1.0", body=without_first)
    paper.round()
    paper.answers[url(1)] = page(1, EDITED)
    paper.round()
    tell(house)
    paper.todays_reader()
    paper.answers[url(1)] = page(1)
    paper.capture()
    rebuild(house, {SITE.name: SITE})
    assert [(change.version, change.reread) for change in house.catalogue.changes()] == [
        (3, False),
        (2, True),
        (1, False),
    ]
    assert to_tell(house) == {("edited", url(1))}, "what came since the last comparison is news"


def test_pages_not_captured_since_are_left_as_they_were_read(house: House, paper: Newspaper) -> None:
    paper.answers = {url(1): page(1), url(2): page(2)}
    paper.reader("1.0", title=with_suffix)
    paper.round()
    paper.todays_reader()
    paper.round(1)
    assert house.catalogue.count_stale(SITE.name, reader_of(SITE)) == 1
    assert house.catalogue.version(url(2))[1].title == "全市商务工作第2次会议召开_某某新闻网"


def test_what_is_read_again_page_by_page_is_what_a_rebuild_gives(
    house: House, paper: Newspaper, endpoints: Endpoints
) -> None:
    paper.answers = {url(number): page(number) for number in range(1, 5)} | {url(9): page(1)}
    paper.reader("1.0", title=with_suffix, body=without_first)
    paper.round()
    paper.answers[url(2)] = page(2, EDITED)
    paper.answers[url(3)] = None
    paper.round()
    paper.todays_reader()
    paper.round()
    assert rebuilt(house, endpoints) == unmarked(house.catalogue.dump())


def rebuilt(house: House, endpoints: Endpoints) -> dict[str, list[dict[str, Any]]]:
    """The rows of a catalogue made from the bucket alone, in a database of its own."""
    chosen = house.settings.model_copy(update={"database": database(endpoints, f"again{next(_NUMBERS)}")})
    again = House(chosen, house.keys, house.stack)
    rebuild(again, {SITE.name: SITE})
    return unmarked(again.catalogue.dump())


def unmarked(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Without the marks of re-reading: a bucket does not know who was told what."""
    for change in rows["changes"]:
        del change["reread"]
    return rows


def test_mending_a_sites_file_makes_another_reader() -> None:
    from parsers.declare import SiteReader, one

    class Reader(SiteReader):
        title = one("h1")

    class Mended(SiteReader):
        title = one("h1.title")

    names = {reader_of(SITE.model_copy(update={"readers": readers})) for readers in ((), (Reader,), (Mended,))}
    assert len(names) == 3
    assert reader_of(SITE.model_copy(update={"tags": ("x",), "owner": "y"})) == reader_of(SITE)
    assert all(set(name) <= set("0123456789abcdefghijklmnopqrstuvwxyz._-") for name in names)


@pytest.mark.usefixtures("told")
def test_replay_reports_switches_and_goes_back(house: House, paper: Newspaper, endpoints: Endpoints) -> None:
    paper.answers = {url(number): page(number) for number in range(1, 5)}
    paper.reader("1.0", title=with_suffix, body=without_first)
    paper.round()
    paper.answers[url(2)] = page(2, EDITED)
    paper.round()
    tell(house)
    before = house.catalogue.dump()
    paper.todays_reader()
    dry = replay(house, SITE, dry=True)
    assert house.catalogue.dump() == before
    assert (dry.switched, replay(house, SITE)) == (False, Replayed(SITE.name, switched=True, report=dry.report))
    _says_what_changes(dry)
    assert to_tell(house) == set()
    assert [change.reread for change in house.catalogue.changes(type="edited")] == [True]
    assert unmarked(house.catalogue.dump()) == rebuilt(house, endpoints)
    assert replay(house, SITE) == Replayed(SITE.name, switched=False), "there is nothing left to read again"
    assert replay(house, SITE, back=True).switched
    assert house.catalogue.dump() == before
    assert replay(house, SITE).switched
    assert unmarked(house.catalogue.dump()) == rebuilt(house, endpoints)
    assert to_tell(house) == set()


def _says_what_changes(dry: Replayed) -> None:
    said = dry.report
    assert said is not None
    assert (said.reader, said.captures, said.readings) == (reader_of(SITE), 8, 5)
    assert (said.fields["title"].number, said.fields["body"].number, said.versions) == (5, 5, 5)
    example = said.fields["title"].examples[0]
    assert (example.url, example.before, example.after) == (
        url(1),
        "全市商务工作第1次会议召开_某某新闻网",
        "全市商务工作第1次会议召开",
    )
    assert {name: count.number for name, count in said.appearing.items()} == {"edited": 1}
    assert said.appearing["edited"].examples[0].url == url(2)
    assert not said.disappearing


def test_articles_that_are_lost_or_gained_are_named(house: House, paper: Newspaper) -> None:
    paper.answers = {url(1): page(1), url(2): page(2)}
    paper.reader("1.0", kind=lambda article: other_than("第1次", article))
    paper.round()
    paper.reader("1.1", kind=lambda article: other_than("第2次", article))
    said = replay(house, SITE).report
    assert said is not None
    assert [example.url for example in said.gained.examples] == [url(1)]
    assert [example.url for example in said.lost.examples] == [url(2)]
    assert {name: count.number for name, count in said.kinds.items()} == {"other → article": 1, "article → other": 1}
    assert set(said.appearing) == set(said.disappearing) == {"new"}
    assert house.catalogue.page_states(SITE.name)[0].status is Status.LIVE


def test_a_replay_that_was_ended_goes_on(house: House, paper: Newspaper) -> None:
    paper.answers = {url(number): page(number) for number in range(1, 4)}
    paper.reader("1.0", title=with_suffix)
    for _ in range(4):
        paper.round()
    before = house.catalogue.dump()
    paper.todays_reader()
    paper.patch.setattr("pipeline.reading._BATCH", 1)

    def stop(entry: Any) -> None:
        if entry.seq == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(house, SITE, steps=Steps(entry=stop))
    assert house.catalogue.dump() == before
    seen: list[int] = []
    assert replay(house, SITE, steps=Steps(entry=lambda entry: seen.append(entry.seq))).switched
    assert seen == [3, 4]
    assert house.catalogue.count_stale(SITE.name, reader_of(SITE)) == 0


@pytest.mark.usefixtures("told")
def test_what_comes_during_a_replay_is_news(house: House, paper: Newspaper) -> None:
    """Captures are read and compared by another process after the replay had read all there was."""
    paper.answers = {url(1): page(1), url(2): page(2)}
    paper.reader("1.0", title=with_suffix)
    paper.round()
    tell(house)
    paper.todays_reader()
    paper.answers[url(2)] = page(2, EDITED)
    late = iter([True])

    def meanwhile(pages: int) -> None:
        if next(late, False):
            paper.round()

    assert replay(house, SITE, steps=Steps(pages=meanwhile)).switched
    assert tell(house) == {("edited", url(2))}
    assert len(house.catalogue.captures(url(1))) == 2


def test_a_comparison_that_a_switch_overtakes_begins_again(house: House, paper: Newspaper) -> None:
    paper.answers = {url(1): page(1)}
    paper.reader("1.0", title=with_suffix)
    paper.round()
    done = house.catalogue.progress(SITE.name)
    seen = house.catalogue.observations(SITE.name, "cn,example,news)/2026/1.html")
    history = judge(SITE.name, seen[0], "cn,example,news)/2026/1.html", seen[1], seen[2])
    paper.todays_reader()
    replay(house, SITE)
    with pytest.raises(Overtaken):
        house.catalogue.put_histories(SITE.name, 1, [history], since=done)
    with overtaken_once(paper):
        paper.capture()
        assert paper.read() == ()
    assert house.catalogue.version(url(1))[0].captures == 2


@contextmanager
def overtaken_once(paper: Newspaper) -> Iterator[None]:
    """Another process compares the site between the judging and the writing of the next comparison."""
    real, first = comparing._judged, iter([True])

    def judged(*given: Any) -> Any:
        found = real(*given)
        if next(first, False):
            compare_site(paper.house, paper.site)
        return found

    with paper.patch.context() as patch:
        patch.setattr(comparing, "_judged", judged)
        yield


def test_there_is_nothing_to_go_back_to_before_the_first_replay(house: House, paper: Newspaper) -> None:
    paper.answers = {url(1): page(1)}
    paper.round()
    with pytest.raises(NotFound, match="no other reading"):
        replay(house, SITE, back=True)
    assert replay(house, SITE) == Replayed(SITE.name, switched=False)


def test_several_processes_read_the_same(house: House, paper: Newspaper, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site is a retired one to them, for it has no file; its pages are its own all the same."""
    paper.answers = {url(number): page(number) for number in range(1, 4)}
    paper.reader("1.0", title=with_suffix)
    paper.round()
    paper.todays_reader()
    assert replay(house, SITE, jobs=2).switched
    assert house.catalogue.version(url(3))[1].title == "全市商务工作第3次会议召开"
    assert replaying.processes() >= 1


def test_a_migration_drops_what_is_beside(house: House, paper: Newspaper) -> None:
    paper.answers = {url(1): page(1)}
    paper.reader("1.0", title=with_suffix)
    paper.round()
    paper.todays_reader()
    replay(house, SITE)
    with house.catalogue.engine.begin() as connection:
        forget(connection)
    with pytest.raises(NotFound):
        replay(house, SITE, back=True)
    assert house.catalogue.generation(SITE.name, "live") is not None
