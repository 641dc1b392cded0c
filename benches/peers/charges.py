"""One charge: terms, a stretch of time, its share of the billing period, and what that comes to."""

from decimal import ROUND_HALF_UP
from typing import NamedTuple

from clock import local_date
from model import Price, quantum


class Terms(NamedTuple):
    price: Price
    quantity: int
    paused: bool

    @property
    def billed_quantity(self):
        return 0 if self.paused else self.quantity

    @property
    def cost(self):
        return self.price.cost(self.billed_quantity)


class Charge:
    """One line: of which kind, for which terms and time, when it is due, and what it comes to."""

    __slots__ = (
        "kind", "change", "subscription", "terms", "due", "service", "period_start", "share",
        "amount", "opens", "charged_at", "rate", "discounts", "bearer",
    )

    def __init__(self, kind, change, subscription, terms, due, service):
        self.kind, self.change, self.subscription = kind, change, subscription
        self.terms, self.due, self.service = terms, due, service
        self.rate, self.discounts, self.bearer = None, [], None

    @property
    def left(self):
        """What discounts have left so far."""
        return self.amount + sum(amount for _, amount in self.discounts)


def share(price, zone, service, billed):
    """Which part of its period a service time is."""
    if price.granularity == "second":
        return service[1] - service[0], billed.end - billed.nominal_start
    if price.granularity == "period":
        return 1, 1
    first = local_date(billed.nominal_start, zone)
    whole = max((local_date(billed.end, zone) - first).days, 1)

    def position(instant):
        if instant == billed.end:
            return whole
        return min(max((local_date(instant, zone) - first).days, 0), whole)

    return position(service[1]) - position(service[0]), whole


def prorated(price, part, currency):
    """The share of a price, rounded once, half up."""
    numerator, denominator = part
    return (price * numerator / denominator).quantize(quantum(currency), ROUND_HALF_UP)
