"""`python -m demo`: the replica alone."""

import argparse
import sys
from pathlib import Path

from demo.content import SHIPPED
from demo.replica import Replica
from demo.server import serve
from domain.errors import TongjianError
from domain.settings import settings


def main(arguments: list[str] | None = None) -> int:
    """Serves until stopped. Returns 0, or 1 with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="demo", description="A replica of the five first sites.")
    parser.add_argument("--content", type=Path, default=SHIPPED, help="a folder of SITE.txt or SITE/SLUG.txt")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--state", type=Path, default=settings().state / "replica")
    parser.add_argument("--freeze", action="store_true", help="nothing happens by itself")
    given = parser.parse_args(arguments)
    try:
        serve(given.content, given.port, given.state, timeline=not given.freeze, on_ready=_tell)
    except TongjianError as error:
        sys.stderr.write(f"{error}\n{error.hint or ''}\n")
        return 1
    return 0


def _tell(replica: Replica) -> None:
    sys.stdout.write(f"TONGJIAN_CONNECT_TO={replica.connect_to}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
