# shellcheck shell=bash disable=SC2154
# slurmctld, two slurmd and munged run on loopback, with files in the scratch folder only.

[ "$(id -u)" -eq 0 ] || skip "Slurm needs root here, to start the tasks of a user"
for program in slurmctld:slurmctld slurmd:slurmd sbatch:slurm-client munged:munge; do
  need "${program%%:*}" "${program##*:}" || skip "${program%%:*} is missing (Debian: ${program##*:})"
done

cluster=$work/slurm
mkdir -p "$cluster/state" "$cluster/spool.w1" "$cluster/spool.w2"
sed "s|@DIR@|$cluster|g; s|@HOST@|$(hostname -s)|g" .ci/engines/slurm.conf.in >"$cluster/slurm.conf"
export SLURM_CONF=$cluster/slurm.conf
head -c 1024 /dev/urandom >"$cluster/munge.key"
chmod 600 "$cluster/munge.key"

daemons=()
start() { "$@" >>"$cluster/daemons.log" 2>&1 & daemons+=($!); }
end_daemons() {
  kill "${daemons[@]}" 2>/dev/null || true
  wait "${daemons[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap end_daemons EXIT

start munged --foreground --force --socket="$cluster/munge.sock" --key-file="$cluster/munge.key" \
  --pid-file="$cluster/munged.pid" --log-file="$cluster/munged.log" --seed-file="$cluster/munge.seed"
until [ -S "$cluster/munge.sock" ]; do sleep 0.2; done
start slurmctld -D -c
start slurmd -D -N w1
start slurmd -D -N w2
for _ in $(seq 60); do
  [ "$(sinfo --noheader --states=idle --format=%D 2>/dev/null)" = 2 ] && break
  sleep 1
done
[ "$(sinfo --noheader --states=idle --format=%D)" = 2 ] ||
  { tail -n 20 "$cluster"/*.log; fail "the nodes of Slurm do not start"; }

slurm() { # binary, register, input
  BINARY=$1 LOGS=$work/logs.$2 POLL_SECONDS=1 \
    engines/slurm/submit.sh --as-of "$as_of" --shards 3 --wait --output "$work/$2" --input "$3" >"$work/log" 2>&1
}

company 200

# Shard 1 is put back into the queue while it closes, as after a lost node; shard 2 fails once with 74.
mkdir "$work/faulty"
cat >"$work/faulty/prorata" <<SCRIPT
#!/usr/bin/env bash
if [ "\$2 \$4" = "close 1/3" ] && mkdir "$work/faulty/requeued" 2>/dev/null; then
  scontrol requeue "\$SLURM_JOB_ID"
  exec sleep 600
fi
if [ "\$2 \$4" = "draft 2/3" ] && mkdir "$work/faulty/failed" 2>/dev/null; then exit 74; fi
exec "$binary" "\$@"
SCRIPT
chmod +x "$work/faulty/prorata"
register queued
slurm "$work/faulty/prorata" queued "$input" || { cat "$work/log" "$work"/logs.queued/*; fail "no close on Slurm"; }
for fault in requeued failed; do [ -d "$work/faulty/$fault" ] || fail "no task was $fault"; done
same queued

# Exit code 65 stops the round, and nothing of it stays in the queue.
bad_input
register refused_queue
code=0
slurm "$binary" refused_queue "$work/bad" || code=$?
[ "$code" -eq 65 ] || { cat "$work/log" "$work"/logs.refused_queue/*; fail "exit code $code, not 65, for a bad input"; }
grep -q 'changes.csv:.*-99-' "$work"/logs.refused_queue/*draft.*.log || fail "the message of the shard is missing"
nothing_published refused_queue
[ -z "$(squeue --noheader)" ] || { squeue; fail "jobs are left in the queue"; }
echo "Slurm: equal to the ordinary close after a requeued task and a failing disk; 65 stops the round and empties the queue"
