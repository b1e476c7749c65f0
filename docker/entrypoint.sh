#!/bin/sh
# Hands on the secrets that a program can only take from its environment or from a file it may write, and says where
# those lie that it reads itself.
set -eu
secrets=${TONGJIAN_SECRETS:-/run/secrets}

if [ -f "$secrets/tongjian_database" ]; then
    TONGJIAN_DATABASE=$(cat "$secrets/tongjian_database")
    export TONGJIAN_DATABASE
fi

if [ -f "$secrets/channel_keys" ]; then
    export TONGJIAN_SECRETS_KEY="$secrets/channel_keys"
fi
if [ -f "$secrets/smtp_password" ]; then
    export TONGJIAN_SMTP_PASSWORD_FILE="$secrets/smtp_password"
fi

# Airflow's SimpleAuthManager opens its password file for writing, which a mounted secret refuses.
if [ -f "$secrets/airflow_passwords" ]; then
    install -m 600 "$secrets/airflow_passwords" "$AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"
fi

exec "$@"
