"""The catalogue against a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from making_captures import (
    URL,
    article,
    at,
    capture,
    compare,
    confirmed,
    entry,
    fill,
    missing,
    sha,
    shown,
)

from catalogue import Catalogue, Progress, Reading
from domain.capture import Issue, RunSummary
from domain.change import ChangeType, Status
from domain.errors import CatalogueError, ConfigurationError, NotFound
from domain.urls import urlkey

OTHER = "http://news.example.cn/2026/b2.html"


def test_upgrade_is_repeatable_and_matches_the_tables(database: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from catalogue import schema
    from catalogue.upgrading import CATALOGUE

    with Catalogue(database) as catalogue:
        catalogue.upgrade()
        catalogue.upgrade()
        with catalogue.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": CATALOGUE.table})
            assert compare_metadata(context, schema.metadata) == []


def test_processes_that_start_at_once_take_turns(database: str) -> None:
    def begin(seq: int) -> dict[str, int]:
        with Catalogue(database) as catalogue:
            catalogue.upgrade()
            catalogue.record("alpha", 1, [shown(1, article())])
            return catalogue.counts()

    with ThreadPoolExecutor(4) as pool:
        counted = list(pool.map(begin, range(4)))
    assert {counts["captures"] for counts in counted} == {1}


def test_missing_tables_and_a_missing_server_are_said_in_our_words(database: str) -> None:
    with Catalogue(database) as catalogue, pytest.raises(CatalogueError) as missing_tables:
        catalogue.progress("alpha")
    assert "upgrade" in (missing_tables.value.hint or "")
    away = "postgresql://somebody:secret@/x?host=/nowhere-at-all"
    with Catalogue(away) as catalogue, pytest.raises(CatalogueError) as no_server:
        catalogue.counts()
    assert "secret" not in str(no_server.value)
    assert no_server.value.hint


@pytest.mark.parametrize("url", ["sqlite:///x.db", "nonsense"])
def test_an_address_that_is_not_postgresql_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        Catalogue(url)


def test_recording_is_idempotent_and_refuses_gaps(catalogue: Catalogue) -> None:
    assert catalogue.progress("alpha") == Progress(0, 0)
    catalogue.record("alpha", 1, [entry(0), shown(1, article())])
    before = catalogue.dump()
    catalogue.record("alpha", 1, [shown(1, article()), shown(9, article("别的"))])
    assert catalogue.dump() == before
    with pytest.raises(CatalogueError, match="entry 3 cannot follow entry 1"):
        catalogue.record("alpha", 3, [shown(2, article())])
    assert catalogue.progress("alpha") == Progress(1, 0)
    catalogue.record("alpha", 2, [])
    assert catalogue.progress("alpha") == Progress(2, 0)


def test_a_capture_of_another_site_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match="beta"):
        catalogue.record("alpha", 1, [shown(1, article(), site="beta")])
    assert catalogue.counts()["captures"] == 0


def test_only_touched_pages_are_compared(catalogue: Catalogue) -> None:
    fill(catalogue, [entry(0), shown(1, article()), shown(1, article("别的"), OTHER)])
    assert catalogue.pages_to_compare("alpha") == (1, ())
    catalogue.record("alpha", 2, [missing(2, OTHER)])
    assert catalogue.pages_to_compare("alpha") == (2, (urlkey(OTHER),))
    assert catalogue.pages_to_compare("unknown") == (0, ())


def test_captures_and_articles_come_back_as_they_went(catalogue: Catalogue) -> None:
    read = article(document_numbers=("淄发〔2017〕17号",), authors=("张三", "李四"))
    first = shown(1, read)
    fill(catalogue, [first])
    url, seen, articles = catalogue.observations("alpha", urlkey(URL))
    assert (url, seen, articles) == (URL, (first.observation,), {read.digest: read})
    assert catalogue.capture(first.capture.id) == first.capture
    version, article_back, capture_back = catalogue.version(URL, 1)
    assert (version.number, article_back, capture_back) == (1, read, first.capture)
    with pytest.raises(NotFound):
        catalogue.version(URL, 2)
    with pytest.raises(NotFound):
        catalogue.observations("alpha", "cn,example)/none")


def test_text_that_postgresql_cannot_hold_does_not_stop_a_run(catalogue: Catalogue) -> None:
    read = article("标题\x00", "正文\ud800很好")
    fill(catalogue, [shown(1, read, location="/\x00")])
    _, seen, articles = catalogue.observations("alpha", urlkey(URL))
    assert seen[0].digest == read.digest
    assert articles[read.digest].title == "标题�"
    assert [found["title"] for found in catalogue.search("很好")] == ["标题�"]


def test_the_way_of_a_page(catalogue: Catalogue) -> None:
    first = shown(1, article())
    second = shown(3, article(body="总投资3000万元。"))
    new = fill(catalogue, [first, confirmed(2, first)], [second])
    assert [(change.type, change.version) for change in new] == [("new", 1), ("edited", 2)]
    assert compare(catalogue) == ()
    gone = fill(catalogue, [missing(4)], [missing(5)])
    assert [(change.type, change.reason) for change in gone] == [("removed", "status 404")]
    back = fill(catalogue, [shown(6, article())])
    assert [(change.type, change.version, change.reverts_to) for change in back] == [("restored", 3, 1)]
    assert [change.type for change in catalogue.changes()] == ["restored", "removed", "edited", "new"]
    assert [change.id for change in catalogue.changes()] == [c.id for c in (*back, *gone, *reversed(new))]
    assert catalogue.change(gone[0].id) == gone[0]


def test_a_late_capture_rejudges_and_stale_changes_go(catalogue: Catalogue) -> None:
    told = fill(catalogue, [shown(1, article()), missing(3)], [missing(5)])
    assert [change.type for change in told] == ["new", "removed"]
    again = fill(catalogue, [shown(4, article())])
    assert again == ()
    assert [change.type for change in catalogue.changes()] == ["new"]
    assert catalogue.page_states("alpha")[0].status is Status.SUSPECT


def test_a_304_says_what_its_payload_said(catalogue: Catalogue) -> None:
    soft = missing(2, status=200, etag='"soft"')
    first = shown(1, article())
    new = fill(catalogue, [first, soft, confirmed(3, soft)])
    assert [(change.type, change.reason) for change in new] == [("new", ""), ("removed", "status 200")]
    assert fill(catalogue, [confirmed(4, first)])[0].type is ChangeType.RESTORED


def test_page_states_refer_to_the_last_capture_that_showed_an_article(catalogue: Catalogue) -> None:
    first = shown(1, article(), last_modified="Sun, 01 Mar 2026 08:00:00 GMT")
    fill(catalogue, [first, confirmed(2, first), missing(3)])
    (state,) = catalogue.page_states("alpha")
    assert (state.urlkey, state.url, state.status) == (urlkey(URL), URL, Status.SUSPECT)
    assert (state.first_seen, state.last_checked, state.changed_at) == (at(1), at(3), at(1))
    assert state.validators.etag == '"1"'
    assert state.validators.last_modified == "Sun, 01 Mar 2026 08:00:00 GMT"
    assert state.validators.reference is not None
    assert state.validators.reference.at == at(1)
    assert state.validators.reference.payload_digest == first.capture.payload_digest


def test_a_page_never_seen_as_an_article_is_known_and_planned(catalogue: Catalogue) -> None:
    assert fill(catalogue, [entry(0), missing(1)]) == ()
    assert catalogue.known("alpha") == {urlkey(URL)}
    (state,) = catalogue.page_states("alpha")
    assert (state.status, state.validators.reference, state.changed_at) == (Status.SUSPECT, None, None)


def test_a_front_page_reached_by_a_redirect_is_evidence_and_no_page_of_ours(catalogue: Catalogue) -> None:
    front = Reading(capture(1, "http://news.example.cn/"), article(kind="home"))
    assert fill(catalogue, [front, shown(1, article())])
    assert [state.url for state in catalogue.page_states("alpha")] == [URL]
    assert catalogue.counts()["articles"] == 1
    assert catalogue.history("http://news.example.cn/")["versions"] == []


def test_changes_are_filtered_and_paged(catalogue: Catalogue) -> None:
    fill(catalogue, [shown(hour, article(f"第{hour}篇"), f"http://news.example.cn/{hour}") for hour in range(6)])
    fill(catalogue, [shown(2, article(), site="beta")], site="beta")
    everything = catalogue.changes()
    assert len(everything) == 7
    assert len(catalogue.changes(site="beta")) == 1
    assert len(catalogue.changes(since=at(3))) == 3
    assert catalogue.changes(type="removed") == ()
    assert len(catalogue.changes(url="http://www.news.example.cn/3")) == 1
    paged = []
    last = None
    while page := catalogue.changes(limit=2, after_id=last):
        paged += page
        last = page[-1].id
    assert tuple(paged) == everything
    assert catalogue.changes(newest=False) == everything[::-1]
    with pytest.raises(NotFound):
        catalogue.changes(after_id="none")


def test_history_has_its_shape(catalogue: Catalogue) -> None:
    first = shown(1, article())
    second = shown(2, article("招商引资项目竣工"))
    fill(catalogue, [first, second, missing(3), missing(4)])
    told = catalogue.history(URL)
    assert (told["url"], told["site"], told["status"]) == (URL, "alpha", "gone")
    assert [(row["version"], row["change"]) for row in told["versions"]] == [(1, "new"), (2, "edited")]
    assert told["versions"][1]["first_seen"] == "2026-03-01T10:00:00.000000Z"
    assert told["versions"][0]["article_digest"] == first.observation.digest  # type: ignore[union-attr]
    assert [row["status"] for row in told["captures"]] == [200, 200, 404, 404]
    assert told["captures"][0]["payload_digest"] == first.capture.payload_digest
    assert told["changes"][1]["fields"] == [
        {"name": "title", "before": "招商引资项目开工", "after": "招商引资项目竣工"}
    ]
    assert catalogue.history(URL.replace("http://", "https://www."))["status"] == "gone"
    with pytest.raises(NotFound):
        catalogue.history(OTHER)


def test_capture_at_any_time(catalogue: Catalogue) -> None:
    first, second = shown(1, article()), shown(3, article("改了"))
    third = confirmed(5, second)
    fill(catalogue, [first, second, third])
    assert catalogue.capture_at(URL, at(2)) == first.capture
    assert catalogue.capture_at(URL, at(3)) == second.capture
    assert catalogue.capture_at(URL, at(0)) == first.capture
    assert catalogue.capture_at(URL) == third.capture
    assert catalogue.payload_of(third.capture) == second.capture
    assert catalogue.payload_of(first.capture) == first.capture
    assert [held.at for held in catalogue.captures(URL)] == [at(1), at(3), at(5)]
    with pytest.raises(NotFound):
        catalogue.capture_at(OTHER)
    strange = capture(6, status=304, refers_to={"url": URL, "at": at(2), "payload_digest": sha("x")})
    with pytest.raises(NotFound):
        catalogue.payload_of(strange)


def test_search_wants_every_word_and_knows_width_and_case(catalogue: Catalogue) -> None:
    day = {"published_at": at(-9), "published_precision": "day"}
    dated = article("济宁市商务局ＧＤＰ通报", "全市增长３.5%。", **day)
    fill(
        catalogue,
        [
            shown(1, dated),
            shown(2, article("济南新闻", "今日天气100%晴_好。"), OTHER),
        ],
    )
    assert [found["url"] for found in catalogue.search("济宁 gdp")] == [URL]
    assert [found["url"] for found in catalogue.search("3.5%")] == [URL]
    assert [found["url"] for found in catalogue.search("济")] == [OTHER, URL]
    assert [found["url"] for found in catalogue.search("新闻 天气")] == [OTHER]
    assert [found["url"] for found in catalogue.search("晴_好")] == [OTHER]
    assert catalogue.search("晴%好") == catalogue.search("济宁 天气") == catalogue.search("  ") == []
    assert len(catalogue.search("济", limit=1)) == 1
    (known,), (dateless,) = catalogue.search("商务局"), catalogue.search("天气")
    assert (known["published_at"], known["published_precision"]) == ("2026-03-01T07:00:00+08:00", "day")
    assert (dateless["published_at"], dateless["published_precision"]) == (
        "2026-03-01T18:00:00+08:00",
        "first_seen",
    )
    assert "商务局" in known["snippet"]


def test_search_finds_what_a_page_no_longer_says(catalogue: Catalogue) -> None:
    shows = [shown(1, article(body="承诺退款。")), shown(2, article(body="不再承诺。"))]
    fill(catalogue, [*shows, missing(3), missing(4)])
    (found,) = catalogue.search("退款")
    assert (found["version"], found["current"], found["status"]) == (1, False, "gone")
    (found,) = catalogue.search("承诺")
    assert (found["version"], found["current"]) == (2, True)


def test_runs_and_sites(catalogue: Catalogue) -> None:
    issue = Issue(kind="timeout", site="alpha", message="alpha: slow", level="warning")
    run = RunSummary(site="alpha", run="r1", started=at(0), finished=at(1), reason="finished", issues=(issue,))
    later = run.model_copy(update={"run": "r2", "started": at(5), "links": 7})
    for summary in (run, later, later.model_copy(update={"links": 8})):
        catalogue.put_run(summary)
    assert [(item.run, item.links) for item in catalogue.runs("alpha")] == [("r2", 8), ("r1", 0)]
    assert catalogue.runs()[1] == run
    assert catalogue.runs("beta") == ()
    fill(catalogue, [entry(0), shown(1, article()), missing(2, OTHER)])
    (site,) = catalogue.sites()
    assert (site["site"], site["pages"], site["captures"], site["changes"]) == ("alpha", 2, 3, 1)
    assert (site["statuses"]["live"], site["statuses"]["suspect"], site["statuses"]["gone"]) == (1, 1, 0)
    assert site["last_run"]["run"] == "r2"
    assert [row["url"] for row in catalogue.pages("alpha")] == [URL, OTHER]
    assert [row["url"] for row in catalogue.pages(status="suspect")] == [OTHER]
    assert catalogue.pages(limit=1, offset=1)[0]["url"] == OTHER


def test_clear_takes_one_site_or_all(catalogue: Catalogue) -> None:
    fill(catalogue, [shown(1, article())])
    fill(catalogue, [shown(1, article(), site="beta")], site="beta")
    catalogue.clear("alpha")
    assert catalogue.progress("alpha") == Progress()
    assert catalogue.counts()["captures"] == catalogue.counts()["changes"] == 1
    catalogue.clear()
    assert set(catalogue.counts().values()) == {0}


def test_a_rebuild_gives_the_same_rows_however_comparison_was_cut(catalogue: Catalogue) -> None:
    first = shown(1, article())
    entries = [
        [entry(0), first],
        [shown(2, article(body="总投资3亿元。")), shown(2, article("别的"), OTHER)],
        [missing(3), confirmed(3, first, OTHER)],
        [missing(4)],
        [shown(5, article())],
    ]
    for readings in entries:
        fill(catalogue, readings)
    before = catalogue.dump()
    catalogue.clear()
    fill(catalogue, *entries)
    assert catalogue.dump() == before
    assert before["changes"]
