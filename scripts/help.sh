#!/usr/bin/env bash
# Lists the commands of the Makefile, each with the text after its ##.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/look.sh
source scripts/look.sh

echo "${bold}From source to a replicated Kubernetes service${plain}"
echo
awk -F ':.*## ' -v bold="$bold" -v plain="$plain" '/^[a-z0-9-]+:.*## / {
  gsub(/\$\$/, "$", $2)
  printf "  %smake %-9s%s %s\n", bold, $1, plain, $2
}' Makefile
echo
echo "With STACK=prod, a command uses that stack, not the selected one."
