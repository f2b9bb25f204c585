#!/usr/bin/env bash
# Makes a kind cluster that stands in for a cloud's, with what one has: a registry
# with a password, addresses for load balancers (MetalLB), a controller of Ingresses
# and Gateways with such an address (Traefik), and the metrics that autoscaling needs
# (metrics-server). It writes the kubeconfig to $KUBECONFIG. `ship cluster down`
# removes the cluster.
#
# Set CLUSTER, REGISTRY and REGISTRY_PORT to other values than those of the cluster
# that `make cluster` makes.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=e2e/cloud/testdata
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What `ship cluster` marks its own with.
creating=hello-world-creating-$CLUSTER mark=/kind/hello-world

say() { echo "  $*"; }

fail() {
  echo "error: $*" >&2
  exit 1
}

# pinned FOLDER MODULE: prints the version of a module that supplier/ supplies.
pinned() { go -C "supplier/modules/$1" list -m -f '{{.Version}}' "$2"; }

# Prints the folder of a module that supplier/modules/cloud pins.
module() {
  go -C supplier/modules/cloud mod download "$1"
  go -C supplier/modules/cloud list -m -f '{{.Dir}}' "$1"
}

registry_up() {
  docker run --detach --name "$REGISTRY" --label "hello-world.cluster=$CLUSTER" \
    --publish "127.0.0.1:$REGISTRY_PORT:5000" \
    --volume "$PWD/$data/htpasswd:/etc/distribution/htpasswd:ro" \
    --env REGISTRY_AUTH=htpasswd --env REGISTRY_AUTH_HTPASSWD_REALM="$CLUSTER" \
    --env REGISTRY_AUTH_HTPASSWD_PATH=/etc/distribution/htpasswd registry:3 >/dev/null
}

# Makes nodes pull localhost:$REGISTRY_PORT from the registry.
wire_registry() {
  local node
  docker network connect kind "$REGISTRY"
  for node in $(kind get nodes --name "$CLUSTER"); do
    docker exec "$node" bash -euc '
      mkdir -p "/etc/containerd/certs.d/localhost:$0"
      printf "[host.\"http://%s:5000\"]\n" "$1" >"/etc/containerd/certs.d/localhost:$0/hosts.toml"
    ' "$REGISTRY_PORT" "$REGISTRY"
  done
}

# Loads what a cloud's cluster comes with, and does not pull from a registry.
load_images() {
  kind load docker-image --quiet --name "$CLUSTER" "$traefik" \
    "quay.io/metallb/controller:$(pinned cloud go.universe.tf/metallb)" \
    "quay.io/metallb/speaker:$(pinned cloud go.universe.tf/metallb)" \
    "registry.k8s.io/metrics-server/metrics-server:$(pinned cloud sigs.k8s.io/metrics-server)"
}

load_balancers() {
  local network attempt
  kubectl apply -f "$(module go.universe.tf/metallb)/config/manifests/metallb-native.yaml" >/dev/null
  rolled_out metallb-system deployment/controller daemonset/speaker
  # Use the end of the range: Docker gives containers addresses from its start.
  network=$(docker network inspect kind --format '{{range .IPAM.Config}}{{println .Subnet}}{{end}}' | grep -m1 '\.')
  for attempt in {1..60}; do
    # Its webhook may not answer until a moment after its Pod is ready.
    sed "s#\$ADDRESSES#${network%.*}.200-${network%.*}.250#" "$data/metallb.yaml" | kubectl apply -f - >"$scratch/said" 2>&1 && return
    sleep 1
  done
  fail "MetalLB does not accept its addresses after $attempt attempts: $(<"$scratch/said")"
}

gateway_api() {
  local types
  go mod download sigs.k8s.io/gateway-api
  types=$(go list -m -f '{{.Dir}}' sigs.k8s.io/gateway-api)/config/crd/standard
  kubectl apply --server-side -f "$types" >/dev/null
}

ingress_controller() {
  sed "s#\$IMAGE#$traefik#" "$data/traefik.yaml" | kubectl apply -f - >/dev/null
}

metrics() {
  cp -r "$(module sigs.k8s.io/metrics-server)/manifests" "$scratch"
  chmod -R u+w "$scratch" # modules are read-only
  cp "$data/metrics-server.yaml" "$scratch/kustomization.yaml"
  # kubectl warns of deprecated fields in its manifests.
  kubectl apply -k "$scratch" >"$scratch/said" 2>&1 || fail "metrics-server: $(<"$scratch/said")"
}

# rolled_out NAMESPACE WORKLOAD...
rolled_out() {
  local workload
  for workload in "${@:2}"; do
    kubectl --namespace "$1" rollout status "$workload" --timeout 600s >/dev/null
  done
}

traefik=traefik:$(pinned traefik github.com/traefik/traefik/v3)
registry_up
docker volume create --label "hello-world.cluster=$CLUSTER" "$creating" >/dev/null
kind create cluster --quiet --name "$CLUSTER" --image "kindest/node:$(pinned kubernetes k8s.io/kubernetes)" --config "$data/cluster.yaml"
docker exec "$CLUSTER-control-plane" touch "$mark"
docker volume rm "$creating" >/dev/null
say "cluster $CLUSTER: created after ${SECONDS}s"
wire_registry
load_images
say "images: loaded after ${SECONDS}s"
gateway_api
ingress_controller
metrics
load_balancers
rolled_out ingress deployment/traefik
rolled_out kube-system deployment/metrics-server deployment/coredns
say "cluster $CLUSTER: ready after ${SECONDS}s"
