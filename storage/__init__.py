"""Keep: the bucket, and what is in it. The truth; everything else can be made again from here.

v1/seg/<site>/<yyyy>/<mm>/<dd>/<run>/<seq6>_<sha256-16>.warc.zst   immutable captures
v1/big/<aa>/<sha256>                                              bodies over 1 MiB
v1/led/<site>/<seq10>.json                                        one commit a segment
v1/run/<site>/<yyyy>/<mm>/<dd>/<run>/{open,done}.json              no done.json = incomplete
v1/run/<site>/lease.json                                          who captures the site now
v1/art/<site>/<reader>/<seq10>.json.zst                           articles read (derived)
v1/dict/<site>/<seq6>_<sha256-16>.zdict                            what segments are made with (each carries its own)
v1/care/<site>/<time>_<sha256-16>.json                            what people said of a site's health
v1/backup/alerts/<time>_<sha256-16>.jsonl.zst                     alerts' tables: what follows from nothing else here

docs/archive-format.md describes every byte of it.
"""

from storage.archive import Archive
from storage.bucket import Bucket, connect
from storage.writer import Writer

__all__ = ["Archive", "Bucket", "Writer", "connect"]
