"""Who reads a site: the readers' version, and what the site's file tells them."""

import hashlib
import json

from domain.site import Layout, Site
from parsers import READER_VERSION
from parsers.declare import SiteReader


def reader_of(site: Site) -> str:
    """The name of the reader of a site's pages, `2.0-1a2b3c4d`: another name may read the same payload otherwise.

    Whatever of a site's file the parsers look at is in its second half, so mending a selector is another reader
    as a new READER_VERSION is; how often and how politely the site is asked is not.
    """
    told = {
        "article": site.article,
        "publisher": site.publisher,
        "fold": site.fold,
        "readers": [_layout(reader) for reader in site.readers],
    }
    document = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return f"{READER_VERSION}-{hashlib.sha256(document.encode()).hexdigest()[:8]}"


def _layout(reader: type[Layout]) -> dict[str, object]:
    specs = reader.specs() if issubclass(reader, SiteReader) else {}
    return {"until": str(reader.valid_until), "fields": {name: repr(spec) for name, spec in specs.items()}}
