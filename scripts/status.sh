#!/usr/bin/env bash
# Shows the stack $1 and what it runs in its cluster, Pods by node. The service is
# healthy if all Pods are ready and of the last version, and the URL answers. If it
# is not, this fails, and says what is wrong and what happened last.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/stack.sh
source scripts/stack.sh "${1:?usage: status.sh STACK}"
kubectl+=(--request-timeout 10s)
said=$("${kubectl[@]}" get deployments 2>&1 >/dev/null) || fail "the cluster does not answer: $(tail -n 1 <<<"$said")
  to start it, if it is the one on kind:   make up STACK=$stack"
problems=()

# show PROGRAM KIND...: prints kubectl's rows of objects as the awk program formats
# them. Columns end with three spaces: one may be part of a column.
show() {
  "${kubectl[@]}" get "${@:2}" --output wide --no-headers | awk -F '   +' "$1" ||
    problems+=("the cluster does not list its $2")
}

# wrapped INDENT: indents lines, and wraps them on a terminal.
wrapped() {
  awk -v indent="$1" -v width="${terminal:+80}" '{
    line = sprintf("%" indent "s", "")
    for (i = 1; i <= NF; i++) {
      if (width && i > 1 && length(line) + length($i) >= width) {
        print line
        line = sprintf("%" indent "s", "")
      }
      line = line (length(line) > indent ? " " : "") $i
    }
    print line
  }'
}

shown=${image:-}
[[ ! $terminal || ${#shown} -le 66 ]] || shown=${shown:0:65}…
echo "stack $stack: $bold$url$plain"
echo "  image       $shown"
echo "  context     $context, namespace $namespace"
# shellcheck disable=SC2016 # awk's variables
{
  show '{ print "  deployment  " $1 ": " $2 " ready, " $3 " up to date" }' deployments
  show '{ print "  service     " $1 ": " $2 ", " $3 ($4 == "<none>" ? "" : ", " $4) ", " $5 }' services
  show '{ print "  ingress     " $1 ": class " $2 ", host " $3 ", address " (NF < 6 ? "none yet" : $4) }' ingresses
  show '
    {
      row[NR] = $0
      for (i = 1; i <= 6; i++) if (length($i) > width[i]) width[i] = length($i)
    }
    END {
      for (n = 1; n <= NR; n++) {
        split(row[n], pod)
        if (pod[7] != node) print "  Pods on " (node = pod[7])
        printf "    %-*s  %s  %-*s  %-*s  %s", width[1], pod[1], pod[2], width[3], pod[3], width[5], pod[5], pod[6]
        print pod[4] == "0" ? "" : "  restarts: " pod[4]
      }
    }' pods --sort-by .spec.nodeName
}

columns=kind:.kind,name:.metadata.name,claim:.status.phase,runs:.status.active,failed:.status.failed,done:.status.succeeded,when:.spec.schedule
while read -r kind name claim runs failed succeeded schedule; do
  case $kind in
    PersistentVolumeClaim) echo "  claim       $name: $claim" ;;
    CronJob) echo "  cron job    $name: $schedule" ;;
    Job)
      echo "  job         $name: ${succeeded/'<none>'/0} succeeded, ${failed/'<none>'/0} failed"
      [[ $runs$failed$succeeded != '<none><none><none>' ]] || echo "              it has no Pod: kubectl describe job $name -n $namespace --context $context"
      ;;
  esac
done < <("${kubectl[@]}" get jobs,cronjobs,persistentvolumeclaims --no-headers --output "custom-columns=$columns" 2>/dev/null)

live=$("${kubectl[@]}" get deployment "$app" --output 'jsonpath={.spec.replicas}' 2>/dev/null) || true
[[ -z $live ]] || ((live >= replicas)) || problems+=("it was scaled by hand to $live Pods, and the stack has $replicas")
rollout=$("${kubectl[@]}" rollout status "deployment/$app" --watch=false 2>&1) || true
[[ $rollout == *"successfully rolled out"* ]] || problems+=("$rollout")
if [[ $live == 0 && $replicas == 0 ]] && ((${#problems[@]} == 0)); then
  echo 'nothing runs, because replicas is 0'
  exit
fi
served=false
if ((${#problems[@]} == 0)) && "${kubectl[@]}" get ingress "$app-ingress" >/dev/null 2>&1; then served=true; fi
answer=$(go run -buildvcs=false ./scripts/answer -patience 3s -served="$served" "$healthUrl" 2>&1 >/dev/null | head -n 1) || problems+=("${answer#error: }")

if ((${#problems[@]} == 0)); then
  echo "${green}healthy$plain: $live of $live Pods are ready, and $healthUrl answers"
  exit
fi
echo 'what happened last:'
# A Pod that drains, or is gone, fails its probes, which means nothing.
stay=$("${kubectl[@]}" get pods --output 'go-template={{range .items}}{{if not .metadata.deletionTimestamp}}Pod/{{.metadata.name}} {{end}}{{end}}' 2>/dev/null) || true
"${kubectl[@]}" events --no-headers 2>/dev/null |
  awk -F '   +' -v stay=" $stay" '$3 != "Unhealthy" || index(stay, " " $4 " ")' | tail -n 10 |
  awk -F '   +' '{ print "  " $4 ": " $3 ", " $1 " ago\t" $5 }' |
  while IFS=$'\t' read -r event message; do
    echo "$event"
    wrapped 4 <<<"$message"
  done || true
echo "${red}not healthy$plain:"
printf '%s\n' "${problems[@]}" | wrapped 2
exit 1
