"""backup: once a day, what follows from nothing else goes into the bucket; then what is old is thinned."""

from airflow.sdk import DAG, CronTriggerTimetable

from dags.factory import DEFAULTS
from dags.operator import VerbOperator

with DAG(
    dag_id="backup",
    schedule=CronTriggerTimetable("50 2 * * *", timezone="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"owner": "tongjian"},
    tags=["house"],
    doc_md="Keeps people, teams, channels, subscriptions and what was told in the bucket, reads it back, and deletes "
    "what is older than thirty days but for one a month: `tongjian backup`. The key that opens channels' addresses is "
    "not in it. `tongjian doctor restore` puts it back.\n\nThen takes the text out of messages that were delivered "
    "long ago (TONGJIAN_KEEP_MESSAGES): `tongjian thin`.",
):
    VerbOperator(task_id="backup", verb="backup") >> VerbOperator(task_id="thin", verb="thin")
