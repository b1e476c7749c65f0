"""The JSON of documents: `tongjian number NUMBER --json` and `--gaps ISSUER --json`. Days: ISO 8601, Asia/Shanghai."""

from typing import Any

from catalogue.kinds import Gap, Named, Policy
from domain.citation import Relation


def policy(item: Policy) -> dict[str, Any]:
    """`held` where a page of the document itself is kept; `timeline` what is done to it and by which page, in time
    order; `cited_by` the pages that only cite it; `links` what its own pages name."""
    number = item.number
    return {
        "number": number.text,
        "issuer": number.issuer,
        "year": number.year,
        "sequence": number.sequence,
        "held": any(page.relation is Relation.IS for page in item.pages),
        "names": list(item.names),
        "timeline": [_page(page) for page in item.pages if page.relation is not Relation.CITES],
        "cited_by": [_page(page) for page in item.pages if page.relation is Relation.CITES],
        "links": [_link(page) for page in item.links],
    }


def _page(item: Named) -> dict[str, Any]:
    return {
        "relation": item.relation.value,
        "day": item.day.isoformat(),
        "dated": item.dated,
        "title": item.heading,
        "site": item.site,
        "url": item.url,
        "version": item.version,
        "current": item.current,
        "own_numbers": list(item.own),
        "named_number": item.number,
        "named_title": item.title,
        "sentence": item.sentence,
        "offset": item.offset,
        "confidence": item.confidence,
    }


def _link(item: Named) -> dict[str, Any]:
    named = ("relation", "number", "title", "sentence", "confidence", "site", "url", "version")
    return {name: getattr(item, name) for name in named} | {"relation": item.relation.value}


def gap(item: Gap) -> dict[str, Any]:
    """`leads` are the missing ones with whether anybody cites them."""
    return {
        "issuer": item.issuer,
        "year": item.year,
        "held": list(item.held),
        "dense": item.dense,
        "leads": [{"sequence": one, "cited": one in item.cited} for one in item.missing],
        "cited_only": list(item.cited),
    }
