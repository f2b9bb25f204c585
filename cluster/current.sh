# Waits until the cluster's view of itself is current after a restart. Sourced by up.sh.
# shellcheck shell=bash

# After a restart, the cluster still reports what was true before: that Pods are
# ready, until the kubelet of their node runs again, and that Services lead to the
# addresses that their Pods had, until the last controller manager's lease has run
# out and the next one has caught up. Nodes give out the same addresses again, so
# meanwhile a request can reach a Pod of another Service.
await_current() {
  local deadline=$((SECONDS + 600)) outdated said=
  while ! outdated=$(outdated_pods && outdated_endpoints) || [[ -n $outdated ]]; do
    [[ $said ]] || begins "cluster $CLUSTER: waiting for the control plane to catch up, usually 30s"
    said=yes
    ((SECONDS < deadline)) || fail "no news since the restart of $outdated: 'kubectl get nodes,pods --all-namespaces --context kind-$CLUSTER' shows what is missing"
    sleep 1
  done
}

# Lists the Pods that the cluster reports as running since before their node started.
outdated_pods() {
  local node started
  for node in $(nodes); do
    started=$(docker container inspect --format '{{.State.StartedAt}}' "$node")
    kubectl get pods --all-namespaces --field-selector "spec.nodeName=$node" --output jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name} {.status.containerStatuses[*].state.running.startedAt}{"\n"}{end}' |
      awk -v started="$started" '{ for (i = 2; i <= NF; i++) if ($i < started) { print $1; next } }'
  done
}

# Lists the Pods for which a Service has an address that is not theirs.
outdated_endpoints() {
  comm -13 \
    <(kubectl get pods --all-namespaces --output jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name} {.status.podIP}{"\n"}{end}' | sort -u) \
    <(kubectl get endpointslices --all-namespaces --output go-template='{{range .items}}{{range .endpoints}}{{if .targetRef}}{{if eq .targetRef.kind "Pod"}}{{.targetRef.namespace}}/{{.targetRef.name}} {{index .addresses 0}}{{"\n"}}{{end}}{{end}}{{end}}{{end}}' | sort -u)
}
