#!/usr/bin/env bash
# Prints the sort of cluster that the stack $1 runs on, kind or cloud, as its file
# of configuration says: whatever else it takes to ask Pulumi may not be there yet.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: target.sh STACK}
target=$(sed -n 's/^ *[^ :]*:target: *["'"'"']\{0,1\}\([a-z]*\).*/\1/p' "Pulumi.$stack.yaml" 2>/dev/null) || true
echo "${target:-kind}"
