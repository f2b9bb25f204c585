# Names and ports of the cluster; the environment may override each. Sourced by the
# scripts beside it.
# shellcheck shell=bash
export ASKED_FOR="${NODES:+ NODES}${HTTP_PORT:+ HTTP_PORT}${REGISTRY_PORT:+ REGISTRY_PORT}" # by the user
export CLUSTER=${CLUSTER:-app-cluster}        # kind's name for it; the kubeconfig context is kind-$CLUSTER
export NODES=${NODES:-1}                      # 1, or more: one control plane and the rest workers
export HTTP_PORT=${HTTP_PORT:-8080}           # on 127.0.0.1, leads to port 80 of the Ingress controller
export REGISTRY=${REGISTRY:-kind-registry}    # name of the registry's container
export REGISTRY_PORT=${REGISTRY_PORT:-5001}   # on 127.0.0.1

# The registry that nodes pull from: the same images, read-only. Pods reach it, too.
export READER=$REGISTRY-reader

# A volume that exists while the cluster is being created, and stays if that is
# interrupted. Nothing else proves that the cluster is not in use yet.
export CREATING=hello-world-creating-$CLUSTER

# A file that marks the control plane of a cluster that this project made.
readonly MARK=/kind/hello-world

# Succeeds if this project made the cluster, so that it may be removed. Earlier
# versions left no mark, but made nodes look for GitHub's images in the registry,
# which no other tool does.
ours() {
  local file
  docker volume inspect "$CREATING" >/dev/null 2>&1 && return
  for file in "$MARK" /etc/containerd/certs.d/ghcr.io/hosts.toml; do
    docker cp "$CLUSTER-control-plane:$file" - >/dev/null 2>&1 && return
  done
  return 1
}

# Removes the container $1 if this project made it for the cluster.
remove_container() {
  local id
  for id in $(docker ps --all --quiet --filter "name=^$1\$" --filter "label=hello-world.cluster=$CLUSTER"); do
    docker rm --force --volumes "$id" >/dev/null
  done
}

# shellcheck source=scripts/look.sh
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/look.sh"

# Prints the version that supplier/ supplies of the module $2: its go.mod files pin it.
pinned() {
  local version
  version=$(sed -n "s#^\(require\)\{0,1\}[[:space:]]*$2 \(v[^ ]*\).*#\2#p" "$(dirname "${BASH_SOURCE[0]}")/../supplier/modules/$1/go.mod")
  echo "${version:?$2 is not in supplier/modules/$1/go.mod}"
}
NODE_IMAGE=kindest/node:$(pinned kubernetes k8s.io/kubernetes)
TRAEFIK_IMAGE=traefik:$(pinned traefik github.com/traefik/traefik/v3)
export NODE_IMAGE TRAEFIK_IMAGE
