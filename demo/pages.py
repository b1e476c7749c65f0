"""The templates, and the pieces of mark-up that they share."""

import hashlib
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from demo.texts import IMAGE, is_label

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_COUNT = "[一二三四五六七八九十]+"
_HEADING = re.compile(rf"(?:{_COUNT}、|[（(]{_COUNT}[)）]|第{_COUNT}[章条])")
_CAPTION = re.compile(r".*(?:摄|供图|图片|资料图|摄影)$")


class Pages:
    """The rendered pages. Undefined names in a template are errors."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, template: str, **fields: object) -> str:
        return self._environment.get_template(template).render(**fields)


def spaced(text: str) -> Markup:
    """A line with its runs of blanks kept by &nbsp;, as editors' programs write them."""
    return Markup(re.sub(r"[ \u00a0]{2,}", lambda run: "&nbsp;" * (len(run.group()) - 1) + " ", str(escape(text))))


def picture(line: str, number: int = 0) -> str:
    """A stable file name for the picture that goes with a line."""
    return f"{hashlib.sha256(f'{line}{number}'.encode()).hexdigest()[:12]}.jpg"


def is_image(line: str) -> bool:
    return IMAGE.fullmatch(line) is not None


def is_heading(line: str) -> bool:
    """True for 一、… and other short lines that head what follows."""
    return is_label(line) and (bool(_HEADING.match(line)) or not is_caption(line))


def is_caption(line: str) -> bool:
    """True for a line that credits a photographer."""
    return len(line) < 120 and _CAPTION.match(line) is not None
