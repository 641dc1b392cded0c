"""Checks what the schema of a Job does not: rules that a cluster applies only when the Job is made.

    check_jobs.py FILE    every manifest of FILE; and that a manifest with each fault is refused
"""

import copy
import re
import sys

import yaml

STOPS_THE_ROUND = [64, 65, 66, 70, 78]


def faults(job):
    """Yields a sentence for each rule that a Job breaks."""
    spec, pod = job["spec"], job["spec"]["template"]["spec"]
    container, rules = pod["containers"][0], job["spec"]["podFailurePolicy"]["rules"]
    if pod["restartPolicy"] != "Never":
        yield "podFailurePolicy needs restartPolicy: Never"
    if spec["podReplacementPolicy"] != "Failed":
        yield "podFailurePolicy needs podReplacementPolicy: Failed"
    if spec["completionMode"] != "Indexed":
        yield "backoffLimitPerIndex needs completionMode: Indexed"
    if not 1 <= spec["parallelism"] <= spec["completions"]:
        yield "parallelism is not from 1 to completions"
    if spec["maxFailedIndexes"] != 0:
        yield "a shard that failed does not stop the others"
    # The pods of index K are named NAME-K, and a host name has 63 characters.
    host = f"{job['metadata']['name']}-{spec['completions'] - 1}"
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", host):
        yield f"{host} is no host name"
    if rules[0] != {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}:
        yield "the first rule does not forgive a disruption"
    stops = [rule["onExitCodes"] for rule in rules if rule["action"] == "FailJob"]
    if [one["values"] for one in stops] != [STOPS_THE_ROUND]:
        yield "FailJob has other exit codes than those that stop a round"
    if any(one["containerName"] != container["name"] for one in stops):
        yield "FailJob names another container"
    yield from faults_of_container(spec, pod, container)


def faults_of_container(spec, pod, container):
    known = {one["name"] for one in container["env"]} | {"JOB_COMPLETION_INDEX"}
    used = set(re.findall(r"\$\((\w+)\)", " ".join(container["args"])))
    if not used <= known:
        yield f"unknown variables: {used - known}"
    sharded = "--shard" in container["args"]
    if sharded != ("JOB_COMPLETION_INDEX" in used) or (not sharded and spec["completions"] != 1):
        yield "only steps of one shard have an index, and only they run more than once"
    if "$" in " ".join(container["args"]).replace("$(JOB_COMPLETION_INDEX)", ""):
        yield "a variable was not filled in"
    if {one["name"] for one in container["volumeMounts"]} != {one["name"] for one in pod["volumes"]}:
        yield "volumes and mounts differ"
    limits, requests = container["resources"]["limits"], container["resources"]["requests"]
    if limits["memory"] != requests["memory"]:
        yield "a pod may use more memory than its node has kept for it"
    if {"name": "RAYON_NUM_THREADS", "value": requests["cpu"]} not in container["env"]:
        yield "threads differ from cores"


def broken(job):
    """Yields copies of a Job with one fault each."""
    changes = [
        lambda spec: spec["template"]["spec"].update(restartPolicy="OnFailure"),
        lambda spec: spec.update(podReplacementPolicy="TerminatingOrFailed"),
        lambda spec: spec.update(completionMode="NonIndexed"),
        lambda spec: spec.update(parallelism=spec["completions"] + 1),
        lambda spec: spec.update(maxFailedIndexes=1),
        lambda spec: spec["podFailurePolicy"]["rules"].reverse(),
        lambda spec: spec["podFailurePolicy"]["rules"][1]["onExitCodes"]["values"].remove(65),
        lambda spec: spec["podFailurePolicy"]["rules"][1]["onExitCodes"].update(containerName="other"),
        lambda spec: spec["template"]["spec"]["containers"][0]["args"].append("$(INDEX)"),
        lambda spec: spec["template"]["spec"]["containers"][0]["args"].append("--shard"),
        lambda spec: spec["template"]["spec"]["containers"][0]["env"].clear(),
        lambda spec: spec["template"]["spec"]["volumes"].pop(),
    ]
    for change in changes:
        one = copy.deepcopy(job)
        change(one["spec"])
        yield one


with open(sys.argv[1], encoding="utf-8") as file:
    jobs = [job for job in yaml.safe_load_all(file) if job]
found = [f"{job['metadata']['name']}: {fault}" for job in jobs for fault in faults(job)]
print("\n".join(found) if found else f"{len(jobs)} Jobs keep the rules of the cluster")
unseen = [number for number, job in enumerate(broken(jobs[0])) if not list(faults(job))]
if unseen:
    print(f"faults not seen: {unseen}")
sys.exit(bool(found or unseen or not jobs))
