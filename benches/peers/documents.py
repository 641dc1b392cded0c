"""An account's documents: charges by due date and currency, taxed, with one-off charges, settled."""

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
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

    def __init__(self, account, instant, currency, lines, issued):
        self.account, self.instant, self.currency = account, instant, currency
        self.lines = lines
        self.issue_date = local_date(instant, account.zone)
        zero = nothing(currency)
        self.subtotal = sum((it.amount for it in lines if it.kind != "discount"), zero)
        self.discount = -sum((it.amount for it in lines if it.kind == "discount"), zero)
        self.taxes = self.tax_by_rate(issued)
        self.tax = sum(self.taxes.values(), zero)
        included = sum((tax for rate, tax in self.taxes.items() if rate.is_inclusive), zero)
        self.total = self.subtotal - self.discount + self.tax - included
        self.credit_applied = self.amount_due = self.credit_balance = zero

    def tax_by_rate(self, issued):
        """Charges are rounded once at each rate, on the lines as they are printed. A credit takes back
        its share of the tax of the document that charged it. `issued` has what each document charged
        and what was credited of it: base, tax, credited base, credited tax by rate."""
        groups, claims = {}, {}
        for line in self.lines:
            if line.rate is None:
                continue
            if line.charge is not None and line.charge.bearer is not None:
                key = (line.charge.bearer, line.rate)
                claims[key] = claims.get(key, 0) - line.amount
                groups.setdefault(line.rate, [])
            else:
                groups.setdefault(line.rate, []).append(line)
        taxes, charged = {}, {}
        for rate, lines in groups.items():
            exact = [exact_tax(line.amount, rate) for line in lines]
            taxes[rate] = rounded(sum(exact, Decimal(0)), self.currency)
            parts = shared_out(taxes[rate], exact, self.currency)
            charging = [it for it in zip(lines, parts) if is_charging(it[0])]
            base = sum((line.amount for line, _ in charging), Decimal(0))
            charged[rate] = [base, sum((part for _, part in charging), Decimal(0)), Decimal(0), Decimal(0)]
        issued[self.instant, self.currency] = charged
        for (bearer, rate), claimed in claims.items():
            part = issued[bearer][rate]
            part[2] += claimed
            due = rounded(part[1] * part[2] / part[0], self.currency)
            taxes[rate] -= due - part[3]
            part[3] = due
        return taxes


def is_charging(line):
    return line.adjustment is None or line.amount > 0


def exact_tax(base, rate):
    whole = 100 + rate.percent if rate.is_inclusive else 100
    return base * rate.percent / whole


def rounded(amount, currency):
    return amount.quantize(quantum(currency), ROUND_HALF_UP)


def shared_out(total, exact, currency):
    """Each part rounded down, of a negative sum with the sign turned; what is left goes to the largest
    remainders, among equal ones to the first."""
    sign = -1 if total < 0 else 1
    unit = quantum(currency)
    exact = [sign * it for it in exact]
    parts = [it.quantize(unit, ROUND_FLOOR) for it in exact]
    left = int((sign * total - sum(parts, Decimal(0))) / unit)
    order = sorted(range(len(exact)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[:left]:
        parts[at] += unit
    return [sign * it for it in parts]


def bill(account, company, opened, through):
    """Documents after `opened` up to `through`, oldest first. Everything is derived from the log."""
    charges = []
    for subscription in account.subscriptions:
        charges += Walk(subscription, account.zone, through).run()
    find_bearers(charges)
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
    issued = {}
    documents = [
        Document(account, instant, currency, lines[instant, currency], issued)
        for instant, currency in sorted(lines)
        if any(line.amount for line in lines[instant, currency])
    ]
    documents = [document for document in documents if document.instant > opened]
    settle(documents, account.payments, opened, through)
    return documents


def find_bearers(charges):
    """The document of the charge that unused time takes back: the latest of its terms in its period."""
    charged = {}
    for charge in charges:
        terms = charge.terms
        subject = (charge.subscription.id, charge.period_start, charge.service[1], terms.price.id,
                   terms.quantity)
        if charge.kind == "unused":
            starts = [it for it in charged.get(subject, []) if it[0] <= charge.service[0]]
            charge.bearer = max(starts)[1] if starts else None
        elif not terms.price.is_arrears:
            bearer = (charge.due, terms.price.currency)
            charged.setdefault(subject, []).append((charge.service[0], bearer))


def rate_of(code, instant, account, company):
    """The account's code if it frees the account of the tax, else that of what is sold."""
    day = local_date(instant, account.zone)
    own = account.tax_code_at(instant)
    if own:
        rate = company.rate(own, account, day)
        if rate.treatment != "taxable":
            return rate
    code = code or own or company.settings["tax"]["default_code"]
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
