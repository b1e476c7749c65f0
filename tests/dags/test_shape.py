"""The DAGs as Airflow's own DagBag sees them."""

import ast
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pendulum
import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG, AssetAny, CronTriggerTimetable
from airflow.sdk.definitions.timetables.assets import AssetTriggeredTimetable
from airflow.serialization.decoders import decode_timetable
from airflow.serialization.encoders import encode_timetable
from airflow.timetables.base import DataInterval, TimeRestriction

import sites
from dags import factory
from dags.factory import CRAWL_LIMIT
from domain.clock import SHANGHAI
from domain.settings import Settings

DAGS = Path(__file__).parents[2] / "dags"


@pytest.fixture(scope="module")
def bag() -> DagBag:
    return DagBag(dag_folder=str(DAGS))


def test_every_file_imports(bag: DagBag) -> None:
    assert bag.import_errors == {}


def test_each_site_has_its_dag_and_the_house_its_own(bag: DagBag) -> None:
    expected = {f"site__{name.replace('-', '_')}" for name in sites.load()}
    assert set(bag.dags) == expected | {"backup", "checkpoint", "deliver", "health", "notify", "verify"}


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


def test_notify_hears_of_every_site_and_of_nothing_else(bag: DagBag) -> None:
    dag = bag.dags["notify"]
    assert type(dag.timetable) is AssetTriggeredTimetable  # no rhythm of its own
    heard = dag.timetable.asset_condition
    assert isinstance(heard, AssetAny)
    assert {asset.name for asset in heard.objects} == {f"changes/{name}" for name in sites.load()}
    assert [(task.verb, task.args) for task in dag.tasks] == [("notify", ())]


def runs(dag: DAG, since: datetime, count: int) -> list[datetime]:
    """When the scheduler would start it, as Airflow's own timetable has it."""
    timetable = decode_timetable(encode_timetable(dag.timetable))
    found: list[datetime] = []
    for _ in range(count):
        limits = TimeRestriction(earliest=pendulum.instance(found[-1] if found else since), latest=None, catchup=True)
        last = DataInterval.exact(pendulum.instance(found[-1])) if found else None
        info = timetable.next_dagrun_info(last_automated_data_interval=last, restriction=limits)
        assert info is not None
        found.append(info.run_after)
    return found


def test_digests_leave_at_the_full_hour(bag: DagBag) -> None:
    at = datetime(2026, 11, 22, 7, 58, tzinfo=SHANGHAI)
    found = runs(bag.dags["deliver"], at, 14)
    assert found[0] == datetime(2026, 11, 22, 8, 0, tzinfo=SHANGHAI)
    assert found[12] == datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)
    assert {(after - before).total_seconds() for before, after in pairwise(found)} == {300}
    assert [(task.verb, task.args) for task in bag.dags["deliver"].tasks] == [("deliver", ())]


@pytest.mark.parametrize(("pace", "minutes"), [("1", 5), ("45", 1), ("2", 2), ("0.7", 7), ("0.01", 30)])
def test_it_is_on_the_full_hour_at_any_pace(monkeypatch: pytest.MonkeyPatch, pace: str, minutes: int) -> None:
    monkeypatch.setattr(factory, "settings", lambda: Settings(pace=float(pace)))
    expression = factory.by_the_clock(timedelta(minutes=5))
    assert expression == f"*/{minutes} * * * *"
    CronTriggerTimetable(expression, timezone="Asia/Shanghai").validate()


def test_a_backup_is_made_each_night(bag: DagBag) -> None:
    found = runs(bag.dags["backup"], datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI), 2)
    assert [one.astimezone(SHANGHAI).strftime("%d %H") for one in found] == ["23 02", "24 02"]
    made, thinned = bag.dags["backup"].topological_sort()
    assert [(task.verb, task.args) for task in (made, thinned)] == [("backup", ()), ("thin", ())]


def test_dag_files_import_no_scrapy_and_no_boto3() -> None:
    code = (
        "import sys, dags.sites, dags.notify, dags.deliver, dags.backup, dags.verify, dags.checkpoint, dags.health; "
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
