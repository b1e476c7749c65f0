"""tongjian export as people call it: captured from the replica, edited, removed, taken away, checked by a stranger."""

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from demo.server import Replica
from domain.settings import ROOT

CONTENT = ROOT / "demo" / "content"
SITE = "iqilu-jining"


@pytest.fixture
def replica(desk: Desk) -> Iterator[Replica]:
    with Replica(CONTENT) as running:
        desk.environment["TONGJIAN_CONNECT_TO"] = running.connect_to
        yield running


def longest_line(replica: Replica, url: str) -> str:
    """The longest paragraph of an article; the site's own closing words are no part of it."""
    closing = ("热线", "版权", "许可证", "爆料")
    return max((line for line in replica.text(url).splitlines() if not any(word in line for word in closing)), key=len)


@pytest.fixture
def edited(desk: Desk, replica: Replica) -> str:
    """A page that was captured, edited, captured again, and had all of it signed."""
    url = next(record.url for record in replica.articles() if record.site == SITE)
    desk.run("run", SITE)
    line = longest_line(replica, url)
    replica.edit(url, line, line[:10] + "（更正）" + line[10:])
    desk.run("run", SITE, "--recheck")
    desk.run("doctor", "--make-key")
    desk.run("checkpoint")
    return url


def addresses(path: Path) -> list[str]:
    lines = gzip.decompress(path.read_bytes()).split(b"\r\n")
    kinds = (b"WARC-Type: response", b"WARC-Type: revisit")
    found = []
    for place, line in enumerate(lines):
        if line in kinds:
            target = next(one for one in lines[place:] if one.startswith(b"WARC-Target-URI: "))
            found.append(target.decode().partition(": ")[2])
    return found


def test_a_page_a_search_a_site_and_a_span(desk: Desk, edited: str, tmp_path: Path) -> None:
    page, again = tmp_path / "page.warc.gz", tmp_path / "again.warc.gz"
    said = desk.json("export", edited, "--warc", str(page), "--no-files")["warc"]
    desk.run("export", edited, "--warc", str(again), "--no-files")
    assert page.read_bytes() == again.read_bytes()
    assert said["captures"] == len(desk.json("history", edited)["captures"]) == len(addresses(page))
    assert set(addresses(page)) == {edited}

    site = desk.json("export", "--site", SITE, "--warc", str(tmp_path / "site.warc.gz"))["warc"]
    assert site["captures"] > said["captures"]
    assert any("robots.txt" in url for url in addresses(tmp_path / "site.warc.gz"))
    span = ("--since", "2000-01-01", "--until", "2100-01-01")
    spanned = desk.json("export", *span, "--warc", str(tmp_path / "span.warc.gz"))["warc"]
    assert spanned["captures"] == site["captures"]

    search = desk.json("export", "--search", "更正", "--wacz", str(tmp_path / "found.wacz"))["wacz"]
    assert (search["pages"], search["unproved"], search["signed"]) == (2, 0, True)
    rows = zipfile.ZipFile(tmp_path / "found.wacz").read("pages/pages.jsonl").decode().splitlines()
    texts = [json.loads(row)["text"] for row in rows[1:]]
    assert ["（更正）" in text for text in texts] == [False, True]


def test_a_span_brings_what_its_304s_confirm(desk: Desk, replica: Replica, edited: str, tmp_path: Path) -> None:
    desk.run("run", SITE, "--recheck")
    captures = desk.json("history", edited)["captures"]
    last = captures[-1]
    out = tmp_path / "late.warc.gz"
    said = desk.json("export", edited, "--since", last["at"], "--warc", str(out), "--no-files")["warc"]
    assert said["captures"] == (2 if last["status"] == 304 else 1)
    whole = desk.json("export", "--site", SITE, "--since", last["at"], "--warc", str(out))["warc"]
    data = gzip.decompress(out.read_bytes())
    assert whole["captures"] >= said["captures"]
    if last["status"] == 304:
        assert "（更正）".encode() in data


def change_of(desk: Desk, kind: str, url: str) -> Any:
    return next(one for one in desk.json("changes") if (one["type"], one["url"]) == (kind, url))


def test_evidence_of_an_edit_convinces_a_stranger(desk: Desk, edited: str, tmp_path: Path) -> None:
    change = change_of(desk, "edited", edited)
    case = tmp_path / "case"
    said = desk.json("export", "--change", change["id"], "--evidence", str(case))["evidence"]
    assert (said["checkpoints"], said["signed"], said["stamped"]) == ([1], True, False)
    key = next((tmp_path / "keys").glob("*.pub.pem"))
    command = [sys.executable, "-I", str(case / "verify.py"), "--key", str(key)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (case / "before" / "payload").read_bytes() != (case / "after" / "payload").read_bytes()
    told = json.loads((case / "difference.json").read_bytes())
    assert any("（更正）" in (field["after"] or "") for field in told["fields"])
    page = (case / "index.html").read_text()
    assert "no evidence of any site" in page  # captured through TONGJIAN_CONNECT_TO
    pieces = [piece for field in told["fields"] for piece in field["pieces"]]
    assert "更正" in "".join(text for op, text in pieces if op == "insert")
    assert "<ins>" in (case / "difference.html").read_text()
    again = desk.run("export", "--change", change["id"], "--evidence", str(case), expect=(1,))
    assert again == b""


def test_evidence_of_a_removal_has_both_missing_answers(
    desk: Desk, replica: Replica, edited: str, tmp_path: Path
) -> None:
    replica.remove(edited)
    for _ in range(2):
        desk.run("run", SITE, "--recheck")
    change = change_of(desk, "removed", edited)
    desk.run("export", "--change", change["id"], "--evidence", str(tmp_path / "early"), expect=(1,))
    desk.run("checkpoint")
    archive = tmp_path / "case.zip"
    desk.run("export", "--change", change["id"], "--evidence", str(archive), "--warc", str(tmp_path / "c.warc.gz"))
    names = zipfile.ZipFile(archive).namelist()
    assert {name.split("/")[1] for name in names if name.endswith("response.warc")} == {"before", "after-1", "after-2"}
    assert len(addresses(tmp_path / "c.warc.gz")) == 3


def test_what_was_taken_down_is_left_out_and_evidence_says_so(desk: Desk, edited: str, tmp_path: Path) -> None:
    first, second, *again = (one["id"] for one in desk.json("history", edited)["captures"])
    desk.run("takedown", first, "--reason", "法院命令", "--by", "某法院")
    said = desk.json("export", edited, "--wacz", str(tmp_path / "page.wacz"), "--no-files")["wacz"]
    assert [one["capture"] for one in said["left_out"]] == [first]
    assert (said["captures"], said["proved"]) == (1 + len(again), 1 + len(again))
    change = next(one for one in desk.json("changes") if one["url"] == edited)
    case = tmp_path / "case"
    desk.run("export", "--change", change["id"], "--evidence", str(case))
    told = json.loads((case / "after" / "response.proof.json").read_bytes())
    assert told["record"] == second
    assert (case / "before" / "tombstone.json").exists()
    assert not (case / "before" / "payload").exists()
    assert "taken down" in (case / "index.html").read_text()
    done = subprocess.run([sys.executable, "-I", str(case / "verify.py")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    desk.run("verify", "--deep")


REFUSED = [
    (),
    ("http://x.example/",),
    ("http://x.example/", "--warc", "x.warc.gz"),
    ("--site", "nowhere", "--warc", "x.warc.gz"),
    ("--site", SITE, "--warc", "x.warc"),
    ("--evidence", "x"),
    ("http://x.example/", "--search", "y", "--warc", "x.warc.gz"),
    ("--since", "yesterday", "--warc", "x.warc.gz"),
    ("--change", "0" * 32, "--evidence", "x"),
]


def test_what_cannot_be_done_is_said_and_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    for words in REFUSED:
        told = [str(tmp_path / word) if word[:1] == "x" else word for word in words]
        assert desk.run("export", *told, expect=(1,)) == b""
        assert not list(tmp_path.glob("*x*")), words
