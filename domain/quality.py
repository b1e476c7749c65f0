"""How good a capture is as a witness of its page, 0..1, and why it is no better."""

from domain.change import Outcome

# What an answer is worth where its outcome alone decides. A clear «not found» is a good witness; a wall is none.
_OF_OUTCOME = {
    Outcome.SAME: 1.0,
    Outcome.MISSING: 1.0,
    Outcome.MOVED: 1.0,
    Outcome.EMPTY: 0.3,
    Outcome.UNKNOWN: 0.0,
}
_FIDELITY = "decoded with losses, fidelity "
NO_TITLE, NO_DATE = "no title", "no date"
_LESS = {NO_TITLE: 0.2, NO_DATE: 0.1}


def article_reasons(*, fidelity: float, titled: bool, dated: bool) -> str:
    """What an article lacks, in words that `quality` understands; empty where nothing."""
    found = [f"{_FIDELITY}{fidelity:.2f}"] if fidelity < 1 else []
    found += [NO_TITLE] if not titled else []
    found += [NO_DATE] if not dated else []
    return "; ".join(found)


def quality(outcome: Outcome | str | None, reason: str) -> tuple[float, tuple[str, ...]] | None:
    """The score and its reasons; None of captures that are no page's (lists, robots files)."""
    if outcome is None:
        return None
    kind = Outcome(outcome)
    reasons = tuple(part for part in reason.split("; ") if part)
    if kind is not Outcome.ARTICLE:
        return _OF_OUTCOME[kind], reasons
    score = 1.0
    for one in reasons:
        score -= 1 - float(one.removeprefix(_FIDELITY)) if one.startswith(_FIDELITY) else _LESS.get(one, 0.0)
    return round(max(score, 0.0), 2), reasons
