#!/usr/bin/env bash
# Runs end-to-end scenarios on kind clusters of their own, and removes these; it
# never touches yours. With KEEP=1 they stay for the next run.
#
#   e2e.sh                       lists the scenarios, without a cluster
#   e2e.sh Faults/DrainedNode    runs one, or a whole suite such as Faults
#   e2e.sh check                 runs all that `make test` does
#   e2e.sh soak                  runs the long ones, as `make soak` does
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
source scripts/need.sh
packages=(./faults . ./cloud) at_once=1 timeout=80m
lint=(go tool -modfile "$PWD/supplier/modules/lint/go.mod")

list() {
  scripts/module.sh e2e go test -tags e2e -list . "${packages[@]}" | sed -n '/^[^ ]*\/[^ ]*\( (soak)\)*$/p'
}

what=${1:-}
case $what in
  '')
    list
    echo "make e2e RUN=NAME runs one of these, or a suite; make soak runs those marked (soak), make test all others"
    exit
    ;;
  check)
    run=.
    # This also compiles all tests and what they build, so that no compiler runs beside the clusters.
    # The tags of Prometheus are those of e2e/neighbours_test.go.
    "${lint[@]}" kube-score version >/dev/null
    scripts/module.sh e2e go build -tags remove_all_sd,enable_kubernetes_sd -o /dev/null github.com/prometheus/prometheus/cmd/prometheus
    echo "left to make soak: $(list | sed -n 's/ (soak)//p' | paste -sd ' ' -)"
    # While one cluster waits, the other works. A third would take more than it gives:
    # what nodes do without any work is a tenth of a core for each.
    at_once=2
    limit=$(cat /proc/sys/fs/inotify/max_user_instances 2>/dev/null) || limit=512 # not Linux
    if ((limit < 256)); then
      at_once=1
      echo "one cluster at a time, which takes longer: 'sysctl fs.inotify.max_user_instances=512' as root lets the nodes of two run"
    fi
    ;;
  soak) run=. timeout=5h ;;
  *)
    scenarios=$(list)
    grep -q "^$(cut -d / -f 1-2 <<<"$what")\( \|/\|\$\)" <<<"$scenarios" || { echo "error: no scenario is called $what: 'make e2e' lists them" >&2; exit 1; }
    run="^Test${what//\//\$/^}\$"
    [[ $what == */* ]] && what=any # also one marked (soak)
    ;;
esac

bin/ship tools tests
need_browser
mkdir -p bin/logs
status=0
if [[ $what == check ]]; then
  (cd supplier && "${lint[@]}" gotestsum --format testname -- -tags e2e -count 1 . ./images ./bare/imagebuild) || status=$?
fi
SCENARIOS=$what scripts/module.sh e2e "${lint[@]}" gotestsum --format testname --jsonfile "$PWD/bin/logs/e2e.json" -- \
  -tags e2e -count 1 -timeout "$timeout" -p "$at_once" -parallel 2 -run "$run" "${packages[@]}" || status=$?
echo "the slowest; the whole output is in bin/logs/e2e.json"
"${lint[@]}" gotestsum tool slowest --jsonfile bin/logs/e2e.json --threshold 1s --num 20
exit $status
