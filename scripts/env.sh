#!/usr/bin/env bash
# Prints shell settings that make the raw commands work: the tools on PATH, and
# Pulumi with a state backend in this checkout, which needs no account and no
# passphrase. It keeps what the caller has set: PULUMI_BACKEND_URL for another
# backend, PULUMI_CONFIG_PASSPHRASE for a passphrase.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# Prints the backend of the checkout $1.
state_of() {
  local folder=$1/.pulumi-state
  # These mean something else in a URL than in a path.
  folder=${folder//%/%25} folder=${folder//\#/%23} folder=${folder//\?/%3F}
  # Without metadata=skip the backend writes a second file beside each file of the
  # state, not atomically: a pulumi killed at that moment cannot read its state again.
  echo "file://$folder?metadata=skip"
}
home=$root/.pulumi-home
mkdir -p "$root/.pulumi-state"
# Drop what `make env` of another checkout has set: it is not the caller's choice.
other=${PULUMI_HOME:-}
[[ ${PULUMI_BACKEND_URL:-} != "$(state_of "${other%/.pulumi-home}")" ]] || PULUMI_BACKEND_URL=''

set_to() { printf 'export %s=%q\n' "$1" "$2"; }

# shellcheck disable=SC2016 # the caller's PATH, when the output is evaluated
printf 'export PATH=%q:"$PATH"\n' "$root/bin"
# For Pulumi Cloud, `pulumi login` keeps the credentials in the user's home.
if [[ ${PULUMI_BACKEND_URL:-} == http* && ${PULUMI_HOME:-} != "$home" ]]; then
  set_to PULUMI_CREDENTIALS_PATH "${PULUMI_CREDENTIALS_PATH:-${PULUMI_HOME:-$HOME/.pulumi}}"
fi
# The plugins that `make tools` supplied are here, out of other projects' way.
set_to PULUMI_HOME "$home"
[[ -n ${PULUMI_BACKEND_URL:-} ]] || set_to PULUMI_BACKEND_URL "$(state_of "$root")"
[[ -n ${PULUMI_CONFIG_PASSPHRASE:-}${PULUMI_CONFIG_PASSPHRASE_FILE:-} ]] || set_to PULUMI_CONFIG_PASSPHRASE ''
set_to PULUMI_SKIP_UPDATE_CHECK true
# The docker command follows its context (Colima, OrbStack, rootless); the docker plugin follows only this variable.
host=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null) || host=''
[[ ${DOCKER_HOST:-} || ! $host || $host == unix:///var/run/docker.sock ]] || set_to DOCKER_HOST "$host"
