#!/bin/sh
# Starts SeaweedFS as its own user. Compose mounts a secret file with the owner and mode it has on the
# host, so root copies it for that user first; the copy lies in memory only.
set -eu
umask 077
cp /run/secrets/s3_config /tmp/s3.json
chown seaweed:seaweed /tmp/s3.json /data
exec su-exec seaweed /usr/bin/weed -logtostderr=true "$@"
