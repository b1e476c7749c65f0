"""Between the domain's types and rows: each pair of functions is the other's inverse."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping

from catalogue.kinds import Reading
from catalogue.text import clean, folded, grams
from domain.article import Article
from domain.capture import Capture, RunSummary
from domain.change import Change, History, Observation, Outcome, Version
from domain.citation import Citation
from domain.urls import absolute

Row = dict[str, Any]
# A reason may name an address of any length; an index row holds 2,700 bytes at most.
_REASON = 200


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
        "reason": clean(seen.reason[:_REASON]) if seen else "",
        "reader": reading.reader if article else None,
    }


def capture(row: RowMapping) -> Capture:
    return Capture.model_validate(dict(row))


def observation(row: RowMapping | Row) -> Observation:
    """What a capture said of its page; `digest` where it showed an article."""
    outcome = Outcome(row["outcome"])
    digest = row["article_digest"] if outcome is Outcome.ARTICLE else None
    return Observation(
        capture=row["id"],
        at=row["at"],
        outcome=outcome,
        digest=digest,
        reason=row["reason"],
        run=row["run"],
        target=absolute(row["url"], row["location"]) if outcome is Outcome.MOVED and row["location"] else None,
        length=row["payload_length"],
    )


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


def citation_rows(site: str, digest: str, said: Sequence[Citation]) -> list[Row]:
    """Rows of `citations`: what one article says of documents."""
    return [_citation_row(item) | {"site": site, "digest": digest, "place": place} for place, item in enumerate(said)]


def _citation_row(item: Citation) -> Row:
    number = item.number
    row = item.model_dump(include={"title", "name", "sentence", "offset", "confidence"}) | {
        "relation": item.relation.value,
        "number": number.text if number else None,
        "number_key": number.key if number else None,
        "issuer": number.issuer if number else None,
        "year": number.year if number else None,
        "sequence": number.sequence if number else None,
    }
    return _cleaned(row)


def article(row: RowMapping) -> Article:
    return Article.model_validate(row["body"])


def version_rows(history: History) -> list[Row]:
    page = {"site": history.site, "urlkey": history.urlkey}
    return [page | version.model_dump() for version in history.versions]


def version(row: RowMapping) -> Version:
    return Version.model_validate(dict(row))


def change_row(change: Change) -> Row:
    fields = [edit.model_dump() for edit in change.fields]
    classes = [one.value for one in change.classes]
    lists = {"type": change.type.value, "evidence": list(change.evidence), "fields": fields, "classes": classes}
    return _cleaned(change.model_dump() | lists)


def change(row: RowMapping) -> Change:
    return Change.model_validate(dict(row))


def run_row(run: RunSummary) -> Row:
    row = run.model_dump(include={"site", "run", "started", "finished"})
    return _cleaned(row | {"summary": run.model_dump(mode="json")})


def run(row: RowMapping) -> RunSummary:
    return RunSummary.model_validate(row["summary"])
