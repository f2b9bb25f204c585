# What the cluster says of itself is true again after a restart. Sourced by up.sh.
# shellcheck shell=bash

# After a restart, the cluster goes on saying what was true before: that Pods
# are ready, until the kubelet of their node runs again, and that Services lead
# to the addresses that their Pods had, until the lease of the last controller
# manager has run out and the next one has caught up. Nodes give out the same
# addresses again, so meanwhile a request can go to a Pod of another Service.
await_current() {
  local deadline=$((SECONDS + 600)) outdated said=
  while ! outdated=$(outdated_pods && outdated_endpoints) || [[ -n $outdated ]]; do
    [[ $said ]] || begins "cluster $CLUSTER: waiting for the control plane to catch up, usually 30s"
    said=yes
    ((SECONDS < deadline)) || fail "nothing was heard since the restart of $outdated: 'kubectl get nodes,pods --all-namespaces' shows what is not there"
    sleep 1
  done
}

# Pods that are said to run since before their node was started.
outdated_pods() {
  local node started
  for node in $(nodes); do
    started=$(docker container inspect --format '{{.State.StartedAt}}' "$node")
    kubectl get pods --all-namespaces --field-selector "spec.nodeName=$node" --output jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name} {.status.containerStatuses[*].state.running.startedAt}{"\n"}{end}' |
      awk -v started="$started" '{ for (i = 2; i <= NF; i++) if ($i < started) { print $1; next } }'
  done
}

# Pods that Services are said to reach at an address that is not theirs.
outdated_endpoints() {
  comm -13 \
    <(kubectl get pods --all-namespaces --output jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name} {.status.podIP}{"\n"}{end}' | sort -u) \
    <(kubectl get endpointslices --all-namespaces --output go-template='{{range .items}}{{range .endpoints}}{{if .targetRef}}{{if eq .targetRef.kind "Pod"}}{{.targetRef.namespace}}/{{.targetRef.name}} {{index .addresses 0}}{{"\n"}}{{end}}{{end}}{{end}}{{end}}' | sort -u)
}
