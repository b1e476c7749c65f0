#!/bin/sh
# Makes the cluster's secrets, once, from the system's random source.
# Usage: docker/make-secrets.sh [FOLDER] >> .env      FOLDER is ./secrets unless given.
# Prints the two lines that .env needs; says everything else on standard error; overwrites nothing.
set -eu
umask 077

folder=${1:-$(dirname "$0")/../secrets}
if [ -e "$folder" ]; then
    echo "make-secrets: $folder is there already and stays as it is; move it away to make new ones" >&2
    exit 1
fi

# The containers run as this user, because a mounted secret keeps its owner on the host.
uid=$(id -u)
gid=$(id -g)
if [ "$uid" -eq 0 ]; then
    uid=10001
    gid=10001
fi

random() { python3 -c 'import secrets; print(secrets.token_hex(32), end="")'; }

# Made beside its place and moved there whole, so that a failure leaves no half of a folder.
new="$folder.new.$$"
mkdir "$new"
trap 'rm -rf "$new"' EXIT

# No newline at the end of any of them: Airflow takes the output of `cat` as it is.
keep() { cat > "$new/$1"; }
address() { printf 'postgresql+psycopg2://%s:%s@postgres:5432/%s' "$1" "$(random)" "$1" | keep "$1_database"; }

random | keep postgres_password
address airflow
address tongjian
python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode(), end="")' |
    keep airflow_fernet_key
# Of the same form, for channels' addresses and secrets (docs/channels.md).
python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode(), end="")' |
    keep channel_keys
# Stands for yours, which is asked for only where TONGJIAN_SMTP names a user.
random | keep smtp_password
random | keep airflow_jwt_secret
random | keep airflow_api_secret_key
printf '{"admin": "%s"}' "$(random)" | keep airflow_passwords

access=$(random | cut -c 1-20)
secret=$(random)
printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$access" "$secret" |
    keep s3_credentials
printf '{"identities":[{"name":"pipeline","credentials":[{"accessKey":"%s","secretKey":"%s"}],' \
    "$access" "$secret" | keep s3_config
printf '"actions":["Admin","Read","List","Tagging","Write"]}]}' >> "$new/s3_config"

for file in "$new"/*; do
    [ -s "$file" ] || { echo "make-secrets: $file came out empty; is python3 there?" >&2; exit 1; }
done
if [ "$(id -u)" -eq 0 ]; then
    chown -R "$uid:$gid" "$new"
fi
mv "$new" "$folder"
trap - EXIT

printf 'TONGJIAN_UID=%s\nTONGJIAN_GID=%s\n' "$uid" "$gid"
echo "make-secrets: $folder is made; the password of Airflow's user «admin» is in airflow_passwords" >&2
