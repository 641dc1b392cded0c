"""What the input folder says: settings, prices, tax rates, and every account with all that is its own.

Only what `prorata generate` writes is understood.
"""

import csv
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

from clock import parse_instant, zone_named
from model import (
    Account, Adjustment, Change, Discount, Payment, Price, Subscription, TaxRate, Tier,
)

# Months and days.
INTERVALS = {"week": (0, 7), "month": (1, 0), "quarter": (3, 0), "year": (12, 0)}


def number(text):
    """A whole number, or nothing."""
    return int(text) if text else None


class Company:
    """Everything that is in the folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.settings = tomllib.loads((self.folder / "billing.toml").read_text("utf-8"))
        self.zone = zone_named(self.settings["timezone"])
        self.prices = self.read_prices()
        self.rates = self.read_rates()
        self.accounts = {row["account_id"]: self.account(row) for row in self.rows("accounts.csv")}
        self.read_account_changes()
        self.read_subscriptions()
        self.read_around()

    def rows(self, name):
        with open(self.folder / name, encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file, strict=True)

    def read_prices(self):
        tiers = {}
        for row in self.rows("price_tiers.csv"):
            tier = Tier(number(row["up_to"]), Decimal(row["unit_amount"]), Decimal(row["flat_amount"]))
            tiers.setdefault(row["price_id"], []).append(tier)
        return {
            row["price_id"]: Price(
                id=row["price_id"],
                place=place,
                product=row["product"],
                currency=row["currency"],
                unit_amount=Decimal(row["unit_amount"] or 0),
                interval=INTERVALS[row["interval"]],
                scheme=row["scheme"],
                package_size=number(row["package_size"]) or 1,
                free_quantity=number(row["free_quantity"]) or 0,
                is_arrears=row["billing"] == "arrears",
                on_increase=row["on_increase"] or "next_invoice",
                on_decrease=row["on_decrease"] or "next_invoice",
                on_cancel=row["on_cancel"] or "period_end",
                on_switch=row["on_switch"] or "restart",
                anchor_day=number(row["anchor_day"]),
                granularity=row["granularity"] or "second",
                tax_code=row["tax_code"],
                tiers=tiers.get(row["price_id"], []),
            )
            for place, row in enumerate(self.rows("prices.csv"))
        }

    def read_rates(self):
        """Rows by code, country and region; the latter two empty for anywhere."""
        rates = {}
        for row in self.rows("tax_rates.csv"):
            rate = TaxRate(
                code=row["code"],
                name=row["name"],
                percent=Decimal(row["percent"]),
                is_inclusive=row["behavior"] == "inclusive",
                treatment=row["treatment"] or "taxable",
                valid_from=date.fromisoformat(row["valid_from"] or "0001-01-01"),
                valid_to=date.fromisoformat(row["valid_to"] or "9999-12-31"),
            )
            rates.setdefault((row["code"], row["country"], row["region"]), []).append(rate)
        return rates

    def rate(self, code, account, day):
        """What a code means for an account on a day."""
        country, region = account.country, account.region
        for place in ((country, region), (country, ""), ("", "")):
            rates = self.rates.get((code, *place))
            if rates:
                return next(it for it in rates if it.valid_from <= day <= it.valid_to)
        raise ValueError(f"no rate {code} for {account.id}")

    def account(self, row):
        columns = ["address_line1", "address_line2", "postal_code", "city", "region", "country"]
        return Account(
            id=row["account_id"],
            name=row["name"],
            recipient=row["billing_email"] or row["email"],
            address=[row[column] for column in columns if row[column]],
            country=row["country"],
            region=row["region"],
            tax_id=row["tax_id"],
            tax_code=row["tax_code"],
            zone=zone_named(row["timezone"]) if row["timezone"] else self.zone,
        )

    def read_account_changes(self):
        """Of what may change, only the tax code decides an amount."""
        if not (self.folder / "account_changes.csv").exists():
            return
        for row in self.rows("account_changes.csv"):
            if row["column"] == "tax_code":
                account = self.accounts[row["account_id"]]
                change = (parse_instant(row["at"], account.zone), row["value"])
                account.later_codes = sorted([*account.later_codes, change])

    def read_subscriptions(self):
        zones, subscriptions = {}, {}
        for row in self.rows("subscriptions.csv"):
            account = self.accounts[row["account_id"]]
            subscription = Subscription(
                id=row["subscription_id"],
                price=self.prices[row["price_id"]],
                quantity=int(row["quantity"]),
                started_at=parse_instant(row["started_at"], account.zone),
                anchor=row["anchor"] and parse_instant(row["anchor"], account.zone) or None,
                trial_end=row["trial_end"] and parse_instant(row["trial_end"], account.zone) or None,
            )
            account.subscriptions.append(subscription)
            subscriptions[subscription.id] = subscription
            zones[subscription.id] = account.zone
        for row in self.rows("changes.csv"):
            owner = row["subscription_id"]
            subscriptions[owner].changes.append(self.change(row, zones[owner]))
        for subscription in subscriptions.values():
            # Stable: rows of one instant stay in the order of the file.
            subscription.changes.sort(key=lambda change: change.at)

    def change(self, row, zone):
        return Change(
            id=row["change_id"],
            at=parse_instant(row["at"], zone),
            kind=row["kind"],
            quantity=number(row["quantity"]),
            delta=number(row["delta"]),
            price=self.prices[row["price_id"]] if row["price_id"] else None,
            previous_quantity=number(row["previous_quantity"]),
            anchor=parse_instant(row["anchor"], zone) if row["anchor"] else None,
            policy=row["policy"],
        )

    def read_around(self):
        for row in self.rows("discounts.csv"):
            account = self.accounts[row["account_id"]]
            account.discounts.append(self.discount(row, account.zone))
        for row in self.rows("adjustments.csv"):
            account = self.accounts[row["account_id"]]
            adjustment = Adjustment(
                id=row["adjustment_id"],
                at=parse_instant(row["at"], account.zone),
                currency=row["currency"],
                amount=Decimal(row["amount"]),
                description=row["description"],
                is_taxable=row["taxable"] != "false",
                is_immediate=row["timing"] == "immediate",
            )
            account.adjustments.append(adjustment)
        for row in self.rows("payments.csv"):
            account = self.accounts[row["account_id"]]
            at = parse_instant(row["at"], account.zone)
            account.payments.append(Payment(at, Decimal(row["amount"]), row["currency"]))

    def discount(self, row, zone):
        uses = {"once": 1, "periods": number(row["periods"])}
        return Discount(
            id=row["discount_id"],
            name=row["name"],
            subscription_id=row["subscription_id"],
            product=row["product"],
            percent=Decimal(row["percent"]) if row["percent"] else None,
            amount=Decimal(row["amount"]) if row["amount"] else None,
            currency=row["currency"],
            starts_at=parse_instant(row["starts_at"], zone),
            uses=uses.get(row["duration"]),
            ends_at=parse_instant(row["ends_at"], zone) if row["ends_at"] else None,
            is_excess_credit=row["excess"] == "credit",
        )
