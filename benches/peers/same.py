"""Says whether two folders hold the same invoices: every amount of every document and every line.

    python3 same.py CLOSE PEER

Numbers are left out, since who counts in which order is no question of money. The exit code is 1 where
something differs; the first few differences are named. Otherwise the sums are printed.
"""

import csv
import sys
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

DOCUMENT = [
    "account_id", "currency", "issue_date", "due_date", "kind", "subtotal", "discount", "tax",
    "total", "credit_applied", "amount_due", "credit_balance",
]
LINE = [
    "account_id", "currency", "service_start", "service_end", "subscription_id", "change_id",
    "kind", "discount_id", "adjustment_id", "quantity", "prorated_numerator",
    "prorated_denominator", "tax_rate", "amount",
]
SHOWN = 10


def rows(path, columns):
    """Every row with how often it occurs."""
    with open(path, encoding="utf-8", newline="") as file:
        return Counter(tuple(cell(row, it) for it in columns) for row in csv.DictReader(file))


def cell(row, column):
    text = row[column]
    if column.startswith("service"):
        return instant(text)
    if column == "tax_rate" and text:
        return Decimal(text)
    # These have no time of their own, and each side says so in its own way.
    is_whole = row["kind"] in ("adjustment", "discount")
    return "" if is_whole and column.startswith("prorated") else text


def instant(text):
    """Unix seconds, from themselves or from RFC 3339."""
    return int(text) if text.isdigit() else int(datetime.fromisoformat(text).timestamp())


def differences(close, peer):
    """What one has and the other has not."""
    for name, columns in (("invoices.csv", DOCUMENT), ("invoice_lines.csv", LINE)):
        ours, theirs = rows(close / name, columns), rows(peer / name, columns)
        for who, surplus in (("prorata", ours - theirs), ("the peer", theirs - ours)):
            for row in sorted(surplus.elements(), key=str):
                yield f"{name}: only {who}: " + ", ".join(map(str, row))


def totals(folder):
    """Documents, net, tax and total by currency."""
    sums = {}
    with open(folder / "invoices.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            count, net, tax, total = sums.get(row["currency"], (0, 0, 0, 0))
            of_row, tax_of_row = Decimal(row["total"]), Decimal(row["tax"])
            sums[row["currency"]] = (
                count + 1, net + of_row - tax_of_row, tax + tax_of_row, total + of_row,
            )
    return sums


def main():
    close, peer = map(Path, sys.argv[1:])
    found = list(differences(close, peer))
    for difference in found[:SHOWN]:
        print(difference)
    if found:
        sys.exit(f"{len(found)} rows differ")
    if not totals(close):
        sys.exit("nothing was billed, so nothing was compared")
    for currency, (count, net, tax, total) in sorted(totals(close).items()):
        print(f"{currency}: {count} documents, net {net}, tax {tax}, total {total}")


if __name__ == "__main__":
    main()
