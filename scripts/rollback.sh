#!/usr/bin/env bash
# Goes back to the version of the stack $1 that ran before the current one, or to the
# one that `make history` calls $2, and holds it until forward.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: rollback.sh STACK [VERSION]} to=${2:-}
# shellcheck source=scripts/state.sh
source scripts/state.sh

hold() {
  local held
  held=$(go run -buildvcs=false ./scripts/versions hold "$state" "$stack" "Pulumi.$stack.yaml" "$to")
  begins "stack $stack: back to $held"
}
up_with "$stack" hold
say "stack $stack: held until 'make forward'"
