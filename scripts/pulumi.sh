# What scripts ask of Pulumi, and of the stacks on the kind cluster. Sourced by them;
# those that run pulumi source look.sh first.
# shellcheck shell=bash disable=SC2154,SC2034 # look.sh sets $terminal; scripts use $project
project=$(sed -n 's/^name: *//p' Pulumi.yaml)

# namespaces_of_stacks: prints the namespaces of the kind cluster, each as
# NAMESPACE|STACK|STATE; of those that no stack made, only the name.
namespaces_of_stacks() {
  kubectl --context "kind-$CLUSTER" --request-timeout 20s get namespaces --output \
    'jsonpath={range .items[*]}{.metadata.name}|{.metadata.annotations.hello-world/stack}|{.metadata.annotations.hello-world/state}{"\n"}{end}'
}

# state_folder: prints the folder of a state backend that has one, as env.sh wrote it
# into its URL.
state_folder() {
  local folder=${PULUMI_BACKEND_URL#file://}
  folder=${folder%%\?*} folder=${folder//%3F/\?} folder=${folder//%23/\#}
  echo "${folder//%25/%}"
}

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

# up_with STACK COMMAND...: brings up the stack after the command has changed its file.
# If that fails or is interrupted, the file is again as it was; what runs may not be.
up_with() (
  file=Pulumi.$1.yaml
  before=$(mktemp)
  cp "$file" "$before"
  trap 'exit 130' INT # a subshell begins without traps
  trap 'trap "" INT; cp "$before" "$file"; rm "$before"' EXIT
  "${@:2}"
  if ! pulumi_up "$1"; then
    echo "$file is as it was before: run this again, or 'pulumi up' for what it says" >&2
    exit 1
  fi
  trap - EXIT
  rm "$before"
)
