# Sets $state to a folder with Pulumi's history of $stack: the state's own, or a copy
# of what a bucket has. Sourced by the scripts beside it.
# shellcheck shell=bash
eval "$(scripts/env.sh)"
# shellcheck source=scripts/look.sh
source scripts/look.sh
# shellcheck source=scripts/pulumi.sh
source scripts/pulumi.sh
need_tools

case $PULUMI_BACKEND_URL in
  file://*) state=$(state_folder) ;;
  s3://* | gs://* | azblob://*)
    state=$(mktemp -d)
    trap 'rm -rf "$state"' EXIT
    [[ -x bin/history ]] || begins "compiling what reads buckets, usually 1m"
    GOWORK=off CGO_ENABLED=0 go build -C supplier/modules/pulumi -buildvcs=false -o "$PWD/bin/history" ./history
    bin/history "$PULUMI_BACKEND_URL" "$project" "${stack:?}" "$state"
    ;;
  *) fail "the state is in $PULUMI_BACKEND_URL, which does not give out old versions, as folders (file://…) and buckets (s3://…, gs://…, azblob://…) do: 'pulumi stack history' lists the updates,
  and 'pulumi config set hold IMAGE' goes back to an image that you know" ;;
esac
