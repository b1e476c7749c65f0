"""A message in every form that a channel may want."""

from collections.abc import Callable
from functools import cached_property
from typing import Literal

# Whose Markdown it is. COMMONMARK is for services behind Apprise, of which most know it.
Dialect = Literal["commonmark", "dingtalk", "wecom", "feishu"]


class Rendered:
    """`subject` is one line of at most 78 columns; `text`, `html` and `markdown` say the same, each made when it is
    asked for: a robot wants no HTML."""

    def __init__(
        self,
        subject: str,
        text: str | Callable[[], str],
        html: str | Callable[[], str] | None,
        markdown: str | Callable[[], str] | None,
    ) -> None:
        self.subject = subject
        self._text, self._html, self._markdown = text, html, markdown

    @cached_property
    def text(self) -> str:
        return self._text() if callable(self._text) else self._text

    @cached_property
    def html(self) -> str | None:
        return self._html() if callable(self._html) else self._html

    @cached_property
    def markdown(self) -> str | None:
        return self._markdown() if callable(self._markdown) else self._markdown
