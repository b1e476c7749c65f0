"""What doctor says of the things it looks at."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import TongjianError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    ok: bool
    message: str


def look(what: str, look: Callable[[], str]) -> Finding:
    """What `look` says of it is well; what it raises is not."""
    try:
        return Finding(what, ok=True, message=look())
    except TongjianError as error:
        return Finding(what, ok=False, message=f"{error} {error.hint or ''}".strip())


def fault(message: str) -> str:
    """Raises what `look` takes for a fault."""
    raise TongjianError(message)
