"""checkpoint: every hour, what the ledgers gained is signed and time-stamped."""

from airflow.sdk import DAG, CronTriggerTimetable

from dags.factory import DEFAULTS
from dags.operator import VerbOperator

with DAG(
    dag_id="checkpoint",
    schedule=CronTriggerTimetable("7 * * * *", timezone="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"owner": "tongjian"},
    tags=["house"],
    doc_md="Signs what was kept since the last checkpoint, and has it time-stamped where `TONGJIAN_TSA` is set: "
    "`tongjian checkpoint`. Nothing new, nothing signed. Without a key it says so and is green; with a ledger or a log "
    "that is not the one signed before it fails, and `tongjian verify` says where.",
):
    VerbOperator(task_id="checkpoint", verb="checkpoint")
