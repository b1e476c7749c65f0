"""A page as a reader sees it, in pieces, and the small tools that take its text apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

DATE = re.compile(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*日?(?:\s*(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
IMAGE = re.compile(r"[^\s/]+\.(?:jpe?g|png|gif|webp|bmp)", re.IGNORECASE)
COLON = r"\s*[:：]\s*"
_PINYIN = r"(?:[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ]+[)）])?"


@dataclass(frozen=True, slots=True)
class Parts:
    """A page's pieces, each as written in the text.

    `moment` is the publication time without zone (Asia/Shanghai), None where the page gives none; `seen`
    is the day in a masthead, good for ordering only; `headline` is what lists call the article; `notes`
    are the credit lines that close a body; `tail` is boilerplate.
    """

    headline: str
    title: str = ""
    crumbs: tuple[str, ...] = ()
    published: str = ""
    moment: datetime | None = None
    seen: datetime | None = None
    source: str = ""
    authors: str = ""
    editor: str = ""
    summary: str = ""
    body: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()


def lines_of(text: str) -> list[str]:
    """The lines that hold something, without their outer blanks."""
    return [line.strip() for line in text.lstrip("\ufeff").splitlines() if line.strip()]


def loose(words: str) -> str:
    """A pattern for `words` (alternatives by |) that allows pinyin in brackets after each character."""
    alternatives = ("".join(re.escape(sign) + _PINYIN for sign in word) for word in words.split("|"))
    return f"(?:{'|'.join(alternatives)})"


CREDIT = re.compile(loose("来源|來源|编辑|編輯|责任编辑|責任編輯|责编|責編|审核|審核|监制|監製|校对|編審|编审") + COLON)


def moment_in(line: str) -> datetime | None:
    """The first calendar date in a line, with its time of day where that follows; else None."""
    found = DATE.search(line)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return None


def first(lines: Sequence[str], pattern: str, start: int = 0, stop: int | None = None) -> int | None:
    """The number of the first line in [start, stop) that begins with `pattern`, or None."""
    expression = re.compile(pattern)
    for number, line in enumerate(lines[:stop]):
        if number >= start and expression.match(line):
            return number
    return None


def cut(lines: Sequence[str], at: int | None) -> tuple[list[str], list[str]]:
    """The lines before and from `at`; all of them before where there is no such place."""
    at = len(lines) if at is None else at
    return list(lines[:at]), list(lines[at:])


def cut_credits(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines, and the credit lines (来源:, 编辑:) that close them."""
    end = len(lines)
    while end and CREDIT.match(lines[end - 1]):
        end -= 1
    return list(lines[:end]), list(lines[end:])


def value(label: str, text: str, until: str = r"$") -> str:
    """What follows `label:` in a text, up to `until`; empty where the label is absent."""
    found = re.search(rf"{loose(label)}{COLON}(.*?)\s*(?:{until}|$)", text)
    return found[1].strip() if found else ""


def crumbs_in(line: str) -> list[str]:
    """The steps of a breadcrumb line."""
    return [part.strip() for part in re.split(r"[>＞»]", line) if part.strip()]


def is_label(line: str) -> bool:
    """True for a short line that is no sentence: a caption, a name, a heading; false for timetables."""
    return (
        len(line) <= 48
        and not re.search(r"[。!?！？:：;；,，.]$|\d{1,2}[:：]\d{2}", line)
        and not IMAGE.fullmatch(line)
    )
