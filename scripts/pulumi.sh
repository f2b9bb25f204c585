# Runs pulumi as people want to see it. Sourced by the scripts beside it, after look.sh.
# shellcheck shell=bash disable=SC2154 # look.sh sets $terminal
# pulumi_briefly STACK ARGUMENTS: runs pulumi; on a terminal, where its table of all
# resources is too wide to read, it shows less.
pulumi_briefly() {
  if [[ $terminal ]]; then
    pulumi "${@:2}" --stack "$1" --non-interactive --suppress-outputs | scripts/brief.sh "$1"
  else
    pulumi "${@:2}" --stack "$1"
  fi
}

# pulumi_up STACK: brings up the stack. Pulumi asks first, unless it runs on kind.
pulumi_up() {
  if [[ $(scripts/target.sh "$1") == kind ]]; then
    pulumi_briefly "$1" up --yes
  else
    pulumi up --stack "$1"
  fi
}
