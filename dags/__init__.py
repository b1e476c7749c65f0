"""When: Airflow's DAGs, thin. A DAG file holds no work of its own, only which verb runs after which, and how often."""
