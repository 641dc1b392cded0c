"""Compares the code lists of the program with those in the official rules.

    codes.py FILE    the lists: `[name] description (RULE)`, then codes with blanks between them"""

import re
import sys

from lxml import etree
from validate import RULES, SVRL, data_file

# Codes that the official lists do not agree about, and why the program decides as it does.
DISPUTED = {
    "BR-CL-14": {"SS", "AN"},  # CII still has the Netherlands Antilles, and not yet South Sudan
    "PEPPOL-EN16931-CL008": {"9901"},  # withdrawn by Peppol since its packaged rules
}
XSL = "{http://www.w3.org/1999/XSL/Transform}"


def lists(path):
    """(rule, codes) of each list."""
    with open(path, encoding="utf-8") as file:
        sections = re.split(r"^\[\w+\].*\((\S+)\).*\n", re.sub(r"^#.*\n", "", file.read(), flags=re.M), flags=re.M)
    return zip(sections[1::2], map(str.split, sections[2::2]), strict=True)


def official(sheet, rule):
    """Every list of codes that a sheet has for a rule. UBL and CII have several places for some codes."""
    for failed in sheet.iter(SVRL + "failed-assert"):
        names = [attribute.text for attribute in failed.iter(XSL + "attribute") if attribute.get("name") == "id"]
        if rule not in (failed.get("id"), *names):
            continue
        test = next(node.get("test") for node in failed.iterancestors() if node.get("test"))
        variable = re.search(r"in \$(\w+)", test)
        if variable:
            test = sheet.find(f".//{XSL}variable[@name='{variable[1]}']").get("select")
        yield set(max(re.findall(r"'([^']*)'", test), key=len).split())


def main(path):
    sheets = [etree.parse(data_file(*RULES[name])) for name in ("EN 16931, UBL", "EN 16931, CII", "Peppol BIS 3")]
    right, compared = True, 0
    for rule, codes in lists(path):
        found = [codes_of for sheet in sheets for codes_of in official(sheet, rule)]
        if not found:
            print(f"{rule}: the official rules have none of this name")
        too_many = set().union(*(set(codes) - wanted for wanted in found)) - DISPUTED.get(rule, set())
        missing = set().union(*(wanted - set(codes) for wanted in found)) - DISPUTED.get(rule, set())
        if too_many or missing:
            print(f"{rule}: too many: {sorted(too_many)}, missing: {sorted(missing)}")
        right = right and bool(found) and not too_many and not missing
        compared += 1
    print(f"{compared:7} × code lists → {'those of the official rules' if right else 'DIFFERENT'}")
    return right and compared > 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(not main(sys.argv[1]))
