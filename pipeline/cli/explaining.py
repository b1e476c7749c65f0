"""An explained article on a sheet: fields with their reasons, the body, what was left out of it."""

import difflib
from collections.abc import Sequence
from itertools import islice

from domain.article import Article, Block, Provenance
from domain.clock import shown
from parsers.explaining import Explained
from pipeline.articles import Seen
from pipeline.cli.labels import BLOCKS, FIELDS, KINDS, label
from pipeline.cli.sheet import Sheet
from pipeline.cli.values import as_shown, lines_of

_ALTERNATIVES = 3
_ITEMS = 12
_ROWS = 8
_BLOCKS = 60
_MAIN = ("title", "published_at", "source")


def show(sheet: Sheet, seen: Seen, explained: Explained, *, everything: bool = False) -> None:
    """The whole of it; bounded, with what was left unsaid counted, unless `everything`."""
    _page(sheet, seen, explained)
    show_article(sheet, explained, seen.generic(), everything=everything)


def show_article(
    sheet: Sheet, explained: Explained, generic: Article | None = None, *, everything: bool = False
) -> None:
    """Fields and body, without what is known of the page; `generic` is compared with where it is given."""
    article = explained.article
    sheet.row("kind 类型", f"{article.kind.value} {KINDS[article.kind]}", *_found(article.provenance.get("kind")))
    sheet.row("language 语言", article.language)
    sheet.row("digest 指纹", article.digest, style="dim")
    sheet.head("fields 字段")
    for name in FIELDS:
        _field(sheet, name, explained, generic, everything)
    absent = [label(name) for name in FIELDS if name not in _MAIN and not lines_of(article, name)]
    if absent:
        sheet.row("not on the page 无", ", ".join(absent), style="dim")
    _body(sheet, explained, generic, everything)
    _dropped(sheet, explained, everything)
    for issue in article.issues:
        sheet.row("issue 问题", issue, style="yellow")


def _page(sheet: Sheet, seen: Seen, explained: Explained) -> None:
    article = explained.article
    if seen.url:
        sheet.row("page 网页", seen.url)
    if seen.at is not None:
        sheet.row("as of 时刻", f"{shown(seen.at)} Asia/Shanghai")
    if seen.site is not None:
        platform = f" · platform 平台 {seen.site.platform}" if seen.site.platform else ""
        sheet.row("site 站点", f"{seen.site.name} {seen.site.title}{platform}")
    layout = explained.layout
    sheet.row("read by 读法", f"layout {layout}, then the generic reader" if layout else "the generic reader 通用")
    declared = seen.declared
    chosen = f"{article.decoded_as}, fidelity 保真度 {article.fidelity:.3f}"
    sheet.row("decoded 解码", f"declared {declared or 'nothing'}, read as {chosen}")


def _field(sheet: Sheet, name: str, explained: Explained, generic: Article | None, everything: bool) -> None:
    """A field that has a value, was weighed, or is missed; its alternatives, and where the readers differ."""
    article = explained.article
    values = lines_of(article, name)
    weighed = [item for item in explained.alternatives.get(name, ()) if [item.value] != values]
    if not (values or weighed or name in _MAIN):
        return
    values = values or ["—"]
    limit = len(values) if everything or len(values) <= _ITEMS else _ITEMS
    why = article.provenance.get(name)
    for number, value in enumerate(values[:limit]):
        sheet.row(label(name) if number == 0 else "", value, *(_found(why) if number == 0 else ()))
    if limit < len(values):
        sheet.row("", f"… {len(values) - limit} more: --all", style="dim")
    for item in islice(weighed, None if everything else _ALTERNATIVES):
        sheet.row(
            "  also weighed 另见",
            as_shown(name, item.value),
            *_found(Provenance(where=item.where, confidence=item.confidence)),
        )
    if len(weighed) > _ALTERNATIVES and not everything:
        sheet.row("", f"… {len(weighed) - _ALTERNATIVES} more: --all", style="dim")
    if generic is not None and (other := lines_of(generic, name)) != lines_of(article, name):
        sheet.row("  generic reader 异见", "; ".join(other) or "—", *_found(generic.provenance.get(name)))


def _found(why: Provenance | None) -> tuple[str, ...]:
    return (f"← {why.where} ({why.confidence:.2f})",) if why else ()


def _body(sheet: Sheet, explained: Explained, generic: Article | None, everything: bool) -> None:
    article = explained.article
    sheet.head(f"body 正文: {len(article.body)} blocks, {len(article.text)} characters")
    if why := article.provenance.get("body"):
        sheet.item("", _found(why)[0], style="dim", indent=0)
    shown_blocks = len(article.body) if everything else _BLOCKS
    for number, block in enumerate(article.body[:shown_blocks], 1):
        _block(sheet, number, block, everything)
    if shown_blocks < len(article.body):
        sheet.item("", f"… {len(article.body) - shown_blocks} more blocks: --all", style="dim")
    if everything and article.original is not None:
        sheet.head("the text as served, before folding 原文")
        sheet.item("", article.original.text)
    if generic is not None:
        _apart(sheet, article, generic, everything)


def _block(sheet: Sheet, number: int, block: Block, everything: bool) -> None:
    rows = block.text.split("\n") if block.kind == "table" else [block.text]
    if block.src or block.href:
        rows = [*filter(None, rows), *filter(None, (block.src, block.href))]
    limit = len(rows) if everything else _ROWS
    sheet.item(f"{number:>4} {BLOCKS[block.kind]}", "\n".join(rows[:limit]))
    if limit < len(rows):
        sheet.item("", f"… {len(rows) - limit} more rows: --all", style="dim")


def _apart(sheet: Sheet, article: Article, generic: Article, everything: bool) -> None:
    """Where the generic reader's body is another: its lines against the site reader's."""
    told = [line for line in _differences(article, generic) if line[0] in "+-"]
    if not told:
        return
    sheet.head(f"the generic reader's body 通用读法 differs in {len(told)} lines (+ only there, - only in the site's)")
    limit = len(told) if everything else _ITEMS
    for line in told[:limit]:
        sheet.item(f"   {line[0]}", line[2:])
    if limit < len(told):
        sheet.item("", f"… {len(told) - limit} more: --all", style="dim")


def _differences(article: Article, generic: Article) -> Sequence[str]:
    before = [block.text for block in article.body if block.text]
    after = [block.text for block in generic.body if block.text]
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    apart = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return [
        line
        for _, start, end, first, last in apart
        for line in (*(f"- {text}" for text in before[start:end]), *(f"+ {text}" for text in after[first:last]))
    ]


def _dropped(sheet: Sheet, explained: Explained, everything: bool) -> None:
    if not explained.dropped:
        return
    count = len(explained.dropped)
    sheet.head(
        f"left out of the body 未入正文: {count} {'line' if count == 1 else 'lines'}"
        + ("" if everything else " (--all shows them)")
    )
    for item in explained.dropped if everything else ():
        sheet.item("   ×", f"{item.text}  ← {item.why}", style="dim")
