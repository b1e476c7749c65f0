"""Every fault spoils what it says, where it says, as often as it says; the control channel sets them."""

import gzip
import http.client
import json
import zlib
from typing import Any

import pytest
from replica_pages import Ask, Open

from demo.faults import FaultKind
from demo.hosts import HOSTS
from demo.replica import Replica
from domain.errors import ConfigurationError

ENTRY = "http://www.zibotv.com/qdzb/zbgd/ds/yspd/"


@pytest.fixture
def url(replica: Replica) -> str:
    return next(item.url for item in replica.articles() if item.slug == "jingji-yuebao")


@pytest.fixture
def ask(replica: Replica, browser: Open) -> Ask:
    return browser(replica).ask


def test_status_for_a_site_leaves_robots_and_other_sites_alone(replica: Replica, ask: Ask, url: str) -> None:
    replica.fault("qidian-zibo", "status", code=503)
    assert [ask(place).status for place in (url, ENTRY)] == [503, 503]
    assert ask("http://www.zibotv.com/robots.txt").status == 200
    assert ask("http://jining.iqilu.com/").status == 200
    replica.clear("qidian-zibo")
    assert ask(url).status == 200


def test_a_fault_can_wear_off(replica: Replica, ask: Ask, url: str) -> None:
    replica.fault("jingji-yuebao", "status", times=2)
    assert [ask(url).status for _ in range(3)] == [500, 500, 200]


def test_slow_answers_come_right(replica: Replica, ask: Ask, url: str) -> None:
    replica.fault(url, "slow", seconds=0.05)
    assert "1286.35亿元" in ask(url).text


def test_gzip_whole_and_truncated(replica: Replica, ask: Ask, url: str) -> None:
    replica.fault(url, "gzip")
    got = ask(url)
    assert "1286.35亿元" in gzip.decompress(got.body).decode()
    assert replica.payload(url) == got.body
    replica.fault(url, "truncated")
    got = ask(url)
    assert got.headers["Content-Encoding"] == "gzip"
    with pytest.raises(EOFError):
        gzip.decompress(got.body)
    assert zlib.decompressobj(31).decompress(got.body)


def test_short_bodies_end_early(replica: Replica, ask: Ask, url: str) -> None:
    replica.fault(url, "short")
    with pytest.raises(http.client.IncompleteRead):
        ask(url)


def test_empty_garbage_and_captcha(replica: Replica, ask: Ask, url: str) -> None:
    replica.fault(url, "empty")
    assert (ask(url).status, ask(url).body) == (200, b"")
    replica.fault(url, "garbage")
    got = ask(url)
    assert "x-none" in got.headers["Content-Type"]
    for charset in ("utf-8", "gb18030"):
        with pytest.raises(UnicodeDecodeError):
            got.body.decode(charset)
    replica.fault(url, "blocked")
    assert "安全验证" in ask(url).text


def test_redirects_without_end(replica: Replica, ask: Ask, url: str) -> None:
    replica.fault(url, "redirect")
    seen = set()
    for _ in range(5):
        got = ask(url)
        assert got.status == 302
        url = got.headers["Location"]
        seen.add(url)
    assert len(seen) == 5


def test_huge_bodies_are_streamed_and_not_kept(replica: Replica, ask: Ask, url: str) -> None:
    before = ask(url).body
    replica.fault(url, "huge", megabytes=3)
    assert len(ask(url).body) == 3 * 2**20
    assert replica.payload(url) == before


@pytest.mark.parametrize("site", [host.site for host in HOSTS])
def test_entries_without_links(replica: Replica, ask: Ask, site: str) -> None:
    entry = next(host.entry for host in HOSTS if host.site == site)
    url = next(item.url for item in replica.articles() if item.site == site)
    replica.fault(site, "no_links")
    got = ask(entry)
    assert got.status == 200
    assert not any(item.title in got.text for item in replica.articles())
    assert ask(url).status == 200


def test_robots_that_disallow_everything(replica: Replica, ask: Ask, url: str) -> None:
    replica.fault("qidian-zibo", "robots")
    assert ask("http://www.zibotv.com/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert ask(url).status == 200


@pytest.mark.parametrize("slug", ["jingji-yuebao", "jixie-zhan"])
def test_connections_are_reset_plain_and_tls(replica: Replica, ask: Ask, slug: str) -> None:
    url = next(item.url for item in replica.articles() if item.slug == slug)
    replica.fault(url, "reset")
    with pytest.raises((ConnectionError, http.client.HTTPException, OSError)):
        ask(url)
    replica.clear()
    assert ask(url).status == 200


def test_unknown_faults_are_refused(replica: Replica) -> None:
    with pytest.raises(ConfigurationError, match="no fault"):
        replica.fault("toudeng", "earthquake")
    with pytest.raises(ConfigurationError, match="no fault"):
        replica.fault("toudeng", FaultKind.SLOW, minutes=3)


def control(ask: Ask, replica: Replica, verb: str, **given: object) -> tuple[int, Any]:
    url = f"http://127.0.0.1:{replica.port}/_replica/{verb}"
    got = ask(url, "POST", json.dumps(given)) if given else ask(url)
    return got.status, json.loads(got.body)


def test_the_control_channel_acts_and_tells(replica: Replica, ask: Ask, url: str) -> None:
    status, told = control(ask, replica, "edit", url=url, before="1286.35亿元", after="1286.35万元")
    assert (status, told["url"]) == (200, url)
    assert "1286.35万元" in ask(url).text
    assert control(ask, replica, "remove", url=url, mode="soft404")[1]["live"] is False
    assert control(ask, replica, "restore", url=url)[1]["live"] is True
    assert control(ask, replica, "fault", target=url, kind="status", code=500)[0] == 200
    assert ask(url).status == 500
    assert control(ask, replica, "clear", target=url)[1]["faults"] == {}
    status, state = control(ask, replica, "state")
    assert (state["connect_to"], len(state["articles"])) == (replica.connect_to, 40)
    log = control(ask, replica, "log")[1]
    assert [entry["status"] for entry in log if entry["url"] == url] == [200, 500]
    got = ask(f"http://replica.localhost:{replica.port}/_replica/payload?url={url}")
    assert got.body == replica.payload(url)


def test_the_control_channel_refuses_in_words(replica: Replica, ask: Ask) -> None:
    assert control(ask, replica, "edit", url="no-such", before="a", after="b")[0] == 404
    status, told = control(ask, replica, "edit", url="jixie-zhan", before="a")
    assert status == 400
    assert "after missing" in told["error"]
    assert control(ask, replica, "explode", url="jixie-zhan")[0] == 400
    assert control(ask, replica, "remove", url="jixie-zhan", mode="vanish")[0] == 400
    assert ask(f"http://127.0.0.1:{replica.port}/elsewhere").status == 404
    # the sites themselves have no control channel
    assert ask("http://www.zibotv.com/_replica/state").status == 404
