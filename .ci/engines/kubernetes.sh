# shellcheck shell=bash disable=SC2154
# There is no cluster here. The manifests are validated, and run.sh runs them on a stand-in that starts their commands as
# processes, with the rules of the Job controller.

need envsubst gettext-base || fail "envsubst is missing: install it (Debian: gettext-base)"
packages kubernetes-validate==1.37.0
here=$PWD

company 200
mkdir -p "$work/state" "$work/volume" "$work/bin"
ln -s "$binary" "$work/bin/prorata"

kubernetes() { # register, input, step or option…
  local register=$1 from=$2
  shift 2
  ln -sfn "$from" "$work/volume/input"
  ln -sfn "$work/$register" "$work/volume/output"
  env IMAGE=prorata:0.1.0 PARALLELISM=2 PATH="$work/bin:$PATH" KUBECTL="python3 $here/.ci/engines/kubectl" \
    KUBE_STATE="$work/state" KUBE_VOLUME="$work/volume" \
    engines/kubernetes/run.sh --as-of "$as_of" --shards 3 "$@" >"$work/log" 2>&1
}

# One shard loses its node while it drafts, another one fails once while it closes.
register jobs
KUBE_DISRUPT=prorata-$as_of-draft/1 KUBE_FLAKY=prorata-$as_of-close/2 kubernetes jobs "$input" ||
  { cat "$work/log"; fail "no close on Jobs"; }
same jobs
attempts() { python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["pods"]))' "$work/state/prorata-$as_of-$1.json"; }
[ "$(attempts draft) $(attempts close)" = "4 4" ] || fail "the faults did not happen"
kubernetes jobs "$input" || { cat "$work/log"; fail "a second run of a close that is published fails"; }
same jobs

# Exit code 65 stops the round at once.
bad_input
register refused_jobs
code=0
kubernetes refused_jobs "$work/bad" || code=$?
[ "$code" -eq 65 ] || { cat "$work/log"; fail "exit code $code, not 65, for a bad input"; }
grep -q 'changes.csv:.*-99-' "$work/log" || { cat "$work/log"; fail "the message of the shard is missing"; }
nothing_published refused_jobs
kubernetes refused_jobs "$work/bad" abandon || { cat "$work/log"; fail "the round cannot be dropped"; }
kubernetes refused_jobs "$input" || { cat "$work/log"; fail "no close after a round was dropped"; }
same refused_jobs

# The schema of Kubernetes accepts everything that was applied, and refuses a key that it does not know.
kubernetes-validate --strict --quiet "$work/state/applied.yaml" engines/kubernetes/volume.yaml
sed '0,/backoffLimitPerIndex/s//backoffLimitPerindex/' "$work/state/applied.yaml" >"$work/typo.yaml"
! kubernetes-validate --strict --quiet "$work/typo.yaml" >/dev/null 2>&1 || fail "a misspelt key passes"
python3 .ci/engines/check_jobs.py "$work/state/applied.yaml"
echo "Kubernetes: valid manifests; equal to the ordinary close on a stand-in with a lost node and a failing disk; 65 stops the round"
