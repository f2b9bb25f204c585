#!/usr/bin/env bash
# Brings up the stack $1 on the cluster that runs, and ends with an answer of
# the service.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: up.sh STACK}
eval "$(scripts/env.sh)"

echo "stack $stack"
pulumi stack select --create "$stack"
# What the cluster lost since the last time (it may be a new one) is made anew.
pulumi up --refresh
url=$(pulumi stack output url)
echo "the service runs: $url"
go run ./e2e/answer "$url"
