"""A field's value as lines for people; none where it has none."""

from datetime import date, datetime

from domain.article import Article, Attachment, Original, Precision, Signature, Validity
from domain.clock import SHANGHAI, parse, shown
from pipeline.cli.labels import PRECISIONS, VALIDITIES

_FORMS = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.MINUTE: "%Y-%m-%d %H:%M"}
_IN_ONE_LINE = {"authors": "、", "photographers": "、", "editors": "、", "breadcrumb": " > "}


def lines_of(article: Article, name: str) -> list[str]:
    """One line for most fields; one for each attachment, image, number and further page."""
    value = getattr(article, name)
    if name == "published_at":
        return _published(article)
    if isinstance(value, tuple):
        lines = [line for item in value for line in _lines(item)]
        return [_IN_ONE_LINE[name].join(lines)] if lines and name in _IN_ONE_LINE else lines
    return _lines(value)


def as_shown(name: str, value: str) -> str:
    """A value that was weighed for a field, as people see such values: times in Asia/Shanghai."""
    try:
        return f"{shown(parse(value))} Asia/Shanghai" if name.endswith("_at") else value
    except ValueError:
        return value


def _lines(value: object) -> list[str]:
    match value:
        case datetime():
            shown_as = f"{shown(value)} Asia/Shanghai"
        case date():
            shown_as = value.isoformat()
        case Validity():
            shown_as = f"{value.value} {VALIDITIES[value]}"
        case Attachment():
            shown_as = f"{value.name}  {value.media_type or 'type unknown'}\n{value.href}"
        case Signature():
            shown_as = " ".join((*value.agencies, *([value.on.isoformat()] if value.on else [])))
        case Original():
            shown_as = value.title or f"{len(value.text)} characters as served"
        case _:
            shown_as = str(value or "")
    return [shown_as] if shown_as else []


def _published(article: Article) -> list[str]:
    """Only as much of the time as is known: no midnight where the page gives a day."""
    if article.published_at is None or article.published_precision is Precision.FIRST_SEEN:
        return []
    form = _FORMS.get(article.published_precision, "%Y-%m-%d %H:%M:%S")
    moment = article.published_at.astimezone(SHANGHAI)
    return [f"{moment.strftime(form)} Asia/Shanghai, {PRECISIONS[article.published_precision]}"]
