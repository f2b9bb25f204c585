#!/usr/bin/env bash
# Starts the kind cluster and its registries, and waits until they are ready. You can
# run it again at any time, also after an interruption.
set -euo pipefail
folder=$(dirname "$0")
# shellcheck source=cluster/settings.sh
source "$folder/settings.sh"
# shellcheck source=cluster/check.sh
source "$folder/check.sh"
# shellcheck source=cluster/kind.sh
source "$folder/kind.sh"
# shellcheck source=cluster/current.sh
source "$folder/current.sh"

kubectl() { command kubectl --context "kind-$CLUSTER" "$@"; }

# Waits until no other up.sh works on this cluster: a second `make up` may run one,
# or a killed one may have left it behind.
alone() {
  local lock mine said=
  lock=${TMPDIR:-/tmp}/hello-world-$(id -u)-$CLUSTER.lock
  mine=$lock.$$
  echo $$ >"$mine"
  until ln "$mine" "$lock" 2>/dev/null; do
    if [[ $(ps -p "$(cat "$lock" 2>/dev/null)" -o command= 2>/dev/null) == *up.sh* ]]; then
      [[ $said ]] || begins "cluster $CLUSTER: waiting for another make up, which works on it"
      said=yes
      sleep 1
    else
      rm -f "$lock"
    fi
  done
  rm "$mine"
  # shellcheck disable=SC2064 # $lock is local: expand it now
  trap "rm -f '$lock'" EXIT
}

exists() { docker container inspect "$1" >/dev/null 2>&1; }

running() { [[ $(docker container inspect --format '{{.State.Running}}' "$1" 2>/dev/null) == true ]]; }

nodes() { kind get nodes --name "$CLUSTER" 2>/dev/null; }

# Fails if the existing cluster is not ours, or not as the user asked for.
check_existing() {
  ours || fail "there is a cluster $CLUSTER that this project did not make: remove it with 'kind delete cluster --name $CLUSTER', or choose another name with CLUSTER"
  local nodes
  nodes=$(nodes | wc -l | tr -d ' ')
  check_asked NODES "$nodes"
  check_asked HTTP_PORT "$(published "$CLUSTER-control-plane" 30080)"
}

# Fails if the existing registry, which may be someone else's, is not where images go,
# or keeps them out of another container's reach, as those of earlier versions did.
check_registry() {
  local port
  port=$(published "$REGISTRY" 5000 2>/dev/null) || port=none
  [[ $port == "$REGISTRY_PORT" ]] || fail "there is a container $REGISTRY with port $port of this machine, not $REGISTRY_PORT:
  choose another name with REGISTRY, or its port with REGISTRY_PORT"
  [[ $(images_of "$REGISTRY") ]] || fail "the container $REGISTRY has no volume for its images, from which nodes could pull them:
  to replace it, with the current versions only:   docker rm --force $REGISTRY && make up
  to leave it:                                     choose another name with REGISTRY, and another port with REGISTRY_PORT"
}

# Prints the volume or folder with the images of the registry $1.
images_of() { docker container inspect --format '{{range .Mounts}}{{if eq .Destination "/var/lib/registry"}}{{.Source}}{{end}}{{end}}' "$1" 2>/dev/null; }

# Prints the port of this machine that leads to port $2 of the container $1, running or not.
published() { docker container inspect --format "{{(index (index .HostConfig.PortBindings \"$2/tcp\") 0).HostPort}}" "$1"; }

# Prints what the cluster still lacks; nothing if it is whole.
missing() {
  local node joined
  joined=$(kubectl --request-timeout 5s get nodes --output name 2>/dev/null) || { echo "its API does not answer"; return; }
  for node in $(nodes); do
    grep -qx "node/$node" <<<"$joined" || echo "node $node did not join"
  done
}

# Waits for an existing cluster, however slow the machine is. Never delete it,
# whatever it lacks: other stacks may be on it.
await_whole() {
  local lacks deadline=$((SECONDS + 600)) said=
  while lacks=$(missing) && [[ $lacks ]]; do
    ((SECONDS < deadline)) || fail "cluster $CLUSTER exists, but does not work after 10 minutes: $lacks
  'docker logs $CLUSTER-control-plane' may say why; 'make down' removes it with all that is on it"
    [[ $said ]] || begins "cluster $CLUSTER: starting, usually 15s"
    said=yes
    sleep 1
  done
}

registry_up() {
  running "$REGISTRY" && return
  if exists "$REGISTRY"; then
    docker start "$REGISTRY" >/dev/null
  else
    # There is no receiver for its traces, and it would log that again and again.
    docker run --detach --restart always --name "$REGISTRY" --label "hello-world.cluster=$CLUSTER" --publish "127.0.0.1:$REGISTRY_PORT:5000" --volume /var/lib/registry --env OTEL_TRACES_EXPORTER=none registry:3 >/dev/null
  fi
  say "registry $REGISTRY: runs on localhost:$REGISTRY_PORT"
}

# Starts the registry that nodes pull from. Whatever runs in the cluster reaches it, so
# it only reads what the other one has, which is out of the cluster's reach.
reader_up() {
  [[ $(images_of "$READER") != "$(images_of "$REGISTRY")" ]] || ! docker start "$READER" >/dev/null 2>&1 || return 0
  remove_container "$READER" # which had the images of a registry that is gone
  docker run --detach --restart always --name "$READER" --label "hello-world.cluster=$CLUSTER" --network kind --volumes-from "$REGISTRY:ro" --env 'REGISTRY_STORAGE_MAINTENANCE_READONLY={"enabled":true}' --env OTEL_TRACES_EXPORTER=none registry:3 >/dev/null
}

cluster_up() {
  local node log
  if docker volume inspect "$CREATING" >/dev/null 2>&1; then
    begins "cluster $CLUSTER: its creation was interrupted, recreating it"
    kind delete cluster --quiet --name "$CLUSTER"
  fi
  for node in $(nodes); do
    running "$node" || docker start "$node" >/dev/null
  done
  if [[ -n $(nodes) ]]; then
    kind export kubeconfig --quiet --name "$CLUSTER" || true
    await_whole
    return
  fi
  begins "cluster $CLUSTER: creating, usually 30s"
  docker volume create --label "hello-world.cluster=$CLUSTER" "$CREATING" >/dev/null
  log=$(cd "$folder/.." && pwd)/bin/logs/kind.log
  mkdir -p "${log%/*}"
  "$folder/definition.sh" | kind create cluster --name "$CLUSTER" --config - 2>&1 | kind_steps "$log" ||
    fail "$(cause "$log")
  the log of kind is $log"
  docker exec "$CLUSTER-control-plane" touch "$MARK"
  docker volume rm "$CREATING" >/dev/null
}

# Makes nodes pull localhost:$REGISTRY_PORT from the reader, and look there first for
# images of Docker Hub and GitHub, so that a new cluster need not download them
# (https://kind.sigs.k8s.io/docs/user/local-registry/).
wire_registry() {
  local node
  for node in $(nodes); do
    docker exec "$node" bash -euc '
      use() { # HOST, HOSTS.TOML
        mkdir -p "/etc/containerd/certs.d/$1"
        printf "$2" >"/etc/containerd/certs.d/$1/hosts.toml"
      }
      ours="[host.\"http://$1:5000\"]\n"
      first="$ours  capabilities = [\"pull\", \"resolve\"]\n"
      use "localhost:$0" "$ours"
      use docker.io "server = \"https://registry-1.docker.io\"\n$first"
      use ghcr.io "server = \"https://ghcr.io\"\n$first"
    ' "$REGISTRY_PORT" "$READER"
  done
  shut_registry
  kubectl apply --server-side -f "$folder/superseded.yaml" >/dev/null
  kubectl apply --server-side -f - >/dev/null <<EOF
apiVersion: v1
kind: ConfigMap
metadata:
  name: local-registry-hosting
  namespace: kube-public
data:
  localRegistryHosting.v1: |
    host: "localhost:$REGISTRY_PORT"
    help: "https://kind.sigs.k8s.io/docs/user/local-registry/"
EOF
}

# Takes the registry out of the reach of what runs in the cluster, where earlier
# versions put it. Someone else's stays where its owner has put it.
shut_registry() {
  [[ $(docker container inspect --format '{{with index .NetworkSettings.Networks "kind"}}there{{end}}' "$REGISTRY") ]] || return 0
  if [[ $(docker container inspect --format '{{index .Config.Labels "hello-world.cluster"}}' "$REGISTRY") ]]; then
    docker network disconnect kind "$REGISTRY"
  else
    say "registry $REGISTRY: this project did not make it, and what runs in the cluster can push to it: 'docker network disconnect kind $REGISTRY' ends that"
  fi
}

fill_registry() {
  local copy=localhost:$REGISTRY_PORT/library/$TRAEFIK_IMAGE
  docker tag "$TRAEFIK_IMAGE" "$copy"
  docker push --quiet "$copy" >/dev/null
}

check_settings
check_docker
alone
[[ -z $(nodes) ]] || check_existing
if exists "$REGISTRY"; then check_registry; fi
exists "$REGISTRY" || check_port "$REGISTRY_PORT" "the registry" REGISTRY_PORT
if [[ -z $(nodes) ]]; then
  check_port "$HTTP_PORT" "the Ingress" HTTP_PORT
  check_memory
  check_disk
fi

started=$SECONDS
registry_up
cluster_up
reader_up
wire_registry
fill_registry
await_current
kubectl wait --for condition=Ready nodes --all --timeout 600s >/dev/null
kubectl --namespace kube-system rollout status deployment/coredns --timeout 600s >/dev/null
say "cluster $CLUSTER: ready after $(span $((SECONDS - started)))"
