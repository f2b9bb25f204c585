#!/usr/bin/env bash
# Rolls out every change that is saved to the stack $1, until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: dev.sh STACK}
eval "$(scripts/env.sh)"
[[ -x bin/pulumi ]] || { echo "error: the tools are not there yet: run 'make up' first" >&2; exit 1; }
go build -o bin/dev ./dev
exec bin/dev "$stack"
