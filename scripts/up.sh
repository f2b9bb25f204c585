#!/usr/bin/env bash
# Brings up the stack $1 on the running cluster, and ends with an answer from the
# service.
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: up.sh STACK}
eval "$(scripts/env.sh)"
# shellcheck source=cluster/settings.sh
source cluster/settings.sh
# shellcheck source=scripts/pulumi.sh
source scripts/pulumi.sh
cluster=(kubectl --context "kind-$CLUSTER")

if ! pulumi stack select "$stack" 2>/dev/null; then
  # A project that gets another name leaves its stacks behind.
  before=$(grep -ls '"urn"' .pulumi-state/.pulumi/stacks/*/"$stack".json | head -n 1) || true
  before=${before%/*} before=${before##*/}
  [[ ! $before || $(state_folder) != "$PWD/.pulumi-state" ]] || fail "the stack $stack is from when the project was called $before, and still runs
  to go on with it:   pulumi stack rename --stack organization/$before/$stack organization/$project/$stack
  to make another:    make up STACK=NAME"
  pulumi stack init "$stack"
fi
if [[ $(scripts/target.sh "$stack") != kind ]]; then
  pulumi up --stack "$stack" # which asks
  exec scripts/status.sh "$stack"
fi
# Recreate what the cluster lost since the last time (it may be a new one).
up=(up --refresh --yes)
# Push an image again that the registry lost: Pulumi takes it to be there forever.
image=$(pulumi stack output image 2>/dev/null) || true
if [[ $image == localhost:* ]] && ! docker manifest inspect --insecure "$image" >/dev/null 2>&1; then
  up+=(--replace '**docker:index/image:Image::hello-world')
fi
pulumi_briefly "$stack" "${up[@]}"
# Remove previous builds, which have lost their name, and from the cluster's registry
# the versions that are too old to go back to. If the state is in another backend,
# remove none from there: it cannot tell what is in use.
docker image prune --force --filter label=hello-world.project >/dev/null
url='' healthUrl='' context='' replicas=''
eval "$(pulumi stack output --shell)"
if [[ $(state_folder) == "$PWD/.pulumi-state" && $context == "kind-$CLUSTER" ]]; then
  "${cluster[@]}" get replicasets --all-namespaces --output "jsonpath={..image}" |
    go run -buildvcs=false ./scripts/versions collect .pulumi-state "$REGISTRY" "localhost:$REGISTRY_PORT" || true
fi
if [[ $replicas == 0 ]]; then
  say "stack $stack: nothing runs, because replicas is 0"
  exit
fi
echo "the service runs: $bold$url$plain"
go run -buildvcs=false ./scripts/answer -served "$healthUrl"
