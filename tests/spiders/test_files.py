"""Attachments and images of articles: what is asked for, what is kept, how the article leads to it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from commands import Done, Workplace, workplace
from paper_server import Ask, PaperServer, answer

from domain.article import Article
from domain.capture import Capture, Role
from domain.site import Entry, Files, Site
from domain.urls import file_key, registrable, urlkey
from pipeline.embedded.shared import Endpoints
from pipeline.files import Asking, files_of, to_ask

SITE = """from datetime import timedelta

from domain.site import Entry, Files, Manners, Site

SITE = Site(
    name="{name}",
    title="{name}",
    homepage="http://{name}.example/",
    entries=(Entry(url="http://{name}.example/"),),
    article=r"/2026/\\d+\\.html$",
    manners=Manners(delay=0, concurrent=1),
    files=Files({files}),
)
"""
SITES = {
    "usual": "hosts=('pictures.far.example',)",
    "again": "again=timedelta(0)",
    "few": "per_article=2, per_run=3, max_bytes=5000",
    "none": "attachments=False, images=False",
}
NOTICE = "/up/%E9%80%9A%E7%9F%A5.pdf"
FOREIGN = ("pictures.far.example", "stranger.test")
PDF, DOC, PICTURE = b"%PDF-1.4\n" + b"1" * 3000, b"\xd0\xcf\x11\xe0" + b"2" * 3000, b"\x89PNG\r\n\x1a\n" + b"3" * 500
SWAPPED = PDF.replace(b"1", b"9")
SHOWN = """<p><img src="/up/one.png?v={turn}"></p>
<p><img data-src="http://img.usual.example/two.jpg" src="/up/blank.gif"></p>
<p><img src="http://pictures.far.example/three.png"></p><p><img src="http://stranger.test/four.png"></p>
<p>附件：<a href="/up/%E9%80%9A%E7%9F%A5.pdf">1.通知.pdf</a></p>
<p>附件：<a href="/down.jsp?id=7&amp;filename=b.doc">2.表.doc</a></p>
<p>附件：<a href="/up/moved.pdf">3.另表.pdf</a></p><p>附件：<a href="/up/lost.pdf">4.旧表.pdf</a></p>"""


@dataclass
class Scene:
    papers: PaperServer
    place: Workplace
    rounds: list[Done] = field(default_factory=list)
    asked: list[list[Ask]] = field(default_factory=list)

    def round(self) -> None:
        before = len(self.papers.asked)
        self.rounds.append(self.place.run("run", *SITES, "--recheck", "--json"))
        self.asked.append(self.papers.asked[before:])

    def files(self, number: int, name: str) -> list[str]:
        """The files asked for of a site in a round, sorted."""
        own = (f"{name}.example", f"img.{name}.example", *(FOREIGN if name == "usual" else ()))
        return sorted(ask.place for ask in self.asked[number] if ask.host in own and not _is_page(ask.path))

    def captures(self, url: str) -> list[Capture]:
        with self.place.catalogue() as catalogue:
            return list(catalogue.captures(url))


def _is_page(path: str) -> bool:
    return path in ("/robots.txt", "/") or path.startswith("/2026/")


@pytest.fixture(scope="module")
def scene(endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with PaperServer() as papers:
        folder = tmp_path_factory.mktemp("files") / "house"
        made = Scene(papers, workplace(endpoints, folder, TONGJIAN_CONNECT_TO=f"::127.0.0.1:{papers.port}"))
        for name, files in SITES.items():
            made.place.site_file(name, SITE.format(name=name, files=files))
            _open(made, name)
        made.round()
        made.round()  # the pages' own bytes are the same: of their files the attachments alone are asked for
        for name in SITES:
            papers.papers[f"{name}.example"].stories["/2026/1001.html"].title += "（更正）"
        made.round()
        for name in SITES:
            papers.faults[f"{name}.example{NOTICE}"] = _sends(SWAPPED, "application/pdf")
        made.round()  # the pages are the same again, and what one of their links leads to is not
        yield made


def _open(scene: Scene, name: str) -> None:
    papers, host = scene.papers, f"{name}.example"
    paper = papers.paper(host, 3)

    def page(ask: Ask) -> list[bytes]:
        shown = SHOWN.format(turn=int("更正" in paper.stories["/2026/1001.html"].title)).replace("usual", name)
        text = paper.stories["/2026/1001.html"].page().replace("</div></div></body>", shown + "</div></div></body>")
        return [answer(text.replace('class="nav">', 'class="nav"><img src="/logo.png">').encode())]

    other = '<p><img src="/up/five.png"></p><p><img src="/up/six.png"></p>'
    paper.stories["/2026/1002.html"].extra = other
    papers.faults |= {
        f"{host}/2026/1001.html": page,
        f"{host}/up/one.png": _sends(PICTURE, "image/png"),
        f"img.{host}/two.jpg": _sends(PICTURE + b"two", "image/jpeg"),
        "pictures.far.example/three.png": _sends(PICTURE + b"three", "image/png"),
        f"{host}{NOTICE}": _sends(PDF, "application/pdf"),
        f"{host}/down.jsp": _sends(DOC, "application/msword"),
        f"{host}/up/moved.pdf": lambda ask: [answer(b"", "302 Found", "text/html", "Location: /new/moved.pdf")],
        f"{host}/new/moved.pdf": lambda ask: [answer(PDF + b"moved", "200 OK", "application/pdf")],
        f"{host}/up/five.png": _sends(PICTURE * 40, "image/png"),
        f"{host}/up/six.png": _sends(PICTURE + b"six", "image/png"),
    }


def _sends(body: bytes, kind: str):  # noqa: ANN202
    tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'

    def send(ask: Ask) -> list[bytes]:
        if ask.headers.get("if-none-match") == tag:
            return [f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n".encode()]
        return [answer(body, "200 OK", kind, f"ETag: {tag}")]

    return send


def test_an_articles_files_are_fetched_once_and_nothing_else_of_its_page(scene: Scene) -> None:
    assert scene.files(0, "usual") == [
        "img.usual.example/two.jpg",
        "pictures.far.example/three.png",
        "usual.example/down.jsp?id=7&filename=b.doc",
        "usual.example/new/moved.pdf",
        "usual.example/up/%E9%80%9A%E7%9F%A5.pdf",
        "usual.example/up/five.png",
        "usual.example/up/lost.pdf",
        "usual.example/up/moved.pdf",
        "usual.example/up/one.png?v=0",
        "usual.example/up/six.png",
    ]


def test_files_come_after_the_pages(scene: Scene) -> None:
    paths = [ask.path for ask in scene.asked[0] if ask.host == "few.example"]
    assert all(_is_page(path) for path in paths[:5]), paths


ATTACHED = [
    "usual.example/down.jsp?id=7&filename=b.doc",
    "usual.example/new/moved.pdf",
    "usual.example/up/%E9%80%9A%E7%9F%A5.pdf",
    "usual.example/up/moved.pdf",
]


def test_attachments_are_asked_for_again_with_their_page_and_pictures_are_not(scene: Scene) -> None:
    """On condition; what was never had, where the page changed."""
    assert scene.files(1, "usual") == ATTACHED
    assert scene.files(2, "usual") == sorted([*ATTACHED, "usual.example/up/lost.pdf"])
    [asked] = [ask for ask in scene.asked[1] if ask.place == f"usual.example{NOTICE}"]
    assert asked.headers["if-none-match"]
    assert scene.files(3, "none") == []


def test_what_was_put_in_an_attachments_place_is_kept_though_the_page_is_the_same(scene: Scene) -> None:
    page = "http://usual.example/2026/1001.html"
    assert len({capture.payload_digest for capture in scene.captures(page)}) == 2
    found = scene.captures(f"http://usual.example{NOTICE}")
    assert [capture.status for capture in found] == [200, 304, 304, 200]
    assert scene.place.archive().payload(found[-1]) == SWAPPED
    with scene.place.catalogue() as catalogue:
        [(key, seen)] = catalogue.files_seen("usual", [urlkey(page), "example,usual)/2026/1003.html"]).items()
    digests = {"sha256:" + hashlib.sha256(body).hexdigest() for body in (PDF, SWAPPED)}
    notice = [one for one in seen if one.key == file_key(f"http://usual.example{NOTICE}")]
    assert key == urlkey(page)
    assert [(one.capture, one.at) for one in notice] == [(found[0].id, found[0].at), (found[-1].id, found[-1].at)]
    assert {one.digest for one in notice} == digests
    moved = [one for one in seen if one.key == file_key("http://usual.example/up/moved.pdf")]
    assert {one.digest for one in moved} == {"sha256:" + hashlib.sha256(PDF + b"moved").hexdigest()}
    assert len(moved) == 4
    assert not [one for one in seen if "png" in one.key or "lost" in one.key]


def _asking(scene: Scene, after: timedelta, **options: bool) -> Asking:
    site = Site(
        name="usual",
        title="u",
        homepage="http://usual.example/",
        entries=(Entry(url="http://usual.example/"),),
        article="x",
    )
    with scene.place.catalogue() as catalogue:
        return to_ask(catalogue, site, ["example,usual)/2026/1001.html"], datetime.now(UTC) + after, **options)


def test_what_can_only_be_had_whole_is_had_once_a_day(scene: Scene) -> None:
    """An address that leads elsewhere has no condition to go by."""
    conditional, whole = (
        [f"http://usual.example{NOTICE}", "http://usual.example/down.jsp?id=7&filename=b.doc"],
        ["http://usual.example/up/moved.pdf"],
    )
    for after, options, wanted in (
        (timedelta(), {}, conditional),
        (timedelta(), {"recheck": True}, conditional + whole),
        (timedelta(hours=25), {}, conditional + whole),
    ):
        asking = _asking(scene, after, **options)
        [(page, urls)] = asking.attached.items()
        assert (page, sorted(urls)) == ("example,usual)/2026/1001.html", sorted(wanted))
        assert not asking.held & asking.old.keys()
        assert {file_key(url) for url in urls} <= asking.old.keys()
        assert file_key("http://usual.example/up/five.png") in asking.held
    assert "example,usual)/up/five.png" in _asking(scene, timedelta(days=31)).old


def test_after_a_while_it_is_asked_for_on_condition(scene: Scene) -> None:
    assert "img.again.example/two.jpg" not in scene.files(1, "again")
    [asked] = [ask for ask in scene.asked[2] if ask.place == "img.again.example/two.jpg"]
    assert asked.headers["if-none-match"]
    first, second = scene.captures("http://img.again.example/two.jpg")
    assert (first.status, second.status) == (200, 304)
    assert second.refers_to is not None
    digest = "sha256:" + hashlib.sha256(PICTURE + b"two").hexdigest()
    assert second.refers_to.payload_digest == first.payload_digest == digest


def test_the_sites_limits_hold(scene: Scene) -> None:
    """Scrapy takes the pages from the last to the first; two pictures of the second, then what one is left."""
    assert scene.files(0, "few") == [
        "few.example/up/%E9%80%9A%E7%9F%A5.pdf",
        "few.example/up/five.png",
        "few.example/up/six.png",
    ]
    found = {issue["kind"]: issue for issue in _issues(scene, 0, "few")}
    assert "3 files" in found["files"]["message"]
    assert scene.files(0, "none") == []
    with scene.place.catalogue() as catalogue:
        assert catalogue.file_captures("few", "http://few.example/up/five.png") == ()  # 20,320 bytes: more than 5,000


def _issues(scene: Scene, number: int, site: str) -> list[dict[str, str]]:
    return [issue for run in scene.rounds[number].json["runs"] if run["site"] == site for issue in run["issues"]]


def test_a_lost_attachment_is_said_and_a_lost_picture_is_not(scene: Scene) -> None:
    found = [(issue["kind"], issue["level"], issue["url"]) for issue in _issues(scene, 0, "usual")]
    assert found == [("attachment", "warning", "http://usual.example/up/lost.pdf")]


def test_files_are_no_pages(scene: Scene) -> None:
    captures = scene.captures("http://usual.example/down.jsp?id=7&filename=b.doc")
    assert {capture.role for capture in captures} == {Role.FILE}
    with scene.place.catalogue() as catalogue:
        assert {page["url"] for page in catalogue.pages("usual")} == {
            f"http://usual.example/2026/{number}.html" for number in (1001, 1002, 1003)
        }


def test_the_bytes_are_kept(scene: Scene) -> None:
    capture = scene.captures(f"http://usual.example{NOTICE}")[0]
    answered = scene.place.archive().answer(capture)
    assert answered.payload == PDF
    assert answered.header("content-type") == "application/pdf"


def test_an_article_leads_to_its_files(scene: Scene) -> None:
    with scene.place.catalogue() as catalogue:
        _, article, capture = catalogue.version("http://usual.example/2026/1001.html", 1)
        held = {item.href: item for item in files_of(catalogue, article, capture)}
    archive = scene.place.archive()
    bytes_of = {href: archive.answer(item.capture).payload for href, item in held.items() if item.capture}
    assert bytes_of == {
        "http://usual.example/up/%E9%80%9A%E7%9F%A5.pdf": PDF,
        "http://usual.example/down.jsp?id=7&filename=b.doc": DOC,
        "http://usual.example/up/moved.pdf": PDF + b"moved",
        "http://usual.example/up/one.png?v=0": PICTURE,
        "http://img.usual.example/two.jpg": PICTURE + b"two",
        "http://pictures.far.example/three.png": PICTURE + b"three",
    }
    assert held["http://usual.example/up/lost.pdf"].capture is None
    assert held["http://stranger.test/four.png"].capture is None
    assert [item.name for item in held.values() if item.name] == ["1.通知.pdf", "2.表.doc", "3.另表.pdf", "4.旧表.pdf"]


def test_show_names_the_files(scene: Scene) -> None:
    url = "http://usual.example/2026/1001.html"
    files = {item["url"]: item for item in scene.place.run("show", url, "--json").json["files"]}
    moved = files["http://usual.example/up/moved.pdf"]
    assert (moved["kind"], moved["name"], moved["size"]) == ("attachment", "3.另表.pdf", len(PDF) + 5)
    assert moved["digest"] == "sha256:" + hashlib.sha256(PDF + b"moved").hexdigest()
    assert files["http://img.usual.example/two.jpg"]["kind"] == "image"
    assert files["http://usual.example/up/lost.pdf"]["capture"] is None
    told = scene.place.run("show", url).out
    assert moved["digest"] in told.replace("\n", "")
    assert told.count("not held") == 2


def test_a_later_version_leads_to_the_same_files_and_to_what_confirmed_them(scene: Scene) -> None:
    with scene.place.catalogue() as catalogue:
        _, article, capture = catalogue.version("http://again.example/2026/1001.html", 2)
        held = {item.href: item for item in files_of(catalogue, article, capture)}
    found = held["http://again.example/down.jsp?id=7&filename=b.doc"]
    assert found.capture
    assert found.seen
    assert (found.capture.status, found.seen.status) == (200, 304)
    assert found.seen.at > capture.at > found.capture.at


def test_a_token_behind_a_files_name_does_not_hide_it(scene: Scene) -> None:
    shown = Article(images=("http://usual.example/up/one.png?v=later",))
    with scene.place.catalogue() as catalogue:
        _, _, capture = catalogue.version("http://usual.example/2026/1001.html", 1)
        [held] = files_of(catalogue, shown, capture)
    assert held.capture
    assert held.capture.url == "http://usual.example/up/one.png?v=0"


def test_the_archive_is_sound(scene: Scene) -> None:
    assert scene.place.damage() == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example/x.pdf?t=1", "http://a.example/x.pdf?t=2", True),
        ("http://a.example/x.pdf", "http://www.a.example/x.pdf", True),
        ("http://a.example/down.jsp?filename=x.pdf", "http://a.example/down.jsp?filename=y.pdf", False),
        ("http://a.example/x.pdf", "http://a.example/y.pdf", False),
    ],
)
def test_which_addresses_are_one_file(one: str, other: str, same: bool) -> None:
    assert (file_key(one) == file_key(other)) is same


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("commerce.shandong.gov.cn", "shandong.gov.cn"),
        ("www.some-paper.com.cn", "some-paper.com.cn"),
        ("img.paper.sd.cn", "paper.sd.cn"),
        ("img.some-paper.com", "some-paper.com"),
        ("gov.cn", "gov.cn"),
        ("192.0.2.7", "192.0.2.7"),
        ("localhost", "localhost"),
    ],
)
def test_the_registered_part_of_a_name(name: str, registered: str) -> None:
    assert registrable(name) == registered


def test_files_are_taken_from_the_sites_own_domains_and_from_those_it_names() -> None:
    entry = Entry(url="http://www.paper.com.cn/")
    files = Files(hosts=("cdn.far.cn",))
    site = Site(name="paper", title="p", homepage=entry.url, entries=(entry,), article="x", files=files)
    taken = ("http://img.paper.com.cn/a.png", "https://cdn.far.cn/a.png")
    left = ("http://img.other.com.cn/a.png", "http://img.far.cn/a.png", "http://192.168.0.1/a.png")
    assert [site.may_take_from(url) for url in (*taken, *left)] == [True, True, False, False, False]
