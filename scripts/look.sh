# How the lines of the scripts look, for those that source it: marks and colours
# are for terminals. supplier/supply/look.go is the same for what is written in Go.
# shellcheck shell=bash disable=SC2034 # used by those
terminal='' bold='' dim='' red='' green='' plain='' error='error:'
if [[ ${TERM:-dumb} != dumb ]]; then
  if [[ -t 1 ]]; then
    terminal=yes
    [[ -n ${NO_COLOR:-} ]] || bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
  fi
  [[ ! -t 2 || -n ${NO_COLOR:-} ]] || error=$'\e[1;31merror:\e[0m'
fi

# Ctrl-C ends a script. A tool that it waits for may answer that by failing, as
# docker does, and the script would go on with what it does then.
trap 'exit 130' INT

# begins TEXT: a step that takes a while.
begins() { printf '  %s%s%s%s\n' "$dim" "${terminal:+· }" "$*" "$plain"; }

# say TEXT: a step that has ended.
say() { printf '  %s%s\n' "${terminal:+$green✓$plain }" "$*"; }

fail() {
  echo "$error $*" >&2
  exit 1
}

# span SECONDS: as people say it.
span() {
  if (($1 < 60)); then
    echo "$1s"
  elif (($1 % 60 == 0)); then
    echo "$(($1 / 60))m"
  else
    echo "$(($1 / 60))m$(($1 % 60))s"
  fi
}

# pulumi_briefly STACK ARGUMENTS: pulumi with the arguments, for a person at a
# terminal, where its table of all resources is too wide to be read.
pulumi_briefly() {
  if [[ $terminal ]]; then
    pulumi "${@:2}" --stack "$1" --non-interactive --suppress-outputs | scripts/brief.sh "$1"
  else
    pulumi "${@:2}" --stack "$1"
  fi
}

# pulumi_up STACK: brings a stack on kind up; of any other one, Pulumi asks first.
pulumi_up() {
  if [[ $(scripts/target.sh "$1") == kind ]]; then
    pulumi_briefly "$1" up --yes
  else
    pulumi up --stack "$1"
  fi
}
