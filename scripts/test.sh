#!/usr/bin/env bash
# Runs everything that CI checks.
set -euo pipefail
cd "$(dirname "$0")/.."
cat <<'PLAN'
make test: 20 to 60 minutes on two cores, depending on the machine, once everything is there
  1 make check, usually 2 minutes
  2 images of a database and of a cluster that stands in for a cloud's: seconds,
    or longer the first time, to download or build them
  3 the scenarios that `make e2e` lists, except those marked (soak), on up to
    two kind clusters at a time, which it removes
PLAN
scripts/check.sh
exec scripts/e2e.sh check
