# Sets the outputs of the stack $1 as variables, and "${kubectl[@]}" for its namespace
# in its cluster, whatever the current context is. Sourced by the scripts beside it.
# shellcheck shell=bash
eval "$(scripts/env.sh)"
# shellcheck source=scripts/look.sh
source scripts/look.sh

need_tools
outputs=$(pulumi stack output --shell --stack "$1") || fail "stack $1 cannot be read: 'pulumi stack ls' lists the stacks, 'make up STACK=$1' makes one"
stack=$1 url='' healthUrl='' namespace='' context='' replicas='' app=hello # as earlier versions call it without saying so
eval "$outputs"
[[ -n $context ]] || fail "stack $stack runs nothing yet: run 'make up STACK=$stack'"
export url replicas app healthUrl="${healthUrl:-$url}"

kubectl=(kubectl --context "$context" --namespace "$namespace")

# Prints the kubeconfig if it is not a file, found as the program finds it.
stack_kubeconfig() {
  local from output
  pulumi config get kubeconfig --stack "$stack" && return
  from=$(pulumi config get clusterStack --stack "$stack") || return
  output=$(pulumi config get clusterOutput --stack "$stack") || output=kubeconfig
  pulumi stack output "$output" --show-secrets --stack "$from"
}

if contents=$(stack_kubeconfig 2>/dev/null); then
  kubeconfig=$(mktemp) # only its owner can read it
  trap 'rm -f "$kubeconfig"' EXIT
  printf '%s' "$contents" >"$kubeconfig"
  kubectl+=(--kubeconfig "$kubeconfig")
fi
