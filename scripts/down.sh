#!/usr/bin/env bash
# Removes the stack $1 from its cluster, and the kind cluster with its registry.
# Can be run again at any time.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: down.sh STACK}
eval "$(scripts/env.sh)"
# shellcheck source=cluster/settings.sh
source cluster/settings.sh

# Empties the stack, if there is one.
destroy() {
  if [[ -x bin/pulumi ]] && pulumi stack select "$stack" 2>/dev/null; then pulumi_briefly "$stack" destroy; fi
}

if [[ $(pulumi stack output context --stack "$stack" 2>/dev/null) == "kind-$CLUSTER" ]]; then
  # What goes with its cluster has nobody to drain for.
  cluster/down.sh
  PULUMI_K8S_DELETE_UNREACHABLE=true destroy
else
  destroy
  cluster/down.sh
fi
