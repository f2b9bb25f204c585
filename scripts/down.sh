#!/usr/bin/env bash
# Removes the stack $1 from its cluster, and the kind cluster with its registry.
# Can be run again at any time.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: down.sh STACK}
eval "$(scripts/env.sh)"
# shellcheck source=cluster/settings.sh
source cluster/settings.sh

there_is_a_stack() { [[ -x bin/pulumi ]] && pulumi stack select "$stack" 2>/dev/null; }
runs_in_the_cluster() { [[ $(pulumi stack output context 2>/dev/null) == "kind-$CLUSTER" ]]; }

if there_is_a_stack && runs_in_the_cluster; then
  # What goes with its cluster has nobody to drain for.
  cluster/down.sh
  PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy
else
  if there_is_a_stack; then pulumi destroy; fi
  cluster/down.sh
fi
