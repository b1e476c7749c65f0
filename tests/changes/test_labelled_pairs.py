"""Labelled pairs of pages: what is no change is silent, what is one is told once and called by its name."""

from dataclasses import replace

import cosmetic_rows
import noise_rows
import pytest
import real_rows
import respelt_rows
from page_frames import Frame
from page_judging import changes, made, payload, shown, with_paragraph
from page_templates import TEMPLATES

from domain.change import Change, ChangeType, EditClass

ALL = tuple(TEMPLATES)
FEW = 6
# What a change must not be called without being labelled so; TEXT and FORMAT weigh nothing.
WEIGHTY = {item.value for item in EditClass} - {"text", "format"}


def some(number: int) -> tuple[str, ...]:
    """A few templates for one row of many, others for the next: every template has its turn."""
    return tuple(ALL[(number * 5 + step * 3) % len(ALL)] for step in range(FEW))


def silent(before: bytes, after: bytes) -> None:
    told = changes(before, after)
    assert not told, shown(told)


def one_edit(before: bytes, after: bytes) -> Change:
    told = changes(before, after)
    assert len(told) == 1, shown(told)
    assert told[0].type is ChangeType.EDITED
    return told[0]


def frame_silent(templates: tuple[str, ...], place: str, before: str, after: str) -> None:
    failed = {}
    for template in templates:
        first, second = (payload(template, made(template, None, Frame(**{place: it}))) for it in (before, after))
        told = changes(first, second)
        if told:
            failed[template] = shown(told)
    assert not failed, "\n".join(f"{template}: {what}" for template, what in failed.items())


def is_called(change: Change, label: str) -> None:
    found = {item.value for item in change.classes}
    words = label.split()
    wanted = [set(word.split("|")) for word in words if not word.startswith("+")]
    allowed = set().union(*wanted, {word[1:] for word in words if word.startswith("+")})
    assert all(found & group for group in wanted), f"{sorted(found)} for {label}"
    assert not (found & WEIGHTY) - allowed, f"{sorted(found)} for {label}"


@pytest.mark.parametrize(
    ("place", "before", "after"), [pytest.param(*row[1:], id=row[0]) for row in noise_rows.OTHER_ROWS]
)
def test_what_stands_around_an_article_is_no_change(place: str, before: str, after: str) -> None:
    frame_silent(ALL, place, before, after)


@pytest.mark.parametrize(
    ("number", "row"), [pytest.param(number, row, id=row[0]) for number, row in enumerate(noise_rows.COUNTER_ROWS)]
)
def test_a_counter_is_no_change(number: int, row: tuple[str, str, str, str]) -> None:
    frame_silent(some(number), *row[1:])


@pytest.mark.parametrize("respell", [pytest.param(row[1], id=row[0]) for row in respelt_rows.RESPELT])
@pytest.mark.parametrize("template", ALL)
def test_a_page_spelt_otherwise_is_no_change(template: str, respell: respelt_rows.Respelling) -> None:
    markup = made(template)
    silent(payload(template, markup), payload(template, respell(markup)))


@pytest.mark.parametrize("rebytes", [pytest.param(row[1], id=row[0]) for row in respelt_rows.BYTES])
@pytest.mark.parametrize("template", ALL)
def test_other_bytes_for_the_same_text_are_no_change(template: str, rebytes: respelt_rows.Rebytes) -> None:
    markup = made(template)
    silent(payload(template, markup), rebytes(markup))


@pytest.mark.parametrize(("before", "after"), respelt_rows.REDESIGNS)
def test_a_redesign_is_no_change(before: str, after: str) -> None:
    story = replace(TEMPLATES[before][1], image="", files=())
    silent(payload(before, made(before, story)), payload(after, made(after, story)))


@pytest.mark.parametrize(("before", "after"), respelt_rows.REDESIGNS)
def test_an_edit_after_a_redesign_is_found(before: str, after: str) -> None:
    story = replace(TEMPLATES[before][1], image="", files=())
    edited = replace(story, paras=(*story.paras[:-1], story.paras[-1] + "总投资3.5亿元。"))
    pages = [payload(name, made(name, told)) for name, told in ((before, story), (after, story), (after, edited))]
    told = changes(*pages)
    assert [(change.type, change.cosmetic) for change in told] == [(ChangeType.EDITED, False)], shown(told)
    assert "3.5亿元" in (told[0].fields[0].after or "")


@pytest.mark.parametrize(
    ("template", "before", "after"), [pytest.param(*row[1:], id=row[0]) for row in cosmetic_rows.SENTENCES]
)
def test_typesetting_is_kept_and_cosmetic(template: str, before: str, after: str) -> None:
    for one, other in ((before, after), (after, before)):
        change = one_edit(with_paragraph(template, one), with_paragraph(template, other))
        assert change.cosmetic, shown([change])
        assert not {item.value for item in change.classes} & (WEIGHTY - {"typo"})


@pytest.mark.parametrize(("before", "after"), [pytest.param(*row[1:], id=row[0]) for row in cosmetic_rows.FOLDED])
def test_script_alone_is_silent_on_a_folded_page(before: str, after: str) -> None:
    told = changes(with_paragraph("mirror", before), with_paragraph("mirror", after))
    assert all(change.cosmetic for change in told), shown(told)


@pytest.mark.parametrize(
    ("template", "before", "after", "label"), [pytest.param(*row[1:], id=row[0]) for row in real_rows.SENTENCES]
)
def test_a_sentence_edited_is_told_and_called_by_its_name(template: str, before: str, after: str, label: str) -> None:
    change = one_edit(with_paragraph(template, before), with_paragraph(template, after))
    assert not change.cosmetic
    is_called(change, label)


@pytest.mark.parametrize(
    ("number", "before", "after"),
    [pytest.param(number, row[2], row[3], id=row[0]) for number, row in enumerate(real_rows.SENTENCES)],
)
def test_a_sentence_edited_is_found_in_other_templates(number: int, before: str, after: str) -> None:
    for template in some(number):
        change = one_edit(with_paragraph(template, before, 1), with_paragraph(template, after, 1))
        assert not change.cosmetic, template


@pytest.mark.parametrize(("template", "edit", "label"), [pytest.param(*row[1:], id=row[0]) for row in real_rows.FIELDS])
def test_a_field_edited_is_told_and_called_by_its_name(template: str, edit: real_rows.Edit, label: str) -> None:
    story = TEMPLATES[template][1]
    change = one_edit(payload(template, made(template)), payload(template, made(template, edit(story))))
    assert not change.cosmetic
    is_called(change, label)


@pytest.mark.parametrize(("before", "after", "label"), [pytest.param(*row[1:], id=row[0]) for row in real_rows.TABLE])
def test_a_table_edited_is_told_and_called_by_its_name(before: str, after: str, label: str) -> None:
    markup = made("tabled")
    assert before in markup
    change = one_edit(payload("tabled", markup), payload("tabled", markup.replace(before, after)))
    assert not change.cosmetic
    is_called(change, label)


@pytest.mark.parametrize(("template", "when"), real_rows.REPUBLISHED)
def test_another_time_alone_is_a_republication(template: str, when: str) -> None:
    story = TEMPLATES[template][1]
    told = changes(payload(template, made(template)), payload(template, made(template, replace(story, published=when))))
    assert [change.type for change in told] == [ChangeType.REPUBLISHED], shown(told)


def test_there_are_pairs_enough() -> None:
    """At least 45 of noise, 12 of typesetting, 45 real, over fifteen templates."""
    assert len(ALL) >= 15
    assert {name for number in range(len(ALL)) for name in some(number)} == set(ALL)
    assert len(noise_rows.ROWS) + len(respelt_rows.RESPELT) + len(respelt_rows.BYTES) >= 45
    assert len(cosmetic_rows.SENTENCES) >= 12
    assert len(real_rows.SENTENCES) + len(real_rows.FIELDS) + len(real_rows.TABLE) >= 45
    assert {row[1] for row in real_rows.SENTENCES} | {row[1] for row in real_rows.FIELDS} == set(ALL)
