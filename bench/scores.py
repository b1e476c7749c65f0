"""Tables, goals and the oracle from the rows that ../shared/eval/score.py gives."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from bench.evaluation import Row
from bench.readers import OURS, PEERS, QUICKER, VARIANTS
from bench.results import goal, table
from bench.saying import say

SUBSETS = ("core", "target", "hant")
BEHIND = 0.05
Results = Mapping[str, list[Row]]


def summaries(score: ModuleType, results: Results) -> dict[str, dict[str, dict[str, Any]]]:
    """Subset → extractor → score.py's own summary, the best body F1 first."""
    every = {
        subset: {name: score.summarise(of(score, subset, rows)) for name, rows in results.items()} for subset in SUBSETS
    }
    return {
        subset: dict(sorted(found.items(), key=lambda item: -item[1].get("F1", 0.0))) for subset, found in every.items()
    }


def of(score: ModuleType, subset: str, rows: list[Row]) -> list[Row]:
    """The rows of a subset's pages."""
    return [row for row in rows if row["category"] in score.SUB[subset]]


def show(found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """A table a subset, and what boilerplate was left in bodies where the labels have none."""
    head = ("F1 %", "≥.95 %", "<.50 %", "title %", "date %", "wrong", "source %", "ms p50", "p95", "noisy")
    for subset, extractors in found.items():
        kept = {name: one for name, one in extractors.items() if one}
        if kept:
            pages = next(iter(kept.values()))["n"]
            table((f"{subset}, {pages} pages", *head), [(name, *_line(name, one)) for name, one in kept.items()])
    core = {name: one["noise"] for name, one in found["core"].items() if one}
    kinds = list(core[OURS])
    table(("core: pages with", *kinds), [(name, *(noise[kind] for kind in kinds)) for name, noise in core.items()])


def _line(name: str, one: Mapping[str, Any]) -> tuple[object, ...]:
    timed = name not in VARIANTS
    bodies = one["empty"] < one["n"]
    return (
        *(f"{100 * one[key]:.1f}" if bodies else "–" for key in ("F1", "ge95", "lt50")),
        _share(one["title"]),
        _share(one["date"]),
        one["date_wrong"],
        _share(one["source"]),
        *(one[key] if timed else "–" for key in ("ms", "ms95")),
        one["noisy_pages"],
    )


def _share(counted: tuple[float, int, int] | None) -> str:
    """Of (share, so many, of so many); a dash where the subset is not labelled or the extractor has no such field."""
    return f"{100 * counted[0]:.1f}" if counted and counted[1] else "–"


def goals(found: Mapping[str, Mapping[str, Mapping[str, Any]]], rows: list[Row]) -> None:
    """The goals of the reader, each met or missed. `rows`: ours, of the core."""
    core, hant = found["core"], found["hant"][OURS]
    ours = core[OURS]
    goal("core: body F1", 100 * ours["F1"], 97.5, at_least=True, unit=" %")
    goal("core: pages with F1 ≥ .95", 100 * ours["ge95"], 90, at_least=True, unit=" %")
    goal("core: pages with F1 < .50", 100 * ours["lt50"], 1, unit=" %")
    for field, least in (("title", 97), ("date", 98), ("source", 90)):
        goal(f"core: {field}", 100 * ours[field][0], least, at_least=True, unit=" %")
    goal("core: wrong dates", ours["date_wrong"], 0)
    worst, pages = max(((kind, count) for kind, count in ours["noise"].items()), key=lambda item: item[1])
    goal(f"core: pages with the worst kind of boilerplate, {worst}", pages, 5)
    goal("hant: body F1", 100 * hant["F1"], 95, at_least=True, unit=" %")
    _cost(core, rows)


def _cost(core: Mapping[str, Mapping[str, Any]], rows: list[Row]) -> None:
    ours = core[OURS]
    longest = max(row["ms"] for row in rows)
    say(f"  CPU a page, core: p50 {ours['ms']:.1f} ms, p95 {ours['ms95']:.1f} ms, longest {longest:.1f} ms")
    for peer in (name for name in PEERS if name in core and name not in QUICKER):
        limit = 0.5 if peer == "readability_lxml" else 1.0
        goal(f"core: CPU a page × {peer}, of medians", ours["ms"] / core[peer]["ms"], limit)


def oracles(results: Results, core: set[str]) -> list[dict[str, object]]:
    """Ours beside an oracle of the libraries, and beside one that may also choose among their variants."""
    libraries = [name for name in PEERS if name in results]
    everything = [name for name in results if name != OURS]
    return [_oracle(results, names, core) for names in (libraries, everything) if names]


def _oracle(results: Results, names: list[str], core: set[str]) -> dict[str, object]:
    """For each core page the best body F1 of all named, as nobody could choose it beforehand."""
    ours = {row["id"]: row["f1"] for row in results[OURS] if row["id"] in core}
    others = [row for name in names for row in results[name]]
    best = {page: max(row["f1"] for row in others if row["id"] == page) for page in ours}
    mean, own = (100 * sum(values.values()) / len(values) for values in (best, ours))
    behind = sorted(page for page, value in best.items() if value - ours[page] > BEHIND)
    ahead = sum(ours[page] - value > BEHIND for page, value in best.items())
    said = f"beaten by {own - mean:.2f}" if own > mean else f"not beaten, by {mean - own:.2f}"
    say(f"  an oracle with the best of {len(names)} for each core page: F1 {mean:.2f}, ours {own:.2f}: {said}")
    say(f"  more than {BEHIND} from it: above on {ahead} pages, below on {len(behind)}: {', '.join(behind) or 'none'}")
    return {"of": names, "f1": mean, "ours": own, "behind": behind, "ahead": ahead}
