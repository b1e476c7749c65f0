"""Golden folders: pages of our own writing, as each platform and each shape of publish line makes them.

A folder `golden/<platform or shape>/<case>/` holds `page.html` (the bytes as such a site serves them),
`about.json` (url, content_type, layout: a platform reader's name or null for the generic reader alone)
and `expected.json` (what a person reads in the page: only the fields it names are compared, exactly).

For a new folder run this test once: it writes expected.json with what the reader sees, and fails until
somebody has looked at each value, put right what the reader has wrong, and set `looked_at` to true.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from domain.article import Article
from domain.site import Entry, Site
from parsers import platforms, read

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.parent for path in GOLDEN.glob("*/*/page.html"))
PLATFORMS = {platform.__name__.lower() for platform in platforms.KNOWN}
FIELDS = ("kind", "title", "published_at", "published_precision", "source", "authors", "editors", "body")


def article(folder: Path) -> Article:
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    payload = (folder / "page.html").read_bytes()
    return read(payload, about["url"], about["content_type"], site(about["url"], about["layout"]))


def site(url: str, layout: str | None) -> Site | None:
    """A site that has nothing but the platform's reader; none for the generic reader alone."""
    if layout is None:
        return None
    entry = Entry(url="http://entry.example/list/")
    readers = (getattr(platforms, layout),)
    return Site(name="golden", title="例", homepage=entry.url, entries=(entry,), article=r".", readers=readers)


def seen(got: Article, name: str) -> Any:
    """A field as expected.json writes it."""
    if name == "body":
        return [block.text for block in got.body if block.text]
    if name == "attachments":
        return [[item.href, item.name] for item in got.attachments]
    return json.loads(got.model_dump_json(include={name}))[name]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_reads_as_a_person_does(folder: Path) -> None:
    got = article(folder)
    path = folder / "expected.json"
    if not path.exists():
        first = {"looked_at": False} | {name: seen(got, name) for name in (*FIELDS, "document_numbers", "attachments")}
        path.write_text(json.dumps(first, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        pytest.fail(f"{path} was written for the first time: look at every value, then set looked_at to true")
    want = json.loads(path.read_text(encoding="utf-8"))
    assert want.pop("looked_at") is True, f"{path} was not looked at yet"
    wrong = [name for name, value in want.items() if not same(seen(got, name), value)]
    assert not wrong, "\n".join(f"{name}: read {seen(got, name)!r}, is {want[name]!r}" for name in wrong)


def same(one: Any, other: Any) -> bool:
    """Equal; two times where they are one moment, in whatever zone either is written."""
    try:
        return bool(datetime.fromisoformat(one) == datetime.fromisoformat(other))
    except (TypeError, ValueError):
        return bool(one == other)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_nothing_is_lost_in_decoding(folder: Path) -> None:
    assert article(folder).fidelity == 1.0


def test_there_are_two_cases_of_each_platform_and_many_shapes() -> None:
    groups = [folder.parent.name for folder in CASES]
    assert groups.count("shape") >= 25
    assert not [group for group in set(groups) if groups.count(group) < 2]
    layouts = [json.loads((folder / "about.json").read_text(encoding="utf-8"))["layout"] for folder in CASES]
    assert {layout.lower() for layout in layouts if layout} == PLATFORMS


def test_an_unseen_page_is_written_once_and_fails_until_looked_at(tmp_path: Path) -> None:
    source = CASES[0]
    for name in ("page.html", "about.json"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    with pytest.raises(pytest.fail.Exception, match="first time"):
        test_reads_as_a_person_does(tmp_path)
    with pytest.raises(AssertionError, match="not looked at"):
        test_reads_as_a_person_does(tmp_path)
    path = tmp_path / "expected.json"
    path.write_text(path.read_text(encoding="utf-8").replace("false", "true", 1), encoding="utf-8")
    test_reads_as_a_person_does(tmp_path)
