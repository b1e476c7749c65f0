"""A page that moves by itself inside its article: no selector was written for it, and nobody is told of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from commands import Workplace, workplace
from paper_server import Ask, PaperServer, answer

from pipeline.embedded.shared import Endpoints

HOST = "turning.test"
NOT_FOUND = (
    "<html><head><meta charset='utf-8'><title>小报</title></head><body><h1>小报为您服务</h1><div>{}</div></body></html>"
)
FAR_AWAY = (
    "您要看的这一页去了很远的地方，编辑部的同志们正在寻找，请您先看看别的版面，或者过几天再来，谢谢您的关心和支持。"
)


@contextmanager
def turning(folder: Path, endpoints: Endpoints) -> Iterator[tuple[Workplace, PaperServer]]:
    """Every answer counts how often it was given, in words of its own, in the middle of the text."""
    with PaperServer() as server:
        paper = server.paper(HOST, 4)
        numbers = count(700)
        for path, story in paper.stories.items():
            said = story.extra

            def counted(ask: Ask, path: str = path, said: str = said) -> list[bytes]:
                told = paper.stories[path]
                page = told.page().replace("<p></p>", "<p>本页已第{}次打开</p>")
                return [answer(page.format(next(numbers)).encode())]

            server.faults[f"{HOST}{path}"] = counted
        place = workplace(endpoints, folder, TONGJIAN_CONNECT_TO=f"::127.0.0.1:{server.port}")
        place.site("turning", f"http://{HOST}/")
        yield place, server


def round(place: Workplace) -> list[dict[str, Any]]:
    done = place.run("run", "turning", "--recheck", "--json")
    assert done.code in (0, 3), done.err
    return list(done.json["changes"])


@pytest.fixture
def house(endpoints: Endpoints, tmp_path: Path) -> Iterator[tuple[Workplace, PaperServer]]:
    with turning(tmp_path / "house", endpoints) as made:
        yield made


def test_a_counter_nobody_knows_is_learned_and_an_edit_beside_it_found(
    house: tuple[Workplace, PaperServer],
) -> None:
    place, server = house
    assert {change["type"] for change in round(place)} == {"new"}
    assert round(place) == []
    (rule,) = place.run("masks", "turning", "--json").json
    assert (rule["kind"], rule["value"]) == ("shape", "本页已第#次打开")
    story = next(iter(server.papers[HOST].stories.values()))
    story.title = story.title.replace("安排", "调整")
    (change,) = round(place)
    assert (change["type"], change["url"]) == ("edited", f"http://{HOST}{story.path}")
    assert "打开" not in str(change["fields"])
    assert round(place) == []
    live = place.changes()
    assert place.run("rebuild").code == 0
    assert place.changes() == live


def test_an_address_that_cannot_exist_is_asked_for_once(house: tuple[Workplace, PaperServer]) -> None:
    place, server = house
    real = set(server.papers[HOST].stories)
    round(place)
    round(place)
    asked = [ask.path for ask in server.asked if ask.path.startswith("/2026/") and ask.path not in real]
    assert len(asked) == 1, asked


def test_the_sites_own_not_found_page_is_a_removal(house: tuple[Workplace, PaperServer]) -> None:
    """It answers 200 with words that no list of wordings holds."""
    place, server = house
    shown = answer(NOT_FOUND.format(f"<p>{FAR_AWAY}</p>" * 3).encode())
    there = {"/", *server.papers[HOST].stories}
    server.faults[HOST] = lambda ask: [ask.right() if ask.path in there else shown]
    round(place)
    gone = next(iter(server.papers[HOST].stories))
    there.remove(gone)
    del server.faults[f"{HOST}{gone}"]
    assert round(place) == []
    (change,) = round(place)
    assert (change["type"], change["url"]) == ("removed", f"http://{HOST}{gone}")
