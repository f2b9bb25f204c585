#!/bin/bash
# Stands in for the entrypoint of the official image of PostgreSQL, as far as this
# project uses it.
set -euo pipefail
if [[ ! -s $PGDATA/PG_VERSION ]]; then
  initdb --pgdata "$PGDATA" --username postgres --auth-local trust --auth-host scram-sha-256 --pwfile <(echo "$POSTGRES_PASSWORD")
  echo host all all all scram-sha-256 >>"$PGDATA/pg_hba.conf"
fi
exec postgres -D "$PGDATA" -c "listen_addresses=*"
