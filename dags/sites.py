"""The sites' DAGs for Airflow: `site__NAME` for every file in sites/ and in the folders of TONGJIAN_SITES."""

from dags.factory import site_dag
from sites import load

for site in load().values():
    dag = site_dag(site)
    globals()[dag.dag_id] = dag
