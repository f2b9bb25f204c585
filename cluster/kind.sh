# Shows what kind says while it creates a cluster. Sourced by up.sh.
# shellcheck shell=bash

# Prints why kind failed, given its log $1, and what to do if that is known.
cause() {
  sed -n 's/^ERROR: //p' "$1" | head -n 1
  ! grep -q 'unable to apply caps' "$1" || cat <<'EOF'
  this machine lacks a capability that Docker gives the nodes. As root, run 'go build -o /usr/local/bin/ ./supplier/runc-bounded',
  add this to /etc/docker/daemon.json, and restart Docker:
    "default-runtime": "runc-bounded", "runtimes": {"runc-bounded": {"path": "/usr/local/bin/runc-bounded"}}
EOF
}

# Shows the steps of `kind create cluster` without its pictures, on a terminal each
# when it ends, with its time. Writes all that kind says to the log $1.
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
