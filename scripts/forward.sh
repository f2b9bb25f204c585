#!/usr/bin/env bash
# Ends the hold that rollback.sh began: the stack $1 runs what it says again.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: forward.sh STACK}
eval "$(scripts/env.sh)"
# shellcheck source=scripts/look.sh
source scripts/look.sh
# shellcheck source=scripts/pulumi.sh
source scripts/pulumi.sh
need_tools

pulumi config get hold --stack "$stack" >/dev/null 2>&1 || fail "stack $stack is not held, so there is no hold to end"
up_with "$stack" pulumi config rm hold --stack "$stack"
