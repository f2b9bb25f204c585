#!/usr/bin/env bash
# Lists what the project pins, and the newest version that the module proxy knows.
# docs/upgrading.md says how to move each.
set -euo pipefail
cd "$(dirname "$0")/.."

printf '%-52s %-12s %s\n' module pinned newest
while read -r folder module; do
  pinned=$(GOWORK=off go -C "$folder" list -m -f '{{.Version}}' "$module")
  newest=$(GOWORK=off go -C "$folder" list -m -u -f '{{with .Update}}{{.Version}}{{else}}-{{end}}' "$module" 2>/dev/null) || newest='not known here'
  printf '%-52s %-12.12s %s\n' "$module" "$pinned" "$newest"
done <<'PINS'
supplier/modules/kubernetes k8s.io/kubernetes
supplier/modules/kind sigs.k8s.io/kind
supplier/modules/etcd go.etcd.io/etcd/server/v3
supplier/modules/coredns github.com/coredns/coredns
supplier/modules/containerd github.com/containerd/containerd/v2
supplier/modules/cni github.com/containernetworking/plugins
supplier/modules/registry github.com/distribution/distribution/v3
supplier/modules/traefik github.com/traefik/traefik/v3
supplier/modules/pulumi github.com/pulumi/pulumi/pkg/v3
. github.com/pulumi/pulumi/sdk/v3
. github.com/pulumi/pulumi-kubernetes/sdk/v4
. github.com/pulumi/pulumi-docker/sdk/v4
PINS
