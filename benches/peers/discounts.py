"""Discounts: off the recurring charges of the documents they apply to, and off what is prorated there."""

from decimal import Decimal
from fractions import Fraction

from charges import prorated
from model import quantum


def apply_discounts(charges, discounts):
    """Takes everything off that the discounts of an account take off, in their order."""
    documents, others = {}, []
    for charge in charges:
        if charge.opens:
            key = (charge.due, charge.terms.price.currency)
            documents.setdefault(key, []).append(charge)
        else:
            others.append(charge)
    documents = [documents[key] for key in sorted(documents)]
    for discount in discounts:
        apply_discount(discount, documents, others)


def apply_discount(discount, documents, others):
    """One discount, on all documents of the account."""
    uses, allowances = discount.uses, {}
    for document in documents:
        if uses == 0:
            break
        eligible = [charge for charge in document if is_eligible(discount, charge)]
        taken = take_off(discount, eligible)
        if taken and uses is not None:
            uses -= 1
        for charge, amount in taken:
            key = (charge.subscription.id, charge.period_start)
            allowances.setdefault(key, (amount, charge.share))
    for charge in others:
        key = (charge.subscription.id, charge.period_start)
        if key in allowances and charge.left and covers(discount, charge):
            take_share(discount, charge, *allowances[key])


def covers(discount, charge):
    price = charge.terms.price
    return (
        discount.subscription_id in ("", charge.subscription.id)
        and discount.product in ("", price.product)
        and (discount.percent is not None or discount.currency == price.currency)
    )


def is_eligible(discount, charge):
    begins = charge.period_start
    is_open = discount.starts_at <= begins and (discount.ends_at is None or begins < discount.ends_at)
    return is_open and covers(discount, charge) and charge.left > 0


def take_off(discount, charges):
    """Takes a discount off the charges of a document. Returns how much off which, if anything."""
    if discount.percent is not None:
        taken = [(charge, take_percent(discount, charge)) for charge in charges]
        return taken if any(amount for _, amount in taken) else []
    if not charges:
        return []
    left = sum(charge.left for charge in charges)
    given = discount.amount if discount.is_excess_credit else min(discount.amount, left)
    unit = quantum(discount.currency)
    shares = [Fraction(given * charge.left) / Fraction(left * unit) for charge in charges]
    parts = [Decimal(part) * unit for part in apportioned(int(given / unit), shares)]
    for charge, part in zip(charges, parts):
        take(discount, charge, part)
    return list(zip(charges, parts))


def take_percent(discount, charge):
    amount = prorated(charge.left * discount.percent, (1, 100), charge.terms.price.currency)
    take(discount, charge, amount)
    return amount


def take_share(discount, charge, amount, base):
    """What a charge inside a discounted period gets of an amount that was for a share of it."""
    if discount.percent is not None:
        take_percent(discount, charge)
    elif base[0] > 0:
        part = (charge.share[0] * base[1], charge.share[1] * base[0])
        amount = prorated(amount, part, charge.terms.price.currency).copy_sign(charge.left)
        take(discount, charge, amount if abs(amount) <= abs(charge.left) else charge.left)


def take(discount, charge, amount):
    if amount:
        charge.discounts.append((discount, -amount))


def apportioned(total, shares):
    """Shares rounded down; what is left goes to the largest remainders, first come first served."""
    parts = [int(share) for share in shares]
    order = sorted(range(len(parts)), key=lambda place: parts[place] - shares[place])
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts
