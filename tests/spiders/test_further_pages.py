"""Articles of several pages, from a server on loopback to the changes told: real spider, storage and catalogue."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from commands import Done, Workplace, workplace
from paper_server import Ask, PaperServer, answer

from domain.capture import Capture, Role
from domain.change import Status
from pipeline.embedded.shared import Endpoints

HOST = "parted.example"
FIRST = f"http://{HOST}/2026/1001.html"
SECOND, THIRD = f"http://{HOST}/2026/1001_2.html", f"http://{HOST}/2026/1001_3.html"
PLAIN = f"http://{HOST}/2026/1002.html"
CHAIN = f"http://{HOST}/2026/1003.html"
FORBIDDEN = f"http://{HOST}/2026/1004.html"

WHOLE = {
    "1001": {1: "第一页说的是开工的事", 2: "第二页说的是预算三百万元", 3: "第三页说的是验收的事"},
    "1002": {1: "这一篇只有一页"},
    "1003": {1: "链条的第一页", 2: "链条的第二页", 3: "链条的第三页"},
    "1004": {1: "前一页可以看", 2: "后一页不许看"},
}
NAMES = {"1001": "甲市开建一座新桥", "1002": "乙市公布一份清单", "1003": "丙市办起一所学校", "1004": "丁市修好一条旧路"}


def prose(words: str) -> str:
    return f"{words}，全市各级各部门认真贯彻落实会议精神，统筹安排、明确责任、加强督导，确保各项政策措施落到实处。" * 2


@dataclass
class Press:
    """What the host serves: a list of all first pages and what `listed` adds, and the pages, each with its pager."""

    texts: dict[str, dict[int, str]] = field(default_factory=lambda: {key: dict(item) for key, item in WHOLE.items()})
    listed: list[str] = field(default_factory=list)

    def __call__(self, ask: Ask) -> list[bytes]:
        if ask.path == "/":
            paths = [*(f"/2026/{key}.html" for key in self.texts), *self.listed]
            rows = "".join(f'<li><a href="{path}">{path} 的标题在这里</a></li>' for path in paths)
            return [answer(f"<html><head><title>小报</title></head><body><ul>{rows}</ul></body></html>".encode())]
        number, _, part = ask.path.removeprefix("/2026/").removesuffix(".html").partition("_")
        page = self.page(number, int(part or 1)).encode()
        # A tag that never moves: a page with further ones must be fetched whole all the same.
        if ask.headers.get("if-none-match") == '"1"':
            return [b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nConnection: close\r\n\r\n']
        return [answer(page, "200 OK", "text/html; charset=utf-8", 'ETag: "1"')]

    def page(self, number: str, part: int) -> str:
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{NAMES[number]}_小报</title></head><body>'
            f'<h1>{NAMES[number]}</h1><div class="info">2026-05-02 09:30 来源：小报</div>'
            f'<div class="content"><p>{prose(self.texts[number][part])}</p></div>'
            f'<div class="pager">{self.pager(number, part)}</div></body></html>'
        )

    def pager(self, number: str, part: int) -> str:
        total = len(self.texts[number])
        if number == "1003":  # its pager shows the next page alone
            return f'<a href="{number}_{part + 1}.html">下一页</a>' if part < total else ""
        names = {turn: f"{number}.html" if turn == 1 else f"{number}_{turn}.html" for turn in range(1, total + 1)}
        return "".join(f'<a href="{name}">{turn}</a> ' for turn, name in names.items()) if total > 1 else ""


@dataclass
class Scene:
    papers: PaperServer
    place: Workplace
    press: Press

    def round(self) -> Done:
        done = self.place.run("run", "parted", "--recheck", "--json")
        assert done.code in (0, 3), done.err
        return done

    def captures(self, url: str) -> list[Capture]:
        with self.place.catalogue() as catalogue:
            return list(catalogue.captures(url))

    def changes(self, url: str) -> list[str]:
        with self.place.catalogue() as catalogue:
            return [change.type.value for change in reversed(catalogue.changes(url=url))]

    def text(self, url: str) -> str:
        with self.place.catalogue() as catalogue:
            return catalogue.version(url)[1].text

    def issues(self) -> list[tuple[str, str | None, str]]:
        with self.place.catalogue() as catalogue:
            return [(issue.kind, issue.url, issue.message) for issue in catalogue.runs("parted")[0].issues]


@pytest.fixture(scope="module")
def scene(endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with PaperServer() as papers:
        folder = tmp_path_factory.mktemp("parts") / "house"
        place = workplace(endpoints, folder, TONGJIAN_CONNECT_TO=f"::127.0.0.1:{papers.port}")
        place.site("parted", f"http://{HOST}/", delay=0.0)
        press = Press()
        papers.faults[HOST] = press
        papers.faults[f"{HOST}/robots.txt"] = lambda ask: [
            answer(b"User-agent: *\nDisallow: /2026/1004_2", "200 OK", "text/plain")
        ]
        yield Scene(papers, place, press)


def words(number: str) -> list[str]:
    return list(WHOLE[number].values())


def test_an_article_of_three_pages_is_one_version_and_the_pages_lie_together(scene: Scene) -> None:
    scene.round()
    assert scene.changes(FIRST) == ["new"]
    text = scene.text(FIRST)
    assert [text.index(said) for said in words("1001")] == sorted(text.index(said) for said in words("1001"))
    first, second, third = (scene.captures(url)[-1] for url in (FIRST, SECOND, THIRD))
    assert [first.role, second.role, third.role] == [Role.PAGE, Role.PART, Role.PART]
    assert first.segment == second.segment == third.segment
    assert first.offset < second.offset < third.offset
    index = scene.place.archive()
    entry = next(item for item in index.ledger("parted").walk() if item.commit.segment == first.segment)
    ids = [capture.id for capture in index.index(entry).captures]
    assert ids[ids.index(first.id) :][:3] == [first.id, second.id, third.id]
    assert "parts:2" in first.flags
    assert scene.place.damage() == []


def test_a_page_without_further_ones_is_as_before(scene: Scene) -> None:
    assert not [flag for flag in scene.captures(PLAIN)[0].flags if flag.startswith("part")]
    assert words("1002")[0] in scene.text(PLAIN)


def test_a_pager_that_shows_the_next_page_alone_is_followed_to_its_end(scene: Scene) -> None:
    assert all(said in scene.text(CHAIN) for said in words("1003"))


def test_robots_txt_holds_for_further_pages(scene: Scene) -> None:
    assert scene.papers.asked_for(f"{HOST}/2026/1004_2.html") == []
    assert scene.changes(FORBIDDEN) == ["new"]
    assert [url for kind, url, _ in scene.issues() if kind == "part"] == [f"http://{HOST}/2026/1004_2.html"]


def test_a_further_page_is_no_page_of_its_own(scene: Scene) -> None:
    with scene.place.catalogue() as catalogue:
        urls = {page.url for page in catalogue.page_states("parted")}
    assert urls == {FIRST, PLAIN, CHAIN, FORBIDDEN}


def test_an_edit_of_the_second_page_is_an_edit_of_the_article(scene: Scene) -> None:
    scene.press.texts["1001"][2] = "第二页说的是预算三百亿元"
    scene.press.listed = ["/2026/1001_2.html"]  # a list that names a further page does not make it a page
    scene.round()
    assert scene.changes(FIRST) == ["new", "edited"]
    assert "三百亿元" in scene.text(FIRST)
    assert {capture.role for capture in scene.captures(SECOND)} == {Role.PART}
    assert scene.captures(PLAIN)[-1].status == 304
    assert scene.captures(FIRST)[-1].status == 200


def test_a_further_page_that_fails_is_an_issue_and_no_edit(scene: Scene) -> None:
    place = f"{HOST}/2026/1001_3.html"
    scene.papers.faults[place] = lambda ask: [answer(b"<h1>500</h1>", "500 Internal Server Error")]
    scene.round()
    assert scene.changes(FIRST) == ["new", "edited"]
    assert "part-failed:3" in scene.captures(FIRST)[-1].flags
    assert [capture.status for capture in scene.captures(THIRD)][-3:] == [500, 500, 500]  # asked three times, each kept
    said = [message for kind, url, message in scene.issues() if kind == "part" and url == THIRD]
    assert len(said) == 1
    assert "page 3 of 3" in said[0]
    shown = scene.place.run("show", FIRST, "--json").json
    assert "parts: page 3 of 3 is not there" in shown["article"]["issues"]
    assert words("1001")[0] in str(shown["article"]["body"])
    with scene.place.catalogue() as catalogue:
        assert {page.url: page.status for page in catalogue.page_states("parted")}[FIRST] is Status.EDITED
    del scene.papers.faults[place]
    scene.round()
    assert scene.changes(FIRST) == ["new", "edited"]
    assert words("1001")[2] in scene.text(FIRST)


def test_a_further_page_that_is_gone_is_an_edit(scene: Scene) -> None:
    scene.papers.faults[f"{HOST}/2026/1001_3.html"] = lambda ask: [answer(b"<h1>404</h1>", "404 Not Found")]
    scene.round()
    assert scene.changes(FIRST) == ["new", "edited", "edited"]
    assert words("1001")[2] not in scene.text(FIRST)


def test_reading_again_from_the_bucket_gives_the_same(scene: Scene) -> None:
    told = scene.place.changes()
    done = scene.place.run("rebuild", "--json")
    assert done.code == 0, done.err
    assert scene.place.changes() == told
