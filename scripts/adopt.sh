#!/usr/bin/env bash
# Makes this checkout the project $1: the names of project, image, namespace,
# labels, path and Go module become that, and its kind cluster gets names and ports
# of its own. Only files that git tracks are changed, and nothing is committed.
#
# It is no template of `pulumi new`: that fills in places left open in sources,
# and these are whole, compiled and tested.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:-}
# shellcheck source=scripts/look.sh
source scripts/look.sh
# shellcheck source=scripts/pulumi.sh
source scripts/pulumi.sh

[[ $name =~ ^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$ ]] ||
  fail "NAME is \"$name\": accepted are 1 to 30 lower-case letters, digits and dashes, with a letter first and no dash at the end, as in 'make adopt NAME=shop'"
case $name in
  app | kind | hello | hello-* | traefik | headlamp | default | kube-*)
    fail "NAME is \"$name\", which something else beside this project is called: accepted is any other name" ;;
esac
[[ $project == hello-world ]] || fail "this checkout is the project $project already: adopt another clone"
changed=$(git status --porcelain --untracked-files=no) || fail "this is no checkout of git, which would show and undo what changes: 'git init && git add . && git commit'"
[[ ! $changed ]] || fail "there are changes that are not committed: 'git commit' or 'git stash' them, so that git can undo what changes here"
for state in .pulumi-state/.pulumi/stacks/"$project"/*.json; do
  ! grep -qs '"urn"' "$state" || fail "the stack $(basename "$state" .json) of $project runs from this checkout, which would lose it: 'make down' first, or adopt another clone"
done

# Which ports follow from the name, so that two projects rarely get the same ones.
offset=$((1 + $(printf %s "$name" | cksum | cut -d ' ' -f 1) % 98))
http_port=$((8080 + offset)) registry_port=$((5001 + offset))

# What stays: the server, which is an example; what the supplier keeps on this
# machine for all projects; annotations of objects and labels of images, which all
# of them go by.
# shellcheck disable=SC2016 # the variables are those of Perl
git grep -lIzE 'hello|app-cluster|kind-registry|5001|8080' -- ':!app' ':!supplier/modules' ':!scripts/adopt*' ':!docs/adopt.md' |
  NAME=$name HTTP_PORT=$http_port REGISTRY_PORT=$registry_port xargs -0 perl -0777 -pi -e '
    $name = $ENV{NAME};
    s{example\.com/hello-world(?!/supplier/modules)}{example.com/$name}g;
    next if $ARGV =~ m{^supplier/|^e2e/adopt};

    s{((?<![/\w])hello-world/[a-z]|label=hello-world|hello-world\.[a-z]|(?:[Cc]aches?|CACHE)\}?/hello-world)|hello-world}{$1 // $name}ge;
    $hello = qr{(?<![\w.])hello(?!-world|\w|\.go| server| greets|\()};
    if ($ARGV =~ /\.go$/) { # in texts, since it is also a variable
      s{(//[^\n]*|\x27(?:[^\x27\\\n]|\\.)+\x27)|("(?:[^"\\\n]|\\.)*"|`[^`]*`)}{$1 // $2 =~ s/$hello/$name/gr}ge;
    } else {
      s{$hello}{$name}g;
    }

    s{\bapp-cluster}{$name-cluster}g;
    s{\bkind-registry}{$name-registry}g;
    s{(127\.0\.0\.1:|\.example\.com:|HTTP_PORT\W{1,5})8080(?!\d)}{$1$ENV{HTTP_PORT}}g;
    s{port 8080 on 127}{port $ENV{HTTP_PORT} on 127}g;
    s{(localhost:|(?:REGISTRY|HTTP)_PORT\W{1,5}|are both )5001(?!\d)}{$1$ENV{REGISTRY_PORT}}g;
  '
git diff --name-only --relative -z -- '*.go' | xargs -0 gofmt -w # columns are as wide as names

say "project, image, namespace, labels and path: $name"
say "Go module: example.com/$name"
say "kind cluster: $name-cluster, with http://127.0.0.1:$http_port/$name and the registry $name-registry on localhost:$registry_port"
echo "'git diff' shows it, 'git checkout .' undoes it. Commit it, and go on with docs/adopt.md."
