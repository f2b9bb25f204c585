#!/usr/bin/env bash
# Prints what sort of cluster the stack $1 runs on, kind or cloud. It reads the
# configuration file, as Pulumi may not be there yet.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: target.sh STACK}
target=$(sed -n 's/^ *[^ :]*:target: *["'"'"']\{0,1\}\([a-z]*\).*/\1/p' "Pulumi.$stack.yaml" 2>/dev/null) || true
echo "${target:-kind}"
