"""The replica's articles and what is done to them, now, by request or by its timeline."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from demo.addresses import numbered
from demo.faults import FaultKind, Faults, place, spoil
from demo.hosts import HOSTS, Host
from demo.hosts.base import Shelf
from demo.model import Answer, Article, Ask, Removal, Source
from demo.noise import Noise
from demo.pages import Pages
from demo.splitters import split
from demo.state import StateFile, fingerprint
from demo.timeline import Timeline
from domain.clock import SHANGHAI
from domain.errors import ConfigurationError, NotFound

_log = logging.getLogger(__name__)


class World:
    """Everything a replica serves. Events of the timeline happen when a request or a call finds them due,
    so that with a given clock the same things are always true at the same time. Safe for threads."""

    def __init__(
        self, sources: Iterable[Source], timeline: Timeline, store: StateFile, clock: Callable[[], datetime]
    ) -> None:
        sources = list(sources)
        self.lock = threading.RLock()
        self.clock = clock
        self.timeline = timeline
        self.faults = Faults()
        self.articles: dict[str, Article] = {}
        self.sites = {kind.site: kind(pages, noise) for pages, noise in [(Pages(), Noise())] for kind in HOSTS}
        self._hosts = {name: site for site in self.sites.values() for name in site.hosts}
        self._store = store
        events = [{"at": event.at, **event.action} for event in timeline.events]
        self.state = store.load(fingerprint(sources, events), clock())
        self._shelve(sources, self.state.zero)
        self._recall()

    def host(self, name: str) -> Host | None:
        """The site that answers for a host name."""
        return self._hosts.get(name)

    def answer(self, ask: Ask, host: Host) -> Answer:
        """The answer to a request, spoilt by the fault that meets it if there is one."""
        with self.lock:
            self._visited()
            self.advance()
            fault = self.faults.take(ask, host.site)
            shelf = self._shelf(host.site)
            if fault and fault.kind is FaultKind.NO_LINKS and not host.find(ask, shelf):
                shelf = Shelf((), shelf.now)
            answer = host.answer(ask, shelf)
        return spoil(fault, ask, answer) if fault else answer

    def advance(self) -> None:
        """Lets happen what is due. An event that no longer fits its article is left out, and logged."""
        with self.lock:
            for at, event in self.timeline.due(self.state.zero, self.clock(), self.state.done):
                self.state.done += 1
                try:
                    self.perform(event.action, at)
                except ConfigurationError as error:
                    _log.warning("replica: event %d of the timeline is left out: %s", self.state.done, error)

    def _visited(self) -> None:
        """The first visit is the zero of the timeline: whoever watches has seen the base before it changes."""
        if not self.state.visited:
            self.state.visited = True
            self.state.zero = self.clock() if not self.state.done else self.state.zero
            self._store.save(self.state)

    def perform(self, action: Mapping[str, str], at: datetime | None = None) -> Article:
        """Does one action, remembers it, and returns the article as it stands then.

        Raises NotFound where no such article is, ConfigurationError where the action does not fit it.
        """
        with self.lock:
            at = at or self.clock()
            article = self._do(action, at)
            named = {**action, "article": f"{article.site}/{article.slug}"}
            self.state.journal.append({**named, "at": at.isoformat()})
            self._store.save(self.state)
            return article

    def find(self, name: str) -> Article:
        """An article by address, SITE/SLUG, or slug where only one site has it. Raises NotFound."""
        wanted = place(name)
        found = [
            item for url, item in self.articles.items()
            if wanted in (place(url), item.slug, f"{item.site}/{item.slug}")
        ]  # fmt: skip
        if len(found) == 1:
            return found[0]
        raise NotFound(
            f"{name}: {'more than one article' if found else 'no article'} of the replica",
            hint="Name it by its address or as SITE/SLUG.",
        )

    def _shelf(self, site: str) -> Shelf:
        return Shelf([item for item in self.articles.values() if item.site == site], self.clock())

    def _shelve(self, sources: Iterable[Source], at: datetime) -> list[Article]:
        taken = [(item.site, item.number) for item in self.articles.values()]
        shelved = []
        for item in numbered(sources, taken):
            source = item.source
            url = self.sites[source.site].address(item.number, item.parts.moment)
            said = item.parts.moment.replace(tzinfo=SHANGHAI) if item.parts.moment else at
            article = Article(source.site, source.slug, item.number, url, source.text, item.parts, at, said)
            self.articles[url] = article
            shelved.append(article)
        return shelved

    def _recall(self) -> None:
        """The state as it was left: held articles, then everything in the journal."""
        for event in self.timeline.events:
            article = self.find(event.action["article"])
            article.held = article.held or event.action["do"] == "publish"
        for action in self.state.journal:
            self._do(action, datetime.fromisoformat(action["at"]))
        self._store.save(self.state)

    def _do(self, action: Mapping[str, str], at: datetime) -> Article:
        if action["do"] == "add":
            site, _, slug = action["article"].partition("/")
            if site not in self.sites:
                raise NotFound(f"{site}: no site of the replica")
            return self._shelve([Source(site, slug, action["text"])], at)[0]
        article = self.find(action["article"])
        match action["do"]:
            case "publish":
                article.held, article.removed, article.appeared, article.modified = False, None, at, at
            case "hold":
                article.held = True
            case "edit":
                _rewrite(article, _edited(article, action["before"], action["after"]), at)
            case "revert":
                _rewrite(article, _reverted(article), at)
            case "remove":
                article.removed = Removal(action["mode"])
            case "restore":
                article.removed = None
            case other:
                raise ConfigurationError(f"{article.site} {article.url}: «{other}» is no action")
        return article


def _rewrite(article: Article, text: str, at: datetime) -> None:
    article.parts = split(article.site, text)
    article.text, article.modified = text, at


def _edited(article: Article, before: str, after: str) -> str:
    if before not in article.text:
        raise ConfigurationError(
            f"{article.site} {article.url}: does not hold «{before[:60]}»", hint="Give the words as in the text."
        )
    article.before.append(article.text)
    return article.text.replace(before, after, 1)


def _reverted(article: Article) -> str:
    if not article.before:
        raise ConfigurationError(f"{article.site} {article.url}: has no edit to take back")
    return article.before.pop()
