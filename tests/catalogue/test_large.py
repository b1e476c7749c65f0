"""What was made for large catalogues gives the same as what it stands for."""

from collections import Counter

import pytest
from alembic import command
from alembic.config import Config
from making_captures import article, at, capture, entry, fill, missing, shown
from sqlalchemy import event

from catalogue import Catalogue, Reading, searching
from catalogue.upgrading import CATALOGUE
from domain.capture import Role, RunSummary
from domain.change import Observation, Outcome
from domain.urls import urlkey

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


def test_a_history_is_read_from_its_index_alone(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [shown(hours, article(), url(number)) for number in range(40) for hours in range(5)]
    fill(catalogue, [*pages, missing(6, url(3))])
    told: list[str] = []
    event.listen(catalogue.engine, "before_cursor_execute", lambda *said: told.append(said[1].mogrify(*said[2:4])))
    history = catalogue.history(url(3))
    assert [(held["status"], held["reason"]) for held in history["captures"]] == [(200, "")] * 5 + [(404, "status 404")]
    asked = next(said.decode() for said in told if b"FROM captures" in said)
    with catalogue.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE captures")
        plan = "\n".join(connection.exec_driver_sql("EXPLAIN " + asked.replace("%", "%%")).scalars())
    assert "Index Only Scan using captures_address" in plan


def test_a_reason_of_any_length_can_be_put_down(catalogue: Catalogue) -> None:
    far = "redirect to http://login.example.cn/?" + "".join(f"{number:x}" for number in range(9000))
    held = capture(1, url(1), status=302)
    seen = Observation(capture=held.id, at=held.at, outcome=Outcome.UNKNOWN, reason=far)
    fill(catalogue, [Reading(held, None, seen)])
    [row] = catalogue.dump()["captures"]
    assert far.startswith(row["reason"])
    assert len(row["reason"]) == 200


def test_what_the_front_page_counts_is_what_there_is(catalogue: Catalogue) -> None:
    def counted() -> tuple[int, int, dict[str, int]]:
        [site] = catalogue.sites()
        return site["pages"], site["changes"], {name: number for name, number in site["statuses"].items() if number}

    def there() -> tuple[int, int, dict[str, int]]:
        held = catalogue.dump()
        return len(held["pages"]), len(held["changes"]), dict(Counter(page["status"] for page in held["pages"]))

    fill(catalogue, [shown(0, article(), url(number)) for number in range(6)])
    assert counted() == there() == (6, 6, {"live": 6})
    fill(catalogue, [shown(1, article("改了"), url(1)), missing(1, url(2)), shown(1, article(), url(7))])
    fill(catalogue, [missing(2, url(2)), missing(30, url(2)), missing(2, url(3))])
    assert counted() == there()
    assert counted()[2].keys() >= {"live", "edited"}
    late = [missing(0.5, url(1)), missing(0.6, url(1))]
    fill(catalogue, late)
    assert counted() == there()


def test_the_last_run_of_each_site_is_found(catalogue: Catalogue) -> None:
    runs = [("gamma", 3), ("alpha", 1), ("alpha", 5), ("alpha", 2), ("beta", 4)]
    for site, hours in runs:
        catalogue.put_run(
            RunSummary(site=site, run=f"r{hours}", started=at(hours), finished=at(hours), reason="finished")
        )
    said = {row["site"]: row["last_run"]["run"] for row in catalogue.sites()}
    assert said == {"alpha": "r5", "beta": "r4", "gamma": "r3"}


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
