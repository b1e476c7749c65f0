#!/bin/sh
# Hands on the two secrets that a program can only take from its environment or from a file it may write.
set -eu
secrets=${TONGJIAN_SECRETS:-/run/secrets}

if [ -f "$secrets/tongjian_database" ]; then
    TONGJIAN_DATABASE=$(cat "$secrets/tongjian_database")
    export TONGJIAN_DATABASE
fi

# Airflow's SimpleAuthManager opens its password file for writing, which a mounted secret refuses.
if [ -f "$secrets/airflow_passwords" ]; then
    install -m 600 "$secrets/airflow_passwords" "$AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"
fi

exec "$@"
