"""notify: whenever a site's changes are renewed, its subscribers are told."""

from airflow.sdk import DAG, AssetAny

from dags.factory import DEFAULTS, changes_asset
from dags.operator import VerbOperator
from sites import load

with DAG(
    dag_id="notify",
    schedule=AssetAny(*(changes_asset(name) for name in load())),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"owner": "tongjian"},
    tags=["house"],
    doc_md="Matches new changes against subscriptions, makes messages of them and delivers: `tongjian notify`. What is "
    "due later, or is refused, is `deliver`'s.",
):
    VerbOperator(task_id="notify", verb="notify")
