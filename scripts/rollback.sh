#!/usr/bin/env bash
# Goes back to the version of the stack $1 that ran before the current one, or to
# the one whose digest begins with $2, and holds it until forward.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: rollback.sh STACK [DIGEST]} to=${2:-}
# shellcheck source=scripts/state.sh
source scripts/state.sh

image=$(go run -buildvcs=false ./scripts/versions previous "$state" "$stack" "$to")
begins "stack $stack: back to $image"
held=$(pulumi config get hold --stack "$stack" 2>/dev/null) || true
pulumi config set hold "$image" --stack "$stack"
if ! pulumi_up "$stack"; then
  # Nothing has changed, so restore the key.
  if [[ $held ]]; then pulumi config set hold "$held" --stack "$stack"; else pulumi config rm hold --stack "$stack"; fi
  exit 1
fi
say "stack $stack: held at $image until 'make forward'"
