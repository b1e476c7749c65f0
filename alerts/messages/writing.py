"""Templates, and how each form keeps text from being taken for mark-up.

Values are escaped by default: in HTML by Jinja2, in plain text and Markdown by `flat`. What a macro made, an address
and the template's own words are left as they are. A name that is missing is an error.
"""

import re
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from alerts.messages import words
from alerts.messages.rendered import Dialect
from alerts.messages.safe import flat
from alerts.messages.views import Shown
from alerts.messages.words import Language, Word

Form = Literal["txt", "html", "md"]
_HERE = Path(__file__).resolve().parent / "templates"
_EMPTY = re.compile(r"\n{3,}")
_ENDS = re.compile(r"[ \t]+$", re.MULTILINE)


def write(name: str, form: Form, language: Language, dialect: Dialect, **said: Any) -> str:
    """The template `name` of one form, filled in."""
    made = _environment(form, language, dialect).get_template(f"{name}.{form}").render(**said)
    if form == "html":
        return made
    tidy = _EMPTY.sub("\n\n", _ENDS.sub("", made)).strip() + "\n"
    return _broken(tidy, dialect) if form == "md" else tidy


def _broken(text: str, dialect: Dialect) -> str:
    """A line break stays one: CommonMark and DingTalk want two blanks before it, WeCom and Feishu take it as it is."""
    if dialect in ("wecom", "feishu"):
        return text
    return re.sub(r"(?<=[^\n])\n(?=[^\n])", "  \n", text)


@lru_cache(maxsize=32)
def _environment(form: Form, language: Language, dialect: Dialect) -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=None if form == "html" else _finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= words.LABELS
    made.globals |= {
        "more": words.more,
        "say": partial(_say, language=language),
        "lines": partial(_lines, language=language),
        "pick": partial(_pick, language=language),
        "address": Markup,
        "is_plain": is_plain,
        "piece": partial(_piece, made, form, language, dialect),
        "language": language,
        "dialect": dialect,
    }
    return made


def _piece(environment: Environment, form: Form, language: Language, dialect: Dialect, change: Shown) -> Markup:
    """A change as it stands in a digest, made once however often the digest is tried."""
    key = (form, language, dialect)
    if key not in change.pieces:
        change.pieces[key] = Markup(environment.get_template(f"line.{form}").render(change=change.view))
    return change.pieces[key]


def _finalized(value: Any) -> Markup:
    """As it is where a macro made it, else flat: in Markup, so that nothing makes HTML of it."""
    return value if isinstance(value, Markup) else Markup(flat(str(value)))


def is_plain(text: str) -> bool:
    """True where marks around a text are sure to be taken as marks: beside punctuation neither CommonMark 0.31 (6.2,
    delimiter runs) nor Feishu's cards do so."""
    return text[:1].isalnum() and text[-1:].isalnum()


def _say(zh: Word | str, en: str | None = None, *, language: Language) -> str:
    return _word(zh, en).said(language)


def _lines(zh: Word | str, en: str | None = None, *, language: Language) -> tuple[str, ...]:
    return _word(zh, en).lines(language)


def _pick(zh: str, en: str, *, language: Language) -> str:
    """The Chinese one, but where English alone is spoken."""
    return en if language == "en" else zh


def _word(zh: Word | str, en: str | None) -> Word:
    return zh if isinstance(zh, Word) else Word(zh, zh if en is None else en)
