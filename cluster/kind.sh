# What kind says while it creates a cluster, as people see it. Sourced by up.sh.
# shellcheck shell=bash

# Why kind failed, given its log, and what to do where that is known.
cause() {
  sed -n 's/^ERROR: //p' "$1" | head -n 1
  ! grep -q 'unable to apply caps' "$1" || cat <<'EOF'
  this machine lacks a capability that Docker gives to the nodes. As root, run 'go build -o /usr/local/bin/ ./supplier/runc-bounded',
  add this to /etc/docker/daemon.json, and restart Docker:
    "default-runtime": "runc-bounded", "runtimes": {"runc-bounded": {"path": "/usr/local/bin/runc-bounded"}}
EOF
}

# Shows the steps of `kind create cluster`, without its pictures: on a terminal
# those that have ended, with their times. All that it says goes to the log $1.
kind_steps() {
  local line text since=$SECONDS LC_ALL=C
  trap '' INT # as long as kind has something to say
  while IFS= read -r line; do
    echo "$line"
    text=${line# * }
    text=${text%%[! -~]*}
    text="cluster $CLUSTER: ${text%"${text##*[! ]}"}"
    case $line in
      ' • '*) [[ $terminal ]] || begins "$text" >&3 ;;
      ' ✓ '*)
        [[ ! $terminal ]] || say "$text, $(span $((SECONDS - since)))" >&3
        since=$SECONDS
        ;;
    esac
  done 3>&1 >"$1"
}
