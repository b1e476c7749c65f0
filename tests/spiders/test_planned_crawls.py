"""The spider asks for what the plan says: real server, real spider, real storage and catalogue, time's own pace."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from commands import Workplace, workplace
from paper_server import Ask, PaperServer, answer

from domain.clock import iso, now, shown
from pipeline.embedded.shared import Endpoints

HOST = "planned.example"
EVERYTHING = [f"/2026/{number}.html" for number in range(8)]
SITE = """from datetime import timedelta

from domain.site import Entry, Manners, Site

SITE = Site(
    name="planned",
    title="planned",
    homepage="http://{host}/",
    entries=(Entry(url="http://{host}/"),),
    article=r"/2026/[\\w-]+\\.html$",
    manners=Manners(delay=0),
    rechecks={rechecks},
)
"""


@dataclass
class Press:
    """A list and its articles, published today; those in `lost` answer 404."""

    born: str
    lost: set[str] = field(default_factory=set)

    def __call__(self, ask: Ask) -> list[bytes]:
        if ask.path == "/":
            rows = "".join(f'<li><a href="{path}">{path} 的标题在这里</a></li>' for path in EVERYTHING)
            return [answer(f"<html><head><title>小报</title></head><body><ul>{rows}</ul></body></html>".encode())]
        if ask.path in self.lost or ask.path not in EVERYTHING:
            return [answer(b"<h1>404</h1>", "404 Not Found", "text/html")]
        if "if-none-match" in ask.headers:
            return [b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nConnection: close\r\n\r\n']
        title = f"关于{ask.path}的工作安排"
        body = "全市各级各部门认真贯彻落实会议精神，统筹安排、明确责任、加强督导。" * 3
        page = (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_小报</title></head><body><h1>{title}</h1>'
            f'<div class="info">{self.born} 来源：小报</div>'
            f'<div class="content"><p>{body}{ask.path}</p></div></body></html>'
        )
        return [answer(page.encode(), "200 OK", "text/html; charset=utf-8", 'ETag: "1"')]


@dataclass
class Scene:
    papers: PaperServer
    place: Workplace
    press: Press

    def allow(self, rechecks: int) -> None:
        self.place.site_file("planned", SITE.format(host=HOST, rechecks=rechecks))

    def clock(self, minutes: float) -> dict[str, str]:
        return {"TONGJIAN_PACE": "1", "TONGJIAN_NOW": iso(now() + timedelta(minutes=minutes))}

    def plan(self, minutes: float) -> list[str]:
        """The paths that `tongjian plan` says the next run asks for again."""
        done = self.place.run("plan", "planned", "--json", **self.clock(minutes))
        assert done.code == 0, done.err
        return [_path(page["url"]) for page in done.json["pages"] if page["in_this_run"]]

    def round(self, minutes: float, *options: str) -> list[str]:
        """The paths of articles that a run asked for, conditional or not."""
        before = len(self.papers.asked)
        done = self.place.run("run", "planned", "--json", *options, **self.clock(minutes))
        assert done.code in (0, 3), done.err
        return sorted({ask.path for ask in self.papers.asked[before:]} & set(EVERYTHING))


def _path(url: str) -> str:
    return url.removeprefix(f"http://{HOST}")


@pytest.fixture
def scene(endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with PaperServer() as papers:
        place = workplace(endpoints, tmp_path_factory.mktemp("planned") / "house")
        place.env["TONGJIAN_CONNECT_TO"] = f"::127.0.0.1:{papers.port}"
        press = Press(shown(now())[:16])
        papers.faults[HOST] = press
        yield Scene(papers, place, press)


def test_a_run_asks_for_what_is_due_within_its_budget_suspects_first(scene: Scene) -> None:
    lost = EVERYTHING[5]
    scene.allow(10_000)
    assert scene.round(0) == EVERYTHING
    assert scene.round(5) == [], "checked a moment ago"
    assert sorted(scene.plan(20)) == EVERYTHING
    scene.press.lost = {lost}
    assert scene.round(20) == EVERYTHING

    scene.allow(24)  # one page in a run of half an hour
    assert scene.plan(25) == [lost], "a suspect is always due and comes first"
    assert scene.round(25) == [lost]
    (one,) = scene.plan(40)
    assert one != lost, "gone now: it is asked for daily"
    told = scene.place.run("plan", "planned", **scene.clock(40))
    assert (told.code, "this run" in told.out, one in told.out, "left out" in told.out) == (0, True, True, True)
    assert scene.round(40) == sorted([one, lost]), "its list names what is gone: that is asked for too"
    assert scene.round(41, "--recheck") == EVERYTHING, "whatever the plan and the budget"
