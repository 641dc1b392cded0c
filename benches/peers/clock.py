"""Instants, which are whole Unix seconds, and what wall clocks show at them.

A wall-clock time that a change of the clocks skips means the first instant after the gap; one that
occurs twice means its first occurrence.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

zone_named = cache(ZoneInfo)


def local_time(instant, zone):
    """What the wall clock shows at an instant."""
    return datetime.fromtimestamp(instant, zone).replace(tzinfo=None, fold=0)


def local_date(instant, zone):
    """The calendar date at an instant."""
    return datetime.fromtimestamp(instant, zone).date()


def instant_of(local, zone):
    """The instant at which the wall clock shows a time."""
    seconds = int(local.replace(tzinfo=zone).timestamp())
    if local_time(seconds, zone) == local:
        return seconds
    before, after = int(local.replace(tzinfo=zone, fold=1).timestamp()), seconds
    new_offset = datetime.fromtimestamp(after, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after


def midnight(day, zone):
    """The first instant of a date."""
    return instant_of(datetime(day.year, day.month, day.day), zone)


def parse_instant(text, zone):
    """RFC 3339, to the second, or a bare date: its midnight in the zone."""
    if len(text) == 10:
        return midnight(date.fromisoformat(text), zone)
    return int(datetime.fromisoformat(text).timestamp())


def add_months(local, months):
    """The same day some months later, or the last one of a shorter month."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, days_of_month(year, month + 1))
    return local.replace(year=year, month=month + 1, day=day)


def days_of_month(year, month):
    """How many days a month has."""
    return monthrange(year, month)[1]


class Cycle:
    """Billing periods: boundary n is the anchor plus n intervals of wall-clock time."""

    def __init__(self, anchor, interval, zone):
        self.anchor, self.interval, self.zone = anchor, interval, zone
        self.anchor_local = local_time(anchor, zone)

    def boundary(self, index):
        """When period number `index` begins."""
        if index == 0:
            return self.anchor
        months, days = self.interval
        if months:
            local = add_months(self.anchor_local, months * index)
        else:
            local = self.anchor_local + timedelta(days=days * index)
        return instant_of(local, self.zone)

    def period_at(self, instant):
        """Start and end of the period that an instant lies in."""
        local = local_time(instant, self.zone)
        months, days = self.interval
        if months:
            passed = (local.year - self.anchor_local.year) * 12
            index = (passed + local.month - self.anchor_local.month) // months
        else:
            index = (local.date() - self.anchor_local.date()).days // days
        start, end = self.boundary(index), self.boundary(index + 1)
        while start > instant:
            index, start, end = index - 1, self.boundary(index - 1), start
        while end <= instant:
            index, start, end = index + 1, end, self.boundary(index + 2)
        return start, end
