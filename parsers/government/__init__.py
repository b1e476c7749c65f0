"""What a government page says of its document: index number, offices, numbers, days, validity.

Read from the page's metadata table in any shape, then from its metas; `in_force` reads the text's own words.
"""

from parsers.government.force import in_force
from parsers.government.official import Official, find

__all__ = ["Official", "find", "in_force"]
