#!/usr/bin/env bash
# Removes the stack $1. If it runs on kind, its cluster goes too, unless other stacks
# run there; otherwise you have to type its name, or pass --yes. You can run it again
# at any time.
# shellcheck disable=SC2031 # what a subshell sets stays there, on purpose
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:?usage: down.sh STACK [--yes]} yes=${2:-}
eval "$(scripts/env.sh)"
# shellcheck source=cluster/settings.sh
source cluster/settings.sh
# shellcheck source=scripts/pulumi.sh
source scripts/pulumi.sh

# The stack's state has an id, and so do the namespaces that it made (infra/internal/namespace).
state=$(pulumi stack export --stack "$stack" 2>/dev/null | sed -n '/"urn": ".*::pulumi:index:Stash::state"/,/"output"/p') || true

# refuse_superseded NAMESPACES CONTEXT: fails, because another state has them.
refuse_superseded() {
  fail "nothing was removed: another state of the stack $stack, such as another checkout's, has what runs there ($1)
  to remove it there:   make down
  to go on from here:   kubectl annotate namespace $1 --context $2 --overwrite hello-world/state=released && make up"
}

if [[ $(scripts/target.sh "$stack") != kind ]]; then
  # shellcheck source=scripts/stack.sh
  there=$(source scripts/stack.sh "$stack" 2>/dev/null &&
    of=$("${kubectl[@]}" get namespace "$namespace" --output 'jsonpath={.metadata.annotations.hello-world/state}' 2>/dev/null) &&
    echo "$namespace|$of|$context") || there=''
  IFS='|' read -r namespace of context <<<"$there"
  [[ ! $of || $state == *"\"$of\""* ]] || refuse_superseded "$namespace" "$context"
  if [[ $yes != --yes ]]; then
    [[ -t 0 ]] || fail "stack $stack does not run on kind: 'scripts/down.sh $stack --yes' destroys it without asking"
    read -r -p "This destroys the stack $stack, which does not run on kind. Type its name to go on: " typed
    [[ $typed == "$stack" ]] || fail "stack $stack stays"
  fi
  exec pulumi destroy --yes --stack "$stack"
fi
need_tools

# Without Docker, nobody knows what is on the cluster.
if ! docker version >/dev/null 2>&1; then
  exported=''
  if pulumi stack select "$stack" 2>/dev/null; then exported=$(pulumi stack export --stack "$stack"); fi
  [[ $exported != *'"urn":'* ]] || fail "nothing was removed: no Docker Engine answers, and the stack $stack is on the cluster $CLUSTER
  to remove it, start Docker ('make tools' does, as root on Debian), and then:   make down STACK=$stack"
  say "nothing runs: no Docker Engine answers, and the stack $stack is empty"
  exit
fi

# Empties the stack, if there is one.
destroy() {
  if pulumi stack select "$stack" 2>/dev/null; then pulumi_briefly "$stack" destroy --yes; fi
}

namespaces=$(namespaces_of_stacks 2>/dev/null) || {
  # No stack runs on a cluster that is not there, or half made.
  if docker container inspect "$CLUSTER-control-plane" >/dev/null 2>&1 && ! docker volume inspect "$CREATING" >/dev/null 2>&1; then
    fail "nothing was removed: the cluster $CLUSTER does not say whether other stacks run there
  to start it, if it has stopped:   make cluster
  to remove it all:                 CLUSTER=$CLUSTER cluster/down.sh && make down"
  fi
}
there='' elsewhere=''
while IFS='|' read -r namespace owner of; do
  owner=${owner#*/} # without the organization
  if [[ $owner && $owner != "$project/$stack" ]]; then
    owner=${owner#"$project/"}
    [[ "$there " == *" $owner "* ]] || there+=" $owner"
  elif [[ $owner && $of && $state != *"\"$of\""* ]]; then
    elsewhere+="${elsewhere:+ }$namespace"
  fi
done <<<"$namespaces"

[[ ! $elsewhere ]] || refuse_superseded "$elsewhere" "kind-$CLUSTER"
if [[ $there ]]; then
  destroy
  say "cluster $CLUSTER: stays, because other stacks run there:$there"
elif [[ $(pulumi stack output context --stack "$stack" 2>/dev/null) == "kind-$CLUSTER" ]]; then
  # With the cluster gone, there is no request left to drain.
  cluster/down.sh
  PULUMI_K8S_DELETE_UNREACHABLE=true destroy
else
  destroy
  cluster/down.sh
fi
scripts/clean.sh --tell
