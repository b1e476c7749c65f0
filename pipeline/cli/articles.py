"""An article in the terminal: each field, where it was found and how sure that is."""

from domain.article import Article, Precision
from domain.clock import shown
from pipeline.cli.output import out


def print_article(article: Article) -> None:
    """Prints fields with their provenance, then the body."""
    for name, value in _fields(article):
        found = article.provenance.get(name)
        where = f"  [dim]← {_plain(found.where)} ({found.confidence:.2f})[/]" if found else ""
        out.print(f"[bold]{name:17}[/] {_plain(value)}{where}")
    for block in article.body:
        text = block.text or block.src or ""
        out.print(f"  {block.kind[:4]:4} {text}", markup=False)
    for issue in article.issues:
        out.print(f"issue: {issue}", style="yellow", markup=False)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


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
