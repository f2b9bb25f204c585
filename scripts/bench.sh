#!/usr/bin/env bash
# Measures this project against its alternatives and its floor, on a cluster of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "make bench: usually 12 minutes on two cores, 4 more the first time, to compile the alternatives"
# An interrupted compiler leaves nothing in bin.
made=$(mktemp -d bin/.bench-XXXXXX)
trap 'rm -rf "$made"' EXIT
go build -modfile e2e/bench/tools/go.mod -o "$made/" github.com/google/ko github.com/google/go-containerregistry/cmd/crane helm.sh/helm/v4/cmd/helm
scripts/module.sh e2e go build -o "$PWD/$made/empty" ./bench/empty
# A node of the cluster runs it too, whatever libraries it has.
CGO_ENABLED=0 scripts/module.sh e2e go build -tags e2e -o "$PWD/$made/bench" ./bench
mv "$made"/* bin/
rmdir "$made"
bin/ship tools tests
echo "  compiled in ${SECONDS}s"
exec bin/bench
