"""Between the domain's types and rows: each pair of functions is the other's inverse."""

from typing import Any

from sqlalchemy import RowMapping

from catalogue.kinds import Reading
from catalogue.text import clean, folded, grams
from domain.article import Article
from domain.capture import Capture, RunSummary
from domain.change import Change, History, Observation, Outcome, Version

Row = dict[str, Any]


def _cleaned(row: Row) -> Row:
    return {name: clean(value) for name, value in row.items()}


def capture_row(reading: Reading, seq: int) -> Row:
    """A row of `captures`, from ledger entry `seq`."""
    capture = reading.capture
    row = capture.model_dump() | {
        "role": capture.role.value,
        "refers_to": capture.refers_to.model_dump(mode="json") if capture.refers_to else None,
        "flags": list(capture.flags),
        "seq": seq,
    }
    return _cleaned(row | read_columns(reading))


def read_columns(reading: Reading) -> Row:
    """The columns of `captures` that hang on who read: another reader may fill them otherwise."""
    article, seen = reading.article, reading.observation
    return {
        "kind": article.kind.value if article else None,
        "article_digest": (seen and seen.digest) or (article.digest if article else None),
        "outcome": seen.outcome.value if seen else None,
        "reason": clean(seen.reason) if seen else "",
        "reader": reading.reader if article else None,
    }


def capture(row: RowMapping) -> Capture:
    return Capture.model_validate(dict(row))


def observation(row: RowMapping | Row) -> Observation:
    """What a capture said of its page; `digest` where it showed an article."""
    outcome = Outcome(row["outcome"])
    digest = row["article_digest"] if outcome is Outcome.ARTICLE else None
    return Observation(capture=row["id"], at=row["at"], outcome=outcome, digest=digest, reason=row["reason"])


def article_row(site: str, article: Article, digest: str, capture: str, reader: str) -> Row:
    """A row of `articles`; `digest` is the article's, `capture` the first that showed it."""
    text = article.text
    searched = folded(f"{article.title or ''}\n{text}")
    row = {
        "site": site,
        "digest": digest,
        "title": article.title,
        "published_at": article.published_at,
        "published_precision": article.published_precision.value,
        "source": article.source,
        "text": text,
        "body": article.model_dump(mode="json", exclude={"text", "digest"}),
        "capture": capture,
        "reader": reader,
        "folded": searched,
    }
    return _cleaned(row) | {"grams": grams(searched)}


def article(row: RowMapping) -> Article:
    return Article.model_validate(row["body"])


def version_rows(history: History) -> list[Row]:
    page = {"site": history.site, "urlkey": history.urlkey}
    return [page | version.model_dump() for version in history.versions]


def version(row: RowMapping) -> Version:
    return Version.model_validate(dict(row))


def change_row(change: Change) -> Row:
    fields = [edit.model_dump() for edit in change.fields]
    lists = {"type": change.type.value, "evidence": list(change.evidence), "fields": fields}
    return _cleaned(change.model_dump() | lists)


def change(row: RowMapping) -> Change:
    return Change.model_validate(dict(row))


def run_row(run: RunSummary) -> Row:
    row = run.model_dump(include={"site", "run", "started", "finished"})
    return _cleaned(row | {"summary": run.model_dump(mode="json")})


def run(row: RowMapping) -> RunSummary:
    return RunSummary.model_validate(row["summary"])
