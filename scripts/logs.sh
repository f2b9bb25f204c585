#!/usr/bin/env bash
# Follows the logs of all current Pods of the stack $1, until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/stack.sh
source scripts/stack.sh "${1:?usage: logs.sh STACK}"

"${kubectl[@]}" logs --selector "app=$app" --follow --prefix --tail 20 --max-log-requests 1000 --ignore-errors
