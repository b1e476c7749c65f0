"""Runs the verb notify in a process of its own each time it is asked to: all is loaded before, so that a kill hits the
verb and not the start of an interpreter. For each line that it reads it says the process's
number, then how it ended."""

import os
import sys
import threading

from pipeline.house import house
from pipeline.telling import tell


def _notify() -> int:
    with house() as opened:
        tell(opened)
    return 0


def main() -> None:
    assert threading.active_count() == 1, "threads do not outlive a fork"
    for _ in sys.stdin:
        number = os.fork()
        if number == 0:
            code = 1
            try:
                code = _notify()
            finally:
                os._exit(code)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
