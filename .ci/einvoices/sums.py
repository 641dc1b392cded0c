"""Compares every sum of the e-invoices of a close with its tables, and the totals with the text of the PDFs.

    sums.py CLOSE…

Then one document of each format and kind proves that a wrong cent is found. The tables are read as they were
written: nothing of the program judges its own work."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from decimal import Decimal
from functools import partial
from pathlib import Path

from documents import amount, documents, embedded, grouped, rows
from lxml import etree

CENT = Decimal("0.01")
# PEPPOL-EN16931-R120 lets quantity × price differ from the amount of the line by so much.
LINE_TOLERANCE = Decimal("0.02")


class Ubl:
    """Where UBL has the terms of EN 16931. Names are local names; the schema has checked the namespaces."""

    NUMBER, CURRENCY = "ID", "DocumentCurrencyCode"
    TYPE = "InvoiceTypeCode | CreditNoteTypeCode"
    ISSUED = "IssueDate"
    CREDITED = "BillingReference/InvoiceDocumentReference/ID"
    LINES = "InvoiceLine | CreditNoteLine"
    LINE_ID, LINE_NET = "ID", "LineExtensionAmount"
    QUANTITY, PRICE = "InvoicedQuantity | CreditedQuantity", "Price/PriceAmount"
    LINE_RATE = "Item/ClassifiedTaxCategory/Percent"
    LINE_CATEGORY = "Item/ClassifiedTaxCategory/ID"
    TAXES = "TaxTotal/TaxSubtotal"
    BASE, TAX = "TaxableAmount", "TaxAmount"
    CATEGORY, RATE = "TaxCategory/ID", "TaxCategory/Percent"
    ALLOWANCES = "//AllowanceCharge | //BaseQuantity"
    TOTALS = {
        "BT-106": "LegalMonetaryTotal/LineExtensionAmount",
        "BT-109": "LegalMonetaryTotal/TaxExclusiveAmount",
        "BT-110": "TaxTotal/TaxAmount",
        "BT-112": "LegalMonetaryTotal/TaxInclusiveAmount",
        "BT-113": "LegalMonetaryTotal/PrepaidAmount",
        "BT-115": "LegalMonetaryTotal/PayableAmount",
    }
    OTHER_TOTALS = "LegalMonetaryTotal/*"


class Cii:
    """Where CII has them."""

    _AGREED = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
    _SUM = f"{_AGREED}/SpecifiedTradeSettlementHeaderMonetarySummation"
    NUMBER, CURRENCY = "ExchangedDocument/ID", f"{_AGREED}/InvoiceCurrencyCode"
    TYPE = "ExchangedDocument/TypeCode"
    ISSUED = "ExchangedDocument/IssueDateTime/DateTimeString"
    CREDITED = f"{_AGREED}/InvoiceReferencedDocument/IssuerAssignedID"
    LINES = "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"
    LINE_ID = "AssociatedDocumentLineDocument/LineID"
    LINE_NET = "SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"
    QUANTITY = "SpecifiedLineTradeDelivery/BilledQuantity"
    PRICE = "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount"
    LINE_RATE = "SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent"
    LINE_CATEGORY = "SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode"
    TAXES = f"{_AGREED}/ApplicableTradeTax"
    BASE, TAX = "BasisAmount", "CalculatedAmount"
    CATEGORY, RATE = "CategoryCode", "RateApplicablePercent"
    ALLOWANCES = "//SpecifiedTradeAllowanceCharge | //AppliedTradeAllowanceCharge | //BasisQuantity"
    TOTALS = {
        "BT-106": f"{_SUM}/LineTotalAmount",
        "BT-109": f"{_SUM}/TaxBasisTotalAmount",
        "BT-110": f"{_SUM}/TaxTotalAmount",
        "BT-112": f"{_SUM}/GrandTotalAmount",
        "BT-113": f"{_SUM}/TotalPrepaidAmount",
        "BT-115": f"{_SUM}/DuePayableAmount",
    }
    OTHER_TOTALS = f"{_SUM}/*"


class Tables:
    """The tables of a close, by document."""

    def __init__(self, folder):
        self.invoices = {row["invoice_number"]: row for row in rows(folder, "invoices")}
        self.lines = grouped(folder, "invoice_lines")
        self.taxes = grouped(folder, "invoice_taxes")

    def of(self, number):
        return self.invoices[number], self.lines.get(number, []), self.taxes.get(number, [])


def find(node, path):
    """The elements at a path of local names."""
    named = re.sub(r"(?<![\w'-])([A-Za-z]\w*)", r"*[local-name()='\1']", path)
    return node.xpath(named)


def text(node, path):
    found = find(node, path)
    return (found[0].text or "") if found else ""


def differences(content, invoice, lines, taxes):
    """(term, what the XML says, what the tables say) wherever the two differ."""
    root = etree.fromstring(content) if isinstance(content, bytes) else content
    paths = Cii if etree.QName(root).localname == "CrossIndustryInvoice" else Ubl
    sign = 1 if invoice["kind"] == "invoice" else -1
    compared = [
        *heads(root, paths, invoice, lines),
        *totals(root, paths, invoice, sign),
        *line_sums(root, paths, lines, sign),
        ("BG-23", tax_parts(root, paths), tax_rows(lines, taxes, sign)),
        ("-0", minus_zeros(root), []),
    ]
    return [(term, str(xml), str(table)) for term, xml, table in compared if xml != table]


def heads(root, paths, invoice, lines):
    yield "BT-1", text(root, paths.NUMBER), invoice["invoice_number"]
    yield "BT-2", text(root, paths.ISSUED).replace("-", ""), invoice["issue_date"].replace("-", "")
    yield "BT-3", text(root, paths.TYPE), "380" if invoice["kind"] == "invoice" else "381"
    yield "BT-5", text(root, paths.CURRENCY), invoice["currency"]
    credited = {element.text for element in find(root, paths.CREDITED)}
    known = {line[column] for line in lines for column in ("credits_invoice", "corrects_invoice")}
    yield "BT-25, unknown to the tables", credited - known - {invoice["credits_invoice"]}, set()
    if invoice["credits_invoice"]:
        yield "BT-25", invoice["credits_invoice"] in credited, True


def totals(root, paths, invoice, sign):
    total, tax = sign * amount(invoice["total"]), sign * amount(invoice["tax"])
    used = amount(invoice["credit_applied"]) if sign > 0 else Decimal(0)
    wanted = {
        "BT-106": sign * (amount(invoice["subtotal"]) - amount(invoice["discount"]) - amount(invoice["tax_included"])),
        "BT-109": total - tax,
        "BT-110": tax,
        "BT-112": total,
        "BT-113": used,
        "BT-115": amount(invoice["amount_due"]) if sign > 0 else total,
    }
    for term, path in paths.TOTALS.items():
        yield term, amount(text(root, path)), wanted[term]
    known = {element for path in paths.TOTALS.values() for element in find(root, path)}
    other = [etree.QName(each).localname for each in find(root, paths.OTHER_TOTALS) if each not in known]
    yield "other totals", other, []


def line_sums(root, paths, lines, sign):
    """The lines of the XML are those of the table. Discounts are lines, so nothing else changes an amount."""
    found = find(root, paths.LINES)
    yield "BT-126", [text(line, paths.LINE_ID) for line in found], [line["line_number"] for line in lines]
    yield "allowances, charges and base quantities", len(find(root, paths.ALLOWANCES)), 0
    for line, row in zip(found, lines, strict=False):
        name = f"line {row['line_number']}"
        net = amount(text(line, paths.LINE_NET))
        yield f"{name}, BT-131", net, sign * amount(row["net_amount"])
        product = amount(text(line, paths.QUANTITY)) * amount(text(line, paths.PRICE))
        yield f"{name}, BT-129 × BT-146 near BT-131", abs(product - net) <= LINE_TOLERANCE, True
        taxed = text(line, paths.LINE_CATEGORY) != "O"
        yield f"{name}, BT-152", amount(text(line, paths.LINE_RATE)) if taxed else None, rate(row)


def rate(row):
    return amount(row["tax_rate"]) if row["tax_code"] else None


def tax_parts(root, paths):
    """(whether the buyer owes the tax, rate) → [net, tax] of the XML; the rate of untaxed amounts is None."""
    parts = {}
    for part in find(root, paths.TAXES):
        category = text(part, paths.CATEGORY)
        percent = None if category == "O" else amount(text(part, paths.RATE))
        add(parts, (category == "AE", percent), amount(text(part, paths.BASE)), amount(text(part, paths.TAX)))
    return {key: parts[key] for key in sorted(parts, key=str)}


def tax_rows(lines, taxes, sign):
    parts = {}
    for row in taxes:
        key = (row["tax_treatment"] == "reverse_charge", amount(row["tax_rate"]))
        add(parts, key, sign * amount(row["net_amount"]), sign * amount(row["tax_amount"]))
    for line in lines:
        if not line["tax_code"]:
            add(parts, (False, None), sign * amount(line["net_amount"]), Decimal(0))
    return {key: parts[key] for key in sorted(parts, key=str)}


def add(parts, key, net, tax):
    before = parts.get(key, (Decimal(0), Decimal(0)))
    parts[key] = (before[0] + net, before[1] + tax)


def minus_zeros(root):
    return [each.text for each in root.iter() if re.fullmatch(r"-0*\.?0*", each.text or "")]


def printed(pdf):
    """The numbers at the right of each row of a PDF: (negative, digits). Every locale writes the same digits."""
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, check=True, capture_output=True)
    cells = (re.split(r" {2,}", line.strip())[-1] for line in run.stdout.decode().splitlines())
    return {("−" in cell or "-" in cell, re.sub(r"[^0-9]", "", cell)) for cell in cells}


def unprinted(shown, invoice, taxes):
    """(what, what the table says) wherever the PDF does not show it."""
    wanted = [("tax", row["tax_amount"]) for row in taxes]
    if invoice["kind"] == "invoice":
        wanted += [("total", invoice["total"]), ("amount due", invoice["amount_due"])]
    else:
        # "Credited 31.09": the words say the direction.
        wanted.append(("total", invoice["total"].removeprefix("-")))
    return [(name, value) for name, value in wanted if as_printed(value) not in shown]


def as_printed(value):
    return value.startswith("-"), re.sub(r"[^0-9]", "", value)


def xml_of(document, pdf):
    return document.xml.read() if document.xml else embedded(pdf)


def compare(tables, document):
    """The lines of the report on one document."""
    pdf = document.pdf.read()
    xml = xml_of(document, pdf)
    if xml is None:
        return [f"{document.pdf}: no factur-x.xml"]
    invoice, lines, taxes = tables.of(document.number)
    told = [f"{document.einvoice}: {term}: {has}, not {wanted}"
            for term, has, wanted in differences(xml, invoice, lines, taxes)]
    return told + [f"{document.pdf}: does not show the {name} {value}"
                   for name, value in unprinted(printed(pdf), invoice, taxes)]


def proves_itself(document, tables):
    """Whether each amount of a document that is changed by a cent, alone, is found."""
    pdf = document.pdf.read()
    xml = xml_of(document, pdf)
    if xml is None:
        return False
    root = etree.fromstring(xml)
    of_document = tables.of(document.number)
    changed = [
        element for element in root.iter()
        if isinstance(element.tag, str) and etree.QName(element).localname.endswith("Amount")
        # Of a price the amount of the line is what counts.
        and etree.QName(element).localname not in ("PriceAmount", "ChargeAmount")
    ]
    missed = []
    for place in range(len(changed)):
        copy = deepcopy(root)
        element = list(copy.iter())[list(root.iter()).index(changed[place])]
        element.text = str(Decimal(element.text) + CENT)
        if not differences(copy, *of_document):
            missed.append(etree.QName(element).localname)
    shown = printed(pdf)
    for name in ("total", "amount_due") if of_document[0]["kind"] == "invoice" else ("total",):
        # One of these may stand elsewhere on the page by chance.
        others = [dict(of_document[0], **{name: bumped(of_document[0][name], units)}) for units in (1, 7)]
        if not any(unprinted(shown, other, []) for other in others):
            missed.append(f"{name} of the PDF")
    if missed:
        print(f"{document.einvoice}: a wrong amount is not found: {', '.join(missed)}")
    return bool(changed) and not missed


def bumped(value, units):
    """An amount that is so many of its smallest units more."""
    return str(Decimal(value) + Decimal(units).scaleb(Decimal(value).as_tuple().exponent))


def main(folders):
    right, compared, proven = True, 0, {}
    for folder in map(Path, folders):
        tables, listed = Tables(folder), documents(folder)
        # Threads are enough: pdftotext takes the time.
        with ThreadPoolExecutor(2) as pool:
            for told in pool.map(partial(compare, tables), listed):
                compared += 1
                right = right and not told
                if told:
                    print("\n".join(told))
        for document in listed:
            kind = document.format, tables.invoices[document.number]["kind"]
            if kind not in proven:
                proven[kind] = proves_itself(document, tables)
    print(f"{compared:7} × sums of the tables, the XML and the PDF → {'equal' if right else 'DIFFERENT'}")
    return right and compared > 0 and all(proven.values())


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(not main(sys.argv[1:]))
