# Checks what must hold before the cluster is created. Sourced by up.sh; each
# failure prints one line, before anything is changed.
# shellcheck shell=bash

check_settings() {
  [[ $NODES =~ ^[1-9][0-9]?$ ]] || fail "NODES is \"$NODES\": accepted are 1 to 99"
  [[ $HTTP_PORT != "$REGISTRY_PORT" ]] || fail "HTTP_PORT and REGISTRY_PORT are both $HTTP_PORT: accepted are two different ports"
  local name
  for name in HTTP_PORT REGISTRY_PORT; do
    [[ ${!name} =~ ^[1-9][0-9]{0,4}$ && ${!name} -le 65535 ]] || fail "$name is \"${!name}\": accepted are 1 to 65535"
  done
}

# Fails if the user asked for another value of the setting $1 than the cluster's, $2.
check_asked() {
  [[ " $ASKED_FOR " != *" $1 "* || ${!1} == "$2" ]] ||
    fail "$1 is ${!1}, and the cluster $CLUSTER has $2: unset it, or recreate the cluster ('make down', 'make up')"
}

check_docker() {
  docker version >/dev/null 2>&1 || fail "no Docker Engine answers: start Docker, or run 'make tools' as root on Debian, which installs and starts one"
}

# Fails if port $1 on 127.0.0.1 is not free for $2, which the setting $3 can move.
check_port() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null ||
    fail "port $1 on 127.0.0.1 is taken, and $2 needs it: stop what listens there, or choose another port with $3"
}

# Demands 1 GiB of memory of the engine's machine, and another 700 MiB for each node.
check_memory() {
  local have need=$((1024 + 700 * NODES))
  have=$(($(docker info --format '{{.MemTotal}}') / 1024 / 1024))
  ((have >= need)) || fail "Docker has $have MiB of memory, and a cluster of $NODES node(s) needs $need MiB"
}

# Demands 3 GiB of free space in Docker's folder, unless that is out of sight in a
# virtual machine.
check_disk() {
  local folder have need=3072
  folder=$(docker info --format '{{.DockerRootDir}}')
  [[ -d $folder ]] || return 0
  have=$(($(df -Pk "$folder" | awk 'NR == 2 { print $4 }') / 1024))
  ((have >= need)) || fail "$folder has $have MiB free, and the cluster needs $need MiB: 'docker system prune' may help"
}
