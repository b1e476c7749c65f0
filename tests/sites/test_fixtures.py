"""Every recorded page of every site reads as a person said it should, and every site has recorded pages.

The sites of TONGJIAN_SITES too, where it is set. The same in a terminal: tongjian sites test
"""

import json
from pathlib import Path

import pytest

import sites
from domain.site import Site
from pipeline import fixtures
from pipeline.fixtures import Fixture

SITES = tuple(sites.load().values())
FIXTURES = tuple(fixture for site in SITES for fixture in fixtures.fixtures_of(site))
OWN = Path(sites.__file__).parent / "fixtures"


@pytest.mark.parametrize("fixture", FIXTURES, ids=str)
def test_reads_as_expected(fixture: Fixture) -> None:
    verdict = fixtures.judge(fixture)
    assert verdict.problem is None, f"\n{verdict}"


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_a_site_has_an_article_and_a_list_page_recorded(site: Site) -> None:
    assert not fixtures.lacking(site)


def test_every_folder_is_of_a_site() -> None:
    known = {fixture.folder for fixture in FIXTURES}
    strays = [folder for folder in OWN.glob("*/*") if folder not in known]
    assert not strays, "no site, or no answer.json; rename or remove these folders"


@pytest.mark.parametrize("fixture", FIXTURES, ids=str)
def test_holds_nothing_but_its_files(fixture: Fixture) -> None:
    page = json.loads((fixture.folder / "answer.json").read_text(encoding="utf-8"))["payload"]
    assert {path.name for path in fixture.folder.iterdir()} == {"answer.json", "expected.json", page}
