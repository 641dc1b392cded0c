#!/usr/bin/env bash
# Closes a register in shards on Kubernetes: one Job for each step, the next when the one before is complete.
#
#   IMAGE=registry.example.com/prorata:0.1.0 ./run.sh --as-of 2025-01-01 --shards 8 [STEP…] [-- OPTION…]
#
# Without STEP: begin draft number close publish. `run.sh --as-of … abandon` drops a round. OPTION goes to
# `prorata shard begin`. The same command goes on where an interrupted one stopped.
# Exit codes are those of prorata. 75: it was tried again in vain, and the round stays open.
set -euo pipefail

usage() { echo "usage: IMAGE=… $0 --as-of DATE --shards N [STEP…] [-- OPTION…]" >&2; exit 64; }

as_of='' shards='' steps=() begin_options=()
while [ $# -gt 0 ]; do
  case $1 in
    --as-of) as_of=${2-}; shift 2 || usage ;;
    --shards) shards=${2-}; shift 2 || usage ;;
    --) shift; begin_options=("$@"); break ;;
    begin | draft | number | close | publish | abandon) steps+=("$1"); shift ;;
    *) usage ;;
  esac
done
[ ${#steps[@]} -gt 0 ] || steps=(begin draft number close publish)
# A word such as today would name another close in the steps that run after midnight.
[[ $as_of =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2} ]] || { echo "error: --as-of ${as_of:-…}: give a date or an instant" >&2; usage; }
[[ "${steps[*]}" = abandon || $shards =~ ^[1-9][0-9]*$ ]] || { echo "error: --shards must be 1 or more" >&2; usage; }
[ -n "${IMAGE-}" ] || { echo "error: IMAGE names no image" >&2; usage; }

export IMAGE CLAIM=${CLAIM-prorata} CPUS=${CPUS-2} MEMORY=${MEMORY-4Gi} USER_ID=${USER_ID-1000} GROUP_ID=${GROUP_ID-1000}
export DEADLINE_SECONDS=${DEADLINE_SECONDS-14400}
read -ra kubectl <<<"${KUBECTL-kubectl}"
folders=(--as-of "$as_of" --input "${INPUT-/srv/billing/input}" --output "${OUTPUT-/srv/billing/output}")
template=$(dirname "$0")/job.yaml

kube() { "${kubectl[@]}" "$@"; }

quoted() { # argument…: as a list in YAML, whose strings may be those of JSON
  local text list=''
  for text; do
    text=${text//\\/\\\\}
    list+="${list:+, }\"${text//\"/\\\"}\""
  done
  printf '%s' "$list"
}

manifest() { # job, step, completions, argument…
  # shellcheck disable=SC2016 # envsubst reads these names
  local listed='${JOB} ${COMPLETIONS} ${PARALLELISM} ${ARGUMENTS} ${IMAGE} ${CLAIM} ${CPUS} ${MEMORY}'
  # shellcheck disable=SC2016
  listed+=' ${USER_ID} ${GROUP_ID} ${DEADLINE_SECONDS}'
  local most=${PARALLELISM-$3}
  JOB=$1 COMPLETIONS=$3 PARALLELISM=$((most < $3 ? most : $3)) ARGUMENTS=$(quoted "$2" "${@:4}") envsubst "$listed" <"$template"
}

conditions() { kube get job "$1" --ignore-not-found -o 'jsonpath={.status.conditions[?(@.status=="True")].type}'; }

# A Job cannot be changed. One that has ended is of an earlier run: steps that are done end at once.
start() { # job, step, completions, argument…
  case " $(conditions "$1") " in
    *" Complete "* | *" Failed "*) kube delete job "$1" --wait ;;
  esac
  manifest "$@" | kube apply -f -
}

# `kubectl wait` alone would wait for ever for a Job that has failed.
finish() { # job
  local ended
  until kube wait --for=condition=complete "job/$1" --timeout=5s >/dev/null 2>&1; do
    ended=$(conditions "$1") || fail "$1 cannot be asked for" 75
    case " $ended " in *" Failed "*) fail "$1 failed" "$(exit_code "$1")" ;; esac
  done
}

fail() { # message, exit code
  echo "error: $1" >&2
  [ "$2" != 75 ] || echo "hint: the round stays open; the same command goes on with it" >&2
  exit "$2"
}

# The code that stopped the round, or 75 if attempts ran out.
exit_code() { # job
  local codes
  codes=$(kube get pods --selector="batch.kubernetes.io/job-name=$1" \
    -o 'jsonpath={range .items[*]}{.status.containerStatuses[0].state.terminated.exitCode}{"\n"}{end}') || true
  grep -m 1 -xE '64|65|66|70|78' <<<"$codes" || echo 75
}

step() { # step
  local job more=() completions=1
  job=$(tr 'A-Z:.+' 'a-z---' <<<"prorata-$as_of-$1")
  case $1 in
    begin) more=(--shards "$shards" "${begin_options[@]}") ;;
    draft | close) more=(--shard "\$(JOB_COMPLETION_INDEX)/$shards") completions=$shards ;;
  esac
  start "$job" "$1" "$completions" "${more[@]}" "${folders[@]}"
  local ended=0
  (finish "$job") || ended=$?
  kube logs --selector="batch.kubernetes.io/job-name=$job" --prefix --tail=-1 >&2 || true
  return "$ended"
}

for one in "${steps[@]}"; do step "$one"; done
