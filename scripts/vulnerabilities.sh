#!/usr/bin/env bash
# Looks for known vulnerabilities in this repository's code, as `make check` does. `vulnerabilities.sh newest` takes the newest
# database, and also looks in the server's binary. What it finds in the tools and in the node image is for their publishers to
# mend, so it only lists that.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

# Pinned like everything else, for the same answer every day.
known=golang.org/x/vulndb@v0.0.0-20260813214354-9de686e1fb00
[[ ${1:-} != newest ]] || known=golang.org/x/vulndb@master
folder=$(go mod download -json "$known" | sed -n 's/^\t"Dir": "\(.*\)".*/\1/p')
check=(go tool -modfile "$root/supplier/modules/lint/go.mod" govulncheck -db "file://$folder/data/osv")

# Leaves out two modules whose versions are not ours to choose: CoreDNS is the one that kubeadm installs, and our docker plugin
# shares its dependencies with the released kubernetes plugin.
sources=("${check[@]}" -tags e2e)
"${sources[@]}" ./...
[[ ! -f app/go.mod ]] || (cd app && "${sources[@]}" ./...)
scripts/module.sh ship "${sources[@]}" ./...
scripts/module.sh e2e "${sources[@]}" ./...
(cd supplier && "${sources[@]}" ./...)
(cd supplier/modules/kubernetes && "${sources[@]}" ./kindnet/...)
(cd supplier/modules/registry && "${sources[@]}" ./...)
[[ ${1:-} == newest ]] || exit 0

programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
# As the Dockerfile compiles it.
compiler=$(sed -n 's/^ARG GO_IMAGE=//p' Dockerfile)
go mod download
docker run --rm --volume "$root:/src:ro" --volume "$programs:/programs" --volume "$(go env GOMODCACHE):/go/pkg/mod" --workdir /src \
  --env GOPROXY=off --env GOTOOLCHAIN=local --env CGO_ENABLED=0 --env PATH=/usr/local/go/bin "$compiler" \
  go build -trimpath -buildvcs=false -ldflags '-s -w' -o /programs/hello-world ./app
echo "the server's binary, compiled by $(go version "$programs/hello-world" | sed 's/.*: //'):"
"${check[@]}" -mode binary "$programs/hello-world"
rm "$programs/hello-world"

node=$(docker create "$(docker images --format '{{.Repository}}:{{.Tag}}' kindest/node | head -n 1)")
for file in /usr/bin/{kubelet,kubeadm} /usr/local/bin/containerd; do docker cp "$node:$file" "$programs"; done
docker rm "$node" >/dev/null
for program in bin/pulumi* bin/kubectl .pulumi-home/plugins/*/pulumi-resource-* "$programs"/*; do
  ids=$("${check[@]}" -mode binary -format json "$program" | sed -n 's/^ *"osv": "\(GO-[0-9-]*\)".*/\1/p' | sort -u | paste -sd ' ')
  echo "$(basename "$program"): ${ids:-none known}"
done
