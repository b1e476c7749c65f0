"""Airflow on one machine: its settings, its database, its three services."""

import json
import os
import secrets
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from domain.errors import TongjianError
from domain.settings import ROOT
from pipeline.up.supervisor import Child


def environment(state: Path, database: str, port: int, workers: int) -> dict[str, str]:
    """What Airflow needs to know. Everything it writes is under `state`/airflow; all ports bind 127.0.0.1."""
    home = state / "airflow"
    settings = {
        "CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": str(workers),
        "CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords(home)),
        "CORE__FERNET_KEY": "",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "DATABASE__SQL_ALCHEMY_CONN": database,
        "DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
        "API__HOST": "127.0.0.1",
        "API__PORT": str(port),
        "API__BASE_URL": f"http://127.0.0.1:{port}",
        "API__WORKERS": "1",
        "API__SECRET_KEY": _secret(home / "api_secret"),
        "API_AUTH__JWT_SECRET": _secret(home / "jwt_secret"),
        "DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "30",
        "DAG_PROCESSOR__PARSING_PROCESSES": "1",
        # A killed scheduler's tasks go to its successor half a minute after it was last heard of, not five.
        "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "10",
        "LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    return {
        "AIRFLOW_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        **{f"AIRFLOW__{name}": value for name, value in settings.items()},
    }


def passwords(home: Path) -> Path:
    """The file with the login of Airflow's pages, made on first use, readable by its owner only."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "passwords.json"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps({"admin": secrets.token_urlsafe(12)}))
    return path


def _secret(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32))
    return path.read_text()


def migrate(environment: dict[str, str], log_file: Path) -> None:
    """Brings Airflow's own tables to the form of this version, once. Raises TongjianError naming the log."""
    mark = Path(environment["AIRFLOW_HOME"]) / "migrated"
    release = version("apache-airflow")
    if mark.exists() and mark.read_text() == release:
        return
    _migrate(environment, log_file)
    mark.write_text(release)


def _migrate(environment: dict[str, str], log_file: Path) -> None:
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("ab") as output:
        done = subprocess.run(
            [*command(), "db", "migrate"],
            env=os.environ | environment,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    if done.returncode:
        raise TongjianError(f"airflow db migrate ended with {done.returncode}", hint=f"See {log_file}.")


def command() -> list[str]:
    return [sys.executable, "-m", "airflow"]


def services(environment: dict[str, str], logs: Path) -> list[Child]:
    """The api-server, the scheduler with its executor, and the dag-processor."""
    verbs = {"api-server": [], "scheduler": ["--skip-serve-logs"], "dag-processor": []}
    return [
        Child(name, [*command(), name, *options], environment, logs / f"{name}.log") for name, options in verbs.items()
    ]
