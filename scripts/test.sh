#!/usr/bin/env bash
# Everything that CI checks.
set -euo pipefail
cd "$(dirname "$0")/.."
cat <<'PLAN'
make test: usually 23 minutes on two cores, once everything is there
  1 make check, usually 2 minutes
  2 images of a cluster that stands in for a cloud's: seconds; the first time
    they are downloaded or built
  3 the scenarios that `make e2e` lists, on two kind clusters that are there at
    the same time and are removed; but for those called soak
PLAN
scripts/check.sh
exec scripts/e2e.sh check
