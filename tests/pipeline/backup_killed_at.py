"""Child processes that kill themselves at a chosen moment of a backup or of a restore: `python backup_killed_at.py`.

A line of JSON on the standard input is one of them: {"verb", "moment", "nth", "settings", "keys"}; one on the standard
output says how it ended. Each is forked from here, where all is imported already.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any

import alerts.loading
import pipeline.backing_up
import pipeline.restoring
import storage.backups
from domain.settings import Settings
from pipeline.house import House
from storage.backup_form import Maker

# Where it can end: what is called, whether after its work or before it, and at which time of it.
MOMENTS: dict[str, tuple[str, Any, str, bool, int]] = {
    "the third table is read": ("backup", Maker, "table", True, 3),
    "all is written on this machine": ("backup", Maker, "finish", True, 1),
    "before the PUT": ("backup", storage.backups, "_put", False, 1),
    "after the PUT, before its answer is known": ("backup", storage.backups, "_put", True, 1),
    "it is read back": ("backup", pipeline.backing_up, "read_back", True, 1),
    "the second old one is about to be deleted": ("backup", storage.backups, "erase", False, 2),
    "it is checked, and nothing touched": ("restore", pipeline.restoring, "read_back", True, 1),
    "the tables are empty": ("restore", alerts.loading, "_cleared", True, 1),
    "half of the rows are there": ("restore", alerts.loading, "_insert", True, 5),
    "the last row is there, and nothing committed": ("restore", alerts.loading, "_insert", True, 11),
    "all is committed, and nothing said": ("restore", pipeline.restoring, "load", True, 1),
    "what was taken down is about to be blanked": ("restore", pipeline.restoring, "_withdrawn", False, 1),
}


def main() -> None:
    for line in sys.stdin:
        told = json.loads(line)
        child = os.fork()
        if not child:
            try:
                _work(told)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _work(told: dict[str, Any]) -> None:
    verb, where, name, after, nth = MOMENTS[told["moment"]]
    setattr(where, name, _deadly(getattr(where, name), nth, after=after))
    with ExitStack() as stack:
        house = House(Settings.model_validate(told["settings"]), tuple(told["keys"]), stack)
        if verb == "backup":
            pipeline.backing_up.backup(house)
        else:
            pipeline.restoring.restore(house, overwrite=True)


def _deadly(work: Callable[..., Any], nth: int, *, after: bool) -> Callable[..., Any]:
    left = nth

    @wraps(work)
    def counted(*given: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if not left and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = work(*given, **named)
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return counted


if __name__ == "__main__":
    main()
