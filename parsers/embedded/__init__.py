"""Articles that stand in a page's scripts and not in its mark-up: linked data, state of frameworks, variables."""

from parsers.embedded.finding import find
from parsers.embedded.model import Embedded
from parsers.embedded.scripts import Script, scripts

__all__ = ["Embedded", "Script", "find", "scripts"]
