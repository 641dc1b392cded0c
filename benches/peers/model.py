"""What is billed: accounts with their prices, subscriptions, changes and everything around them.

Instants are Unix seconds; amounts are Decimal, in major units.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

DIGITS = {"JPY": 0, "KWD": 3}


class Tier(NamedTuple):
    up_to: int | None
    unit_amount: Decimal
    flat_amount: Decimal


@dataclass(slots=True, eq=False)
class Price:
    id: str
    place: int
    product: str
    currency: str
    unit_amount: Decimal
    interval: tuple
    scheme: str
    package_size: int
    free_quantity: int
    is_arrears: bool
    on_increase: str
    on_decrease: str
    on_cancel: str
    on_switch: str
    anchor_day: int | None
    granularity: str
    tax_code: str
    tiers: list

    def cost(self, quantity):
        """What a quantity costs for a whole period, not rounded."""
        if quantity == 0:
            return Decimal(0)
        charged = max(quantity - self.free_quantity, 0)
        if self.scheme == "flat":
            return self.unit_amount
        if self.scheme == "package":
            return self.unit_amount * -(-charged // self.package_size)
        if self.scheme == "volume":
            tier = next(it for it in self.tiers if it.up_to is None or quantity <= it.up_to)
            return tier.unit_amount * quantity + tier.flat_amount
        if self.scheme == "graduated":
            return self.graduated_cost(quantity)
        return self.unit_amount * charged

    def graduated_cost(self, quantity):
        """Each tier's units at its price, and what entering it costs."""
        cost, below = Decimal(0), 0
        for tier in self.tiers:
            if quantity <= below:
                break
            last = quantity if tier.up_to is None else min(quantity, tier.up_to)
            cost += tier.unit_amount * (last - below) + tier.flat_amount
            below = last
        return cost

    @property
    def is_free(self):
        """Whether it costs nothing at any quantity."""
        amounts = [amount for tier in self.tiers for amount in (tier.unit_amount, tier.flat_amount)]
        return not any(amounts if self.tiers else [self.unit_amount])


@dataclass(slots=True, eq=False)
class Change:
    id: str
    at: int
    kind: str
    quantity: int | None
    delta: int | None
    price: Price | None
    previous_quantity: int | None
    anchor: int | None
    policy: str


@dataclass(slots=True, eq=False)
class Subscription:
    id: str
    price: Price
    quantity: int
    started_at: int
    anchor: int | None
    trial_end: int | None
    changes: list = field(default_factory=list)


class TaxRate(NamedTuple):
    code: str
    name: str
    percent: Decimal
    is_inclusive: bool
    treatment: str
    valid_from: date
    valid_to: date


class Discount(NamedTuple):
    id: str
    name: str
    subscription_id: str
    product: str
    percent: Decimal | None
    amount: Decimal | None
    currency: str
    starts_at: int
    uses: int | None
    ends_at: int | None
    is_excess_credit: bool


class Adjustment(NamedTuple):
    id: str
    at: int
    currency: str
    amount: Decimal
    description: str
    is_taxable: bool
    is_immediate: bool


class Payment(NamedTuple):
    at: int
    amount: Decimal
    currency: str


@dataclass(slots=True, eq=False)
class Account:
    id: str
    name: str
    recipient: str
    address: list
    country: str
    region: str
    tax_id: str
    tax_code: str
    zone: object
    subscriptions: list = field(default_factory=list)
    discounts: list = field(default_factory=list)
    adjustments: list = field(default_factory=list)
    payments: list = field(default_factory=list)
    # Tax codes from instants on, in order of time.
    later_codes: list = field(default_factory=list)

    def tax_code_at(self, instant):
        codes = [code for since, code in self.later_codes if since <= instant]
        return codes[-1] if codes else self.tax_code


@cache
def quantum(currency):
    """One minor unit."""
    return Decimal(1).scaleb(-DIGITS.get(currency, 2))


@cache
def nothing(currency):
    """No money, with the digits of the currency."""
    return Decimal(0).quantize(quantum(currency))
