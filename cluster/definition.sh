#!/usr/bin/env bash
# Prints the definition of the kind cluster.
set -euo pipefail
# shellcheck source=cluster/settings.sh
source "$(dirname "$0")/settings.sh"

cat <<EOF
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
kubeadmConfigPatches:
  # From 1.35 on, the kubelet refuses to run on cgroup v1 unless told otherwise.
  - |
    kind: KubeletConfiguration
    failCgroupV1: false
kubeadmConfigPatchesJSON6902:
  # The only control plane has nobody to hand over to. On a busy machine, its controllers
  # would stop when they could not renew their lease, and be away for minutes.
  - group: kubeadm.k8s.io
    version: v1beta4
    kind: ClusterConfiguration
    patch: |
      - {op: add, path: /controllerManager/extraArgs/-, value: {name: leader-elect, value: "false"}}
      - {op: add, path: /scheduler/extraArgs, value: [{name: leader-elect, value: "false"}]}
containerdConfigPatches:
  # By default, containerd looks at every container once a second, which took a quarter
  # of a core for eight idle nodes. The kubelet asks every ten seconds.
  - |
    [plugins."io.containerd.cri.v1.runtime"]
      stats_collect_period = "10s"
nodes:
  - role: control-plane
    image: $NODE_IMAGE
    # The Ingress controller runs on the node that the host's port leads to.
    labels:
      ingress-ready: "true"
    extraPortMappings:
      - listenAddress: 127.0.0.1
        hostPort: $HTTP_PORT
        containerPort: 30080 # WebNodePort of infra/traefik
EOF
for ((node = 1; node < NODES; node++)); do
  printf '  - role: worker\n    image: %s\n' "$NODE_IMAGE"
done
