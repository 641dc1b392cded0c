"""What a subscription should be billed: one charge for each stretch of time on one set of terms.

The walk goes period by period. What the log says is kept apart from what is billed until the end of
the period: they differ after a change that waits for the renewal.
"""

from datetime import date

from charges import Charge, Terms, prorated, share
from clock import Cycle, days_of_month, local_date, midnight


class Billed:
    """What is billed in the period that the walk is in."""

    def __init__(self, period, start, cycle, terms, has_charge):
        self.nominal_start, self.end = period
        self.start, self.cycle, self.terms = start, cycle, terms
        # The current segment: since when, because of which change, and charged when.
        self.since, self.change, self.charged_at = start, None, start
        self.has_charge = has_charge


class Walk:
    """Along a subscription's life, up to an instant."""

    def __init__(self, subscription, zone, through):
        self.subscription, self.zone, self.through = subscription, zone, through
        self.changes = [change for change in subscription.changes if change.at <= through]
        self.next = 0
        self.terms = Terms(subscription.price, subscription.quantity, False)
        self.cancelled = None
        self.new_anchor = None
        self.pending = []
        self.charges = []

    def run(self):
        """All charges, in the order in which they came about."""
        start = self.trial()
        cycle = billed_terms = None
        at_boundary = True
        while start is not None and start <= self.through:
            self.apply_up_to(start)
            if self.cancelled and (at_boundary or self.cancelled != "period_end"):
                break
            cycle = self.cycle_at(start, billed_terms, cycle)
            start, cycle, billed_terms, at_boundary = self.period(start, cycle)
            if at_boundary and self.cancelled:
                break
        return self.without_empty_pairs()

    def trial(self):
        """Where the first period begins, if one does."""
        end = self.subscription.trial_end
        if end is None:
            return self.subscription.started_at
        while self.next < len(self.changes) and self.changes[self.next].at < end:
            self.apply_up_to(self.changes[self.next].at)
            if self.cancelled and self.cancelled != "period_end":
                return None
        return None if self.cancelled and end <= self.through else end

    def apply_up_to(self, instant):
        while self.next < len(self.changes) and self.changes[self.next].at <= instant:
            self.apply_next()

    def apply_next(self):
        """Takes up the next change. Returns it, and whether price, quantity or pause differ."""
        change = self.changes[self.next]
        self.next += 1
        if change.previous_quantity not in (None, self.terms.quantity):
            raise ValueError(f"{change.id}: {self.terms.quantity} units before it")
        before = self.terms
        if change.kind == "quantity":
            total = change.quantity
            if total is None:
                total = before.quantity + change.delta
            self.terms = before._replace(quantity=total)
        elif change.kind == "price":
            quantity = before.quantity if change.quantity is None else change.quantity
            self.terms = before._replace(price=change.price, quantity=quantity)
        elif change.kind in ("pause", "resume"):
            self.terms = before._replace(paused=change.kind == "pause")
        elif change.kind == "cancel":
            self.cancelled = change.policy or before.price.on_cancel
        elif change.kind == "uncancel":
            self.cancelled = None
        elif change.kind == "anchor":
            self.new_anchor = change.anchor
        else:
            raise ValueError(f"{change.id}: unknown kind {change.kind}")
        return change, self.terms != before

    def cycle_at(self, start, billed_terms, cycle):
        """How the period that begins at `start` is counted."""
        interval = self.terms.price.interval
        new_anchor, self.new_anchor = self.new_anchor, None
        if new_anchor is not None:
            return Cycle(new_anchor, interval, self.zone)
        if cycle is None:
            anchor = self.subscription.anchor
            anchor = self.natural_anchor(start) if anchor is None else anchor
            return Cycle(anchor, interval, self.zone)
        if billed_terms is not None and is_switch(billed_terms, self.terms):
            return self.switched(start, cycle)
        return cycle

    def switched(self, start, cycle):
        """How periods are counted after a switch to the terms of the log."""
        price = self.terms.price
        anchor = cycle.anchor if price.on_switch == "keep_anchor" else self.natural_anchor(start)
        return Cycle(anchor, price.interval, self.zone)

    def natural_anchor(self, start):
        """Where a period begins, or the last day before that the calendar gives: it has the number that
        the price asks for, and its month is one in which such periods begin in every year."""
        day = self.terms.price.anchor_day
        if day is None:
            return start
        begins = local_date(start, self.zone)
        year, month = begins.year, begins.month
        months, _ = self.terms.price.interval
        grid = 1 if not months else months if 12 % months == 0 else 12
        while (
            days_of_month(year, month) < day
            or date(year, month, day) > begins
            or (month - 1) % grid
        ):
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        return midnight(date(year, month, day), self.zone)

    def period(self, start, cycle):
        """Bills a period. Returns where the next one begins (nowhere at the end of the
        subscription), its cycle, the terms billed last, and whether that is at a boundary."""
        terms = self.terms
        has_charge = not terms.price.is_arrears and terms.cost != 0
        billed = Billed(cycle.period_at(start), start, cycle, terms, has_charge)
        if not terms.price.is_arrears:
            self.push(billed, "recurring", None, terms, start, (start, billed.end))
        while self.next < len(self.changes) and self.changes[self.next].at < billed.end:
            others_wait = self.terms != billed.terms
            change, is_different = self.apply_next()
            turn = None
            if change.kind == "cancel":
                turn = self.cancel(billed, change)
            elif change.kind == "anchor":
                turn = self.move_anchor(billed, change)
            elif is_different:
                turn = self.change_terms(billed, change, others_wait)
            if turn is not None:
                self.flush(change.at)
                return turn
        if billed.terms.price.is_arrears:
            self.bill_segment(billed, billed.end)
        self.flush(billed.end)
        return billed.end, cycle, billed.terms, True

    def cancel(self, billed, change):
        """An immediate cancellation ends the period, unless a row of its instant takes it back."""
        rest = self.changes[self.next:]
        if self.cancelled == "period_end" or any(
            later.at == change.at and later.kind == "uncancel" for later in rest
        ):
            return None
        has_credit = self.cancelled == "immediate" and billed.terms.price.granularity != "period"
        self.leave(billed, change, change.at, has_credit)
        return None, None, None, False

    def move_anchor(self, billed, change):
        self.leave(billed, change, change.at, billed.terms.price.granularity != "period")
        anchor, self.new_anchor = self.new_anchor, None
        return change.at, Cycle(anchor, self.terms.price.interval, self.zone), self.terms, False

    def change_terms(self, billed, change, others_wait):
        """Brings what a change asks for into force, if the policy says so now."""
        old, new = billed.terms, taken_up(billed.terms, change, self.terms)
        if is_switch(old, new):
            policy = change.policy or new.price.on_switch
            if policy in ("period_end", "none"):
                return None
            self.leave(billed, change, change.at, old.price.granularity != "period")
            return change.at, self.switched(change.at, billed.cycle), self.terms, False
        if old.price is new.price and old.billed_quantity == new.billed_quantity:
            billed.terms = new
            return None
        grows = (new.cost, new.billed_quantity) >= (old.cost, old.billed_quantity)
        is_break = change.kind in ("pause", "resume")
        own = old.price.on_increase if grows and not is_break else old.price.on_decrease
        # 0.00 to pay is no reason for an invoice.
        own = "next_invoice" if own == "immediate" and old.cost == new.cost else own
        policy = change.policy or own
        if policy in ("period_end", "none") or waits_whole(old, new) or (others_wait and not grows):
            return None
        if old.price.is_arrears and old.price.granularity == "period":
            billed.terms = new
            return None
        due = change.at if policy == "immediate" else billed.end
        self.bring_forward(billed, due)
        if not new.price.is_arrears:
            self.push(billed, "remaining", change, new, due, (change.at, billed.end))
        self.leave(billed, change, due)
        billed.terms, billed.since, billed.change, billed.charged_at = new, change.at, change, due
        billed.has_charge |= not new.price.is_arrears and new.cost != 0
        return None

    def bring_forward(self, billed, due):
        """What waits for the next invoice goes on this one."""
        for charge in self.pending:
            if charge.kind in ("remaining", "unused"):
                charge.due = min(charge.due, due)
                charge.charged_at = min(charge.charged_at, due)
        billed.charged_at = min(billed.charged_at, due)

    def leave(self, billed, change, due, has_credit=True):
        """Ends the terms in force: credits what was paid ahead, or bills what was used."""
        if billed.terms.price.is_arrears:
            self.bill_segment(billed, change.at)
        elif has_credit:
            self.push(billed, "unused", change, billed.terms, due, (change.at, billed.end))

    def bill_segment(self, billed, until):
        if until > billed.since:
            service = (billed.since, until)
            self.push(billed, "recurring", billed.change, billed.terms, billed.end, service)

    def push(self, billed, kind, change, terms, due, service):
        if terms.billed_quantity == 0 or (kind != "recurring" and terms.cost == 0):
            return
        charge = Charge(kind, change, self.subscription, terms, due, service)
        charge.charged_at = billed.charged_at if kind == "unused" else due
        charge.period_start = billed.start
        charge.opens = kind == "recurring" or (kind == "remaining" and not billed.has_charge)
        charge.share = share(terms.price, self.zone, service, billed)
        charge.amount = prorated(terms.cost, charge.share, terms.price.currency)
        if kind == "unused":
            charge.amount = -charge.amount
        self.pending.append(charge)

    def flush(self, end):
        """Hands over the charges of a period that ended; none falls due after that."""
        for charge in self.pending:
            charge.due = min(charge.due, end)
            charge.charged_at = min(charge.charged_at, end)
        self.charges += [charge for charge in self.pending if charge.due <= self.through]
        self.pending.clear()

    def without_empty_pairs(self):
        """A pair of lines for a change that are both nothing says nothing."""
        pairs = ("remaining", "unused")
        moving = {it.change.id for it in self.charges if it.kind in pairs and it.amount != 0}
        return [it for it in self.charges if it.kind not in pairs or it.change.id in moving]


def taken_up(billed, change, log):
    """The billed terms with what one change brings."""
    if change.kind == "quantity":
        return billed._replace(quantity=log.quantity)
    if change.kind == "price" and change.quantity is None:
        return billed._replace(price=log.price)
    if change.kind == "price":
        return billed._replace(price=log.price, quantity=log.quantity)
    return billed._replace(paused=log.paused)


def waits_whole(old, new):
    """A period that counts whole is billed on the terms that it ends with; a pause waits, and so does a
    price that counts otherwise or is billed at another time."""
    counts = [terms.price.granularity == "period" for terms in (old, new)]
    is_alike = counts[0] == counts[1] and old.price.is_arrears == new.price.is_arrears
    return any(counts) and (not is_alike or (new.paused and not old.paused))


def is_switch(old, new):
    """Whether a change begins a new period."""
    if old.price is new.price:
        return False
    return (
        old.price.interval != new.price.interval
        or old.price.currency != new.price.currency
        or (old.price.is_free and not new.price.is_free)
    )
