"""The readers of others that are scored beside ours, by the names ../shared/eval/score.py gives them."""

import lxml.html

from bench.replica import Page

OURS = "ours"
PEERS = (
    "readability_lxml",
    "trafilatura",
    "gne",
    "newspaper4k",
    "goose3",
    "boilerpy3",
    "justext_zh",
    "resiliparse",
)
"""Readers of a page's body: timed, and the oracle's choice."""

VARIANTS = (
    "trafilatura_precision",
    "trafilatura_recall",
    "gne_tuned",
    "readability_htmldate",
    "stack_readability_gne",
    "htmldate_only",
)
"""The same libraries otherwise set or put together: scored once, not timed, and the oracle's choice too."""

QUICKER = ("resiliparse", "justext_zh")
"""Those that may be quicker than ours: they give no fields."""


def floor(page: Page) -> object:
    """What any reader has to pay: lxml makes a tree of the page, and its text is taken."""
    return [str(text) for text in lxml.html.fromstring(page.payload).itertext()]
