#!/usr/bin/env bash
# Compiles the Pulumi program. Pulumi would do this by itself, but without a word;
# the first time takes a while.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "  compiling the Pulumi program, usually 4m0s the first time"
infra/compile.sh
echo "  the Pulumi program is compiled, after ${SECONDS}s"
