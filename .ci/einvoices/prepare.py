"""Fills in everything that e-invoices need in an input folder: for each account by its country, and for the seller.

    prepare.py INPUT OUTPUT --format peppol|xrechnung|facturx|mixed [--packing files|zip]

What is filled in already stays. Accounts that EN 16931 cannot serve get `none`: with prices in a currency of
three decimals, or with amounts that are not taxed beside others that are."""

import argparse
import csv
import re
import shutil
from pathlib import Path

THREE_DECIMALS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
# Accounts name countries in words.
COUNTRIES = {
    "Australia": "AU", "Brazil": "BR", "Bulgaria": "BG", "Canada": "CA", "Finland": "FI", "France": "FR",
    "Germany": "DE", "Greece": "GR", "India": "IN", "Ireland": "IE", "Israel": "IL", "Japan": "JP", "Kuwait": "KW",
    "Nepal": "NP", "New Zealand": "NZ", "Poland": "PL", "Samoa": "WS", "South Korea": "KR", "Spain": "ES",
    "Sweden": "SE", "Thailand": "TH", "United Kingdom": "GB", "United States": "US", "日本": "JP",
}
# The form of VAT numbers, from `n`, a number that differs between accounts.
VAT_NUMBERS = {
    "BG": "BG{n:09}", "DE": "DE{n:09}", "ES": "ESB{n:08}", "FI": "FI{n:08}", "FR": "FR00{n:09}", "GB": "GB{n:09}",
    "GR": "EL{n:09}", "IE": "IE{n:07}A", "PL": "PL{n:010}", "SE": "SE{n:010}01",
}
# Schemes of electronic addresses that are VAT numbers.
VAT_SCHEMES = {"BG": "9926", "DE": "9930", "ES": "9920", "GB": "9932", "GR": "9933", "IE": "9935", "PL": "9945"}
# Countries of which accounts pay by direct debit.
SEPA = {"BG", "DE", "ES", "FI", "FR", "GR", "IE"}


def gln(n):
    """A global location number: the last digit checks the others."""
    digits = f"40{n:010}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def luhn(digits):
    """The digits, with the one that checks them."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-sum(each // 10 + each % 10 for each in doubled) % 10}"


def iban(country, account):
    """The account as an IBAN."""
    numbers = "".join(str(int(letter, 36)) for letter in f"{account}{country}00")
    return f"{country}{98 - int(numbers) % 97:02}{account}"


def endpoint(country, n, tax_id):
    """An electronic address and its scheme."""
    if country in VAT_SCHEMES:
        return (tax_id or VAT_NUMBERS[country].format(n=n)), VAT_SCHEMES[country]
    if country == "FR":
        return luhn(f"{n:013}"), "0009"
    if country == "SE":
        return luhn(f"55{n:07}"), "0007"
    if country == "FI":
        return f"0037{n:08}", "0216"
    return gln(n), "0088"


def fill(row, **values):
    for column, value in values.items():
        row[column] = row.get(column) or value


def account(row, n, form, owes_tax):
    """Fills in the row of the `n`-th account."""
    fill(row, country_code=COUNTRIES[row["country"]])
    country = row["country_code"]
    if country in VAT_NUMBERS and (owes_tax or country == "DE" or n % 2):
        fill(row, tax_id=VAT_NUMBERS[country].format(n=n))
    if owes_tax and not re.match("[A-Z]{2}", row["tax_id"]):
        # Reverse charge wants some number of the buyer. Without a VAT number that is the legal one.
        fill(row, tax_id=f"{n:09}", legal_id=gln(n), legal_id_scheme="0088")
    address, scheme = endpoint(country, n, row["tax_id"])
    if form == "xrechnung" and n % 2 == 0 and row["email"]:
        address, scheme = row["email"], "EM"
    fill(row, endpoint_id=address, endpoint_scheme=scheme)
    # Peppol is content with the number of an order, unless both are German; XRechnung wants a reference.
    if form == "xrechnung" or country == "DE" or n % 3:
        fill(row, buyer_reference=f"04011000-{n:05}-03")
    if form != "xrechnung" and n % 3 != 1:
        fill(row, purchase_order=f"PO-{n:05}")
    if country == "FR":
        fill(row, legal_id=luhn(f"{n:08}"), legal_id_scheme="0002")
    elif n % 4 == 0:
        fill(row, legal_id=f"HRB {n}")
    if country in SEPA and n % 5 == 0:
        fill(row, mandate_id=f"MANDATE-{n:05}", mandate_iban=iban("DE", f"{n:018}"))
    if form == "xrechnung":
        fill(row, city="Metropolis", postal_code="00000")


def read(folder, table):
    """The columns and rows of a table; nothing if the folder has none."""
    path = Path(folder) / f"{table}.csv"
    if not path.exists():
        return [], []
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        return reader.fieldnames, list(reader)


def write(folder, table, columns, found):
    columns = list(dict.fromkeys([*columns, *(name for row in found for name in row)]))
    with open(Path(folder) / f"{table}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def inexpressible(folder):
    """The accounts that EN 16931 cannot serve."""
    subscriptions = {row["subscription_id"]: row for row in read(folder, "subscriptions")[1]}
    prices = {row["price_id"] for row in read(folder, "prices")[1] if row["currency"] in THREE_DECIMALS}
    found = {row["account_id"] for row in subscriptions.values() if row["price_id"] in prices}
    for row in read(folder, "changes")[1]:
        if row["price_id"] in prices and row["subscription_id"] in subscriptions:
            found.add(subscriptions[row["subscription_id"]]["account_id"])
    for row in read(folder, "adjustments")[1]:
        if row["currency"] in THREE_DECIMALS or row["taxable"] == "false":
            found.add(row["account_id"])
    return found


def accounts(folder, form):
    columns, found = read(folder, "accounts")
    excluded = inexpressible(folder)
    owing = {row["code"] for row in read(folder, "tax_rates")[1] if row.get("treatment") == "reverse_charge"}
    formats = ["peppol", "xrechnung", "facturx"]
    for n, row in enumerate(found, 1):
        chosen = formats[n % 3] if form == "mixed" else form
        if row["account_id"] in excluded:
            chosen = "none"
        # One format for all is the default of billing.toml.
        row["einvoice"] = "" if chosen == form else chosen
        if chosen != "none":
            account(row, n, chosen, row["tax_code"] in owing)
    write(folder, "accounts", columns, found)


def prices(folder):
    """Codes of units, on two of three prices. The others keep the default."""
    columns, found = read(folder, "prices")
    units = ["", "EA", "C62"]
    for n, row in enumerate(found):
        fill(row, unit_code="MON" if row["scheme"] == "flat" else units[n % 3])
    write(folder, "prices", columns, found)


def tax_rates(folder):
    """Codes of exemptions. Nothing at all is an export, as far as a country has no rate of its own."""
    columns, found = read(folder, "tax_rates")
    for row in found:
        if row["treatment"] == "reverse_charge":
            fill(row, exemption_code="VATEX-EU-AE")
        elif row["treatment"] == "exempt":
            fill(row, exemption_code="VATEX-EU-132")
        elif float(row["percent"]) == 0 and not row.get("country"):
            fill(row, category="G", exemption_code="VATEX-EU-G")
    write(folder, "tax_rates", columns, found)


def settings(folder, form, packing):
    path = Path(folder) / "billing.toml"
    text = path.read_text(encoding="utf-8")
    country = COUNTRIES[re.search(r'^country = "(.*)"', text, re.M)[1]]
    tax_id = re.search(r'^tax_id = "(.*)"', text, re.M)[1]
    address, scheme = endpoint(country, 1, tax_id)
    seller = {
        "country_code": country,
        "endpoint_id": address,
        "endpoint_scheme": scheme,
        "legal_id": "HRB 12345 B",
        "contact_name": "Accounts receivable",
        "contact_phone": "+49 30 1234567",
        "contact_email": "billing@example.com",
        "iban": "DE02120300000000202051",
        "bic": "BYLADEM1001",
        "account_name": "Kumu & Kumospace",
        "creditor_id": "DE98ZZZ09999999999",
    }
    text = inserted(text, "seller", seller)
    if form != "mixed":
        text = inserted(text, "invoice", {"einvoice": form})
    if packing:
        text = inserted(re.sub(r"^packing = .*\n", "", text, flags=re.M), "pdf", {"packing": packing})
    path.write_text(text, encoding="utf-8")


def inserted(text, table, values):
    """The settings, with values in a table that do not have keys there yet."""
    head, rest = re.split(rf"(?<=^\[{table}\]\n)", text, maxsplit=1, flags=re.M)
    own = rest.split("\n[", 1)[0]
    lines = [f'{key} = "{value}"\n' for key, value in values.items() if not re.search(rf"^{key} = ", own, re.M)]
    return head + "".join(lines) + rest


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("input")
    options.add_argument("output")
    options.add_argument("--format", choices=["peppol", "xrechnung", "facturx", "mixed"], required=True)
    options.add_argument("--packing", choices=["files", "zip"])
    asked = options.parse_args()
    shutil.copytree(asked.input, asked.output)
    accounts(asked.output, asked.format)
    prices(asked.output)
    tax_rates(asked.output)
    settings(asked.output, asked.format, asked.packing)
