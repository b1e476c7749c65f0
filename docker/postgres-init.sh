#!/bin/sh
# Two databases, each with an owner of its own and closed to the other. The postgres image runs this
# once, on an empty data folder. Each password is read from the address that its program will use.
set -eu
secrets=${TONGJIAN_SECRETS:-/run/secrets}

for name in airflow tongjian; do
    address=$(cat "$secrets/${name}_database")
    password=${address#*"://$name:"}
    password=${password%%@*}
    case $password in
        '' | *[!0-9A-Za-z]*)
            echo "$secrets/${name}_database: expected …://$name:PASSWORD@…, letters and digits only" >&2
            exit 1
            ;;
    esac
    NAME=$name PASSWORD=$password psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet \
        --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv name NAME
\getenv password PASSWORD
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
