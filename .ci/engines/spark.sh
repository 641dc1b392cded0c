# shellcheck shell=bash disable=SC2154
# Spark starts real executors, one of which is killed while it closes a shard. Up to five minutes, and 2 GiB.

need java default-jre-headless || skip "java is missing (Debian: default-jre-headless)"
packages pyspark==4.3.0
export PYSPARK_PYTHON=$work/venv/bin/python SPARK_LOCAL_IP=127.0.0.1

submit() { # binary, register, further arguments of the driver
  local shipped=$1 register=$2
  shift 2
  (cd "$work" && spark-submit --master 'local-cluster[2,1,1024]' --conf spark.ui.enabled=false \
    --files "$shipped" "$OLDPWD/engines/spark/prorata_spark.py" --binary "$(basename "$shipped")" \
    --output "$work/$register" --as-of "$as_of" --shards 3 "$@") >"$work/log" 2>&1
}

mkdir "$work/written"
spark-submit --master 'local[2]' --conf spark.ui.enabled=false --py-files engines/spark/prorata_tables.py \
  .ci/engines/check_tables.py "$work/written" >"$work/log" 2>&1 || { tail -50 "$work/log"; fail "tables of Spark are wrong"; }

company 1000

# The first attempt of shard 1 kills its executor while the step runs, and would go on for ever.
mkdir "$work/faulty"
cat >"$work/faulty/prorata" <<SCRIPT
#!/usr/bin/env bash
if [ "\$2 \$4" = "close 1/3" ] && mkdir "$work/struck" 2>/dev/null; then
  executor=\$PPID
  until grep -q CoarseGrainedExecutorBackend "/proc/\$executor/cmdline"; do
    executor=\$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/\$executor/status")
  done
  echo "\$\$" >"$work/struck/pid"
  kill -9 "\$executor"
  exec sleep 600
fi
exec "$binary" "\$@"
SCRIPT
chmod +x "$work/faulty/prorata"
register killed
submit "$work/faulty/prorata" killed --input "$input" || { tail -50 "$work/log"; fail "no close after a killed executor"; }
[ -s "$work/struck/pid" ] || fail "no executor was killed"
! kill -0 "$(cat "$work/struck/pid")" 2>/dev/null || fail "the step outlived its executor"
same killed

# Exit code 65 stops the round: no attempt is repeated, and the driver ends with it.
bad_input
register refused
code=0
submit "$binary" refused --input "$work/bad" || code=$?
[ "$code" -eq 65 ] || { tail -50 "$work/log"; fail "exit code $code, not 65, for a bad input"; }
grep -q 'changes.csv:.*-99-' "$work/log" || { tail -50 "$work/log"; fail "the message of the shards is missing"; }
nothing_published refused

# Spark writes the tables. The close must be the one of the same rows in CSV files.
mkdir "$work/spark-input"
cp "$input/billing.toml" "$work/spark-input"
tables=()
for table in "$input"/*.csv; do
  name=$(basename "$table" .csv)
  tables+=(--table "$name=csv:file://$table")
done
register tables
submit "$binary" tables --input "$work/spark-input" "${tables[@]}" || { tail -50 "$work/log"; fail "no close of Spark's tables"; }
for table in "$work/plain/$as_of"/*.csv; do
  cmp "$table" "$work/tables/$as_of/$(basename "$table")"
done
echo "Spark: equal to the ordinary close after a killed executor and from tables of Spark; 65 stops the round"
