#!/usr/bin/env bash
# Removes the kind cluster and its registries if up.sh made them. It is no error if
# they are not there.
set -euo pipefail
# shellcheck source=cluster/settings.sh
source "$(dirname "$0")/settings.sh"

docker version >/dev/null 2>&1 || fail "nothing was removed: no Docker Engine answers, and the cluster $CLUSTER may still be there"
if docker container inspect "$CLUSTER-control-plane" >/dev/null 2>&1 && ! ours; then
  fail "this project did not make the cluster $CLUSTER, so it stays: 'kind delete cluster --name $CLUSTER' removes it"
fi
kind delete cluster --quiet --name "$CLUSTER"
docker volume rm "$CREATING" >/dev/null 2>&1 || true
remove_container "$READER"
remove_container "$REGISTRY"
docker rmi "localhost:$REGISTRY_PORT/library/$TRAEFIK_IMAGE" >/dev/null 2>&1 || true # fill_registry made it
say "cluster $CLUSTER: gone"
