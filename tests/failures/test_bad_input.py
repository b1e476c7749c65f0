"""Sites that fail in every way a wire allows: each failure is named on the run, with site and address; everyone
else's pages come through; nothing that was kept is lost, and no page seems to change because its server was ill.

One story in three rounds: all is well; everything breaks at once; all is well again.
"""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import spoiling
import trustme
from commands import Done, Workplace, workplace
from paper_server import Fault, PaperServer, Story

from demo.content import SHIPPED
from demo.replica import Replica
from demo.tls import server_context
from pipeline.embedded.shared import Endpoints
from sites import get

_MEGABYTE = 2**20

# A page's fault, the issue it must leave, and which step can see it.
PAGES: dict[str, tuple[Fault, str | None, str]] = {
    "error-500": (spoiling.status("500 Internal Server Error"), "status", "capture"),
    "forbidden": (spoiling.status("403 Forbidden"), "status", "capture"),
    "status-999": (spoiling.status("999 Odd"), "status", "capture"),
    "empty": (spoiling.empty, "empty", "capture"),
    "gb18030-called-utf8": (spoiling.gb18030_called_utf8, "charset", "read"),
    "utf8-called-gb2312": (spoiling.utf8_called_gb2312, "charset", "read"),
    "no-charset-fits": (spoiling.no_charset_fits, "charset", "read"),
    "gzip-cut": (spoiling.gzip_cut, "unreadable", "read"),
    "gzip-damaged": (spoiling.gzip_damaged, "unreadable", "read"),
    "gzip-bomb": (spoiling.gzip_bomb, "other", "read"),
    "captcha": (spoiling.captcha, "blocked", "read"),
    "short": (spoiling.short, "truncated", "capture"),
    "huge-announced": (spoiling.huge(300, announced=True), "too-large", "capture"),
    "huge-unannounced": (spoiling.huge(300, announced=False), "too-large", "capture"),
    "redirect-loop": (spoiling.redirect_on, "redirect-loop", "capture"),
    "redirect-nowhere": (spoiling.redirect_nowhere, "status", "capture"),
    "slow-loris": (spoiling.drip, "timeout", "capture"),
    "no-http": (spoiling.garbage, "protocol", "capture"),
    "hang-up": (spoiling.hang_up, "connection", "capture"),
    "odd-headers": (spoiling.odd_headers, None, "capture"),
}
# The same for entry pages.
LISTS: dict[str, tuple[Fault, str]] = {
    "error-500": (spoiling.status("500 Internal Server Error"), "entry-status"),
    "missing": (spoiling.status("404 Not Found"), "entry-status"),
    "empty": (spoiling.empty, "empty"),
    "no-links": (spoiling.no_links, "no-links"),
    "captcha": (spoiling.captcha, "no-links"),
    "gzip-cut": (spoiling.gzip_cut, "entry-unreadable"),
    "gzip-damaged": (spoiling.gzip_damaged, "entry-unreadable"),
    "gzip-bomb": (spoiling.gzip_bomb, "entry-odd"),
    "short": (spoiling.short, "truncated"),
    "huge": (spoiling.huge(300, announced=False), "too-large"),
    "redirect-loop": (spoiling.redirect_on, "redirect-loop"),
    "redirect-nowhere": (spoiling.redirect_nowhere, "status"),
    "slow-loris": (spoiling.drip, "timeout"),
    "no-http": (spoiling.garbage, "protocol"),
}
# Sites that fail whole.
WHOLE = {
    "dead": "refused",
    "nowhere": "dns",
    "plain-tls": "tls",
    "cut-tls": "connection",
    "untrusted": "tls",
    "misnamed": "tls",
    "robots": "robots",
}
BYSTANDERS = ("sound", "shandong-commerce", "toudeng")


@dataclass
class Scene:
    """The servers, the house, and what the three rounds said."""

    place: Workplace
    papers: PaperServer
    secure: dict[str, PaperServer]
    replica: Replica
    rounds: list[Done] = field(default_factory=list)
    changes: list[set[tuple[str, str, int]]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return ["pages", "lists", *WHOLE, *BYSTANDERS]

    def round(self, rules: dict[str, int]) -> None:
        replica = {host: self.replica.port for name in BYSTANDERS[1:] for host in get(name, ()).hosts}
        connect_to = ",".join(f"{host}::127.0.0.1:{port}" for host, port in {**replica, **rules}.items())
        self.rounds.append(self.place.run("run", *self.names, "--recheck", "--json", TONGJIAN_CONNECT_TO=connect_to))
        self.changes.append(self.place.changes())

    def issues(self, step: str) -> list[dict[str, Any]]:
        """What the second round said is wrong."""
        said = self.rounds[1].json
        if step == "read":
            return list(said["issues"])
        return [issue for run in said["runs"] for issue in run["issues"]]

    def issues_of(self, url: str, step: str = "capture") -> list[dict[str, Any]]:
        return [issue for issue in self.issues(step) if issue["url"] == url]


def _context(ca: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture(scope="module")
def scene(endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("bad")
    trusted = trustme.CA()
    trusted.cert_pem.write_to_path(str(folder / "ca.pem"))
    context, _ = server_context(None, ["papers.example"])
    with ExitStack() as stack:
        papers = stack.enter_context(PaperServer(context=context))
        secure = {
            name: stack.enter_context(PaperServer(context=_context(trusted, "localhost")))
            for name in ("untrusted", "misnamed")
        }
        replica = stack.enter_context(Replica(SHIPPED))
        place = workplace(endpoints, folder / "house", SSL_CERT_FILE=str(folder / "ca.pem"))
        made = Scene(place, papers, secure, replica)
        _open(made)
        rules = dict.fromkeys(papers.papers, papers.port)
        made.round(rules)
        _break(made, trusted)
        raw = {f"{name}-tls.example": stack.enter_context(spoiling.RawPort(says)).port for name, says in RAW.items()}
        broken = rules | raw | {"dead.example": spoiling.closed_port()}
        del broken["nowhere.invalid"]
        made.round(broken)
        _mend(made, trusted)
        made.round(rules)
        yield made


RAW = {"plain": b"HTTP/1.1 400 Bad Request\r\n\r\nplain text on the TLS port", "cut": b""}


def _open(scene: Scene) -> None:
    """Every site as its readers know it."""
    place, papers = scene.place, scene.papers
    manners = {"timeout": 4.0, "max_bytes": _MEGABYTE}
    papers.paper("pages.example", len(PAGES) + 1)
    place.site("pages", "http://pages.example/", **manners)
    papers.paper("lists.example", 3)
    place.site("lists", "http://lists.example/", *(f"http://lists.example/list/{name}/" for name in LISTS), **manners)
    hosts = {"nowhere": "http://nowhere.invalid/"} | {
        name: f"https://{name}.example/" for name in ("plain-tls", "cut-tls")
    }
    for name in ("dead", "nowhere", "plain-tls", "cut-tls", "robots", "sound"):
        url = hosts.get(name, f"http://{name}.example/")
        papers.paper(url.split("/")[2], 8 if name == "dead" else 2)
        place.site(name, url, **manners)
    for name, server in scene.secure.items():
        server.paper("localhost", 2)
        place.site(name, f"https://localhost:{server.port}/", **manners)


def _page_url(name: str) -> str:
    return f"http://pages.example/2026/{1001 + list(PAGES).index(name)}.html"


def _list_url(name: str) -> str:
    return f"http://lists.example/list/{name}/"


def _break(scene: Scene, trusted: trustme.CA) -> None:
    faults = scene.papers.faults
    faults |= {_page_url(name).removeprefix("http://"): fault for name, (fault, *_) in PAGES.items()}
    faults |= {_list_url(name).removeprefix("http://"): fault for name, (fault, _) in LISTS.items()}
    faults["robots.example/robots.txt"] = spoiling.refuse_robots
    scene.secure["untrusted"].context = _context(trustme.CA(), "localhost")
    scene.secure["misnamed"].context = _context(trusted, "elsewhere.example")
    sound = scene.papers.papers["sound.example"]
    sound.stories["/2026/1002.html"].extra = "更正：报名截止时间改为6月30日。"
    sound.stories["/2026/1003.html"] = Story(1003, "关于公布第三批名单的通知")


def _mend(scene: Scene, trusted: trustme.CA) -> None:
    scene.papers.faults.clear()
    for server in scene.secure.values():
        server.context = _context(trusted, "localhost")


def test_the_first_round_is_without_issues_and_finds_every_article(scene: Scene) -> None:
    first = scene.rounds[0]
    assert first.code == 0, first.err[-3000:]
    assert first.json["issues"] == []
    papers = {**scene.papers.papers, "untrusted": scene.secure["untrusted"].papers["localhost"]}
    articles = sum(len(paper.stories) for paper in papers.values()) - 1  # 1003 came later
    replica = sum(article.site in BYSTANDERS for article in scene.replica.articles())
    assert len(scene.changes[0]) == articles + 2 + replica
    assert {kind for _, kind, _ in scene.changes[0]} == {"new"}


def test_the_second_round_is_done_with_issues(scene: Scene) -> None:
    assert scene.rounds[1].code == 3, scene.rounds[1].err[-3000:]
    assert {run["site"]: run["reason"] for run in scene.rounds[1].json["runs"]} == {
        name: "site-down" if name == "dead" else "finished" for name in scene.names
    }


@pytest.mark.parametrize("name", [name for name in PAGES if PAGES[name][1]])
def test_a_bad_page_leaves_an_issue_that_names_it(scene: Scene, name: str) -> None:
    _, kind, step = PAGES[name]
    found = scene.issues_of(_page_url(name), step)
    assert kind in {issue["kind"] for issue in found}, found
    assert all(issue["site"] == "pages" and _is_clear(issue["message"]) for issue in found)


@pytest.mark.parametrize("name", LISTS)
def test_a_bad_entry_page_leaves_an_issue_that_names_it(scene: Scene, name: str) -> None:
    found = scene.issues_of(_list_url(name))
    assert LISTS[name][1] in {issue["kind"] for issue in found}, found
    assert all(issue["site"] == "lists" and _is_clear(issue["message"]) for issue in found)


@pytest.mark.parametrize("name", WHOLE)
def test_a_site_that_fails_whole_leaves_issues_that_name_it(scene: Scene, name: str) -> None:
    found = [issue for issue in scene.issues("capture") if issue["site"] == name]
    assert {issue["kind"] for issue in found} == {WHOLE[name]}
    entry = "localhost" if name in scene.secure else "nowhere.invalid" if name == "nowhere" else f"{name}.example"
    assert any(issue["url"].split("/")[2].startswith(entry) and issue["url"].endswith("/") for issue in found)
    assert all(_is_clear(issue["message"]) for issue in found)


def _is_clear(message: str) -> bool:
    """Words, not the program's insides."""
    return len(message) > 8 and not any(inside in message for inside in ("Failure", "Traceback", "twisted", "<"))


def test_a_page_that_is_merely_odd_leaves_none(scene: Scene) -> None:
    assert not scene.issues_of(_page_url("odd-headers"))
    assert not scene.issues_of(_page_url("odd-headers"), "read")


def test_nothing_but_the_faults_is_complained_of(scene: Scene) -> None:
    spoilt = {_page_url(name) for name in PAGES} | {_list_url(name) for name in LISTS}
    others = [issue for issue in scene.issues("capture") if issue["site"] not in WHOLE and issue["url"] not in spoilt]
    assert [issue for issue in others if not issue["url"].startswith("http://lists.example/2026/")] == []
    assert {issue["url"] for issue in scene.issues("read")} <= spoilt


def test_the_other_sites_are_captured_whole_in_the_same_round(scene: Scene) -> None:
    runs = {run["site"]: run for run in scene.rounds[1].json["runs"]}
    assert all(runs[name]["issues"] == [] for name in BYSTANDERS)
    fresh = scene.changes[1] - scene.changes[0]
    assert fresh == {
        ("http://sound.example/2026/1002.html", "edited", 2),
        ("http://sound.example/2026/1003.html", "new", 1),
    }
    kept = scene.place.kept("sound")
    assert kept.count("http://sound.example/2026/1001.html") == 3
    assert kept.count("http://sound.example/2026/1003.html") == 2


def test_no_page_changes_because_its_server_was_ill(scene: Scene) -> None:
    assert scene.changes[2] == scene.changes[1]
    with scene.place.catalogue() as catalogue:
        statuses = {page["url"]: page["status"] for page in catalogue.pages(limit=1000)}
    edited = statuses.pop("http://sound.example/2026/1002.html")
    assert edited == "edited"
    assert {url: status for url, status in statuses.items() if status != "live"} == {}
    assert len(statuses) == len(scene.changes[2]) - 2


def test_the_third_round_finds_all_well_again(scene: Scene) -> None:
    assert scene.rounds[2].code == 0, scene.rounds[2].out[-3000:]
    assert all(not run["issues"] for run in scene.rounds[2].json["runs"])


def test_earlier_versions_are_still_there(scene: Scene) -> None:
    with scene.place.catalogue() as catalogue:
        for name in PAGES:
            history = catalogue.history(_page_url(name))
            assert [version["version"] for version in history["versions"]] == [1], name
            version, article, capture = catalogue.version(_page_url(name), 1)
            assert version.capture == capture.id
            assert "通知" in (article.title or "")


def test_all_that_was_kept_is_whole(scene: Scene) -> None:
    checked = scene.place.run("verify", "--deep", "--json")
    assert (checked.code, checked.json["findings"]) == (0, [])
    archive = scene.place.archive()
    said = [run["captures"] for done in scene.rounds for run in done.json["runs"]]
    assert checked.json["captures"] == sum(said)
    assert [len(list(archive.runs(name))) for name in scene.names] == [3] * len(scene.names)


def test_error_answers_are_kept_as_evidence(scene: Scene) -> None:
    with scene.place.catalogue() as catalogue:
        seen = [capture.status for capture in catalogue.captures(_page_url("error-500"))]
    assert seen.count(500) == 3  # asked again twice


def test_a_huge_page_is_cut_at_the_sites_limit(scene: Scene) -> None:
    written = scene.papers.written
    for place in ("pages.example/2026/1013.html", "pages.example/2026/1014.html", "lists.example/list/huge/"):
        assert 0 < written[place] < 32 * _MEGABYTE, place  # what a socket takes on top of the limit
    assert 0 < scene.rounds[1].peak < 400 * _MEGABYTE
    assert _page_url("huge-announced").endswith("1013.html")
    assert all(capture.payload_length <= _MEGABYTE for capture in _captures(scene, _page_url("huge-unannounced")))


def _captures(scene: Scene, url: str) -> list[Any]:
    with scene.place.catalogue() as catalogue:
        return list(catalogue.captures(url))


def test_a_short_answer_is_kept_and_marked(scene: Scene) -> None:
    marked = [capture for capture in _captures(scene, _page_url("short")) if "truncated:disconnect" in capture.flags]
    assert len(marked) == 1
    assert scene.place.archive().answer(marked[0]).payload


def test_a_failed_site_is_not_asked_for_every_page(scene: Scene) -> None:
    dead = [issue for issue in scene.issues("capture") if issue["site"] == "dead"]
    assert 0 < len(dead) < 9  # one entry and eight pages were due


def test_the_reader_names_an_unreadable_page_again_when_asked(scene: Scene, tmp_path: Path) -> None:
    """`read` alone, as a scheduled task runs it, says the same as `run`; here from the bucket, into a new catalogue."""
    again = workplace(scene.place.endpoints, tmp_path / "again", TONGJIAN_BUCKET=scene.place.bucket)
    again.site("pages", "http://pages.example/")
    done = again.run("read", "pages", "--json")
    assert done.code == 3
    said = {(issue["url"], issue["kind"]) for site in done.json for issue in site["issues"]}
    wanted = {(_page_url(name), kind) for name, (_, kind, step) in PAGES.items() if step == "read"}
    assert wanted <= said
    assert _page_url("gzip-cut") in done.err
    with again.catalogue() as catalogue:
        assert len(catalogue.runs("pages")) == 3
