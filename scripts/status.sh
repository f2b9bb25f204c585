#!/usr/bin/env bash
# Shows the stack $1 and what runs of it in its cluster. Fails if the service is
# not healthy, which takes that all Pods are ready and of the last version, and
# that the URL answers; then it says what is wrong, and what happened last.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/stack.sh
source scripts/stack.sh "${1:?usage: status.sh STACK}"
kubectl+=(--request-timeout 10s)
problems=()

pulumi stack output --stack "$stack"
for objects in deployments,services,ingresses "pods --output wide"; do
  echo
  # shellcheck disable=SC2086 # words
  "${kubectl[@]}" get $objects || problems+=("the cluster does not show its ${objects%% *}")
done

live=$("${kubectl[@]}" get deployment hello --output 'jsonpath={.spec.replicas}' 2>/dev/null) || true
[[ -z $live ]] || ((live >= replicas)) || problems+=("somebody scaled it to $live Pods, and the stack has $replicas")
rollout=$("${kubectl[@]}" rollout status deployment/hello --watch=false 2>&1) || true
[[ $rollout == *"successfully rolled out"* ]] || problems+=("$rollout")
answer=$(go run ./e2e/answer -patience 3s "$url" 2>&1 >/dev/null | head -n 1) || problems+=("${answer#error: }")

echo
if ((${#problems[@]} == 0)); then
  echo "healthy: $live of $live Pods are ready, and $url answers"
  exit
fi
"${kubectl[@]}" events 2>/dev/null | tail -n 10 | cut -c 1-200 || true
printf '\nnot healthy:\n'
printf '  %s\n' "${problems[@]}"
exit 1
