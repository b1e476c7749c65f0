"""Is this change for that subscription?"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from alerts import numbers
from alerts.kinds import Subscription
from alerts.numbers import followed
from catalogue.text import folded
from domain.change import Change
from domain.citation import Citation

# One text is held against every subscription in turn: fold it once.
_folded = lru_cache(maxsize=256)(folded)


def matches(
    subscription: Subscription, change: Change, title: str, text: str, citations: Sequence[Citation] = ()
) -> bool:
    """True where the change is of the subscription's sites and types, happened since the subscription was made,
    and every word occurs in the title, the text or a changed field, before or after.

    Width, case and runs of white space do not matter (NFKC, as in search). A cosmetic change is for nobody,
    nor is one that a newer reader found in what was kept before. `number:…` occurs where the page is that document
    or names it (alerts.numbers), by `citations`.
    """
    return (
        subscription.active
        and not change.cosmetic
        and not change.reread
        and change.at >= subscription.created_at
        and (not subscription.sites or change.site in subscription.sites)
        and (not subscription.types or change.type.value in subscription.types)
        and all(_occurs(word, change, title, text, citations) for word in subscription.words)
    )


def _occurs(word: str, change: Change, title: str, text: str, citations: Sequence[Citation]) -> bool:
    if followed(word):
        return any(numbers.said([word], citations))
    wanted = _folded(word)
    return any(wanted in _folded(part) for part in _parts(change, title, text))


def _parts(change: Change, title: str, text: str) -> Iterator[str]:
    yield title
    yield text
    for edit in change.fields:
        yield edit.before or ""
        yield edit.after or ""
