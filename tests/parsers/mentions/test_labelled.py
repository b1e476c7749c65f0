"""Labelled sentences: what is tuned on is found exactly; what was held out, as well as measured."""

from pathlib import Path

import pytest

from bench.labelled import Sentence, scores, sentences
from domain.mention import MentionKind
from parsers.mentions import find

HERE = Path(__file__).parent
TUNING = list(sentences(HERE / "labelled_tuning.txt"))
HELD_OUT = list(sentences(HERE / "labelled_held_out.txt"))


def test_there_are_enough_sentences() -> None:
    assert len(TUNING) + len(HELD_OUT) >= 200
    for part in (TUNING, HELD_OUT):
        assert {mention.kind for sentence in part for mention in sentence.mentions} == set(MentionKind)


@pytest.mark.parametrize("sentence", TUNING, ids=lambda sentence: sentence.text[:16])
def test_the_sentences_tuned_on_are_found_exactly(sentence: Sentence) -> None:
    assert frozenset(find(sentence.text, sentence.on)) == sentence.mentions


@pytest.mark.parametrize("kind", list(MentionKind))
def test_held_out_sentences_are_found_as_well_as_measured(kind: MentionKind) -> None:
    score = scores(HELD_OUT)[kind]
    assert score.precision >= 95
    assert score.recall >= 95
