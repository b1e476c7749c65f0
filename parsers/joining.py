"""The pages of one article as one article."""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain, pairwise
from typing import TypeVar

from domain.article import Article, Block, Kind

T = TypeVar("T", bound=Hashable)
_EDGE = 6  # blocks at a page's beginning and end that may be front matter, a pager, a repeated notice
_HEAD = 90  # characters; longer blocks are text
_SILENT = frozenset((Kind.MISSING, Kind.BLOCKED, Kind.LOGIN, Kind.HOME))
_PAGER = re.compile(
    r"^(?:第?[\d一二三四五六七八九十/]{1,5}[页頁]?|[上下前后後]一?[页頁篇]?|[首末尾][页頁]|最[后後]一?[页頁]|共\d+[页頁]|本文共\d+[页頁]"
    r"|[(（【\[]?(?:接上[页頁]|[转轉接]下[页頁]|未完待[续續])[)）】\]]?|(?:查看|阅读|閱讀|[显顯]示|[浏瀏][览覽])?(?:余下)?全文|更多|next|prev"
    r"|[\s\[\]【】()（）<>《》«»‹›|｜/:：,，.…—-])++$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"[（(【\[]?\s*第?\s*[\d一二三四五六七八九十]{1,2}\s*(?:/\s*\d{1,2})?\s*[页頁]?\s*[)）】\]]?$")


def join(first: Article, parts: Sequence[Article | None]) -> Article:
    """The article whose first page is `first`; `parts` are its further pages in order, None where one is not there.

    What every page repeats (headline, kicker, credits, closing lines, the pager) stands once. Attachments, images,
    document numbers and names are united; everything else is the first page's, or the first that has it. A page
    that is missing, or says what an earlier one says, is named in the issues: `parts: page 3 of 5 is not there`.
    """
    pages, issues = [first], list(first.issues)
    for number, part in enumerate(parts, 2):
        if part is None or part.kind in _SILENT or not part.body:
            issues.append(f"parts: page {number} of {len(parts) + 1} is not there")
        elif any(_says(part) == _says(page) for page in pages):
            issues.append(f"parts: page {number} of {len(parts) + 1} says what an earlier one says")
        else:
            pages.append(part)
            issues += part.issues
    if len(pages) == 1:
        return first.model_copy(update={"issues": _once(issues)})
    body = _body(pages)
    return first.model_copy(
        update={
            **{name: _filled(pages, name) for name in ("source", "agency", "written_on", "updated_at")},
            **{name: _united(pages, name) for name in ("authors", "photographers", "editors", "document_numbers")},
            "attachments": _united(pages, "attachments"),
            "signature": next((page.signature for page in reversed(pages) if page.signature), None),
            "body": body,
            "images": _once(block.src for block in body if block.src),
            "fidelity": min(page.fidelity for page in pages),
            "issues": _once(issues),
        }
    )


def _body(pages: Sequence[Article]) -> tuple[Block, ...]:
    """The pages' blocks in order: fronts that repeat are kept on the first page, closing lines on the last."""
    heads = _heads(pages[0])
    bodies = [list(pages[0].body), *([*page.body] for page in pages[1:])]
    for number, body in enumerate(bodies):
        known = heads if number else frozenset[str]()
        _take_off(body, 0, lambda block, known=known: _is_repeated(block, known))  # type: ignore[misc]
        _take_off(body, -1, _is_pager)
    for earlier, later in pairwise(bodies):
        _take_ending(earlier, later)
    return tuple(chain.from_iterable(bodies))


def _heads(first: Article) -> frozenset[str]:
    """What may stand at the head of every page: title, kicker, subtitle, summary and the first short blocks."""
    named = (first.title, first.kicker, first.subtitle, first.summary)
    shown = (block.text or block.src for block in first.body[:_EDGE] if len(block.text) <= _HEAD)
    return frozenset(filter(None, (_norm(text or "") for text in chain(named, shown))))


def _is_repeated(block: Block, known: frozenset[str]) -> bool:
    if _is_pager(block):
        return True
    own = block.text or block.src or ""
    return _norm(own) in known or (len(own) <= _HEAD and _norm(_COUNTED.sub("", own)) in known)


def _is_pager(block: Block) -> bool:
    return bool(block.text) and len(block.text) <= _HEAD and _PAGER.match(block.text) is not None


def _take_off(body: list[Block], end: int, unwanted: Callable[[Block], bool]) -> None:
    for _ in range(_EDGE):
        if not body or not unwanted(body[end]):
            return
        del body[end]


def _take_ending(earlier: list[Block], later: list[Block]) -> None:
    """Closing lines that the next page has too go from the earlier one."""
    shared = 0
    while shared < min(_EDGE, len(earlier) - 1, len(later) - 1) and earlier[-1 - shared] == later[-1 - shared]:
        shared += 1
    if shared:
        del earlier[-shared:]


def _says(article: Article) -> str:
    return _norm(article.text) or " ".join(article.images)


def _filled(pages: Sequence[Article], name: str) -> object:
    return next((value for page in pages if (value := getattr(page, name))), None)


def _united(pages: Sequence[Article], name: str) -> tuple[object, ...]:
    return _once(chain.from_iterable(getattr(page, name) for page in pages))


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _norm(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())
