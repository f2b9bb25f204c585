# Sets $state to the folder with Pulumi's state and its history. Sourced by the
# scripts beside it.
# shellcheck shell=bash
eval "$(scripts/env.sh)"
# shellcheck source=scripts/look.sh
source scripts/look.sh

[[ $PULUMI_BACKEND_URL == file://* ]] || fail "the state is in $PULUMI_BACKEND_URL, and this works only with a folder (file://…): 'pulumi stack history' lists the updates,
  and 'pulumi config set hold IMAGE' goes back to an image that you know"
state=${PULUMI_BACKEND_URL#file://} state=${state%%\?*}
state=${state//%3F/\?} state=${state//%23/\#} state=${state//%25/%}
