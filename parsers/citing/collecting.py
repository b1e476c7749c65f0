"""citations: what an article says of documents, one statement a document, from its title, its fields and its text."""

import re
from collections.abc import Iterator

from domain.article import Article, Kind
from domain.citation import Citation, Relation, policy_name
from parsers import numbers
from parsers.citing import cues, naming, own
from parsers.citing import heading as headings
from parsers.citing.heading import Heading
from parsers.citing.naming import Group, Mention

_MOST = 400
_LONGEST = 300
# A title that is a number and little else names nothing.
_SHORTEST = 6
_ITEM = 160
_STOPS = re.compile(r"[。;；:：]")
# Of two statements on one document the earlier of these stands.
_WEIGHT = {relation: place for place, relation in enumerate(Relation)}
# Only a document's own page says so of others; in other texts it is a report.
_OF_DOCUMENTS = (Relation.ISSUES, Relation.FORWARDS)
_BRINGING = (*_OF_DOCUMENTS, Relation.AMENDS, None)
_BY_TITLE = (Relation.INTERPRETS, Relation.DRAFTS)


def citations(article: Article) -> tuple[Citation, ...]:
    """What an article says of documents: at most one statement a document, those of its title first, then in the
    text's order; at most 400. Pure; never raises; linear in the text. None for what is no article."""
    if article.kind is not Kind.ARTICLE:
        return ()
    heading = headings.read(article.title)
    mine = own.own(article, heading)
    said = [*_own(article, heading, mine), *_of_title(article, heading, mine), *_of_text(article, heading, mine)]
    return _settled(said, article.title)


def _own(article: Article, heading: Heading, mine: tuple[own.Own, ...]) -> Iterator[Citation]:
    title = None if heading.relation in _BY_TITLE else article.title
    for number, sure in mine:
        if title and len(policy_name(title)) - len(number.text) < _SHORTEST:
            title = None if numbers.document_numbers(title) else title
        yield Citation(relation=Relation.IS, number=number, title=title, sentence=article.title or "", confidence=sure)


def _of_title(article: Article, heading: Heading, mine: tuple[own.Own, ...]) -> Iterator[Citation]:
    """What the title names: with no number of its own, what the metadata table gives of an 解读 is what it reads."""
    title = article.title or ""
    if heading.relation is None:
        return
    ours = {number.key for number, _ in mine}
    named = [item.number for item in naming.mentions(title) if item.number and item.number.key not in ours]
    if heading.relation is Relation.INTERPRETS:
        named += [number for number in own.stated(article) if number not in named]
    alone = len(named) == 1 and len(heading.titles) == 1
    for number in named:
        yield Citation(
            relation=heading.relation,
            number=number,
            title=heading.titles[0] if alone else None,
            sentence=title,
            confidence=0.9,
        )
    for name in () if alone else heading.titles:
        yield Citation(relation=heading.relation, title=name, sentence=title, confidence=heading.sure)


def _of_text(article: Article, heading: Heading, mine: tuple[own.Own, ...]) -> Iterator[Citation]:
    ours = {number.key for number, _ in mine}
    official = bool(mine or article.signature or article.agency)
    several = headings.is_several(article.title)
    under: Relation | None = heading.relation if several and heading.relation is Relation.REPEALS else None
    offset = 0
    for line in article.text.split("\n"):
        groups = list(naming.groups(line)) if "号" in line or "號" in line or "《" in line else []
        if several and (not groups or line.rstrip().endswith(("：", ":"))):
            under = cues.listing(line) or under
        for group in groups:
            relation = _relation(group, heading, official, under if _is_listed(line, group) else None)
            for mention in group.mentions:
                if not (mention.number and mention.number.key in ours):
                    yield _cited(mention, group, heading, relation, offset, official)
        offset += len(line) + 1


def _is_listed(line: str, group: Group) -> bool:
    """An item of a list: a document's name and number come first, no sentence."""
    head = line[: group.mentions[-1].begin]
    return len(head) <= _ITEM and not _STOPS.search(head)


def _relation(group: Group, heading: Heading, official: bool, under: Relation | None) -> Relation:
    said = cues.relation(group.before, group.after)
    if said is Relation.ISSUES and heading.relation is Relation.FORWARDS:
        said = Relation.FORWARDS
    if said in _OF_DOCUMENTS and not (said is heading.relation or (official and heading.relation in _BRINGING)):
        said = None
    if said in _BY_TITLE and heading.relation is not said:
        said = None
    return said or under or Relation.CITES


def _cited(
    mention: Mention, group: Group, heading: Heading, relation: Relation, offset: int, official: bool
) -> Citation:
    sure = 0.8 if relation is not Relation.CITES else 0.9 if mention.number else 0.7
    if heading.relation and relation in (Relation.CITES, Relation.ISSUES) and _is_meant(mention, heading):
        relation, sure = heading.relation, heading.sure
    if not official and relation is not Relation.CITES:
        sure = min(sure, 0.7)
    return Citation(
        relation=relation,
        number=mention.number,
        title=mention.title,
        sentence=group.sentence[:_LONGEST],
        offset=offset + mention.begin,
        confidence=sure,
    )


def _is_meant(mention: Mention, heading: Heading) -> bool:
    return bool(mention.title and heading.means(mention.title))


def _settled(said: list[Citation], title: str | None) -> tuple[Citation, ...]:
    """One statement a document: the strongest relation, with number and title from wherever both are told."""
    pairs = {item.name: item.number for item in reversed(said) if item.number and item.title and item.name}
    kept: dict[str, Citation] = {}
    for given in said:
        known = pairs.get(given.name or "") if given.number is None else None
        item = given.model_copy(update={"number": known}) if known else given
        before = kept.get(item.target)
        if before is None:
            kept[item.target] = item
        elif _WEIGHT[item.relation] < _WEIGHT[before.relation]:
            kept[item.target] = item.model_copy(update={"title": item.title or before.title})
        elif item.title and before.title is None:
            kept[item.target] = before.model_copy(update={"title": item.title})
    ours = {policy_name(item.title) for item in kept.values() if item.relation is Relation.IS and item.title}
    itself = {policy_name(title)} if title else set()
    return tuple(item for item in kept.values() if not _is_itself(item, ours, itself))[:_MOST]


def _is_itself(item: Citation, ours: set[str], itself: set[str]) -> bool:
    """现将《X》印发给你们 in the numbered document that brings X, 《X》 in the text of X. A revision amends what went
    before under the same name."""
    if item.number is not None or item.relation not in (Relation.ISSUES, Relation.CITES):
        return False
    return item.name in (ours if item.relation is Relation.ISSUES else ours | itself)
