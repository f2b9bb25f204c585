#!/usr/bin/env bash
# Brings up the stack $1 on the cluster that runs, and ends with an answer of
# the service.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: up.sh STACK}
eval "$(scripts/env.sh)"
# shellcheck source=cluster/settings.sh
source cluster/settings.sh
cluster=(kubectl --context "kind-$CLUSTER")

pulumi stack select --create "$stack"
if [[ $(scripts/target.sh "$stack") != kind ]]; then
  pulumi up --stack "$stack" # which asks
  exec scripts/status.sh "$stack"
fi
# A state that has nothing yet takes over what its stack runs there: it is a new
# clone's, or follows one that was lost.
if ! pulumi stack output url --stack "$stack" >/dev/null 2>&1; then
  for namespace in $("${cluster[@]}" get namespaces --output "jsonpath={range .items[*]}{.metadata.name}={.metadata.annotations.hello-world/stack}={.metadata.annotations.hello-world/state} {end}"); do
    [[ $namespace == *=*/"$stack"=?* ]] || continue
    "${cluster[@]}" annotate --overwrite namespace "${namespace%%=*}" hello-world/state- \
      "hello-world/taken-over=by $(id -un) on $(uname -n) in $PWD, $(date -u +%Y-%m-%dT%H:%MZ)" >/dev/null
    say "namespace ${namespace%%=*}: taken over from another state of the stack $stack"
  done
fi
# What the cluster lost since the last time (it may be a new one) is made anew.
up=(up --refresh --yes)
# So is an image that the cluster's registry lost: for Pulumi, what was pushed is there for ever.
image=$(pulumi stack output image 2>/dev/null) || true
if [[ $image == localhost:* ]] && ! docker manifest inspect --insecure "$image" >/dev/null 2>&1; then
  up+=(--replace '**docker:index/image:Image::hello-world')
fi
pulumi_briefly "$stack" "${up[@]}"
# What was built before has no name any more, and what is too old to go back to is
# taken from the cluster's registry. Where another backend knows what is in use,
# nothing is taken.
docker image prune --force --filter label=hello-world.project >/dev/null
url='' context=''
eval "$(pulumi stack output --shell)"
if [[ $PULUMI_BACKEND_URL == "file://$PWD/.pulumi-state?"* && $context == "kind-$CLUSTER" ]]; then
  "${cluster[@]}" get replicasets --all-namespaces --output "jsonpath={..image}" |
    go run -buildvcs=false ./scripts/versions collect .pulumi-state "$REGISTRY" "localhost:$REGISTRY_PORT" || true
fi
echo "the service runs: $bold$url$plain"
go run -buildvcs=false ./scripts/answer "$url"
