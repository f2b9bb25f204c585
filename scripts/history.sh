#!/usr/bin/env bash
# Lists the versions that the stack $1 has had, newest first.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: history.sh STACK}
# shellcheck source=scripts/state.sh
source scripts/state.sh
go run -buildvcs=false ./scripts/versions list "$state" "$stack"
