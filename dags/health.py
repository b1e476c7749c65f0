"""health: every hour, is each site quiet or broken?"""

from airflow.sdk import DAG, CronTriggerTimetable

from dags.factory import DEFAULTS
from dags.operator import VerbOperator

with DAG(
    dag_id="health",
    schedule=CronTriggerTimetable("23 * * * *", timezone="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"owner": "tongjian", "retries": 0},
    tags=["house"],
    doc_md="Looks at every site: what its runs counted against what is usual, and whether any run ends at all: "
    "`tongjian health`. Red where a site is broken; who asked for it is told once when it breaks and once when it "
    "mends. `tongjian health silence SITE --until TIME --reason WHY` keeps it green meanwhile.",
):
    VerbOperator(task_id="health", verb="health")
