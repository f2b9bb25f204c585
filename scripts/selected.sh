#!/usr/bin/env bash
# Prints the name of the stack selected in this checkout, or dev if there is none.
# It reads what `pulumi stack select` wrote: asking pulumi takes a third of a second.
set -euo pipefail
cd "$(dirname "$0")/.."
newest=''
for file in .pulumi-home/workspaces/*-workspace.json; do
  [[ ! -e $file || $file -ot $newest ]] || newest=$file
done
stack=''
[[ ! $newest ]] || stack=$(sed -n 's|.*"stack": "\(.*/\)\{0,1\}\(.*\)".*|\2|p' "$newest")
echo "${stack:-dev}"
