"""A site's DAG run whole by Airflow's own dag.test(), on the replica, with the real verbs underneath."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.server import Replica
from domain.settings import ROOT
from pipeline.embedded import embedded

CODE = """
import sys
from airflow.dag_processing.bundles.manager import DagBundlesManager
from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
DagBundlesManager().sync_bundles_to_db()
bag = DagBag(dag_folder=sys.argv[1])
sync_bag_to_db(bag, "dags-folder", None)
for name in sys.argv[2:]:
    run = bag.dags[name].test()
    states = {item.task_id: str(item.state) for item in run.get_task_instances()}
    print("STATES", run.state, states)
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    state = tmp_path_factory.mktemp("dag")
    with embedded(state) as local, Replica(ROOT / "demo" / "content") as replica:
        yield os.environ | {
            "TONGJIAN_STATE": str(state),
            "TONGJIAN_S3_ENDPOINT": local.s3,
            "TONGJIAN_DATABASE": local.database,
            "AWS_SHARED_CREDENTIALS_FILE": str(local.credentials),
            "TONGJIAN_CONNECT_TO": replica.connect_to,
            "TONGJIAN_PACE": "1000",
            "AIRFLOW_HOME": str(state / "airflow"),
            "PYTHONPATH": str(ROOT),
            "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": local.airflow_database,
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        }


@pytest.fixture(scope="module")
def airflow(environment: dict[str, str]) -> dict[str, str]:
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], env=environment, check=True, capture_output=True)
    return environment


def run(environment: dict[str, str], folder: Path, *dags: str) -> list[str]:
    """How each ended: a line with its state and its tasks' states."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(ROOT / "dags"), *dags],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [line for line in done.stdout.splitlines() if line.startswith("STATES")]
    assert [line.split()[1] for line in lines] == ["success"] * len(dags), done.stdout[-3000:]
    return lines


def test_a_site_dag_runs_to_its_end(airflow: dict[str, str], tmp_path: Path) -> None:
    (line,) = run(airflow, tmp_path, "site__shandong_commerce")
    for task in ("capture", "read", "compare", "check"):
        assert f"'{task}': 'success'" in line, line


def test_subscribers_are_told_and_kept(airflow: dict[str, str], tmp_path: Path) -> None:
    """Nobody subscribed: what is tried is that each DAG's command is one, and ends well."""
    house = ("notify", "deliver", "backup")
    for line, task in zip(run(airflow, tmp_path, *house), house, strict=True):
        assert f"'{task}': 'success'" in line, line
    command = [sys.executable, "-m", "pipeline", "doctor", "restore", "--list", "--json"]
    listed = subprocess.run(command, cwd=tmp_path, env=airflow, capture_output=True, check=True)
    assert len(json.loads(listed.stdout)) == 1
