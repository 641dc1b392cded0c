#!/usr/bin/env python3
"""One close in shards on Spark. Every step is a run of the prorata binary; Spark only starts processes.

    spark-submit --files prorata prorata_spark.py --input DIR --output DIR --as-of DATE --shards N
        [--binary NAME] [--table NAME=FORMAT:PATH]… [-- OPTION OF shard begin…]

The driver runs begin, number and publish. Two ordinary stages of N tasks run draft and close, so a
task may run again, on another node, after any failure. A stage that is done is the barrier.

Exit codes are those of prorata. 64, 65, 66, 70 and 78 stop the round, after the messages of all
shards. Everything else is tried again; if that does not help, the driver ends with 75. The round
stays open then, and the same command goes on with it.
"""

import argparse
import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict

from pyspark import SparkFiles, TaskContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

# Another attempt would end in the same way: command line, input, missing file, bug, settings.
STOPS_THE_ROUND = {64, 65, 66, 70, 78}
USAGE = 64
TRY_AGAIN = 75
NOT_FOUND = 127
ATTEMPTS_OF_THE_DRIVER = 4
PR_SET_PDEATHSIG = 1


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(USAGE, f"error: {message}\nhint: {self.prog} --help\n")


def arguments():
    parser = Parser(prog="prorata_spark.py", description=__doc__,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="prorata",
                        help="a name given by --files, or a path that every node has (default: prorata)")
    parser.add_argument("--input", required=True, help="the input folder, on a file system that all nodes share")
    parser.add_argument("--output", required=True, help="the register, on a file system that all nodes share")
    parser.add_argument("--as-of", required=True, help="a date or an instant, not a word such as today")
    parser.add_argument("--shards", required=True, type=int)
    parser.add_argument("--table", action="append", default=[], metavar="NAME=FORMAT:PATH",
                        help="let Spark read this table and write it to the input folder first")
    parser.add_argument("--option", action="append", default=[], metavar="NAME.KEY=VALUE",
                        help="an option of Spark's reader for a table")
    parser.add_argument("--order", action="append", default=[], metavar="NAME=COLUMN,…",
                        help="the order of the rows of a table that is not read from files")
    parser.add_argument("begin", nargs="*", help="after --: options of `prorata shard begin`")
    given = parser.parse_args()
    if given.shards < 1:
        parser.error("--shards must be 1 or more")
    # A word would name another close in the steps that run after midnight.
    if not re.match(r"\d{4}-\d\d-\d\d", given.as_of):
        parser.error(f"--as-of {given.as_of}: give a date or an instant, because a word moves on at midnight")
    # The tasks run in folders of their own.
    given.input, given.output = os.path.abspath(given.input), os.path.abspath(given.output)
    return given


# ---- one step ------------------------------------------------------------------------------------

def find_binary(name):
    """A path as it is; a name among what --files brought, else on PATH. The working folder is not searched."""
    brought = os.path.join(SparkFiles.getRootDirectory(), name)
    if "/" not in name and os.path.isfile(brought):
        os.chmod(brought, 0o755)
        return brought
    return shutil.which(name) or name


def ends_with_its_parent():
    """Returns the function that a child runs before exec: the kernel ends it when its parent dies."""
    parent, libc = os.getpid(), ctypes.CDLL(None)

    def before_exec():
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(128 + signal.SIGTERM)

    return before_exec


def run(binary, step, folders, more, threads=None):
    """Runs one step to its end. Returns its exit code, as a shell would, and its messages."""
    environment = dict(os.environ)
    if threads:
        environment["RAYON_NUM_THREADS"] = str(threads)
    command = [find_binary(binary), "shard", step, *more, *folders]
    before_exec = ends_with_its_parent() if sys.platform == "linux" else None
    # stderr has the messages. The summary on stdout stays in the log of the executor.
    try:
        done = subprocess.run(command, stderr=subprocess.PIPE, env=environment, preexec_fn=before_exec, check=False)
    except OSError as error:
        # As a shell does. Another node may have the program.
        return NOT_FOUND, f"error: {command[0]}: {error.strerror}"
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return code, done.stderr.decode("utf-8", "replace").strip()


def pause(attempt):
    """Lets an attempt that is dying elsewhere let go of its files."""
    time.sleep(min(60, 2 ** attempt))


# ---- steps of the round --------------------------------------------------------------------------

def once(given, folders, step, *more):
    """A step of the driver."""
    for attempt in range(ATTEMPTS_OF_THE_DRIVER):
        code, messages = run(given.binary, step, folders, more)
        if messages:
            print(f"{step}:\n{messages}", file=sys.stderr, flush=True)
        if code == 0:
            return
        if code in STOPS_THE_ROUND or code == NOT_FOUND:
            raise SystemExit(code)
        print(f"{step}: exit code {code}, attempt {attempt + 1}", file=sys.stderr, flush=True)
        pause(attempt)
    raise SystemExit(TRY_AGAIN)


def in_shards(context, given, folders, step):
    """A stage of N tasks. Shard K is the partition K."""
    binary, shards = given.binary, given.shards

    def task(shard, _rows):
        task_context = TaskContext.get()
        code, messages = run(binary, step, folders, ["--shard", f"{shard}/{shards}"], task_context.cpus())
        if code != 0 and code not in STOPS_THE_ROUND:
            pause(task_context.attemptNumber())
            raise RuntimeError(f"prorata shard {step} --shard {shard}/{shards}: exit code {code}: {messages[-2000:]}")
        # A code that stops the round is a result: Spark would run a failed task again.
        yield shard, code, messages

    try:
        results = context.parallelize(range(shards), shards).mapPartitionsWithIndex(task).collect()
    except PySparkException as error:
        return give_up(step, error)
    except Exception as error:  # Py4J wraps what the JVM threw.
        if type(error).__module__.split(".")[0] != "py4j":
            raise
        return give_up(step, error)
    report(step, results)
    for _, code, _ in sorted(results):
        if code != 0:
            raise SystemExit(code)


def give_up(step, error):
    # Of a task that failed, its own words are enough: Spark has logged the rest.
    reason = str(error).rpartition("RuntimeError: ")[2].strip()
    print(f"{step}: {reason}\nhint: the round stays open; the same command goes on with it", file=sys.stderr, flush=True)
    raise SystemExit(TRY_AGAIN)


def report(step, results):
    """Prints each message once, with the shards that gave it."""
    shards_of = defaultdict(list)
    for shard, _, messages in sorted(results):
        if messages:
            shards_of[messages].append(str(shard))
    for messages, shards in shards_of.items():
        print(f"{step}, shard {', '.join(shards)}:\n{messages}", file=sys.stderr, flush=True)


def main():
    given = arguments()
    # Speculation would run second attempts for nothing: a slow shard is slow everywhere.
    spark = SparkSession.builder.appName(f"prorata {given.as_of}").config("spark.speculation", "false").getOrCreate()
    try:
        if given.table:
            import prorata_tables  # Needed for tables only, so that a close needs one file.
            prorata_tables.write_all(spark, given)
        close(spark.sparkContext, given)
    finally:
        spark.stop()


def close(context, given):
    folders = ["--as-of", given.as_of, "--input", given.input, "--output", given.output]
    started = time.monotonic()
    steps = [
        ("begin", lambda: once(given, folders, "begin", "--shards", str(given.shards), *given.begin)),
        ("draft", lambda: in_shards(context, given, folders, "draft")),
        ("number", lambda: once(given, folders, "number")),
        ("close", lambda: in_shards(context, given, folders, "close")),
        ("publish", lambda: once(given, folders, "publish")),
    ]
    for name, step in steps:
        step()
        print(f"{time.monotonic() - started:8.1f} s  {name}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
