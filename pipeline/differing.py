"""How two readings of a site's past differ: counted by field, with examples to look at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from catalogue import Catalogue
from catalogue.kinds import Difference
from domain.article import Article
from domain.change import Change

_EXAMPLES = 3
_LENGTH = 160
# What is computed from other fields, or says how a page was read and not what it says.
_ASIDE = {"provenance", "issues"}
_FIELDS = [name for name in Article.model_fields if name not in _ASIDE]


@dataclass(frozen=True, slots=True)
class Example:
    """Where to look: a page, and what was and would be said of it there (cut to 160 characters)."""

    url: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Count:
    """How often something differs, and the first few places."""

    number: int = 0
    examples: list[Example] = field(default_factory=list)

    def add(self, example: Example) -> None:
        self.number += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(example)


@dataclass(slots=True)
class Report:
    """What a switch would change, or has changed. `captures` are those read differently; `fields` count articles by
    field, a field that is part of a version's meaning or not; `lost` and `gained` are readings that were, or are,
    an article; `kinds` and `issues` by «from → to» and by text; `appearing` and `disappearing` changes by type."""

    site: str
    reader: str
    captures: int = 0
    readings: int = 0
    versions: int = 0
    fields: dict[str, Count] = field(default_factory=dict)
    lost: Count = field(default_factory=Count)
    gained: Count = field(default_factory=Count)
    kinds: dict[str, Count] = field(default_factory=dict)
    issues_new: dict[str, Count] = field(default_factory=dict)
    issues_gone: dict[str, Count] = field(default_factory=dict)
    appearing: dict[str, Count] = field(default_factory=dict)
    disappearing: dict[str, Count] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not (self.captures or self.appearing or self.disappearing)


def report(catalogue: Catalogue, site: str, reader: str) -> Report:
    """Holds the generation being made against the live one; memory does not grow with the site."""
    said = Report(site, reader)
    for difference in catalogue.differences(site):
        _add(said, difference)
    _changes(said.appearing, catalogue.appearing(site))
    _changes(said.disappearing, catalogue.disappearing(site))
    return said


def _add(said: Report, found: Difference) -> None:
    said.captures += found.captures
    said.readings += 1
    before, after = found.before, found.after
    if before and after:
        said.versions += before.digest != after.digest
        for name in _FIELDS:
            was, would = getattr(before, name), getattr(after, name)
            if was != would:
                said.fields.setdefault(name, Count()).add(Example(found.url, _short(was), _short(would)))
        _issues(said, found.url, before, after)
    elif before or after:
        which = said.lost if before else said.gained
        which.add(Example(found.url, before.title if before else None, after.title if after else None))
    if found.kinds[0] != found.kinds[1]:
        name = f"{found.kinds[0]} → {found.kinds[1]}"
        said.kinds.setdefault(name, Count()).add(Example(found.url, *found.kinds))


def _issues(said: Report, url: str, before: Article, after: Article) -> None:
    had, has = Counter(before.issues), Counter(after.issues)
    for counts, issues in ((said.issues_new, has - had), (said.issues_gone, had - has)):
        for issue in issues:
            # What follows the colon is the page's; before it stands what is wrong.
            counts.setdefault(issue.split(":", 1)[0], Count()).add(Example(url, None, _short(issue)))


def _changes(counts: dict[str, Count], changes: Iterable[Change]) -> None:
    for change in changes:
        fields = ", ".join(edit.name for edit in change.fields)
        counts.setdefault(change.type.value, Count()).add(Example(change.url, None, fields or change.reason or None))


def _short(value: Any) -> str | None:
    """A field as one line."""
    match value:
        case None | () | "":
            return None
        case tuple():
            text = " ¶ ".join(str(getattr(item, "text", None) or item) for item in value)
        case _:
            text = str(value)
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]}…"
