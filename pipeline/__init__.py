"""Do: the verbs. One verb is one command and one Airflow task; any of them may die and be run again."""
