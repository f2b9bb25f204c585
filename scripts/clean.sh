#!/usr/bin/env bash
# Lists what this project has made on this machine, but for the states of stacks,
# and removes it. What was downloaded under a public name stays, and so does what
# something runs on. With --tell it only says how much there is.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/look.sh
source scripts/look.sh

case ${HELLO_WORLD_CACHE:-}$(uname -s) in
  Darwin) cache=$HOME/Library/Caches/hello-world ;;
  Linux) cache=${XDG_CACHE_HOME:-$HOME/.cache}/hello-world ;;
  *) cache=$HELLO_WORLD_CACHE ;;
esac

size_of() { du -sh "$@" 2>/dev/null | cut -f 1; }

# The images that were built, not downloaded: their ids and names.
images() {
  local label
  for label in hello-world.pins hello-world.project; do
    docker images --filter "label=$label" --format '{{.ID}} {{.Repository}}:{{.Tag}} {{.Size}}' 2>/dev/null || true # no engine, no images
  done
}

if [[ ${1:-} == --tell ]]; then
  count=$(images | wc -l)
  say "for the next time stay: $(size_of "$cache" || true) in $cache, and $((count)) images that were built; 'make clean' removes them"
  exit
fi

for folder in bin .pulumi-home/plugins "$cache"; do
  [[ -e $folder ]] || continue
  say "$folder: $(size_of "$folder"), removed"
  chmod -R u+w "$folder" && rm -rf "$folder"
done
images | while read -r id name size; do
  if [[ $name == *'<none>'* ]]; then name=$id; fi
  if docker rmi "$name" >/dev/null 2>&1; then
    say "image $name: $size, removed"
  else
    say "image $name: $size, stays, since something runs on it"
  fi
done
