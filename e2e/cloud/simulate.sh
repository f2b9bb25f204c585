#!/usr/bin/env bash
# Adds $1 simulated nodes to the cluster of $KUBECONFIG (CLUSTER is its name in kind)
# and keeps new Pods off the real ones. kwok reports Pods on a simulated node as
# running, and nothing runs.
set -euo pipefail
cd "$(dirname "$0")/../.."
nodes=${1:?usage: simulate.sh NODES}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

go -C supplier/modules/cloud mod download sigs.k8s.io/kwok
source=$(go -C supplier/modules/cloud list -m -f '{{.Dir}}' sigs.k8s.io/kwok)
version=$(go -C supplier/modules/cloud list -m -f '{{.Version}}' sigs.k8s.io/kwok)
kind load docker-image --quiet --name "$CLUSTER" "registry.k8s.io/kwok/kwok:$version"

cp -r "$source/kustomize" "$scratch"
chmod -R u+w "$scratch" # modules are read-only
sed "s#\$VERSION#$version#" e2e/cloud/testdata/kwok.yaml >"$scratch/kustomization.yaml"
kubectl apply -k "$scratch" >/dev/null
kubectl wait --for condition=Established crd/stages.kwok.x-k8s.io --timeout 600s >/dev/null
kubectl apply -k "$scratch/kustomize/stage/fast" >/dev/null
kubectl --namespace kube-system rollout status deployment/kwok-controller --timeout 600s >/dev/null

# Simulated nodes have no label kubernetes.io/os, so that what runs on every Linux
# node, such as kube-proxy, leaves them alone.
for ((node = 1; node <= nodes; node++)); do
  cat <<NODE
---
apiVersion: v1
kind: Node
metadata:
  name: simulated-$node
  annotations: {kwok.x-k8s.io/node: fake}
  labels: {kubernetes.io/hostname: simulated-$node, simulated: "true"}
status:
  allocatable: {cpu: "4", memory: 16Gi, pods: "110", ephemeral-storage: 100Gi}
  capacity: {cpu: "4", memory: 16Gi, pods: "110", ephemeral-storage: 100Gi}
NODE
done | kubectl create -f - >/dev/null
kubectl wait --for condition=Ready nodes --selector simulated=true --timeout 600s >/dev/null
kubectl cordon --selector '!simulated' >/dev/null
