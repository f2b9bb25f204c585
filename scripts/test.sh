#!/usr/bin/env bash
# Everything that CI checks. The end-to-end tests run on kind clusters of their
# own, which they remove; the user's is never touched.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
# shellcheck source=scripts/need.sh
source scripts/need.sh

step() { printf '\n== %s\n' "$*"; }

# in_modules CHECK...: runs a check of Go packages in every module with code of ours.
in_modules() {
  "$@" ./...
  (cd offline/modules/pulumi && "$@" ./pulumi-resource-docker/...)
  (cd offline/modules/kubernetes && "$@" ./kindnet/...)
  (cd offline/modules/coredns && "$@" ./...)
  (cd offline/modules/registry && "$@" ./...)
}

step "gofmt"
unformatted=$(gofmt -l .)
[[ -z $unformatted ]] || { echo "not formatted: $unformatted" >&2; exit 1; }

step "shellcheck"
need shellcheck https://www.shellcheck.net
git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run | xargs shellcheck --external-sources

step "go vet"
in_modules go vet -tags e2e

lint=(go tool -modfile "$root/offline/modules/lint/go.mod")
step "staticcheck"
in_modules "${lint[@]}" staticcheck -tags e2e

step "govulncheck"
# The database is pinned like everything else, for the same answer every day:
# `go list -m golang.org/x/vulndb@master` names the newest. Two modules are left
# out, whose versions are not ours to choose: CoreDNS is the one that kubeadm
# installs, and our docker plugin shares its dependencies with the kubernetes
# plugin, as that was released.
known=golang.org/x/vulndb@v0.0.0-20260813214354-9de686e1fb00
go mod download "$known"
vulnerable=("${lint[@]}" govulncheck -db "file://$(go list -m -f '{{.Dir}}' "$known")/data/osv" -tags e2e)
"${vulnerable[@]}" ./...
(cd offline/modules/kubernetes && "${vulnerable[@]}" ./kindnet/...)
(cd offline/modules/registry && "${vulnerable[@]}" ./...)

step "unit tests"
in_modules go test

step "images of the cluster that stands in for a cloud's"
go run ./offline cloud

step "end-to-end tests"
need_browser
# It says at the end, after an hour of output, which tests failed or were skipped, and why.
exec "${lint[@]}" gotestsum --format standard-verbose -- -tags e2e -count 1 -timeout 45m -p 1 \
  ./offline/images ./e2e ./e2e/interrupted ./e2e/cloud
