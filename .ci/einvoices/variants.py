"""Breaks one thing of a company at a time: `check --einvoice` must refuse it, and say which rule is broken.

    variants.py BINARY COMPANY VARIANTS

VARIANTS has a row for each changed cell. Rows with the same `variant` are one variant, and what must be said
is in the first of them. The row of a table is known by its first column, that of billing.toml by its section."""

import csv
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# The exit codes of wrong input and of wrong settings.
REFUSED = (65, 78)


def set_cell(path, row, column, value):
    """Changes a cell of a table, which must be there and different."""
    with open(path, newline="", encoding="utf-8") as file:
        columns, *found = csv.reader(file)
    place = columns.index(column)
    (changed,) = (each for each in found if each[0] == row)
    assert changed[place] != value, f"{path.name}: {column} of {row} is {value!r} already"
    changed[place] = value
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *found])


def set_key(path, section, key, value):
    """Changes a key of billing.toml, which must be there and different."""
    text = path.read_text(encoding="utf-8")
    key = re.compile(rf'(?<=^\[{section}\]\n)((?:[^\[\n].*\n)*?{key} = )"(.*)"$', re.M)
    found = key.search(text)
    assert found and found[2] != value, f"{key.pattern}: nothing to change to {value!r}"
    path.write_text(key.sub(lambda match: f'{match[1]}"{value}"', text, count=1), encoding="utf-8")


def variants(path):
    """(name, cells, what must be said) of each variant."""
    found = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["variant"], []).append(row)
    return [(name, cells, cells[0]["says"]) for name, cells in found.items()]


def apply(company, cells):
    for cell in cells:
        change = set_key if cell["file"].endswith(".toml") else set_cell
        change(company / cell["file"], cell["row"], cell["column"], cell["value"])


def check(binary, company):
    command = [binary, "check", "--einvoice", "--input", company, "--output", company / "nowhere"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def fault(binary, company, variant):
    """What is wrong with how the program takes a variant, or None."""
    name, cells, says = variant
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder) / "input"
        shutil.copytree(company, broken)
        apply(broken, cells)
        code, said = check(binary, broken)
    named = re.search(rf"(?<![\w-]){re.escape(says)}(?![\w-])", said)
    if code in REFUSED and named:
        return None
    return f"{name}: exit code {code}, and {'' if named else 'not '}{says} in:\n{said}"


def main(binary, company, path):
    code, said = check(binary, Path(company))
    if code != 0:
        print(f"the company without faults is refused, with the exit code {code}:\n{said}")
        return False
    listed = variants(path)
    with ThreadPoolExecutor(2) as pool:
        faults = [each for each in pool.map(lambda variant: fault(binary, Path(company), variant), listed) if each]
    print("".join(faults), end="")
    print(f"{len(listed):7} × input with one fault → {len(faults)} not refused, or without the rule")
    return bool(listed) and not faults


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(not main(*sys.argv[1:]))
