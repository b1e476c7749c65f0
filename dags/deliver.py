"""deliver: every five minutes, and so on every full hour: what became due, and what an endpoint refused before."""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable

from dags.factory import DEFAULTS, by_the_clock
from dags.operator import VerbOperator

with DAG(
    dag_id="deliver",
    # By the clock, not from run to run: a digest leaves on the full hour, in time zones of half an hour too. So there
    # is no DAG of digests' own; it would be this one again.
    schedule=CronTriggerTimetable(by_the_clock(timedelta(minutes=5)), timezone="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"owner": "tongjian", "retries": 0},
    tags=["house"],
    doc_md="Makes messages of what is due (digests, the end of quiet hours) and delivers what waits, what endpoints "
    "refused before included: `tongjian deliver`. New changes are matched by `notify`. A message that an endpoint "
    "does not take is no failure of this DAG: it is tried again, and seen in the ledger of deliveries.",
):
    VerbOperator(task_id="deliver", verb="deliver")
