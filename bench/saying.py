"""One line on standard output, at once: a benchmark runs long and is watched."""

import sys


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
