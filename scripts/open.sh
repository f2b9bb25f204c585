#!/usr/bin/env bash
# Prints the URL of the stack $1, and opens it in a browser if there is one.
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
