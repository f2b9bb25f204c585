#!/usr/bin/env bash
# Lists what the project pins, and what is newer, as the module proxy knows it.
# docs/upgrading.md says how to move each.
set -euo pipefail
cd "$(dirname "$0")/.."

printf '%-52s %-12s %s\n' module pinned newest
while read -r folder module; do
  pinned=$(GOWORK=off go -C "$folder" list -m -f '{{.Version}}' "$module")
  newest=$(GOWORK=off go -C "$folder" list -m -u -f '{{with .Update}}{{.Version}}{{else}}-{{end}}' "$module" 2>/dev/null) || newest='not known here'
  printf '%-52s %-12.12s %s\n' "$module" "$pinned" "$newest"
done <<'PINS'
offline/modules/kubernetes k8s.io/kubernetes
offline/modules/kind sigs.k8s.io/kind
offline/modules/etcd go.etcd.io/etcd/server/v3
offline/modules/coredns github.com/coredns/coredns
offline/modules/containerd github.com/containerd/containerd/v2
offline/modules/cni github.com/containernetworking/plugins
offline/modules/registry github.com/distribution/distribution/v3
offline/modules/traefik github.com/traefik/traefik/v3
offline/modules/pulumi github.com/pulumi/pulumi/pkg/v3
. github.com/pulumi/pulumi/sdk/v3
. github.com/pulumi/pulumi-kubernetes/sdk/v4
. github.com/pulumi/pulumi-docker/sdk/v4
PINS
