"""The five real articles, served by the replica, through the whole house: captured, read, kept, searched."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from demo.server import Replica
from domain.clock import SHANGHAI

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the labelled articles are not here: {SEEDS}")


@pytest.fixture
def replica(desk: Desk) -> Iterator[Replica]:
    with Replica(SEEDS) as running:
        desk.environment["TONGJIAN_CONNECT_TO"] = running.connect_to
        yield running


def test_five_real_articles_are_found_read_and_kept(desk: Desk, replica: Replica) -> None:
    desk.run("run", "--all")
    found = {change["site"]: change["url"] for change in desk.json("changes")}
    golds = {path.name.split(".")[0]: json.loads(path.read_text("utf-8")) for path in SEEDS.glob("*.gold.json")}
    assert found.keys() == golds.keys()
    for name, gold in golds.items():
        _equal(desk.json("show", found[name])["article"], gold)
        assert desk.run("show", found[name], "--raw") == replica.payload(found[name])
    assert found["toudeng"] == golds["toudeng"]["url"]
    assert found["shandong-commerce"] == golds["shandong-commerce"]["url"]


def _equal(article: dict[str, Any], gold: dict[str, Any]) -> None:
    for name in ("title", "source", "authors", "editors", "document_numbers"):
        assert article[name] == gold[name], name
    body = [block["text"] for block in article["body"] if block["text"] and block["text"] != "点击观看精彩视频"]
    assert body == [" ".join(line.split()) for line in gold["body"] if line != "点击观看精彩视频"]
    if gold["published_at"] is None:
        assert (article["published_at"], article["published_precision"]) == (None, "first_seen")
    else:
        shown = datetime.fromisoformat(article["published_at"]).astimezone(SHANGHAI)
        assert shown.isoformat() == gold["published_at"]
        assert article["published_precision"] == gold.get("published_precision", "second")
