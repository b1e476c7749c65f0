"""How a crawl is set up: closed to the outside, polite, and told apart by site."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings as ScrapySettings
from scrapy.settings import default_settings

import sites
from domain.settings import Settings
from domain.site import Entry, Manners, Site
from spiders.configuration import base, manners, user_agent
from spiders.loader import SiteLoader

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = Settings(contact="mailto:watch@example.org")


def test_every_setting_is_one_that_scrapy_knows() -> None:
    """A name misspelt is a setting not made; Scrapy says nothing."""
    names = {*base(SETTINGS), *manners(_site(), 1.0)} - {"SPIDER_LOADER_CLASS"}
    assert {name for name in names if not hasattr(default_settings, name)} == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REMOTE_CONTROL_ENABLED", False),
        ("TELNETCONSOLE_ENABLED", False),
        ("ROBOTSTXT_OBEY", True),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("COOKIES_ENABLED", False),
        ("DOWNLOAD_FAIL_ON_DATALOSS", False),
    ],
)
def test_scrapys_open_doors_are_shut(name: str, value: bool) -> None:
    assert ScrapySettings(base(SETTINGS)).getbool(name) is value


@pytest.mark.parametrize(
    ("group", "names"),
    [("EXTENSIONS_BASE", {"TelnetConsole", "RemoteControl"}), ("DOWNLOADER_MIDDLEWARES_BASE", {"CookiesMiddleware"})],
)
def test_what_is_shut_is_not_even_loaded(group: str, names: set[str]) -> None:
    """And nothing else is missed: Scrapy's own list of the group holds these, and all the rest of it is left in."""
    gone = set(getattr(default_settings, group)) - set(base(SETTINGS)[group])
    assert {path.rpartition(".")[2] for path in gone} == names


def test_pages_are_asked_for_as_they_are() -> None:
    assert base(SETTINGS)["DEFAULT_REQUEST_HEADERS"]["Accept-Encoding"] == "identity"


def test_only_the_web_is_reached() -> None:
    handlers = base(SETTINGS)["DOWNLOAD_HANDLERS"]
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    assert set(handlers) >= set(default_settings.DOWNLOAD_HANDLERS_BASE) - {"ws", "wss"}


def test_the_user_agent_says_who_we_are_and_where_to_complain() -> None:
    assert user_agent(SETTINGS).startswith("Tongjian/")
    assert user_agent(SETTINGS).endswith("(+mailto:watch@example.org)")
    assert "(" not in user_agent(Settings(contact=""))


def _site(**values: float) -> Site:
    home = "http://a.example/"
    return Site(name="a", title="a", homepage=home, entries=(Entry(url=home),), article="x", manners=Manners(**values))


def test_each_site_has_manners_of_its_own() -> None:
    slow = manners(_site(delay=5, concurrent=1, timeout=90, max_bytes=10), 1.0)
    swift = manners(_site(delay=0.5, concurrent=4), 1.0)
    assert (slow["DOWNLOAD_DELAY"], swift["DOWNLOAD_DELAY"]) == (5, 0.5)
    assert (slow["CONCURRENT_REQUESTS"], swift["CONCURRENT_REQUESTS"]) == (1, 4)
    assert (slow["CONCURRENT_REQUESTS_PER_DOMAIN"], swift["CONCURRENT_REQUESTS_PER_DOMAIN"]) == (1, 4)
    assert (slow["DOWNLOAD_TIMEOUT"], slow["DOWNLOAD_MAXSIZE"]) == (90, 10)
    assert 0 < slow["DOWNLOAD_DELAY_JITTER"] <= 1


def test_a_drill_runs_faster_and_asks_no_more_at_once() -> None:
    drill, real = manners(_site(delay=2), 1000.0), manners(_site(delay=2), 1.0)
    assert drill["DOWNLOAD_DELAY"] == real["DOWNLOAD_DELAY"] / 1000
    assert {**drill, "DOWNLOAD_DELAY": 0} == {**real, "DOWNLOAD_DELAY": 0}


def test_scrapy_list_shows_the_sites_and_those_of_further_folders(tmp_path: Path) -> None:
    (tmp_path / "my_paper.py").write_text(
        "from domain.site import Entry, Site\n"
        'SITE = Site(name="my-paper", title="x", homepage="http://m.example/",'
        ' entries=(Entry(url="http://m.example/"),), article="x")\n'
    )
    scrapy = Path(sys.executable).parent / "scrapy"
    done = subprocess.run(
        [scrapy, "list"],
        cwd=ROOT,
        env=os.environ | {"TONGJIAN_SITES": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == sorted([*sites.load(()), "my-paper"])


def test_the_loader_knows_which_site_an_address_belongs_to() -> None:
    from scrapy import Request

    loader = SiteLoader()
    assert loader.find_by_request(Request("https://www.toudeng.cc/archives/39941")) == ["toudeng"]
    assert loader.load("toudeng").name == "toudeng"
    with pytest.raises(KeyError, match="nobody"):
        loader.load("nobody")
