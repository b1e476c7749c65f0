"""mentions: precision and recall on labelled sentences, precision on judged mentions of real pages, time."""

import hashlib
import json
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.labelled import scores, sentences
from bench.results import table
from bench.saying import say
from domain.mention import Mention, MentionKind
from domain.settings import ROOT
from parsers.mentions import find

EVALUATION = ROOT.parent / "shared" / "eval" / "pages.tar.gz"
LABELLED = ROOT / "tests" / "parsers" / "mentions"
JUDGED = Path(__file__).parent / "mentions_judged.txt"
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Body:
    """A real page's body as labelled by hand, and the day it was published on."""

    page: str
    text: str
    on: date | None


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """Scores are in percent; times are this thread's CPU, the least of some rounds."""
    labelled = {name: _labelled(name) for name in ("tuning", "held_out")}
    bodies = list(_bodies())
    if not bodies:
        say(f"  real pages: none beside the repository ({EVALUATION.name}): left out")
        return {"labelled": labelled}
    found = [(body.page, find(body.text, body.on)) for body in bodies]
    return {"labelled": labelled, "real": _real(found), "us_per_1000": _timed(bodies, 1 if quick else rounds or ROUNDS)}


def _labelled(name: str) -> dict[str, object]:
    scored = scores(sentences(LABELLED / f"labelled_{name}.txt"))
    rows = [(kind.value, one.labelled, one.found, one.precision, one.recall) for kind, one in scored.items()]
    table((f"labelled sentences, {name}", "there", "found", "precision", "recall"), rows)
    return {kind.value: {"precision": one.precision, "recall": one.recall} for kind, one in scored.items()}


def _bodies() -> Iterator[Body]:
    if not EVALUATION.exists():
        return
    with tarfile.open(EVALUATION) as archive:
        for item in archive:
            file = archive.extractfile(item) if item.name.endswith("gold.json") else None
            gold = json.loads(file.read()) if file else {}
            if gold.get("body"):
                yield Body(gold["id"], gold["body"], _day(gold.get("publish_time")))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _real(found: list[tuple[str, tuple[Mention, ...]]]) -> dict[str, object]:
    """Counts, and the share of right ones among the judged that are still found."""
    verdicts = dict(_verdicts())
    judged: Counter[tuple[str, str]] = Counter()
    counts: Counter[str] = Counter()
    for page, mentions in found:
        for mention in mentions:
            kind = mention.kind.value
            counts[kind] += 1
            judged[kind, verdicts.get((kind, _digest(page, mention)), "")] += 1
    rows = [_row(kind.value, counts, judged) for kind in MentionKind]
    table(("real pages", "found", "judged", "right", "right, or within a name"), rows)
    return {row[0]: dict(zip(("found", "judged", "right", "lenient"), row[1:], strict=True)) for row in rows}


def _row(kind: str, counts: Counter[str], judged: Counter[tuple[str, str]]) -> tuple[str, int, int, float, float]:
    right, part, wrong = (judged[kind, verdict] for verdict in ("right", "part", "wrong"))
    total = right + part + wrong
    return kind, counts[kind], total, 100 * right / max(1, total), 100 * (right + part) / max(1, total)


def _verdicts() -> Iterator[tuple[tuple[str, str], str]]:
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, digest, verdict = line.split()
            yield (kind, digest), verdict


def _digest(page: str, mention: Mention) -> str:
    return hashlib.sha256(f"{page}:{mention.start}:{mention.end}".encode()).hexdigest()[:20]


def _timed(bodies: list[Body], rounds: int) -> float:
    laps = []
    for _ in range(rounds):
        start = time.thread_time()
        for body in bodies:
            find(body.text, body.on)
        laps.append(time.thread_time() - start)
    cost = min(laps) * 1e9 / sum(len(body.text) for body in bodies)
    say(f"  {cost:,.0f} µs per 1,000 characters ({len(bodies)} bodies)")
    return cost
