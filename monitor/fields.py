"""What differs between two articles, field by field, and whether it is more than typesetting."""

from domain.article import Article
from domain.change import FieldEdit
from domain.clock import SHANGHAI
from monitor.folding import bare

NAMES = (
    "kicker",
    "title",
    "subtitle",
    "published_at",
    "source",
    "authors",
    "body",
    "document_numbers",
    "index_number",
    "agency",
    "written_on",
    "effective_on",
    "expires_on",
    "validity",
    "attachments",
    "images",
)
# Times and addresses: there every sign counts.
_EXACT = frozenset({"published_at", "written_on", "effective_on", "expires_on", "validity", "attachments", "images"})


def edits(before: Article, after: Article) -> tuple[FieldEdit, ...]:
    """The fields whose meaning differs (see Article.meaning), each as shown: lists a line an item,
    `published_at` ISO 8601 with +08:00, `body` the whole text, absent fields None."""
    old, new = before.meaning(), after.meaning()
    return tuple(
        FieldEdit(name=name, before=_shown(before, name), after=_shown(after, name))
        for name in NAMES
        if old.get(name) != new.get(name)
    )


def _shown(article: Article, name: str) -> str | None:
    match name:
        case "authors" | "document_numbers" | "images":
            return "\n".join(getattr(article, name)) or None
        case "published_at":
            said = article.published_at if article.meaning()[name] else None
            return said.astimezone(SHANGHAI).isoformat() if said else None
        case "body":
            return article.text or None
        case "attachments":
            return "\n".join(f"{item.name} {item.href}".strip() for item in article.attachments) or None
        case _:
            return str(getattr(article, name) or "") or None


def is_cosmetic(fields: tuple[FieldEdit, ...]) -> bool:
    """True where only width, punctuation or spacing differ in every field."""
    return all(edit.name not in _EXACT and bare(edit.before or "") == bare(edit.after or "") for edit in fields)
