#!/usr/bin/env bash
# Retakes the pictures in docs/: they show what the browser test sees, on its cluster.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
source scripts/need.sh

need_browser
# Without Inter, the page falls back to the system's typeface.
[[ -n $(fc-list Inter) ]] || install_package fonts-inter https://rsms.me/inter
export PICTURES=$PWD/docs/pictures SCENARIOS=any
mkdir -p "$PICTURES"
exec scripts/module.sh e2e go test -tags e2e -count 1 -timeout 30m -run '^TestLive$' -v .
