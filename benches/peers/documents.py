"""An account's documents: charges by due date and currency, taxed, with one-off charges, settled."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from charges import Charge
from clock import local_date
from discounts import apply_discounts
from model import Adjustment, TaxRate, nothing, quantum
from timeline import Walk


class Line(NamedTuple):
    """As it stands on a document: a charge, a discount on one, or an adjustment."""

    kind: str
    charge: Charge | None
    adjustment: Adjustment | None
    discount_id: str
    description: str
    amount: Decimal
    rate: TaxRate | None


class Document:
    """Lines that fall due together, in one currency."""

    def __init__(self, account, instant, currency, lines):
        self.account, self.instant, self.currency = account, instant, currency
        self.lines = lines
        self.issue_date = local_date(instant, account.zone)
        zero = nothing(currency)
        self.subtotal = sum((it.amount for it in lines if it.kind != "discount"), zero)
        self.discount = -sum((it.amount for it in lines if it.kind == "discount"), zero)
        self.taxes = self.tax_by_rate()
        self.tax = sum(self.taxes.values(), zero)
        included = sum((tax for rate, tax in self.taxes.items() if rate.is_inclusive), zero)
        self.total = self.subtotal - self.discount + self.tax - included
        self.credit_applied = self.amount_due = self.credit_balance = zero

    def tax_by_rate(self):
        """Tax is rounded once at each rate, on the lines as they are printed."""
        bases = {}
        for line in self.lines:
            if line.rate is not None:
                bases[line.rate] = bases.get(line.rate, 0) + line.amount
        return {rate: tax_on(base, rate, self.currency) for rate, base in bases.items()}


def tax_on(base, rate, currency):
    whole = 100 + rate.percent if rate.is_inclusive else 100
    return (base * rate.percent / whole).quantize(quantum(currency), ROUND_HALF_UP)


def bill(account, company, opened, through):
    """Documents after `opened` up to `through`, oldest first. Everything is derived from the log."""
    charges = []
    for subscription in account.subscriptions:
        charges += Walk(subscription, account.zone, through).run()
    if not (account.discounts or account.adjustments):
        # These alone depend on earlier documents.
        charges = [charge for charge in charges if charge.due > opened]
    for charge in charges:
        charge.rate = rate_of(charge.terms.price.tax_code, charge.charged_at, account, company)
    if account.discounts:
        apply_discounts(charges, account.discounts)
    lines = {}
    charges.sort(key=lambda charge: (charge.service[0], charge.terms.price.place))
    for charge in charges:
        lines.setdefault((charge.due, charge.terms.price.currency), []).extend(lines_of(charge))
    # On which document an adjustment goes does not depend on the others.
    charged = list(lines)
    for adjustment in sorted(account.adjustments, key=lambda it: it.at):
        add_adjustment(adjustment, charged, lines, account, company, through)
    documents = [
        Document(account, instant, currency, lines[instant, currency])
        for instant, currency in sorted(lines)
        if instant > opened and any(line.amount for line in lines[instant, currency])
    ]
    settle(documents, account.payments, opened, through)
    return documents


def rate_of(code, instant, account, company):
    """The account's code if it frees the account of the tax, else that of what is sold."""
    day = local_date(instant, account.zone)
    if account.tax_code:
        rate = company.rate(account.tax_code, account, day)
        if rate.treatment != "taxable":
            return rate
    code = code or account.tax_code or company.settings["tax"]["default_code"]
    return company.rate(code, account, day)


def lines_of(charge):
    """A charge, and below it what discounts take off."""
    description = describe(charge)
    yield Line(charge.kind, charge, None, "", description, charge.amount, charge.rate)
    for discount, amount in charge.discounts:
        text = f"{discount.name}: {description}"
        yield Line("discount", charge, None, discount.id, text, amount, charge.rate)


def describe(charge):
    product, quantity = charge.terms.price.product, charge.terms.quantity
    if charge.kind == "recurring":
        return product
    what = product if quantity == 1 else f"{quantity} × {product}"
    return f"{charge.kind.capitalize()} time on {what}"


def add_adjustment(adjustment, charged, lines, account, company, through):
    """On a document of its own instant, or on the first one from then on, if there is one."""
    if adjustment.at > through:
        return
    instant = adjustment.at
    if not adjustment.is_immediate:
        same = (at for at, currency in charged if currency == adjustment.currency and at >= instant)
        instant = min(same, default=None)
        if instant is None:
            return
    rate = rate_of("", instant, account, company) if adjustment.is_taxable else None
    text, amount = adjustment.description, adjustment.amount
    line = Line("adjustment", None, adjustment, "", text, amount, rate)
    lines.setdefault((instant, adjustment.currency), []).append(line)


def settle(documents, payments, opened, through):
    """Credit pays documents as they come; payments pay the oldest ones, and the rest is credit."""
    events = [(it.instant, 0 if it.total < 0 else 1, it) for it in documents]
    events += [(it.at, 2, it) for it in payments if opened < it.at <= through]
    credit, unpaid = {}, {}
    for _, kind, event in sorted(events, key=lambda event: event[:2]):
        currency = event.currency
        invoices = unpaid.setdefault(currency, [])
        zero = nothing(currency)
        balance = credit.get(currency, zero)
        if kind == 2:
            credit[currency] = balance + rest_of(event.amount, invoices)
            continue
        event.credit_applied = min(max(event.total, zero), balance)
        event.amount_due = max(event.total, zero) - event.credit_applied
        credit[currency] = balance - event.credit_applied - min(event.total, zero)
        event.credit_balance = credit[currency]
        if event.amount_due:
            invoices.append([event.amount_due])


def rest_of(amount, invoices):
    """Pays what is open; returns what is left."""
    for invoice in invoices:
        part = min(invoice[0], amount)
        invoice[0] -= part
        amount -= part
    return amount
