"""What a text names, on a sheet: amounts, dates and deadlines, posts, offices, places."""

from domain.article import Article
from domain.clock import SHANGHAI
from domain.mention import Mention, MentionKind
from pipeline.cli.sheet import Sheet

_AROUND = 12
_EACH = 12
_LABELS = {
    MentionKind.AMOUNT: "数额",
    MentionKind.PERCENT: "百分比",
    MentionKind.DATE: "日期",
    MentionKind.DEADLINE: "期限",
    MentionKind.POST: "职务",
    MentionKind.AGENCY: "机构",
    MentionKind.PLACE: "地名",
}


def show_mentions(sheet: Sheet, article: Article, *, everything: bool = False) -> None:
    """Mentions by kind, in the order of the text, each with what it means and the words around it."""
    from parsers import mentions

    text = article.text
    on = article.published_at.astimezone(SHANGHAI).date() if article.published_at else None
    found = mentions.find(text, on)
    sheet.head(f"mentions 文中提及: {len(found)}")
    for kind, chinese in _LABELS.items():
        items = [item for item in found if item.kind is kind]
        for number, item in enumerate(items if everything else items[:_EACH]):
            sheet.row(f"{kind.value} {chinese}" if number == 0 else "", item.text, _told(item, text))
        if len(items) > _EACH and not everything:
            sheet.row("", f"… {len(items) - _EACH} more: --all", style="dim")


def _told(item: Mention, text: str) -> str:
    """What it means, where that is more than its words, and what stands around it."""
    around = f"…{text[max(item.start - _AROUND, 0) : item.end + _AROUND]}…".replace("\n", " ")
    meaning = " ".join(part for part in (item.value, item.unit, item.role, item.person) if part)
    return around if meaning in ("", item.text) else f"= {meaning}  {around}"
