#!/usr/bin/env bash
# What Pulumi runs (Pulumi.yaml): the program, compiled.
set -euo pipefail
cd "$(dirname "$0")"
./compile.sh
exec ../bin/infra
