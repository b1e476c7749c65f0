"""Where a list goes on: by the pattern an entry declares, or by the script that writes the page's own links."""

import re

from domain.urls import urlkey
from parsers.addresses import safe_absolute
from parsers.listing.model import Page

# TRS WCM: createPageHTML(${PAGE_COUNT}, ${PAGE_INDEX}, "${PAGE_NAME}", "${PAGE_EXT}"), the index from 0, as
# its author's comment in public templates has it; with the name of an element before them it counts from 1.
_SCRIPT = re.compile(
    r"""\b(?:createPage\w*|pageControl)\s*\(\s*(?P<box>["'][\w-]*["']\s*,\s*)?(?P<count>\d{1,6})\s*,\s*(?P<at>\d{1,6})"""
    r"""\s*,\s*["'](?P<name>[\w./-]{1,100})["']\s*,\s*["'](?P<ext>\w{1,8})["']"""
)


def scripted(page: Page) -> tuple[str, ...]:
    """The next of a list whose links a script writes (`createPageHTML(12, 0, "index", "html")`): index_1.html."""
    found = _SCRIPT.search(page.text)
    if found is None:
        return ()
    after = int(found["at"]) + 1
    number_after = after if found["box"] else after + 1
    if number_after > min(int(found["count"]), page.entry.pages):
        return ()
    target = safe_absolute(page.url, f"{found['name']}_{after}.{found['ext']}")
    return (target,) if target else ()


def has_script(page: Page) -> bool:
    """True for a list whose links a script writes, on its last page too."""
    return _SCRIPT.search(page.text) is not None


def number(page: Page) -> int | None:
    """A list page's number by the entry's `more`; 1 for the entry itself, None where it cannot be told."""
    if urlkey(page.url) == urlkey(page.entry.url):
        return 1
    if page.entry.more is None:
        return None
    pattern = re.escape(page.entry.more).replace(re.escape("{page}"), r"(\d+)", 1).replace(re.escape("{page}"), r"\d+")
    found = re.fullmatch(pattern, page.url)
    return int(found[1]) if found else None


def following(page: Page) -> tuple[str, ...]:
    """The address after this one's by the entry's `more`, none past the entry's `pages`."""
    here = number(page)
    if page.entry.more is None or here is None or here >= page.entry.pages:
        return ()
    return (page.entry.more.replace("{page}", str(here + 1)),)
