"""Taking away: what the archive holds, in forms that others read and a stranger can check.

A .warc.gz (`warcfile`), a WACZ package (`wacz`), an evidence bundle (`bundle`). All are streamed, and all are the same
bytes each time they are made of the same captures and checkpoint. docs/export.md describes them.
"""

from storage.export.bundle import Bundled, Exhibit, Seal, write_bundle
from storage.export.picking import Piece, Selection
from storage.export.provenance import Sealer, covering
from storage.export.wacz import Packed, PageText, whole_file, write_wacz
from storage.export.warcfile import Tally, write_warc

__all__ = [
    "Bundled",
    "Exhibit",
    "Packed",
    "PageText",
    "Piece",
    "Seal",
    "Sealer",
    "Selection",
    "Tally",
    "covering",
    "whole_file",
    "write_bundle",
    "write_wacz",
    "write_warc",
]
