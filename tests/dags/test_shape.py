"""The DAGs as Airflow's own DagBag sees them."""

import ast
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag

import sites
from dags.factory import CRAWL_LIMIT

DAGS = Path(__file__).parents[2] / "dags"


@pytest.fixture(scope="module")
def bag() -> DagBag:
    return DagBag(dag_folder=str(DAGS))


def test_every_file_imports(bag: DagBag) -> None:
    assert bag.import_errors == {}


def test_each_site_has_its_dag_and_the_house_its_own(bag: DagBag) -> None:
    expected = {f"site__{name.replace('-', '_')}" for name in sites.load()}
    assert set(bag.dags) == expected | {"checkpoint", "health", "notify", "verify"}


def test_steps_follow_one_another(bag: DagBag) -> None:
    for name in sites.load():
        dag = bag.dags[f"site__{name.replace('-', '_')}"]
        order = [task.task_id for task in dag.topological_sort()]
        assert order == ["capture", "read", "compare", "check"]
        assert [asset.name for asset in dag.get_task("compare").outlets] == [f"changes/{name}"]


def test_every_dag_is_described_owned_and_never_twice_at_a_time(bag: DagBag) -> None:
    for dag in bag.dags.values():
        assert dag.doc_md, dag.dag_id
        assert dag.tags, dag.dag_id
        assert dag.max_active_runs == 1, dag.dag_id
        assert not dag.catchup, dag.dag_id
        assert dag.owner != "airflow", dag.dag_id


def test_a_crawl_ends_itself_before_airflow_would(bag: DagBag) -> None:
    for dag in bag.dags.values():
        for task in dag.tasks:
            assert task.execution_timeout, f"{dag.dag_id}.{task.task_id} could run for ever"
            if task.task_id == "capture":
                assert str(int(CRAWL_LIMIT.total_seconds())) in task.args
                assert task.execution_timeout - CRAWL_LIMIT >= timedelta(minutes=1)
                assert task.retries >= 1
                assert task.retry_delay > timedelta(0)


def test_dag_files_import_no_scrapy_and_no_boto3() -> None:
    code = (
        "import sys, dags.sites, dags.notify, dags.verify, dags.checkpoint, dags.health; "
        "print([m for m in ('scrapy', 'boto3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DAGS.parent)
    assert done.stdout.strip().endswith("[]")


def test_no_dag_file_imports_another() -> None:
    files = {path.stem for path in DAGS.glob("*.py")} - {"__init__", "factory", "operator"}
    for stem in files:
        tree = ast.parse((DAGS / f"{stem}.py").read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {f"dags.{other}" for other in files} & imported
