# Formats what the scripts print, with marks and colours on terminals only. Sourced
# by them; supplier/supply/look.go does the same for the programs in Go.
# shellcheck shell=bash disable=SC2034 # used by the scripts
terminal='' bold='' dim='' red='' green='' plain='' error='error:'
if [[ ${TERM:-dumb} != dumb ]]; then
  if [[ -t 1 ]]; then
    terminal=yes
    [[ -n ${NO_COLOR:-} ]] || bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
  fi
  [[ ! -t 2 || -n ${NO_COLOR:-} ]] || error=$'\e[1;31merror:\e[0m'
fi

# End the script at Ctrl-C. Otherwise, a tool that it waits for may just fail, as
# docker does, and the script would go on.
trap 'exit 130' INT

# begins TEXT: announces a step that takes a while.
begins() { printf '  %s%s%s%s\n' "$dim" "${terminal:+· }" "$*" "$plain"; }

# say TEXT: reports a step that has ended.
say() { printf '  %s%s\n' "${terminal:+$green✓$plain }" "$*"; }

fail() {
  echo "$error $*" >&2
  exit 1
}

# need_tools: fails if `make tools` has not run in this checkout.
need_tools() { [[ -x bin/pulumi ]] || fail "the tools are missing: run 'make tools'"; }

# span SECONDS: prints them as 12m34s.
span() {
  if (($1 < 60)); then
    echo "$1s"
  elif (($1 % 60 == 0)); then
    echo "$(($1 / 60))m"
  else
    echo "$(($1 / 60))m$(($1 % 60))s"
  fi
}
