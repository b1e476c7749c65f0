"""A content folder: `DIR/<site>/<slug>.txt`, `DIR/<site>.txt`, or both."""

import json
from pathlib import Path

from demo.model import Source
from demo.splitters import SITES
from domain.errors import ConfigurationError

SHIPPED = Path(__file__).resolve().parent / "content"


def load(folder: Path) -> list[Source]:
    """Every text of a content folder. Files of other names are left alone.

    Raises ConfigurationError where there is no such folder, no text in it, or a text that is empty or not UTF-8.
    """
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: no such content folder", hint="Name a folder with --content.")
    sources = [_read(site, path) for site in SITES for path in _paths(folder, site)]
    if not sources:
        raise ConfigurationError(
            f"{folder}: holds no text of any site",
            hint=f"Put texts at SITE.txt or SITE/SLUG.txt, SITE being one of {', '.join(SITES)}.",
        )
    return sources


def timeline_of(folder: Path) -> list[dict[str, object]]:
    """The events of the folder's timeline.json; none where there is no such file."""
    path = folder / "timeline.json"
    if not path.exists():
        return []
    try:
        events = json.loads(path.read_text(encoding="utf-8"))["events"]
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{path}: not a timeline", hint='Write {"events": [...]} as JSON.') from error
    return [dict(event) for event in events]


def _paths(folder: Path, site: str) -> list[Path]:
    flat = [path for path in folder.glob(f"{site}*.txt") if path.stem == site or path.stem[len(site)] in "-_."]
    return sorted(flat) + sorted((folder / site).glob("*.txt"))


def _read(site: str, path: Path) -> Source:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not UTF-8", hint="Save the text as UTF-8.") from error
    if not text.strip():
        raise ConfigurationError(f"{path}: empty", hint="Write the page's text, or take the file away.")
    return Source(site, path.stem, text)
