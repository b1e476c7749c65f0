"""verify: once a day, is all that the ledgers name there and unchanged?"""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable

from dags.factory import DEFAULTS
from dags.operator import VerbOperator

with DAG(
    dag_id="verify",
    schedule=CronTriggerTimetable("40 3 * * *", timezone="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"owner": "tongjian", "execution_timeout": timedelta(hours=6)},
    tags=["house"],
    doc_md="Checks every object against the ledgers, and every record's digests: `tongjian verify --deep`. "
    "A failure names the object, the record and the page.",
):
    VerbOperator(task_id="verify", verb="verify", args=("--deep",))
