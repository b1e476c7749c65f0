"""What was made for large catalogues gives the same as what it stands for."""

import pytest
from alembic import command
from alembic.config import Config
from making_captures import URL, article, at, capture, entry, fill, missing, shown

from catalogue import Catalogue, Reading, searching
from catalogue.kinds import Rest
from catalogue.upgrading import CATALOGUE
from domain.capture import Role
from domain.change import Status
from domain.urls import urlkey
from monitor.plan import GONE, LADDER, due

ODD = '制表\t换行\n反斜\\线 \\N \\. {1,2} "引号" 空\x00字 半\ud800个'


def url(number: int) -> str:
    return f"http://news.example.cn/2026/{number}.html"


def test_rows_put_down_by_copy_are_those_put_down_one_by_one(catalogue: Catalogue) -> None:
    entries = [
        (seq, [entry(seq), *(shown(seq, article(f"第{page}篇", ODD * (seq % 3)), url(page)) for page in range(50))])
        for seq in range(1, 9)
    ]
    for seq, readings in entries:
        catalogue.record("alpha", seq, readings)
    one_by_one = catalogue.dump()
    catalogue.clear()
    catalogue.record_many("alpha", entries)
    assert catalogue.dump() == one_by_one
    catalogue.record_many("alpha", [*entries, (9, entries[0][1])])
    assert catalogue.progress("alpha").read_seq == 9
    assert catalogue.counts()["captures"] == 8 * 51, "a segment that two entries name is put down once"


@pytest.mark.parametrize("pace", [1.0, 45.0])
def test_the_plan_takes_from_the_database_what_is_due_and_little_else(catalogue: Catalogue, pace: float) -> None:
    pages = [[shown(hours, article(), url(int(hours * 100)))] for hours in (0, 1, 23, 100, 160, 170, 190, 199, 199.9)]
    lost = [shown(150, article(), URL), missing(151), missing(152)]
    suspect = [shown(180, article(), url(7)), missing(199.5, url(7))]
    dead = [missing(10, url(8))]
    fill(catalogue, *pages, lost, suspect, dead)
    for hours in (0.1, 0.3, 1.1, 3.1, 30, 80, 800):
        moment = at(200 + hours)
        wanted = due(catalogue.page_states("alpha"), moment, pace=pace)
        taken = catalogue.page_states("alpha", Rest(moment, pace, LADDER, GONE))
        assert due(taken, moment, pace=pace) == wanted
        assert [state for state in taken if state.status is not Status.SUSPECT and state not in wanted] == []


def test_known_pages_are_those_ever_fetched_as_a_page(catalogue: Catalogue) -> None:
    part = Reading(capture(1, url(2), role=Role.PART))
    elsewhere = Reading(capture(1, "http://other.example.cn/x.html"))
    hop = Reading(capture(1, url(3), role=Role.HOP))
    fill(catalogue, [entry(0), shown(1, article(), url(1)), part, elsewhere, hop])
    catalogue.record("alpha", 2, [shown(2, article(), url(4)), Reading(capture(2, url(5), role=Role.PART))])
    asked = (url(1), url(2), "http://other.example.cn/x.html", url(4), url(5))
    assert catalogue.known("alpha") == {urlkey(address) for address in asked}
    assert catalogue.known("beta") == set()
    assert catalogue.gone("alpha") == set()


def test_common_words_are_looked_for_in_the_latest_pages_first(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = {"published_precision": "day"}
    dated = [article(f"第{n}篇商务通报", f"会议{'讨论' * (n % 4)}。", published_at=at(n), **day) for n in range(20)]
    fill(catalogue, [shown(30 + n, read, url(n)) for n, read in enumerate(dated)], [shown(60, article("别的"), url(3))])
    queries = ("商务", "商务 讨论", "讨论讨论讨论", "务", "第3篇", "没有")
    rare = {(query, limit): catalogue.search(query, limit) for query in queries for limit in (3, 50)}
    monkeypatch.setattr(searching, "_MANY", -1)
    for latest in (2, 7, 3000):
        monkeypatch.setattr(searching, "_LATEST", latest)
        assert {asked: catalogue.search(*asked) for asked in rare} == rare
        assert catalogue.search("商务", 3, "beta") == []
    assert [found["version"] for found in catalogue.search("第3篇")] == [1]


def test_a_catalogue_of_the_first_form_is_brought_to_the_newest(database: str) -> None:
    with Catalogue(database) as catalogue:
        config = Config()
        config.set_main_option("script_location", str(CATALOGUE.folder))
        with catalogue.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            connection.exec_driver_sql(_OLD)
        catalogue.upgrade()
        assert catalogue.count_stale("alpha", "2.0") == 1, "who read it is not known, so it is read again"
        [site] = catalogue.sites()
        assert (site["captures"], site["last_capture"]) == (2, "2026-03-01T10:00:00.000000Z")
        [row] = catalogue.dump()["articles"]
        assert row["folded"] == "会议召开 ab"
        assert len(row["grams"]) == 6
        assert catalogue.changes() == ()


_OLD = """
INSERT INTO captures (id, site, run, url, urlkey, at, role, status, payload_digest, payload_length, flags, segment,
  "offset", length, seq, kind, article_digest, outcome, reason)
VALUES ('a', 'alpha', 'r', 'http://x.cn/1', 'cn,x)/1', '2026-03-01 09:00Z', 'page', 200, 'sha256:a', 1, '[]', 's', 0, 1,
    1, 'article', 'sha256:d', 'article', ''),
  ('b', 'alpha', 'r', 'http://x.cn/1', 'cn,x)/1', '2026-03-01 10:00Z', 'page', 304, 'sha256:a', 1, '[]', 's', 0, 1,
    1, NULL, NULL, 'same', 'status 304');
INSERT INTO articles (site, digest, title, published_precision, text, body, capture, reader, folded, grams)
VALUES ('alpha', 'sha256:d', '会议召开', 'first_seen', 'AB', '{}', 'a', 'generic', '', '{}');
INSERT INTO progress VALUES ('alpha', 1, 1);
"""
