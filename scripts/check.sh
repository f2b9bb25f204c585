#!/usr/bin/env bash
# Checks what needs no cluster and no root: format, lint, known vulnerabilities and
# unit tests, in every module with code of ours. Prints how long each step took.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
# shellcheck source=scripts/need.sh
source scripts/need.sh
lint=(go tool -modfile "$root/supplier/modules/lint/go.mod")

step() { # NAME COMMAND...
  local begun=$SECONDS
  printf '%s\n' "$1"
  "${@:2}"
  printf '  done after %ds\n' $((SECONDS - begun))
}

in_modules() { # COMMAND...
  "$@" ./...
  in_server "$@"
  scripts/module.sh ship "$@" ./...
  scripts/module.sh e2e "$@" ./...
  (cd supplier && "$@" ./...)
  (cd e2e/servers && "$@" ./...)
  (cd supplier/modules/pulumi && "$@" ./pulumi-resource-docker/... ./history/...)
  (cd supplier/modules/kubernetes && "$@" ./kindnet/...)
  (cd supplier/modules/coredns && "$@" ./...)
  (cd supplier/modules/registry && "$@" ./...)
}

# A server put in by an adopter may be a module of its own.
in_server() { # COMMAND...
  [[ ! -f app/go.mod ]] || (cd app && "$@" ./...)
}

format() {
  local unformatted
  unformatted=$(gofmt -l .)
  [[ -z $unformatted ]] || { echo "error: not formatted: $unformatted" >&2; return 1; }
}

scripts() { git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run | xargs shellcheck --external-sources; }

echo "make check: 6 steps, no cluster; usually 2 minutes, 10 the first time"
need shellcheck https://www.shellcheck.net
step "1 format" format
step "2 shellcheck" scripts
step "3 go vet" in_modules go vet -tags e2e
step "4 staticcheck" in_modules "${lint[@]}" staticcheck -tags e2e
step "5 vulnerabilities" scripts/vulnerabilities.sh
step "6 unit tests" in_modules go test
echo "checked in ${SECONDS}s"
