//! Subscriptions, by their events and the period that was invoiced last.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use super::accounts::{Accounts, Known};
use super::catalog::{Catalog, Phase};
use super::tables::{BlockingRow, EventRow, ItemRow, SubscriptionRow};
use crate::import::company::{Change, Company, Price, Subscription};
use crate::import::export_table::{ExportFolder, Row};
use crate::import::finding::Effect;
use crate::import::period::{Length, Period};
use crate::import::values::{Cells, NotTaken};
use crate::value::{Currency, Instant, Zone};

/// The tables that say what a subscription is.
pub(super) struct Tables<'a> {
    pub(super) as_of: Instant,
    pub(super) accounts: &'a Accounts,
    pub(super) catalog: &'a Catalog,
    pub(super) events: BTreeMap<String, Vec<Event<'a>>>,
    /// Items of periods, by subscription.
    pub(super) items: BTreeMap<&'a str, Vec<&'a Row<ItemRow>>>,
    /// By what is blocked.
    pub(super) blocking: BTreeMap<&'a str, Vec<&'a Row<BlockingRow>>>,
}

/// An event in force.
#[derive(Clone, Copy)]
pub(super) struct Event<'a> {
    at: Instant,
    record: u64,
    row: &'a Row<EventRow>,
}

/// The active events by subscription, in their order.
pub(super) fn events<'a>(
    folder: &mut ExportFolder<'_>,
    rows: &'a [Row<EventRow>],
) -> BTreeMap<String, Vec<Event<'a>>> {
    let mut events: BTreeMap<String, Vec<Event<'a>>> = BTreeMap::new();
    for row in rows {
        let mut cells = Cells { row, folder: &mut *folder };
        let Ok(true) = cells.truth("is_active", &row.cells.is_active) else { continue };
        let at = cells.instant("effective_date", &row.cells.effective_date);
        let record = cells.count("record_id", &row.cells.record_id);
        if let (Ok(at), Ok(record)) = (at, record) {
            let own = events.entry(row.cells.subscription_id.clone()).or_default();
            own.push(Event { at, record, row });
        }
    }
    for events in events.values_mut() {
        events.sort_by_key(|event| (event.at, event.record));
    }
    events
}

/// The items of periods, by subscription.
pub(super) fn items(rows: &[Row<ItemRow>]) -> BTreeMap<&str, Vec<&Row<ItemRow>>> {
    let mut items: BTreeMap<&str, Vec<&Row<ItemRow>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.cells.type_ == "RECURRING") {
        items.entry(&row.cells.subscription_id).or_default().push(row);
    }
    items
}

/// What blocks, by what is blocked.
pub(super) fn blocking(rows: &[Row<BlockingRow>]) -> BTreeMap<&str, Vec<&Row<BlockingRow>>> {
    let mut blocking: BTreeMap<&str, Vec<&Row<BlockingRow>>> = BTreeMap::new();
    for row in rows {
        blocking.entry(&row.cells.blockable_id).or_default().push(row);
    }
    blocking
}

impl Event<'_> {
    fn is(&self, event_type: &str, user_type: &str) -> bool {
        let it = &self.row.cells;
        it.event_type == event_type && (user_type.is_empty() || it.user_type == user_type)
    }

    /// Whether the subscription is in another phase from then on.
    fn begins_phase(&self) -> bool {
        let is_other = self.is("PHASE", "")
            || ["CREATE", "TRANSFER", "CHANGE"].iter().any(|user| self.is("API_USER", user));
        is_other && !self.row.cells.phase_name.is_empty()
    }

    fn ends(&self) -> bool {
        self.is("API_USER", "CANCEL") || self.is("EXPIRED", "")
    }
}

/// A subscription as it stands at the instant of the exports.
struct Standing<'a> {
    account: &'a Known,
    currency: Currency,
    phase_name: &'a str,
    phase: &'a Phase,
    quantity: u64,
}

impl<'a> Tables<'a> {
    /// Takes over the subscriptions that are in force.
    pub(super) fn take(
        &self,
        folder: &mut ExportFolder<'_>,
        rows: &[Row<SubscriptionRow>],
        company: &mut Company,
    ) {
        for row in rows {
            let mut cells = Cells { row, folder: &mut *folder };
            // What failed has been reported.
            let _ = self.take_one(&mut cells, company);
        }
    }

    fn take_one(
        &self,
        cells: &mut Cells<'_, '_, SubscriptionRow>,
        company: &mut Company,
    ) -> Result<(), NotTaken> {
        let id = &cells.row.cells.id;
        let events = self.events.get(id).map(Vec::as_slice).unwrap_or_default();
        let standing = self.standing(cells, events)?;
        self.look_at_blocking(cells)?;
        let zone = standing.account.zone;
        let coming: Vec<&Event<'_>> = events.iter().filter(|event| event.at > self.as_of).collect();
        let mut row = Subscription {
            subscription_id: id.clone(),
            account_id: standing.account.key.clone(),
            quantity: standing.quantity.to_string(),
            ..Subscription::default()
        };
        if standing.phase.recurs() {
            let period = self.billed(cells, &standing)?;
            let (price, _, length) = self.price(cells, &standing, standing.phase_name)?;
            row.started_at = period.0.to_string();
            row.anchor = self.anchor(cells, &standing, events, period, length)?.to_string();
            row.price_id.clone_from(&price.price_id);
            company.prices.push(price);
        } else {
            let what = [
                "nothing recurs in its phase, and no other one follows",
                "write it into subscriptions.csv if it is to be billed",
            ];
            let next = coming.iter().find(|event| event.begins_phase());
            let Some(next) = next else {
                return Err(cells.lose("id", id, Effect::None, what));
            };
            let (price, ..) = self.price(cells, &standing, &next.row.cells.phase_name)?;
            row.started_at =
                zone.date(cells.instant("start_date", &cells.row.cells.start_date)?).to_string();
            row.trial_end = zone.date(next.at).to_string();
            row.price_id.clone_from(&price.price_id);
            company.prices.push(price);
        }
        self.plan(cells, &standing, &row, &coming, company)?;
        company.subscriptions.push(row);
        Ok(())
    }

    /// The terms at the instant of the exports.
    fn standing(
        &self,
        cells: &mut Cells<'_, '_, SubscriptionRow>,
        events: &[Event<'a>],
    ) -> Result<Standing<'a>, NotTaken> {
        let it = &cells.row.cells;
        let Some(account) = self.accounts.by_record.get(&it.account_record_id) else {
            if self.accounts.broken.contains(&it.account_record_id) {
                return Err(NotTaken);
            }
            let rule = "is the record of no account";
            let hint = "export the account anew";
            return Err(cells.report("account_record_id", &it.account_record_id, rule, hint));
        };
        let past: Vec<&Event<'_>> = events.iter().filter(|event| event.at <= self.as_of).collect();
        if past.iter().any(|event| event.ends()) {
            return Err(cells.lose("id", &it.id, Effect::None, ["it has ended", "nothing"]));
        }
        let Some(last) = past.iter().rev().find(|event| event.begins_phase()) else {
            let what = [
                "it has not begun",
                "write it into subscriptions.csv with the date at which it begins",
            ];
            return Err(cells.lose("id", &it.id, Effect::BillsDiffer, what));
        };
        let quantity = past.iter().rev().find(|event| event.is("QUANTITY_UPDATE", ""));
        let quantity = match quantity {
            Some(event) => {
                let mut own = Cells { row: event.row, folder: &mut *cells.folder };
                own.count("quantity", &event.row.cells.quantity)?
            }
            None => 1,
        };
        let phase_name = last.row.cells.phase_name.as_str();
        let phase = self.phase(cells, last.row)?;
        if let Some(why) = phase.why_not {
            return Err(cells.lose("id", &it.id, Effect::BillsDiffer, why));
        }
        let Some(currency) = account.currency else {
            let hint = "write the currency of the account into the export";
            return Err(cells.report("id", &it.id, "is of an account without a currency", hint));
        };
        Ok(Standing { account, currency, phase_name, phase, quantity })
    }

    fn phase(
        &self,
        cells: &mut Cells<'_, '_, SubscriptionRow>,
        event: &Row<EventRow>,
    ) -> Result<&'a Phase, NotTaken> {
        let name = &event.cells.phase_name;
        self.catalog.get(name).ok_or_else(|| {
            if self.catalog.is_empty() {
                return NotTaken;
            }
            let hint = "export the catalog with the plans that subscriptions have";
            let problem = event.problem("phase_name", name, "is not in catalog.xml", hint);
            cells.folder.problems.push(problem);
            NotTaken
        })
    }

    fn price(
        &self,
        cells: &mut Cells<'_, '_, SubscriptionRow>,
        standing: &Standing<'_>,
        phase: &str,
    ) -> Result<(Price, Decimal, Length), NotTaken> {
        let found = self.catalog.get(phase).and_then(|it| it.price(phase, standing.currency));
        found.ok_or_else(|| {
            let rule = format!("has no price in {} for its phase {phase}", standing.currency);
            let hint = "export the catalog with that price";
            cells.report("id", &cells.row.cells.id, &rule, hint)
        })
    }

    /// The period that was invoiced last. It must contain the day of the exports, at the price of the
    /// catalog.
    fn billed(
        &self,
        cells: &mut Cells<'_, '_, SubscriptionRow>,
        standing: &Standing<'_>,
    ) -> Result<(NaiveDate, NaiveDate), NotTaken> {
        let id = &cells.row.cells.id;
        let today = standing.account.zone.date(self.as_of);
        let own = self.items.get(id.as_str()).into_iter().flatten().copied();
        let mut last: Option<(NaiveDate, u64, NaiveDate, &Row<ItemRow>)> = None;
        for row in own {
            let mut item = Cells { row, folder: &mut *cells.folder };
            let start = date(item.instant("start_date", &row.cells.start_date)?);
            let end = date(item.instant("end_date", &row.cells.end_date)?);
            let record = item.count("record_id", &row.cells.record_id)?;
            let is_current = start <= today && today < end;
            if is_current && last.is_none_or(|(known, other, ..)| (start, record) > (known, other))
            {
                last = Some((start, record, end, row));
            }
        }
        let Some((start, _, end, item)) = last else {
            let hint =
                "export the account anew after its invoices were made; --as-of is that instant";
            let rule = format!("has no invoiced period with {today}, the day of --as-of");
            return Err(cells.report("id", id, &rule, hint));
        };
        let (_, amount, _) = self.price(cells, standing, standing.phase_name)?;
        let rate =
            Cells { row: item, folder: &mut *cells.folder }.decimal("rate", &item.cells.rate)?;
        let expected = amount.checked_mul(Decimal::from(standing.quantity));
        if expected.is_none_or(|expected| expected.normalize() != rate.normalize()) {
            let what = [
                "it was invoiced at another price than that of the catalog, or in another quantity",
                "write its price and the subscription by hand",
            ];
            let finding = item.finding("rate", &item.cells.rate, Effect::BillsDiffer, what);
            cells.folder.findings.push(finding);
            return Err(NotTaken);
        }
        Ok((start, end))
    }

    /// The date that periods are counted from: the first of several whose periods end as Kill Bill's does.
    fn anchor(
        &self,
        cells: &mut Cells<'_, '_, SubscriptionRow>,
        standing: &Standing<'_>,
        events: &[Event<'_>],
        (start, end): (NaiveDate, NaiveDate),
        length: Length,
    ) -> Result<NaiveDate, NotTaken> {
        let zone = standing.account.zone;
        let days = events.iter().rev().filter(|event| event.at <= self.as_of);
        let own_day = days
            .filter(|event| event.is("BCD_UPDATE", ""))
            .find_map(|event| event.row.cells.billing_cycle_day_local.parse().ok());
        let day = own_day.or(standing.account.cycle_day);
        // January has every day. It is the month of the anchor where months are all the same.
        let of_cycle =
            [end.month(), 1].map(|month| NaiveDate::from_ymd_opt(end.year(), month, day?));
        let begun = zone.date(cells.instant("start_date", &cells.row.cells.start_date)?);
        let candidates =
            of_cycle.into_iter().chain([Some(begun), Some(start), Some(end)]).flatten();
        let period = Period { start: midnight(start), end: midnight(end) };
        let mut fitting = candidates.filter(|anchor| period.fits(midnight(*anchor), length));
        fitting.next().ok_or_else(|| {
            let what = [
                "its period is longer than one of its plan",
                "write it into subscriptions.csv by hand, with the anchor of its next period",
            ];
            cells.lose("id", &cells.row.cells.id, Effect::BillsDiffer, what)
        })
    }

    /// What is planned for a subscription.
    fn plan(
        &self,
        cells: &mut Cells<'_, '_, SubscriptionRow>,
        standing: &Standing<'_>,
        row: &Subscription,
        coming: &[&Event<'_>],
        company: &mut Company,
    ) -> Result<(), NotTaken> {
        for event in coming {
            let it = &event.row.cells;
            let at = standing.account.zone.date(event.at).to_string();
            let change = Change {
                change_id: format!(
                    "event-{}",
                    if it.id.is_empty() { &it.record_id } else { &it.id }
                ),
                at: at.clone(),
                subscription_id: row.subscription_id.clone(),
                note: "planned in Kill Bill".to_owned(),
                ..Change::default()
            };
            if event.ends() {
                let (kind, policy) = ("cancel".to_owned(), "immediate".to_owned());
                company.changes.push(Change { kind, policy, ..change });
            } else if event.is("QUANTITY_UPDATE", "") {
                let quantity = it.quantity.clone();
                company.changes.push(Change { kind: "quantity".to_owned(), quantity, ..change });
            } else if event.begins_phase() && at != row.trial_end {
                let (price, ..) = self.price(cells, standing, &it.phase_name)?;
                let price_id = price.price_id.clone();
                company.changes.push(Change { kind: "price".to_owned(), price_id, ..change });
                company.prices.push(price);
            } else if event.is("BCD_UPDATE", "") {
                let what = [
                    "the day of the cycle moves later",
                    "write a change of kind anchor into changes.csv",
                ];
                let value = &it.billing_cycle_day_local;
                let finding =
                    event.row.finding("billing_cycle_day_local", value, Effect::BillsDiffer, what);
                cells.folder.findings.push(finding);
            }
        }
        Ok(())
    }

    /// A subscription whose billing is blocked is not taken over.
    fn look_at_blocking(&self, cells: &mut Cells<'_, '_, SubscriptionRow>) -> Result<(), NotTaken> {
        let it = &cells.row.cells;
        let account = self.accounts.by_record.get(&it.account_record_id);
        let account = account.map_or("", |account| account.id.as_str());
        let mut newest: BTreeMap<(&str, &str), (Instant, u64, &Row<BlockingRow>)> = BTreeMap::new();
        let own = [it.id.as_str(), it.bundle_id.as_str(), account];
        for row in own.iter().filter_map(|id| self.blocking.get(id)).flatten().copied() {
            let mut own = Cells { row, folder: &mut *cells.folder };
            if !own.truth("is_active", &row.cells.is_active)? {
                continue;
            }
            let at = own.instant("effective_date", &row.cells.effective_date)?;
            let record = own.count("record_id", &row.cells.record_id)?;
            let key = (row.cells.blockable_id.as_str(), row.cells.service.as_str());
            if newest.get(&key).is_none_or(|(known, other, _)| (at, record) > (*known, *other)) {
                newest.insert(key, (at, record, row));
            }
        }
        for (_, _, row) in newest.into_values() {
            let mut own = Cells { row, folder: &mut *cells.folder };
            if own.truth("block_billing", &row.cells.block_billing)? {
                let what = [
                    "its billing is blocked, now or later",
                    "write it into subscriptions.csv when it goes on",
                ];
                let state = &row.cells.state;
                return Err(cells.lose(
                    "id",
                    &format!("{}, {state}", it.id),
                    Effect::BillsDiffer,
                    what,
                ));
            }
        }
        Ok(())
    }
}

/// The day of a bare date, which is read as midnight in UTC.
fn date(at: Instant) -> NaiveDate {
    Zone::UTC.date(at)
}

fn midnight(date: NaiveDate) -> Instant {
    Zone::UTC.midnight(date)
}
