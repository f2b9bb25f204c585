# Installs what the checks need from the system. Sourced by the scripts beside it.
# shellcheck shell=bash

# need PROGRAM HOMEPAGE: if the program is missing, installs the Debian package of
# that name.
need() { command -v "$1" >/dev/null || install_package "$1" "$2"; }

# need_browser: installs Chromium if there is none of the browsers that chromedp looks for.
need_browser() {
  local name
  for name in headless-shell chromium chromium-browser google-chrome google-chrome-stable \
    /Applications/Chromium.app/Contents/MacOS/Chromium \
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'; do
    if command -v "$name" >/dev/null; then return; fi
  done
  install_package chromium https://www.chromium.org
}

install_package() {
  echo "installing $1"
  { apt-get update && apt-get install --yes --no-install-recommends "$1"; } >/dev/null ||
    { echo "error: $1 is missing: install it ($2)" >&2; exit 1; }
}
