"""The one operator: a verb of pipeline/, run as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
from typing import IO, Any

from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowException, AirflowFailException

_DONE, _WRONG_USAGE, _ISSUES = 0, 2, 3


class VerbOperator(BaseOperator):
    """Runs `python -m pipeline VERB ARGS --json` and returns a small summary of its JSON.

    The process has its own session: Airflow's SIGTERM does not reach it, `on_kill` sends it exactly one (a
    second would make Scrapy stop uncleanly), and it watches its parent besides. Exit codes: 0 and 3 succeed, 2
    fails at once (no retry mends a wrong command), anything else is retried.
    """

    template_fields = ("verb", "args")

    def __init__(self, *, verb: str, args: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.verb, self.args = verb, args
        self._process: subprocess.Popen[str] | None = None

    def execute(self, context: Context) -> dict[str, Any]:
        command = [sys.executable, "-m", "pipeline", self.verb, *self.args, "--json"]
        self.log.info("running %s", " ".join(command[1:]))
        environment = os.environ | {"TONGJIAN_PARENT": str(os.getpid()), "TONGJIAN_LOG": "INFO"}
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
            text=True,
            encoding="utf-8",
        ) as process:
            self._process = process
            follower = threading.Thread(target=self._follow, args=(process.stderr,))
            follower.start()
            answer = process.stdout.read() if process.stdout else ""
            follower.join()
        return self._judge(process.returncode, answer)

    def _follow(self, lines: IO[str]) -> None:
        for line in lines:
            self.log.info("%s", line.rstrip())

    def _judge(self, code: int, answer: str) -> dict[str, Any]:
        if code == _WRONG_USAGE:
            raise AirflowFailException(f"{self.verb}: wrong usage; see the log above")
        if code not in (_DONE, _ISSUES):
            raise AirflowException(f"{self.verb} {' '.join(self.args)}: exit {code}; see the log above")
        return _summary(json.loads(answer), issues=code == _ISSUES)

    def on_kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)


def _summary(document: Any, *, issues: bool) -> dict[str, Any]:
    """Small numbers for Airflow's own tables; the whole is in the bucket and in the catalogue."""
    rows = document if isinstance(document, list) else [document]
    numbers = {"rows": len(rows), "issues": issues}
    for row in rows:
        for name, value in row.items():
            if isinstance(value, int) and not isinstance(value, bool):
                numbers[name] = numbers.get(name, 0) + value
    return numbers
