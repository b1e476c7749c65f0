"""A document's page: a policy through time, who cites it, what it names, what is missing beside it."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from catalogue import citing_shapes
from catalogue.kinds import Gap, Policy
from domain.article import Article
from domain.citation import DocumentNumber, Relation
from domain.errors import NotFound
from parsers.citing import parse
from web.numbering import linked, path_of
from web.room import InRoom, Room
from web.words import Word

documents = APIRouter()
_READING = ["GET", "HEAD"]
_DATED = {
    "written": Word("成文", "written"),
    "published": Word("发布", "published"),
    "first_seen": Word("首见", "first seen"),
}
_RELATIONS = {
    relation: Word(relation.chinese, "the document" if relation is Relation.IS else relation.value)
    for relation in Relation
}


def _parsed(number: str) -> DocumentNumber:
    found = parse(number)
    if found is None:
        raise NotFound(f"«{number}» is no document number", hint="Write for example 鲁政办发〔2017〕7号.")
    return found


@documents.api_route("/number/{number:path}", methods=_READING)
def document(room: InRoom, request: Request, number: str) -> Response:
    """A document by its number, in any form; another form than the normal one leads there."""
    wanted = _parsed(number)
    if wanted.text != number:
        return RedirectResponse(path_of(wanted))
    policy = room.catalogue.policy(wanted)
    said = {
        "policy": policy,
        "titles": _titles(policy),
        "timeline": [_shown(room, page) for page in policy.pages if page.relation is not Relation.CITES],
        "citing": [_shown(room, page) for page in policy.pages if page.relation is Relation.CITES],
        "links": [(item, linked(item.number)) for item in policy.links],
        "gap": _gap(room, wanted),
        "relations": _RELATIONS,
        "dated": _DATED,
    }
    return room.templates.TemplateResponse(request, "number.html", said)


def _titles(policy: Policy) -> list[str]:
    """The title of the document's own pages, else the 《title》 most pages give it."""
    own = [page.heading for page in policy.pages if page.relation is Relation.IS and page.heading]
    given = [page.title for page in policy.pages if page.title and page.number]
    return list(dict.fromkeys(own or given))[:1]


def _shown(room: Room, page: Any) -> dict[str, Any]:
    return {
        "page": page,
        "site_title": room.title(page.site),
        "own": [(text, linked(text)) for text in page.own],
    }


def _gap(room: Room, number: DocumentNumber) -> Gap | None:
    found = room.catalogue.gaps(number.issuer, number.year) if number.year and number.named else ()
    return next((gap for gap in found if gap.dense), None)


@documents.api_route("/api/number/{number:path}", methods=_READING)
def document_json(room: InRoom, number: str) -> dict[str, Any]:
    """As `tongjian number NUMBER --json`."""
    return citing_shapes.policy(room.catalogue.policy(_parsed(number)))


def number_in(text: str) -> tuple[str, str] | None:
    """The number that a text is, and the path of its page; None for a text that is none."""
    found = parse(text) if text else None
    return (found.text, path_of(found)) if found else None


def numbers_of(article: Article) -> list[tuple[str, str | None]]:
    """An article's numbers, each with the path of its page where it is one of a known form."""
    return [(text, linked(text)) for text in article.document_numbers]
