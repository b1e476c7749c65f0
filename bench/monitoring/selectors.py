"""What a careful person would write for each template, having looked at its pages: what to watch, what to leave."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """CSS selectors."""

    watch: str
    leave: str = ""


_SOUP = "body > div > div:nth-of-type(2) > div:nth-of-type(1)"
TUNED = {
    "jcms": Tuning("td.title, #zoom"),
    "gov": Tuning("div.content h1, div.TRS_Editor", "div.TRS_Editor > p:last-child"),
    "trs": Tuning("h2.article-title, div.article-info > span:first-child, div.trs_editor_view, div.fj"),
    "dede": Tuning("div.title h2, div.viewbox div.content"),
    "phpcms": Tuning("#Article h1, #Article div.content", "#Article h1 span, div.ad250"),
    "media": Tuning("#title, #articleContent", "#articleContent > p:nth-last-child(2)"),
    "wordpress": Tuning("h1.entry-title, time.entry-date, div.entry-content", "div.post-like"),
    "soup": Tuning(
        f"{_SOUP} > div:nth-of-type(1), {_SOUP} > div:nth-of-type(3)", f"{_SOUP} > div:nth-of-type(3) > div:last-child"
    ),
}
