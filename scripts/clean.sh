#!/usr/bin/env bash
# Lists and removes what this project has made on this machine, except the states
# of stacks. What was downloaded under a public name stays, and so does any image in
# use. With --tell it only says how much there is.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/look.sh
source scripts/look.sh

cache=$(go run -buildvcs=false ./supplier cache)

size_of() { du -sh "$@" 2>/dev/null | cut -f 1; }

# Lists the images that were built, not downloaded: id, name and size.
images() {
  local label
  for label in hello-world.pins hello-world.project; do
    docker images --filter "label=$label" --format '{{.ID}} {{.Repository}}:{{.Tag}} {{.Size}}' 2>/dev/null || true # no engine, no images
  done
}

if [[ ${1:-} == --tell ]]; then
  count=$(images | wc -l)
  say "kept for the next time: $(size_of "$cache" || true) in $cache, and $((count)) images that were built; 'make clean' removes them"
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
    say "image $name: $size, stays, because it is in use"
  fi
done
