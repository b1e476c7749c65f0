"""How commands come to be loaded: each with what it uses and no more; and the tests' own way of starting them."""

import os
import subprocess
import sys

import pytest
import warm_commands

from domain.settings import ROOT
from pipeline import cli

ENV = dict(os.environ)
LOADED = """
import sys
from pipeline.__main__ import main
sys.argv = ["tongjian", *sys.argv[1:]]
try:
    main()
except SystemExit:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def cold(*words: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([sys.executable, *words], cwd=ROOT, env=ENV, capture_output=True, check=False)


@pytest.mark.parametrize("module", cli._VERBS)
def test_each_module_holds_the_verbs_it_is_listed_with(module: str) -> None:
    """One that is not listed could not be called, and the help would not miss it."""
    assert tuple(cli.commands_of(module)) == cli._VERBS[module]


def test_a_short_command_is_not_made_to_wait_for_what_others_use() -> None:
    done = cold("-c", LOADED, "history", "--help")
    loaded = set(done.stderr.decode().split())
    assert {"pipeline", "typer"} <= loaded, done.stderr.decode()
    assert loaded & {"alerts", "bs4", "catalogue", "httpx", "lxml", "parsers", "scrapy", "sqlalchemy"} == set()


def test_a_verb_misspelt_is_put_right() -> None:
    assert b"history" in cold("-m", "pipeline", "histor").stderr


@pytest.mark.parametrize("words", [("sites", "list", "--json"), ("frobnicate",)], ids=["done", "refused"])
def test_a_command_of_the_tests_is_what_people_get(words: tuple[str, ...]) -> None:
    """Otherwise what holds here would say nothing of `python -m pipeline`."""
    warm, real = warm_commands.run(*words, env=ENV, timeout=60), cold("-m", "pipeline", *words)
    assert (warm.returncode, warm.stdout, warm.stderr) == (real.returncode, real.stdout, real.stderr)
