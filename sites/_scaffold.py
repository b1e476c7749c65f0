"""A starter file for a new site; it works with the generic reader alone."""

import re
from urllib.parse import urlsplit

from domain.errors import ConfigurationError

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_GUESS = r"/\d{4}/?\d{2}/?\d{0,2}/|/t\d{8}_\d+|/art/\d{4}/|/archives/\d+$|/\d{6,}\.s?html?$"
_TEXT = '''"""{name}. What is worth knowing about this site goes here, with the page that showed it."""

from domain.site import Entry, Expectation, Site

# from parsers.declare import SiteReader, blocks, date, one, text
#
# The generic reader needs no help on most pages. Where it errs, declare only what it gets wrong:
#
# class Reader(SiteReader):
#     title = one("h1.title")
#     published = date("span.time")
#     source = text("span.source")
#     body = blocks("div#content", drop=("div.share",))

SITE = Site(
    name="{name}",
    title="{host}",
    homepage="{home}",
    # Lists where new articles appear. `more` is the N-th page's address; without it 下一页 is followed.
    entries=(Entry(url="{url}", kind="html", pages=3),),
    # What an article's address looks like, and no other's. Check with: tongjian sites check {name}
    article=r"{article}",
    expect=Expectation(links=5),
    # readers=(Reader,),
)
'''


def scaffold(name: str, url: str) -> str:
    """The text of a site's file: `name` as in SITE.name, `url` of its first entry page.

    Raises ConfigurationError for a name that cannot be one or an address without a host.
    """
    parts = urlsplit(url)
    if not _NAME.fullmatch(name) or len(name) > 40:
        raise ConfigurationError(f"«{name}» is no name for a site", hint="Use a-z, 0-9 and -, as in qidian-zibo.")
    if parts.scheme not in ("http", "https") or not parts.hostname or not re.fullmatch(r"[\w.-]+", parts.hostname):
        raise ConfigurationError(
            f"«{url}» is no address of a page", hint="Write it whole, as in http://example.cn/news/."
        )
    if re.search(r"[\"\\\s{}]", url):
        raise ConfigurationError(f"«{url}» holds signs no address has", hint="Percent-encode them.")
    home = f"{parts.scheme}://{parts.netloc}/"
    return _TEXT.format(name=name, host=parts.hostname, home=home, url=url, article=_GUESS)
