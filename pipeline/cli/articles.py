"""An article in the terminal: each field, where it was found and how sure that is."""

from rich.table import Table

from domain.article import Article, Precision
from domain.clock import shown
from pipeline.cli.output import out


def print_article(article: Article) -> None:
    """Prints fields with their provenance, then the body."""
    table = Table("field 字段", "value 内容", "where 出处", "sure", box=None, pad_edge=False)
    for name, value in _fields(article):
        found = article.provenance.get(name)
        table.add_row(
            name,
            value.replace("[", r"\["),
            found.where.replace("[", r"\[") if found else "",
            f"{found.confidence:.2f}" if found else "",
        )
    out.print(table)
    for block in article.body:
        text = block.text or block.src or ""
        out.print(f"  {block.kind[:4]:4} {text}", markup=False)
    for issue in article.issues:
        out.print(f"issue: {issue}", style="yellow", markup=False)


def _fields(article: Article) -> list[tuple[str, str]]:
    rows = [
        ("kind", article.kind.value),
        ("title", article.title or "—"),
        ("published_at", _published(article)),
        ("source", article.source or "—"),
        ("authors", " ".join(article.authors) or "—"),
        ("editors", " ".join(article.editors) or "—"),
        ("summary", article.summary or "—"),
        ("document_numbers", " ".join(article.document_numbers) or "—"),
        ("breadcrumb", " > ".join(article.breadcrumb) or "—"),
        ("attachments", " ".join(item.name for item in article.attachments) or "—"),
        ("decoded_as", f"{article.decoded_as} (fidelity {article.fidelity:.3f})"),
        ("digest", article.digest),
    ]
    return rows


def _published(article: Article) -> str:
    if article.published_at is None or article.published_precision is Precision.FIRST_SEEN:
        return "not on the page; the time first seen stands in 以首次发现时间代替"
    return f"{shown(article.published_at)} ({article.published_precision.value})"
