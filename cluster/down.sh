#!/usr/bin/env bash
# Removes the kind cluster and its registry, if up.sh made them. What is not there
# is no error.
set -euo pipefail
# shellcheck source=cluster/settings.sh
source "$(dirname "$0")/settings.sh"

docker version >/dev/null 2>&1 || exit 0 # nothing of ours can run
if docker container inspect "$CLUSTER-control-plane" >/dev/null 2>&1 && ! ours; then
  fail "cluster $CLUSTER was not made by this project and stays: 'kind delete cluster --name $CLUSTER' removes it"
fi
kind delete cluster --quiet --name "$CLUSTER"
docker volume rm "$CREATING" >/dev/null 2>&1 || true
for id in $(docker ps --all --quiet --filter "name=^$REGISTRY\$" --filter "label=hello-world.cluster=$CLUSTER"); do
  docker rm --force --volumes "$id" >/dev/null
done
docker rmi "localhost:$REGISTRY_PORT/library/$TRAEFIK_IMAGE" >/dev/null 2>&1 || true # what the registry was filled with
say "cluster $CLUSTER: gone"
