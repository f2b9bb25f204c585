#!/usr/bin/env bash
# Rolls out every change that you save to the stack $1, until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/stack.sh
source scripts/stack.sh "${1:?usage: dev.sh STACK}"
# After exec, nobody would remove the file.
if [[ ${kubeconfig:-} ]]; then
  export DEV_KUBECONFIG=$contents
  rm -f "$kubeconfig"
fi
made=$(mktemp bin/.dev-XXXXXX)
trap 'rm -f "$made"' EXIT
[[ ! -x bin/dev ]] || cp -p bin/dev "$made" # Go links it only if something has changed
go build -o "$made" ./dev
mv "$made" bin/dev # in one step, so that an interrupted one leaves nothing
exec bin/dev "$stack" "$context" "$namespace" "$app"
