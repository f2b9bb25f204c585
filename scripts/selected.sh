#!/usr/bin/env bash
# Prints the name of the stack selected in this checkout, or dev if there is none.
# It reads what `pulumi stack select` wrote: asking pulumi takes a third of a second.
set -euo pipefail
cd "$(dirname "$0")/.."
eval "$(scripts/env.sh)"
newest=''
# shellcheck source=scripts/pulumi.sh
source scripts/pulumi.sh
sha1='????????????????????????????????????????' # of the project's folder
# shellcheck disable=SC2231 # it is a pattern
for file in .pulumi-home/workspaces/"$project"-$sha1-workspace.json; do
  [[ ! -e $file || $file -ot $newest ]] || newest=$file
done
stack=''
# It has a stack for each backend, whose address is written as JSON. Earlier versions
# of Pulumi wrote a single "stack".
[[ ! $newest ]] || stack=$(BACKEND=${PULUMI_BACKEND_URL//&/\\u0026} awk '
  { stack = $0; sub(/",?$/, "", stack); sub(/.*[\/"]/, "", stack) }
  /^ *"stack": / { earlier = stack }
  index($0, "\"" ENVIRON["BACKEND"] "\": ") { selected = stack }
  END { print selected ? selected : earlier }' "$newest")
echo "${stack:-dev}"
