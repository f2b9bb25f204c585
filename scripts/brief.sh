#!/usr/bin/env bash
# Shows on a terminal what pulumi says into a pipe about the stack $1: a line for
# each resource that it changes, below them what is under way, and at the end the
# warnings, or all that it said about a failure, and the number of changes.
#
#   pulumi up --non-interactive | scripts/brief.sh dev
set -euo pipefail
# shellcheck source=scripts/look.sh
source "$(dirname "$0")/look.sh"
stack=${1:?usage: brief.sh STACK}
trap '' INT # Pulumi still reports how it ends

# Rewrites the last line of the terminal, as much of it as there is room for.
under_way() { printf '\r\e[K\e[?7l  %s· %s%s\e[?7h' "$dim" "$*" "$plain"; }

# Prints a line above that one, to stay.
stays() {
  printf '\r\e[K'
  "$@"
}

resource='^ *[-+~]* +([^ ]+):([^: ]+) ([^ ]+) (.*)'
done_in='^([a-z]+)[a-z ]* \(([0-9.hm]+s)\)'
part='' paragraph='' said='' warned='' count=''

# Stores what was said about a resource.
end_paragraph() {
  said+=$paragraph
  case $paragraph in
    *deleteUnreachable*) ;; # down.sh asks for this
    *warning:*) warned+=$paragraph ;;
  esac
  paragraph=''
}

under_way "stack $stack: pulumi starts"
while IFS= read -r line; do
  case $line in
    Previewing*) part=preview ;;
    Updating* | Destroying*) part=change said='' warned='' count='' ;; # the preview went well
    Diagnostics:) part=said ;;
    Outputs: | Resources:)
      end_paragraph
      part=$line
      ;;
    Duration:*) ;;
    @*) [[ $part != preview ]] || under_way "stack $stack: preview, $(span "$SECONDS")" ;;
    *)
      if [[ $part == said ]]; then
        [[ $line != '  '[a-z]*'):' ]] || end_paragraph
        paragraph+=$line$'\n'
      elif [[ $part == Resources: && $line == *[0-9]* ]]; then
        line=${line#* changes. } # the sum of the counts above
        count+=${count:+, }${line#"${line%%[![:space:]]*}"}
      elif [[ $part == change && $line =~ $resource ]]; then
        of=${BASH_REMATCH[1]} what="${BASH_REMATCH[2]} ${BASH_REMATCH[3]}" does=${BASH_REMATCH[4]}
        if [[ $does =~ $done_in && ${BASH_REMATCH[1]} != *ing && ${BASH_REMATCH[1]} != refresh ]]; then
          # Leave out components and providers, which are nothing outside of the state.
          [[ $of == pulumi* || $of == *:index && $of != docker* ]] || stays say "$what: ${BASH_REMATCH[1]} in ${BASH_REMATCH[2]}"
          [[ $what != Deployment* ]] || under_way "what needs ${what#* } waits for its Pods"
        elif [[ $does == *ing* ]]; then
          under_way "$what: $does"
        fi
      elif [[ $line == error:* || $line == warning:* || -z $part && -n $line ]]; then
        stays echo "$line"
      fi
      ;;
  esac
done
end_paragraph
stays :
[[ $said == *error:* ]] || said=$warned
[[ -z $said ]] || printf '\n%s' "$said" | fold -s -w 80
if [[ $said == *error:* ]]; then
  echo "  stack $stack: $count, failed after $(span "$SECONDS")"
elif [[ -n $count ]]; then
  say "stack $stack: $count, after $(span "$SECONDS")"
fi
