"""What is found in a page's scripts."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from parsers.dates import Stamp


@dataclass(frozen=True, slots=True)
class Embedded:
    """An article as a page's scripts hold it; what they do not say is None or empty.

    `body_html` is a fragment of mark-up, as the site wrote it: read it as any mark-up of strangers. `images` are
    addresses as written. `where` names the script and the way to the body in it
    (`__NEXT_DATA__ props.pageProps.article.content`); `confidence` 0..1 says how sure it is that this is the
    page's own article. Without `body_html` the other fields are from linked data alone.
    """

    title: str | None = None
    subtitle: str | None = None
    body_html: str = ""
    published: Stamp | None = None
    updated: Stamp | None = None
    source: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    where: str = ""
    confidence: float = 0.0
    issues: tuple[str, ...] = ()

    def folded(self, fold: Callable[[str], str]) -> "Embedded":
        """The same with its texts put through `fold`."""
        return replace(
            self,
            title=self.title and fold(self.title),
            subtitle=self.subtitle and fold(self.subtitle),
            body_html=fold(self.body_html),
            source=self.source and fold(self.source),
            publisher=self.publisher and fold(self.publisher),
            authors=tuple(map(fold, self.authors)),
        )
