"""Bills a month: reads the input folder, writes invoices.csv, invoice_lines.csv and, if asked, PDFs.

    python3 bill.py INPUT OUTPUT --opened 2024-11-01 --after 2024-12-01 --as-of 2025-01-01 [--pdf]

There is no register: everything is derived from the complete log in every run, and what fell due
after `--after` is published. So nothing may arrive late.
"""

import argparse
import csv
from datetime import date, timedelta
from pathlib import Path

from clock import midnight
from company import Company
from documents import bill

INVOICE_COLUMNS = [
    "invoice_number", "kind", "account_id", "account_name", "billing_email", "currency",
    "issue_date", "due_date", "subtotal", "discount", "tax", "total", "credit_applied",
    "amount_due", "credit_balance",
]
LINE_COLUMNS = [
    "invoice_number", "line_number", "account_id", "subscription_id", "change_id", "kind",
    "description", "service_start", "service_end", "quantity", "prorated_numerator",
    "prorated_denominator", "amount", "currency", "tax_rate", "discount_id", "adjustment_id",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("input", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--opened", type=date.fromisoformat, default=date(1970, 1, 1))
    parser.add_argument("--after", type=date.fromisoformat)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    parser.add_argument("--pdf", action="store_true")
    options = parser.parse_args()

    company = Company(options.input)
    opened, after, through = (
        midnight(day, company.zone)
        for day in (options.opened, options.after or options.opened, options.as_of)
    )
    documents = numbered(company, opened, through)
    documents = [document for document in documents if document.instant > after]
    options.output.mkdir(parents=True)
    write_tables(documents, options.output)
    if options.pdf:
        # Only here, so that the tables need nothing but Python.
        from receipts import write_receipts

        write_receipts(documents, company.settings["seller"], options.output / "pdf")


def numbered(company, opened, through):
    """All documents since the opening in the order of time, with their numbers."""
    documents = []
    for account in company.accounts.values():
        documents += bill(account, company, opened, through)
    documents.sort(key=lambda it: (it.instant, it.account.id, it.currency))
    settings, sequences = company.settings["invoice"], {}
    for document in documents:
        year = document.issue_date.year
        sequences[year] = sequences.get(year, 0) + 1
        document.number = settings["number_format"].format(year=year, seq=sequences[year])
        days = settings["payment_terms_days"]
        document.due_date = document.issue_date + timedelta(days=days)
    return documents


def write_tables(documents, folder):
    with (
        open(folder / "invoices.csv", "w", encoding="utf-8", newline="") as invoices_file,
        open(folder / "invoice_lines.csv", "w", encoding="utf-8", newline="") as lines_file,
    ):
        invoices, lines = csv.writer(invoices_file), csv.writer(lines_file)
        invoices.writerow(INVOICE_COLUMNS)
        lines.writerow(LINE_COLUMNS)
        for document in documents:
            invoices.writerow(invoice_row(document))
            for place, line in enumerate(document.lines, 1):
                lines.writerow(line_row(document, place, line))


def invoice_row(document):
    account, is_credit = document.account, document.total < 0
    return [
        document.number,
        "credit" if is_credit else "invoice",
        account.id,
        account.name,
        account.recipient,
        document.currency,
        document.issue_date,
        "" if is_credit else document.due_date,
        document.subtotal,
        document.discount,
        document.tax,
        document.total,
        document.credit_applied,
        document.amount_due,
        document.credit_balance,
    ]


def line_row(document, place, line):
    row = [document.number, place, document.account.id]
    charge = line.charge
    if charge is None:
        row += ["", "", line.kind, line.description, document.instant, document.instant]
    else:
        change_id = charge.change.id if charge.change else ""
        row += [charge.subscription.id, change_id, line.kind, line.description, *charge.service]
    if line.kind in ("adjustment", "discount"):
        row += [1, "", ""]
    else:
        row += [charge.terms.quantity, *charge.share]
    rate = line.rate.percent if line.rate else ""
    adjustment_id = line.adjustment.id if line.adjustment else ""
    return row + [line.amount, document.currency, rate, line.discount_id, adjustment_id]


if __name__ == "__main__":
    main()
