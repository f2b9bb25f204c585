#!/usr/bin/env bash
# Removes the stack $1 from its cluster, the kind cluster with its registry, and
# the Docker Engine if we started it. Can be run again at any time.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: down.sh STACK}
eval "$(scripts/env.sh)"
# shellcheck source=cluster/settings.sh
source cluster/settings.sh

if [[ -x bin/pulumi ]] && pulumi stack select "$stack" 2>/dev/null; then
  # Of a kind cluster that is gone, there is nothing left to delete.
  if ! kind get clusters 2>/dev/null | grep -qx "$CLUSTER"; then
    export PULUMI_K8S_DELETE_UNREACHABLE=true
  fi
  pulumi destroy
fi
cluster/down.sh
go run ./offline stop-engine
