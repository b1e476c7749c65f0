"""Messages as they were looked at and found good: TONGJIAN_GOLDEN=write writes them anew, and fails until looked at."""

import os
from pathlib import Path

import pytest
from message_stories import STORIES, TYPES

from alerts.messages import Rendered, render

FOLDER = Path(__file__).with_name("messages")
WORDS = {name: (name, "both", "commonmark") for name in STORIES}
# In one language only, and for one service only, in the form where that says most.
LANGUAGES = {
    "edited.zh": ("edited", "zh", "commonmark"),
    "edited.en": ("edited", "en", "commonmark"),
    "removed.en": ("removed", "en", "commonmark"),
    "daily.zh": ("daily", "zh", "commonmark"),
    "daily.en": ("daily", "en", "commonmark"),
    "broken.en": ("broken", "en", "commonmark"),
}
DIALECTS = {
    "edited.dingtalk": ("edited", "both", "dingtalk"),
    "edited.wecom": ("edited", "zh", "wecom"),
    "edited.feishu": ("edited", "zh", "feishu"),
    "daily.wecom": ("daily", "zh", "wecom"),
}
CASES = WORDS | LANGUAGES | DIALECTS
# The frame of an HTML message is long and the same in all: where the words are told apart, text does.
HTML = ("edited", "new", "removed", "broken", "daily", "edited.zh", "daily.en")
FILES = [
    *((name, "txt") for name in WORDS | LANGUAGES),
    *((name, "md") for name in WORDS | DIALECTS),
    *((name, "html") for name in HTML),
]


def shown(message: Rendered, form: str) -> str:
    """One form; the subject stands before the plain text, as a mailbox shows it."""
    if form == "txt":
        return f"{message.subject}\n\n{message.text}"
    return (message.html if form == "html" else message.markdown) or ""


@pytest.mark.parametrize(("name", "form"), FILES)
def test_a_message_is_as_it_was_looked_at(name: str, form: str) -> None:
    story, language, dialect = CASES[name]
    said = shown(render(STORIES[story](), language, dialect), form)  # type: ignore[arg-type]
    file = FOLDER / f"{name}.{form}"
    held = file.read_text(encoding="utf-8") if file.exists() else None
    if os.environ.get("TONGJIAN_GOLDEN") == "write" and said != held:
        file.write_text(said, encoding="utf-8")
        pytest.fail(f"{file.name} was written: look at it, then run again without TONGJIAN_GOLDEN")
    assert said == held


def test_every_type_of_message_is_there_and_no_golden_file_too_many() -> None:
    types = {story()["type"] for story in STORIES.values()}
    assert types == TYPES | {"health", "channel", "test", "digest"}
    assert {file.name for file in FOLDER.iterdir()} == {f"{name}.{form}" for name, form in FILES}
