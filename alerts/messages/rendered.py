"""A message in every form that a channel may want."""

from dataclasses import dataclass
from typing import Literal

# Whose Markdown it is. COMMONMARK is for services behind Apprise, of which most know it.
Dialect = Literal["commonmark", "dingtalk", "wecom", "feishu"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """`subject` is one line of at most 78 columns; `text`, `html` and `markdown` say the same."""

    subject: str
    text: str
    html: str | None
    markdown: str | None
