"""reading: how well pages are read and for how much CPU, beside the readers of others on labelled real pages."""

import sys
from pathlib import Path

from bench import costs, evaluation, groups, scores
from bench.evaluation import Row, Scoring
from bench.places import temporary
from bench.readers import OURS, PEERS, VARIANTS
from bench.results import FOLDER
from bench.saying import say
from domain.errors import TongjianError

ROUNDS = 3


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """The cost of our own steps, then the scores of ours and of the peers."""
    rounds = rounds or (1 if quick else ROUNDS)
    numbers: dict[str, object] = {"rounds": rounds, "ms": costs.run(rounds, quick=quick)}
    if absent := evaluation.missing():
        say(f"  real pages: {absent}, so nothing is scored")
        return numbers
    with temporary() as state:
        return numbers | _scored(state, rounds, quick=quick)


def _scored(state: Path, rounds: int, *, quick: bool) -> dict[str, object]:
    out = state / "rows" if quick else FOLDER / "reading"
    scoring = Scoring(evaluation.unpacked(state, every=evaluation.QUICK if quick else 1), out)
    results = _laps(scoring, None if quick else groups.interpreter("peers"), rounds)
    score = evaluation.scorer()
    found = scores.summaries(score, results)
    scores.show(found)
    if quick:
        say("  --quick: a tenth of the pages and no peers, so no goal is judged")
        return {}
    core = scores.of(score, "core", results[OURS])
    scores.goals(found, core)
    return {"scores": found, "oracles": scores.oracles(results, {row["id"] for row in core})}


def _laps(scoring: Scoring, peers: Path | None, rounds: int) -> dict[str, list[Row]]:
    """All in turn, round by round, each first in its turn; variants once, in the first round."""
    ours = Path(sys.executable)
    pythons = {OURS: ours} | (dict.fromkeys(PEERS, peers) if peers else {})
    laps: dict[str, list[list[Row]]] = {}
    for number in range(rounds):
        names = list(pythons)
        once = VARIANTS if peers and number == 0 else ()
        turn = number % len(names)
        for name in (*names[turn:], *names[:turn], *once):
            _lap(scoring, pythons.get(name, peers or ours), name, laps)
    return {name: _least(done) for name, done in laps.items()}


def _lap(scoring: Scoring, python: Path, name: str, laps: dict[str, list[list[Row]]]) -> None:
    """One pass over all pages. A peer that fails is left out and said; ours that fails is a failure."""
    try:
        laps.setdefault(name, []).append(scoring.rows(python, name))
    except TongjianError as error:
        if name == OURS:
            raise
        del laps[name]
        say(f"  {name}: left out: {str(error)[-300:]}")
        return
    say(f"  round {len(laps[name])}, {name}: {len(laps[name][-1])} pages")


def _least(done: list[list[Row]]) -> list[Row]:
    """The first round's rows with the least CPU of all rounds for each page."""
    return [{**rows[0], "ms": min(row["ms"] for row in rows)} for rows in zip(*done, strict=True)]
