"""What really goes over the wire: two rounds of capture against papers on loopback, seen from both ends."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import psutil
import pytest
from commands import Done, Workplace, workplace
from paper_server import Ask, PaperServer, answer

from domain.capture import Capture, Role
from pipeline.embedded.shared import Endpoints

NAMES = ("polite", "swift", "moved", "dated", "reloading", "clumsy", "paged")
LAST_MODIFIED = "Wed, 20 May 2026 01:30:00 GMT"

# A site file may hold any Python: this one's author was in a hurry.
CLUMSY = """from domain.site import Entry, Site


class Hasty(Site):
    def is_article(self, url: str) -> bool:
        return bool({"/2026/1001.html": True, "/2026/1002.html": True}[url.removeprefix("http://clumsy.example")])


SITE = Hasty(
    name="clumsy",
    title="clumsy",
    homepage="http://clumsy.example/",
    entries=(Entry(url="http://clumsy.example/"),),
    article=r"/2026/\\d+\\.html$",
)
"""
PAGED = """from domain.site import Entry, Manners, Site

SITE = Site(
    name="paged",
    title="paged",
    homepage="http://paged.example/",
    entries=(Entry(url="http://paged.example/list/1", more="http://paged.example/list/{page}", pages=5),),
    article=r"/2026/\\d+\\.html$",
)
"""


@dataclass
class Scene:
    """The server, the house, and the two rounds; `asked` are the requests of each."""

    papers: PaperServer
    place: Workplace
    rounds: list[Done] = field(default_factory=list)
    asked: list[list[Ask]] = field(default_factory=list)
    listening: list[object] = field(default_factory=list)

    def round(self) -> None:
        before = len(self.papers.asked)
        command = self.place.start("run", *NAMES, "--recheck", "--json")
        self.papers.wait_for(before + 20)
        self.listening += [
            connection
            for connection in psutil.Process(command.process.pid).net_connections("all")
            if connection.status == psutil.CONN_LISTEN
        ]
        self.rounds.append(command.wait())
        self.asked.append(self.papers.asked[before:])

    def requests(self, number: int, place: str) -> list[Ask]:
        return [ask for ask in self.asked[number] if ask.place == place]

    def captures(self, url: str) -> list[Capture]:
        with self.place.catalogue() as catalogue:
            return list(catalogue.captures(url))


@pytest.fixture(scope="module")
def scene(endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("wire") / "house"
    with PaperServer() as papers:
        place = workplace(endpoints, folder, TONGJIAN_CONNECT_TO=f"::127.0.0.1:{papers.port}")
        made = Scene(papers, place)
        _open(made)
        made.round()
        papers.faults["moved.example/2026/1003.html"] = _to("http://elsewhere.example/same")
        made.round()
        yield made


def _open(scene: Scene) -> None:
    place, papers = scene.place, scene.papers
    place.site("polite", "http://polite.example/", delay=0.0, concurrent=1)
    place.site("swift", "http://swift.example/", delay=0.0, concurrent=3)
    for name in ("moved", "dated", "reloading"):
        place.site(name, f"http://{name}.example/", delay=0.0)
    place.site_file("clumsy", CLUMSY)
    place.site_file("paged", PAGED)
    for name, articles in {"polite": 6, "swift": 12, "moved": 6, "dated": 1, "reloading": 2, "clumsy": 3}.items():
        papers.paper(f"{name}.example", articles)
    gate = threading.Event()
    for name in ("polite", "swift"):
        papers.faults[f"{name}.example"] = lambda ask: (gate.wait(0.1), [ask.right()])[1]
    papers.faults |= {
        "moved.example/robots.txt": _to("/rules.html"),
        "moved.example/rules.html": lambda ask: [answer(b"User-agent: *\nDisallow: /2026/1005\n", "200 OK")],
        "moved.example/2026/1001.html": _to("/2026/middle.html", "301 Moved Permanently"),
        "moved.example/2026/middle.html": _to("/2026/new.html"),
        "moved.example/2026/new.html": lambda ask: [_article(ask, "/2026/1001.html")],
        "moved.example/2026/1006.html": _to("http://elsewhere.example/2026/new.html"),
        "elsewhere.example/2026/new.html": lambda ask: [_article(ask, "/2026/1006.html")],
        "elsewhere.example/same": lambda ask: [b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"],
        "moved.example/2026/1002.html": _to("/"),
        "moved.example/2026/1004.html": _to("/404.html"),
        "dated.example/2026/1001.html": _dated,
        "reloading.example/": _reloading,
        "paged.example": _paged,
    }

    def _article(ask: Ask, path: str) -> bytes:
        return answer(papers.papers["moved.example"].stories[path].page().encode())


def _to(where: str, status: str = "302 Found"):  # noqa: ANN202
    return lambda ask: [answer(b"", status, "text/html", f"Location: {where}")]


def _dated(ask: Ask) -> list[bytes]:
    """A server that knows times and no tags."""
    if ask.headers.get("if-modified-since") == LAST_MODIFIED:
        return [b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"]
    body = ask.right().partition(b"\r\n\r\n")[2]
    return [answer(body, "200 OK", "text/html; charset=utf-8", f"Last-Modified: {LAST_MODIFIED}")]


def _reloading(ask: Ask) -> list[bytes]:
    """A list page that asks browsers to load it anew every minute."""
    again = b'<head><meta http-equiv="refresh" content="60; url=http://reloading.example/">'
    return [answer(ask.right().partition(b"\r\n\r\n")[2].replace(b"<head>", again))]


def _paged(ask: Ask) -> list[bytes]:
    """Three list pages of two articles, and nothing after them."""
    number = int(ask.path.removeprefix("/list/")) if ask.path.startswith("/list/") else 0
    if number > 3:
        return [answer(b"", "404 Not Found")]
    if not number:
        return [answer("<html><body><h1>某项工作的通知</h1><p>正文在此。</p></body></html>".encode())]
    rows = "".join(f'<li><a href="/2026/{number}{turn}.html">某项工作的通知{turn}</a></li>' for turn in (1, 2))
    return [answer(f"<html><body><ul>{rows}</ul></body></html>".encode())]


def test_both_rounds_are_done(scene: Scene) -> None:
    assert [done.code for done in scene.rounds] == [3, 3], scene.rounds[0].err[-2000:]
    for done in scene.rounds:
        with_issues = {run["site"] for run in done.json["runs"] if run["issues"]}
        assert with_issues == {"clumsy", "moved"}, done.err[-2000:]


def test_a_crawl_opens_no_port(scene: Scene) -> None:
    assert scene.listening == []


def test_every_request_says_who_asks_and_takes_pages_as_they_are(scene: Scene) -> None:
    for ask in (ask for asked in scene.asked for ask in asked):
        assert ask.headers["user-agent"].startswith("Tongjian/")
        assert ask.headers["user-agent"].endswith("(+https://watch.example/contact)")
        assert ask.headers["accept-encoding"] == "identity"
        assert "cookie" not in ask.headers


def test_robots_are_asked_first_and_obeyed(scene: Scene) -> None:
    for asked in scene.asked:
        for host in {ask.host for ask in asked}:
            assert next(ask.path for ask in asked if ask.host == host) == "/robots.txt"
    assert scene.papers.asked_for("moved.example/2026/1005.html") == []
    refused = [issue for issue in _issues(scene, 0, "moved") if issue["kind"] == "robots"]
    assert [issue["url"] for issue in refused] == ["http://moved.example/2026/1005.html"]


def _issues(scene: Scene, number: int, site: str) -> list[dict[str, str]]:
    return [issue for run in scene.rounds[number].json["runs"] if run["site"] == site for issue in run["issues"]]


def test_a_moved_robots_file_is_no_page(scene: Scene) -> None:
    found = scene.captures("http://moved.example/rules.html")
    assert {capture.role for capture in found} == {Role.ROBOTS}


def test_no_more_is_asked_at_once_than_the_site_bears(scene: Scene) -> None:
    assert scene.papers.most_busy["polite.example"] == 1
    assert 1 < scene.papers.most_busy["swift.example"] <= 3


def test_the_second_time_only_what_changed_is_asked_for(scene: Scene) -> None:
    [first] = scene.requests(0, "swift.example/2026/1001.html")
    [second] = scene.requests(1, "swift.example/2026/1001.html")
    assert "if-none-match" not in first.headers
    captures = scene.captures("http://swift.example/2026/1001.html")
    assert second.headers["if-none-match"] == captures[0].etag
    assert [capture.status for capture in captures] == [200, 304]
    assert captures[1].refers_to is not None
    assert captures[1].refers_to.payload_digest == captures[0].payload_digest == captures[1].payload_digest
    assert scene.place.archive().answer(captures[1]).payload == b""


def test_a_server_without_tags_is_asked_by_time(scene: Scene) -> None:
    [second] = scene.requests(1, "dated.example/2026/1001.html")
    assert second.headers["if-modified-since"] == LAST_MODIFIED
    assert "if-none-match" not in second.headers
    assert [capture.status for capture in scene.captures("http://dated.example/2026/1001.html")] == [200, 304]


def test_entries_are_asked_for_whole(scene: Scene) -> None:
    assert not any("if-none-match" in ask.headers for ask in scene.requests(1, "swift.example/"))


def test_a_304_is_the_same_version_and_no_change(scene: Scene) -> None:
    with scene.place.catalogue() as catalogue:
        for number in range(1001, 1013):
            history = catalogue.history(f"http://swift.example/2026/{number}.html")
            [version] = history["versions"]
            assert version["last_seen"] > version["first_seen"]
    assert scene.rounds[1].json["changes"] == []


@pytest.mark.parametrize(
    ("url", "status", "role", "location", "count"),
    [
        ("http://moved.example/2026/1001.html", 301, Role.PAGE, "/2026/middle.html", 2),
        ("http://moved.example/2026/middle.html", 302, Role.HOP, "/2026/new.html", 2),
        ("http://moved.example/2026/new.html", 200, Role.PAGE, None, 3),  # by itself, too, once it is known
        ("http://moved.example/2026/1006.html", 302, Role.PAGE, "http://elsewhere.example/2026/new.html", 2),
        ("http://elsewhere.example/2026/new.html", 200, Role.PAGE, None, 2),
    ],
)
def test_each_hop_of_a_redirect_is_captured_under_its_own_address(
    scene: Scene, url: str, status: int, role: Role, location: str | None, count: int
) -> None:
    captures = scene.captures(url)
    assert {(item.status, item.role, item.location) for item in captures} == {(status, role, location)}
    assert len(captures) == count


def test_what_is_found_at_the_end_is_an_article_where_it_is_the_sites_own(scene: Scene) -> None:
    with scene.place.catalogue() as catalogue:
        assert len(catalogue.history("http://moved.example/2026/new.html")["versions"]) == 1
        assert catalogue.history("http://elsewhere.example/2026/new.html")["versions"] == []
        assert catalogue.history("http://moved.example/2026/1001.html")["versions"] == []


def test_a_hop_is_not_followed_again_by_itself(scene: Scene) -> None:
    assert len(scene.requests(1, "moved.example/2026/middle.html")) == 1
    assert len(scene.requests(1, "moved.example/404.html")) == 1
    assert {capture.role for capture in scene.captures("http://moved.example/404.html")} == {Role.HOP}


def test_a_page_sent_home_is_kept_as_sent_home(scene: Scene) -> None:
    captures = scene.captures("http://moved.example/2026/1002.html")
    assert {(item.status, item.location) for item in captures} == {(302, "/")}
    home = scene.captures("http://moved.example/")
    assert {item.role for item in home} == {Role.ENTRY, Role.PAGE}
    with scene.place.catalogue() as catalogue:
        assert all(not page["url"].endswith(".example/") for page in catalogue.pages(limit=1000))


def test_a_304_from_elsewhere_confirms_nothing(scene: Scene) -> None:
    """The condition travels along with a redirect; what answers there never held the page."""
    [asked] = scene.requests(1, "elsewhere.example/same")
    assert "if-none-match" in asked.headers
    [capture] = scene.captures("http://elsewhere.example/same")
    assert (capture.status, capture.refers_to, capture.role) == (304, None, Role.HOP)
    with scene.place.catalogue() as catalogue:
        assert catalogue.history("http://moved.example/2026/1003.html")["status"] == "live"


def test_a_list_page_that_reloads_itself_is_read_once(scene: Scene) -> None:
    assert [len(scene.requests(number, "reloading.example/")) for number in (0, 1)] == [1, 1]
    assert len(scene.requests(0, "reloading.example/2026/1002.html")) == 1


def test_list_pages_are_followed_while_they_bring_something_new(scene: Scene) -> None:
    def lists(number: int) -> list[str]:
        return [ask.path for ask in scene.asked[number] if ask.host == "paged.example" and "/list/" in ask.path]

    assert lists(0) == ["/list/1", "/list/2", "/list/3", "/list/4"]
    assert lists(1) == ["/list/1"]


def test_a_fault_in_a_sites_own_file_is_named(scene: Scene) -> None:
    [issue] = _issues(scene, 0, "clumsy")
    assert (issue["kind"], issue["url"]) == ("program", "http://clumsy.example/")
    assert "KeyError" in issue["message"]
    assert "1003" in issue["message"]
