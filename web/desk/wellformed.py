"""Text that an XML document may hold (XML 1.0, 2.2: Char), and so may any other."""

import re

_NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def wellformed(text: str) -> str:
    """Control characters and halves of surrogate pairs become U+FFFD."""
    return _NO_CHARACTER.sub("\ufffd", text)
