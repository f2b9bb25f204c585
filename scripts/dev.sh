#!/usr/bin/env bash
# Rolls out every change that you save to the stack $1, until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: dev.sh STACK}
eval "$(scripts/env.sh)"
# shellcheck source=scripts/look.sh
source scripts/look.sh
need_tools
go build -o bin/dev ./dev
exec bin/dev "$stack"
