#!/usr/bin/env bash
# Compiles and runs the program. Pulumi runs this (Pulumi.yaml).
set -euo pipefail
cd "$(dirname "$0")"
program=$(./compile.sh)
exec "$program"
