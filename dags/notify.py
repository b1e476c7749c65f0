"""notify: whenever a site's changes are renewed, and every five minutes for what an endpoint refused before."""

from datetime import timedelta

from airflow.sdk import DAG, AssetAny, AssetOrTimeSchedule, DeltaTriggerTimetable

from dags.factory import DEFAULTS, changes_asset, rhythm
from dags.operator import VerbOperator
from sites import load

with DAG(
    dag_id="notify",
    schedule=AssetOrTimeSchedule(
        timetable=DeltaTriggerTimetable(max(rhythm(timedelta(minutes=5)), timedelta(minutes=1))),
        assets=AssetAny(*(changes_asset(name) for name in load())),
    ),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"owner": "tongjian"},
    tags=["house"],
    doc_md="Matches new changes against subscriptions and delivers what waits in the outbox: `tongjian notify`.",
):
    VerbOperator(task_id="notify", verb="notify")
