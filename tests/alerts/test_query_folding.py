"""Two sides of an edit folded together, and terms in a part of a text."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.query.folding import fold, fold_both, places

# What reaches over a line's end, or nearly: readings, marks that combine, halves of a surrogate pair, 著 by word.
PIECES = ("济\n", "\n国", "國", "(jì)", "(a\n", "b)", "跟", "著", "\n", "\r\n", "\x1c", " ", "\u3000", "１", "A ", "か")
MARKS = ("\u3099", "\u0301", "\u200b", "\ud83d", "\ude00", "（", "）", "ǆ", "⑴", "𠮷")
TEXTS = st.lists(st.sampled_from(PIECES + MARKS), max_size=12).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS, TEXTS, TEXTS)
@example("国济", "\n", "\n\n", "国")
@example("甲\n国", "", "(jì)", "\n国")
def test_both_sides_come_out_as_each_does_alone(begin: str, before: str, after: str, end: str) -> None:
    one, other = begin + before + end, begin + after + end
    assert fold_both(one, other) == (fold(one), fold(other))


def test_what_two_sides_share_is_folded_once() -> None:
    held: dict[str, str] = {}
    fold_both("國\n国甲\n濟", "國\n国乙\n濟", held)
    assert held.keys() == {"國", "濟"}


@given(
    st.text("甲乙1a", max_size=20), st.text("甲乙1a", min_size=1, max_size=2), st.integers(0, 20), st.integers(0, 20)
)
def test_places_in_a_part_are_those_that_are_in_it_whole(text: str, term: str, begin: int, end: int) -> None:
    whole = [at for at in places(term, text) if at >= begin and at + len(term) <= end]
    assert list(places(term, text, begin, end)) == whole
