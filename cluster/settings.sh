# Names and ports of the cluster, each of which the environment may override.
# Sourced by the scripts beside it.
# shellcheck shell=bash
export ASKED_FOR="${NODES:+ NODES}${HTTP_PORT:+ HTTP_PORT}${REGISTRY_PORT:+ REGISTRY_PORT}" # by whoever runs this
export CLUSTER=${CLUSTER:-app-cluster}        # kind's name for it; the kubeconfig context is kind-$CLUSTER
export NODES=${NODES:-1}                      # 1, or more: one control plane and the rest workers
export HTTP_PORT=${HTTP_PORT:-8080}           # on 127.0.0.1, leads to port 80 of the Ingress controller
export REGISTRY=${REGISTRY:-kind-registry}    # name of the registry's container
export REGISTRY_PORT=${REGISTRY_PORT:-5001}   # on 127.0.0.1

# A volume that is there while the cluster is being created, and stays if that is
# interrupted. Nothing else proves that a cluster is one that nobody uses yet.
export CREATING=hello-world-creating-$CLUSTER

# A file in the control plane of the clusters that this project made.
readonly MARK=/kind/hello-world

# The cluster may be removed: this project made it. Earlier versions left no mark,
# but had nodes look for images of GitHub in the registry, as nobody else does.
ours() {
  local file
  docker volume inspect "$CREATING" >/dev/null 2>&1 && return
  for file in "$MARK" /etc/containerd/certs.d/ghcr.io/hosts.toml; do
    docker cp "$CLUSTER-control-plane:$file" - >/dev/null 2>&1 && return
  done
  return 1
}

# shellcheck source=scripts/look.sh
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/look.sh"

# The versions are those that supplier/ supplies: its go.mod files pin them.
pinned() {
  local version
  version=$(sed -n "s#^\(require\)\{0,1\}[[:space:]]*$2 \(v[^ ]*\).*#\2#p" "$(dirname "${BASH_SOURCE[0]}")/../supplier/modules/$1/go.mod")
  echo "${version:?$2 is not in supplier/modules/$1/go.mod}"
}
NODE_IMAGE=kindest/node:$(pinned kubernetes k8s.io/kubernetes)
TRAEFIK_IMAGE=traefik:$(pinned traefik github.com/traefik/traefik/v3)
export NODE_IMAGE TRAEFIK_IMAGE
