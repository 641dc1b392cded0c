#!/usr/bin/env bash
# Closes a register in shards on Slurm: five jobs, each of which starts when the one before has ended well.
#
#   ./submit.sh --input DIR --output DIR --as-of 2025-01-01 --shards 8 [--wait] [--resources "WORD…"] [-- OPTION…]
#
# Prints the five job numbers. With --wait it waits for the last one and ends with the exit code of the round: 0, or
# the code that stopped it, or 75: it was tried again in vain, and the round stays open. The same command goes on
# with an open round. --resources go to sbatch: --resources "--cpus-per-task=2 --mem=4G --partition=night".
# BINARY names prorata on the nodes, LOGS a folder that they share. OPTION goes to `prorata shard begin`.
set -euo pipefail

usage() { echo "usage: $0 --input DIR --output DIR --as-of DATE --shards N [--wait] [--resources WORDS] [-- OPTION…]" >&2; exit 64; }

input='' output='' as_of='' shards='' wait_for_it='' resources=() begin_options=()
while [ $# -gt 0 ]; do
  case $1 in
    --input) input=${2-}; shift 2 || usage ;;
    --output) output=${2-}; shift 2 || usage ;;
    --as-of) as_of=${2-}; shift 2 || usage ;;
    --shards) shards=${2-}; shift 2 || usage ;;
    --wait) wait_for_it=1; shift ;;
    --resources) read -ra resources <<<"${2-}"; shift 2 || usage ;;
    --) shift; begin_options=("$@"); break ;;
    *) usage ;;
  esac
done
# A word such as today would name another close in the steps that run after midnight.
[[ $as_of =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2} ]] || { echo "error: --as-of ${as_of:-…}: give a date or an instant" >&2; usage; }
[[ $shards =~ ^[1-9][0-9]*$ ]] || { echo "error: --shards must be 1 or more" >&2; usage; }
if [ -z "$input" ] || [ -z "$output" ]; then usage; fi
binary=${BINARY-prorata} logs=${LOGS-prorata-logs/$as_of}
mkdir -p "$logs"
folders=(--as-of "$as_of" --input "$(realpath "$input")" --output "$(realpath -m "$output")")
script=$(dirname "$0")/prorata.sbatch

# The dependants of a job that fails are removed, so that none stays in the queue for ever.
after='' jobs=()
submit() { # step, words for sbatch, --, argument…
  local step=$1 words=()
  shift
  while [ "$1" != -- ]; do words+=("$1"); shift; done
  shift
  [ -z "$after" ] || words+=("--dependency=afterok:$after" --kill-on-invalid-dep=yes)
  after=$(sbatch --parsable --job-name="prorata-$as_of-$step" "${resources[@]}" "${words[@]}" \
    "$script" "$binary" "$step" "$shards" "$@" "${folders[@]}")
  after=${after%%;*}
  jobs+=("$after")
}

one=(--output="$logs/%x.log") each=(--array="0-$((shards - 1))" --output="$logs/%x.%a.log")
submit begin "${one[@]}" -- --shards "$shards" "${begin_options[@]}"
submit draft "${each[@]}" --
submit number "${one[@]}" --
submit close "${each[@]}" --
submit publish "${one[@]}" --
echo "${jobs[@]}"
[ -n "$wait_for_it" ] || exit 0

# A job that has left the queue stays known for five minutes (MinJobAge).
state() { scontrol show job --oneliner "$1" 2>/dev/null | grep -oE "$2=[^ ]+" | cut -d= -f2 | cut -d: -f1; }
while squeue --noheader --jobs="$after" 2>/dev/null | grep -q .; do sleep "${POLL_SECONDS-5}"; done
[ "$(state "$after" JobState)" != COMPLETED ] || exit 0
codes=$(for job in "${jobs[@]}"; do state "$job" ExitCode || true; done)
echo "error: the round of $as_of did not come to its end; see $logs" >&2
code=$(grep -m 1 -xE '64|65|66|70|78' <<<"$codes" || echo 75)
exit "$code"
