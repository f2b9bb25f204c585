#!/usr/bin/env bash
# Opens the URL of the stack $1 in a browser, where there is one, and prints it.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/stack.sh
source scripts/stack.sh "${1:?usage: open.sh STACK}"

echo "$url"
if [[ $(uname) == Darwin ]]; then
  open "$url"
elif [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]] && command -v xdg-open >/dev/null; then
  xdg-open "$url"
fi
