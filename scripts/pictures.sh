#!/usr/bin/env bash
# Takes the pages' pictures anew: what the browser test sees, on its cluster.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
source scripts/need.sh

need_browser
# The page is set in Inter where that is installed, and in the system's own type elsewhere.
[[ -n $(fc-list Inter) ]] || install_package fonts-inter https://rsms.me/inter
export PICTURES=$PWD/docs/pictures
mkdir -p "$PICTURES"
exec go test -tags e2e -count 1 -timeout 30m -run '^TestLive$' -v ./e2e
