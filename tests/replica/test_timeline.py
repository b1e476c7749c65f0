"""What happens by itself and by request: publishing, edits, removals, restarts."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from replica_pages import Clock, Open

from demo.content import SHIPPED, timeline_of
from demo.replica import Replica
from domain.errors import ConfigurationError, NotFound


def live(replica: Replica) -> set[str]:
    return {f"{item.site}/{item.slug}" for item in replica.articles() if item.live}


def test_thirty_articles_at_zero_and_every_kind_of_event(moving: Replica, clock: Clock) -> None:
    assert len(live(moving)) == 30
    events = timeline_of(SHIPPED)
    assert {event["do"] for event in events} == {"publish", "edit", "revert", "remove", "restore"}
    assert {event["mode"] for event in events if event["do"] == "remove"} == {"404", "soft404", "home"}
    gaps = [b["at"] - a["at"] for a, b in pairwise(events)]
    assert events[0]["at"] == 25, "whoever starts a house should not wait long for the first news"
    assert all(0 < gap <= 50 for gap in gaps)


def test_each_event_of_the_shipped_timeline_does_what_it_says(
    moving: Replica, clock: Clock, browser: Open, caplog: pytest.LogCaptureFixture
) -> None:
    browser(moving).ask("http://www.zibotv.com/robots.txt")
    urls = {f"{item.site}/{item.slug}": item.url for item in moving.articles()}
    for event in timeline_of(SHIPPED):
        url, ask = urls[event["article"]], browser(moving).ask
        clock.move(event["at"] - 1)
        before_text, before = moving.text(url), ask(url)
        clock.move(event["at"])
        after_text, after = moving.text(url), ask(url)
        match event["do"]:
            case "publish":
                assert (before.status, after.status) == (404, 200)
            case "edit":
                assert before_text.replace(event["before"], event["after"], 1) == after_text != before_text
            case "revert":
                assert after_text == (SHIPPED / f"{event['article']}.txt").read_text() != before_text
            case "remove":
                assert before.status == 200
                assert after.status == {"404": 404, "soft404": 200, "home": 302}[event["mode"]]
            case "restore":
                assert after.status == 200
                assert before.status != 200 or "您访问的页面不存在或已被删除" in before.text
    assert not caplog.records
    assert len(live(moving)) == 38


def test_the_first_visit_is_the_zero(moving: Replica, clock: Clock, browser: Open) -> None:
    clock.move(20)
    browser(moving).ask("http://www.zibotv.com/robots.txt")
    clock.move(40)
    assert len(live(moving)) == 30
    clock.move(45)
    assert len(live(moving)) == 31


def test_nothing_happens_without_a_timeline(replica: Replica, clock: Clock) -> None:
    before = live(replica)
    clock.move(3600)
    assert live(replica) == before
    assert len(before) == 40


def test_a_published_article_heads_its_list(moving: Replica, clock: Clock, browser: Open) -> None:
    browser(moving).ask("http://www.zibotv.com/robots.txt")
    clock.move(60)
    page = browser(moving).ask("http://www.zibotv.com/qdzb/zbgd/ds/yspd/").text
    first = page.index("第六届栖河国际陶艺博览会11月开幕", page.index('class="list"'))
    assert first < page.index("前三季度栖河市规上工业增加值增长7.2%", page.index('class="list"'))


@pytest.mark.parametrize(("mode", "status"), [("404", 404), ("soft404", 200), ("home", 302)])
def test_removals_and_what_lists_say_of_them(replica: Replica, browser: Open, mode: str, status: int) -> None:
    ask = browser(replica).ask
    url = next(item.url for item in replica.articles() if item.slug == "jixie-zhan")
    replica.remove(url, mode)
    got = ask(url)
    assert got.status == status
    assert "建厂七十周年" not in got.text
    if mode == "home":
        assert got.headers["Location"] == "https://www.toudeng.cc/"
    else:
        assert "您访问的页面不存在或已被删除" in got.text
    assert url not in ask("https://www.toudeng.cc/culture").text + ask("https://www.toudeng.cc/culture/page/2").text
    replica.restore(url)
    assert "建厂七十周年" in ask(url).text


def test_edits_show_in_page_and_list_and_can_be_taken_back(replica: Replica, browser: Open) -> None:
    ask = browser(replica).ask
    replica.edit("dianshang-jie", "16天卖出3.8亿元", "16天卖出3.8万元")
    url = next(item.url for item in replica.articles() if item.slug == "dianshang-jie")
    assert "16天卖出3.8万元</h1>" in ask(url).text
    api = "http://api.csp.chinamcloud.com/api/cms/list?catalog=keqiao&page={}"
    titles = [item["title"] for n in (1, 2) for item in json.loads(ask(api.format(n)).body)["data"]["list"]]
    assert "栖河直播电商节收官 16天卖出3.8万元" in titles
    replica.revert(url)
    assert "16天卖出3.8亿元</h1>" in ask(url).text


@pytest.mark.parametrize("name", ["folder", "file.json"])
def test_a_restarted_replica_goes_on_where_it_stopped(tmp_path: Path, clock: Clock, name: str) -> None:
    state = tmp_path / name
    with Replica(SHIPPED, state=state, timeline=True, clock=clock) as replica:
        clock.move(100)
        replica.edit("toudeng/jixie-zhan", "七十周年", "七十一周年")
        told, certificate = replica.describe(), replica.certificate
    clock.move(131)
    with Replica(SHIPPED, state=state, timeline=True, clock=clock) as replica:
        assert replica.describe()["zero"] == told["zero"]
        assert replica.certificate == certificate
        assert "七十一周年" in replica.text("toudeng/jixie-zhan")
        assert "1.5万元" in replica.text("shandong-commerce/kaifaqu-anli")
        assert "diyang-keqiao/feishui-chufa" not in live(replica)
        assert "iqilu-jining/gongjiao-tiaozheng" not in live(replica)
        assert replica.describe()["events"]["done"] == 6


def test_another_content_starts_from_its_own_zero(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "content"
    (folder / "toudeng").mkdir(parents=True)
    text = (SHIPPED / "toudeng" / "jixie-zhan.txt").read_text()
    (folder / "toudeng" / "one.txt").write_text(text)
    first = Replica(folder, state=tmp_path / "state", clock=clock)
    first.remove("one")
    (folder / "toudeng" / "one.txt").write_text(text.replace("七十", "八十"))
    clock.move(5)
    second = Replica(folder, state=tmp_path / "state", clock=clock)
    assert live(second) == {"toudeng/one"}
    assert second.describe()["zero"] > first.describe()["zero"]


def test_an_event_that_no_longer_fits_is_left_out_and_logged(
    moving: Replica, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    moving.edit("shandong-commerce/kaifaqu-anli", "设立规模1.5亿元", "设立规模2亿元")
    clock.move(96)
    assert "iqilu-jining/rencai-yinjin" in live(moving)
    assert "设立规模1.5亿元" in caplog.text


def test_wrong_names_and_words_are_refused(replica: Replica) -> None:
    with pytest.raises(NotFound, match="no article"):
        replica.publish("no-such-slug")
    with pytest.raises(ConfigurationError, match="does not hold"):
        replica.edit("jixie-zhan", "没有这句话", "有了")
    with pytest.raises(ConfigurationError):
        replica.remove("jixie-zhan", "vanish")
    with pytest.raises(ConfigurationError, match="no edit"):
        replica.revert("jixie-zhan")


@pytest.mark.parametrize(
    "event",
    [{"at": 1, "do": "explode", "article": "toudeng/one"}, {"do": "publish", "article": "toudeng/one"},
     {"at": 1, "do": "edit", "article": "toudeng/one", "before": "x"}],
)  # fmt: skip
def test_a_wrong_timeline_is_refused_at_the_start(tmp_path: Path, event: dict[str, object]) -> None:
    (tmp_path / "toudeng.txt").write_text((SHIPPED / "toudeng" / "jixie-zhan.txt").read_text())
    (tmp_path / "timeline.json").write_text(json.dumps({"events": [event]}))
    with pytest.raises(ConfigurationError, match="no event"):
        Replica(tmp_path, timeline=True)


def test_a_content_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="holds no text"):
        Replica(tmp_path)
    with pytest.raises(ConfigurationError, match="no such"):
        Replica(tmp_path / "nowhere")


def test_a_held_article_is_not_there_until_published(replica: Replica, browser: Open) -> None:
    url = next(item.url for item in replica.articles() if item.slug == "tingshui-tongzhi")
    replica.hold(url)
    assert browser(replica).ask(url).status == 404
    replica.publish(url)
    assert browser(replica).ask(url).status == 200


def test_a_text_can_be_added_while_it_runs(replica: Replica, browser: Open) -> None:
    text = (SHIPPED / "toudeng" / "jixie-zhan.txt").read_text().replace("第七十个年头", "第八十个年头")
    url = replica.add("toudeng", "later", text)
    assert "第八十个年头" in browser(replica).ask(url).text
    assert url in browser(replica).ask("https://www.toudeng.cc/culture").text
