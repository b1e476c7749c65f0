"""`tongjian reprints` for people and for programs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from newspaper import Newspaper, page, url
from typer.testing import CliRunner

from domain.errors import NotFound
from pipeline.cli import app, reprinting
from pipeline.house import House


@pytest.fixture
def kept(house: House, paper: Newspaper, monkeypatch: pytest.MonkeyPatch) -> None:
    """One article at two addresses, and one alone."""
    body = "全市新签约项目二十个，总投资五十亿元，涉及高端装备、新材料、现代物流等领域，预计年内全部开工建设。" * 2
    paper.answers = {url(1): page(1, body), url(2): page(2, body), url(3): None}
    paper.round(1)
    paper.round()

    @contextmanager
    def opened() -> Iterator[House]:
        yield house

    monkeypatch.setattr(reprinting, "house", opened)


@pytest.mark.usefixtures("kept")
def test_for_programs_one_document() -> None:
    said = CliRunner().invoke(app, ["reprints", url(2), "--json"])
    assert said.exit_code == 0
    found = json.loads(said.stdout)
    assert found["reprint_of"] == url(1)
    assert [one["url"] for one in found["pages"]] == [url(1), url(2)]
    assert {"confidence", "reasons", "first", "diverged", "site", "url"} <= found.keys()
    assert {"similarity", "contained", "official", "source", "title", "published_at"} <= found["pages"][1].keys()


@pytest.mark.usefixtures("kept")
def test_for_people_who_was_first(capsys: pytest.CaptureFixture[str]) -> None:
    reprinting.reprints(url(2), None, json=False)
    said = capsys.readouterr().out
    assert url(1) in said.splitlines()[0]
    assert "可信度" in said
    assert "2 pages" in said


@pytest.mark.usefixtures("kept")
def test_of_a_page_that_is_not_kept() -> None:
    with pytest.raises(NotFound):
        reprinting.reprints(url(9), None, json=True)
