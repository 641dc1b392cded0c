//! Subscriptions, their add-ons, and the changes that are planned for them.

use std::collections::BTreeMap;

use super::prices::{Plan, Plans};
use super::tables::{AddOnRow, ChangeRow, SubscriptionRow};
use super::versions::newest;
use crate::import::company::{Change, Company, Price, Subscription};
use crate::import::export_table::{ExportFolder, Row};
use crate::import::finding::Effect;
use crate::import::period::Period;
use crate::import::values::{Cells, NotTaken, at, first_of};
use crate::value::{Currency, Instant};

/// A subscription that is taken over.
struct Taken<'a> {
    currency: Currency,
    plan: &'a Plan,
    /// The row of the plan; those of add-ons differ in id, price and quantity.
    row: Subscription,
    period: Period,
}

/// Takes over the subscriptions that are in force.
pub(super) fn take(
    folder: &mut ExportFolder<'_>,
    as_of: Instant,
    accounts: &BTreeMap<String, String>,
    plans: &Plans,
    company: &mut Company,
) {
    let add_ons = add_ons(folder);
    let rows = folder.required::<SubscriptionRow>();
    let rows = newest(folder, rows);
    let mut known = BTreeMap::new();
    for row in &rows {
        let mut cells = Cells { row, folder: &mut *folder };
        if !is_in_force(&mut cells) {
            continue;
        }
        let Ok(taken) = take_one(&mut cells, as_of, accounts, plans, company) else { continue };
        let own = add_ons.get(&row.cells.id).map(Vec::as_slice).unwrap_or_default();
        // What failed has been reported.
        let before = company.subscriptions.len() - 1;
        let _ = take_add_ons(&mut cells, own, &taken, company);
        let _ = end(&mut cells, taken.period, before, company);
        known.insert(row.cells.id.clone(), (taken, &row.cells));
    }
    plan_changes(folder, as_of, &known, plans, company);
}

/// The add-ons by subscription that have not expired.
fn add_ons(folder: &mut ExportFolder<'_>) -> BTreeMap<String, Vec<Row<AddOnRow>>> {
    let rows = folder.optional::<AddOnRow>().unwrap_or_default();
    let mut add_ons: BTreeMap<String, Vec<Row<AddOnRow>>> = BTreeMap::new();
    for row in newest(folder, rows).into_iter().filter(|row| row.cells.expired_at.is_empty()) {
        add_ons.entry(row.cells.subscription_id.clone()).or_default().push(row);
    }
    add_ons
}

/// Whether a subscription is to be taken over. Says why, if it is not.
fn is_in_force(cells: &mut Cells<'_, '_, SubscriptionRow>) -> bool {
    let row: &Row<SubscriptionRow> = cells.row;
    let state = row.cells.state.as_str();
    let (effect, why, what_to_do) = match state {
        "active" | "canceled" if row.cells.paused_at.is_empty() => return true,
        "active" | "canceled" | "paused" => (
            Effect::BillsDiffer,
            "it is paused, or will be at its next renewal",
            "write it into subscriptions.csv when it goes on",
        ),
        "expired" | "failed" => (Effect::None, "it has ended", "nothing"),
        "future" => (
            Effect::BillsDiffer,
            "it has not begun",
            "write it into subscriptions.csv with the instant at which it begins",
        ),
        _ => {
            let hint = "known are active, canceled, expired, failed, future and paused";
            cells.report("state", state, "is no state of a subscription", hint);
            return false;
        }
    };
    cells.lose("state", state, effect, [why, what_to_do]);
    false
}

fn take_one<'a>(
    cells: &mut Cells<'_, '_, SubscriptionRow>,
    as_of: Instant,
    accounts: &BTreeMap<String, String>,
    plans: &'a Plans,
    company: &mut Company,
) -> Result<Taken<'a>, NotTaken> {
    let it = &cells.row.cells;
    let Some(account) = accounts.get(&it.account_id) else {
        let hint = "export the accounts at the same time; a deleted one has no subscription";
        return Err(cells.report(
            "account_id",
            &it.account_id,
            "is not in account_history.csv",
            hint,
        ));
    };
    let Some(plan) = plans.get(&it.plan_id) else {
        let hint = "export the plans at the same time, deleted ones included";
        return Err(cells.report("plan_id", &it.plan_id, "is not in plan_history.csv", hint));
    };
    let plan = plan.as_ref().ok_or(NotTaken)?;
    let currency = cells.currency("currency", &it.currency)?;
    let price = plan.at(cells.decimal("unit_amount", &it.unit_amount)?, currency);
    let quantity = cells.count("quantity", &it.quantity)?;
    let period = period(cells, as_of)?;
    let trial_end = cells.optional_instant("trial_ends_at", &it.trial_ends_at)?;
    let anchor = match trial_end {
        Some(end) if end > as_of => String::new(),
        _ => anchor(cells, period, plan)?,
    };
    let row = Subscription {
        subscription_id: it.id.clone(),
        account_id: account.clone(),
        price_id: price.price_id.clone(),
        quantity: quantity.to_string(),
        started_at: at(period.start),
        anchor,
        trial_end: trial_end.filter(|end| *end > as_of).map(at).unwrap_or_default(),
    };
    company.prices.push(price);
    company.subscriptions.push(row.clone());
    Ok(Taken { currency, plan, row, period })
}

/// The period that was billed. It must contain the instant of the exports.
fn period(cells: &mut Cells<'_, '_, SubscriptionRow>, as_of: Instant) -> Result<Period, NotTaken> {
    let it = &cells.row.cells;
    let start = cells.instant("current_period_started_at", &it.current_period_started_at)?;
    let end = cells.instant("current_period_ends_at", &it.current_period_ends_at)?;
    if start <= as_of && as_of < end {
        return Ok(Period { start, end });
    }
    let hint = format!(
        "--as-of is the instant of the exports, now {}; export all tables anew if it is right",
        at(as_of)
    );
    let text = format!("{} – {}", at(start), at(end));
    Err(cells.report("current_period_ends_at", &text, "is a period without that instant", &hint))
}

/// The instant that periods are counted from: the first of several whose periods end as Recurly's does.
fn anchor(
    cells: &mut Cells<'_, '_, SubscriptionRow>,
    period: Period,
    plan: &Plan,
) -> Result<String, NotTaken> {
    let row: &Row<SubscriptionRow> = cells.row;
    let it = &row.cells;
    let candidates = [
        ("trial_ends_at", &it.trial_ends_at),
        ("activated_at", &it.activated_at),
        ("current_term_started_at", &it.current_term_started_at),
        ("current_period_started_at", &it.current_period_started_at),
        ("current_period_ends_at", &it.current_period_ends_at),
    ];
    for (column, text) in candidates {
        let candidate = cells.optional_instant(column, text)?;
        if let Some(anchor) = candidate.filter(|anchor| period.fits(*anchor, plan.length)) {
            return Ok(at(anchor));
        }
    }
    let what = [
        "its period is longer than one of its plan",
        "write it into subscriptions.csv by hand, with the anchor of its next period",
    ];
    let value = &it.current_period_ends_at;
    Err(cells.lose("current_period_ends_at", value, Effect::BillsDiffer, what))
}

fn take_add_ons(
    cells: &mut Cells<'_, '_, SubscriptionRow>,
    add_ons: &[Row<AddOnRow>],
    taken: &Taken<'_>,
    company: &mut Company,
) -> Result<(), NotTaken> {
    let it = &cells.row.cells;
    let has_total = !it.add_ons_total.is_empty()
        && !cells.decimal("add_ons_total", &it.add_ons_total)?.is_zero();
    if has_total && add_ons.is_empty() {
        let hint = "export subscription_add_on_history.csv at the same time";
        let rule = "is the total of add-ons that are not in the export";
        cells.report("add_ons_total", &it.add_ons_total, rule, hint);
    }
    for row in add_ons {
        let mut own = Cells { row, folder: &mut *cells.folder };
        let amount = own.decimal("unit_amount", &row.cells.unit_amount)?;
        let quantity = own.count("quantity", &row.cells.quantity)?;
        let price = taken.plan.add_on(&row.cells.plan_add_on_id, amount, taken.currency);
        company.subscriptions.push(Subscription {
            subscription_id: add_on_id(&it.id, &row.cells.plan_add_on_id),
            price_id: price.price_id.clone(),
            quantity: quantity.to_string(),
            ..taken.row.clone()
        });
        company.prices.push(price);
    }
    Ok(())
}

/// The id of the subscription that an add-on becomes.
pub(super) fn add_on_id(subscription: &str, add_on: &str) -> String {
    format!("{subscription}:{add_on}")
}

/// The end of a subscription and its add-ons that will not renew: those from `first` on.
fn end(
    cells: &mut Cells<'_, '_, SubscriptionRow>,
    period: Period,
    first: usize,
    company: &mut Company,
) -> Result<(), NotTaken> {
    let it = &cells.row.cells;
    let renews = it.auto_renew.is_empty() || cells.truth("auto_renew", &it.auto_renew)?;
    if it.state != "canceled" && renews {
        return Ok(());
    }
    let ends_at = first_of([&it.expires_at, &it.current_term_ends_at, &it.current_period_ends_at]);
    let ends_at = cells.instant("expires_at", &ends_at)?;
    let (when, policy) = if ends_at == period.end {
        let asked = cells.optional_instant("canceled_at", &it.canceled_at)?;
        let asked = asked.filter(|asked| period.start <= *asked && *asked < period.end);
        (asked.unwrap_or(period.start), "period_end")
    } else {
        (ends_at, "immediate")
    };
    for subscription in &company.subscriptions[first..] {
        company.changes.push(Change {
            change_id: format!("cancel-{}", subscription.subscription_id),
            at: at(when),
            subscription_id: subscription.subscription_id.clone(),
            kind: "cancel".to_owned(),
            policy: policy.to_owned(),
            note: "will not renew in Recurly".to_owned(),
            ..Change::default()
        });
    }
    Ok(())
}

/// Changes that Recurly would make later.
fn plan_changes(
    folder: &mut ExportFolder<'_>,
    as_of: Instant,
    known: &BTreeMap<String, (Taken<'_>, &SubscriptionRow)>,
    plans: &Plans,
    company: &mut Company,
) {
    let rows = folder.optional::<ChangeRow>().unwrap_or_default();
    for row in &newest(folder, rows) {
        let mut cells = Cells { row, folder: &mut *folder };
        let is_open = row.cells.deleted_at.is_empty()
            && cells.truth("activated", &row.cells.activated).is_ok_and(|it| !it);
        let subscription = known.get(&row.cells.subscription_id);
        if let Some((taken, current)) = subscription.filter(|_| is_open) {
            // What failed has been reported.
            let _ = plan_change(&mut cells, as_of, taken, current, plans, company);
        }
    }
}

fn plan_change(
    cells: &mut Cells<'_, '_, ChangeRow>,
    as_of: Instant,
    taken: &Taken<'_>,
    current: &SubscriptionRow,
    plans: &Plans,
    company: &mut Company,
) -> Result<(), NotTaken> {
    let it = &cells.row.cells;
    let when = cells.instant("activate_at", &it.activate_at)?;
    if when <= as_of {
        let hint = "export all tables anew: the change should have been made";
        return Err(cells.report("activate_at", &it.activate_at, "is before the exports", hint));
    }
    let plan = match plans.get(&it.plan_id) {
        Some(plan) => plan.as_ref().ok_or(NotTaken)?,
        None if it.plan_id.is_empty() => taken.plan,
        None => {
            let hint = "export the plans at the same time";
            return Err(cells.report("plan_id", &it.plan_id, "is not in plan_history.csv", hint));
        }
    };
    let amount = first_of([&it.unit_amount, &current.unit_amount]);
    let price: Price = plan.at(cells.decimal("unit_amount", &amount)?, taken.currency);
    let quantity = first_of([&it.quantity, &current.quantity]);
    let quantity = cells.count("quantity", &quantity)?.to_string();
    let is_other_price = price.price_id != taken.row.price_id;
    company.changes.push(Change {
        change_id: it.id.clone(),
        at: at(when),
        subscription_id: taken.row.subscription_id.clone(),
        kind: if is_other_price { "price" } else { "quantity" }.to_owned(),
        quantity,
        price_id: if is_other_price { price.price_id.clone() } else { String::new() },
        note: "planned in Recurly".to_owned(),
        ..Change::default()
    });
    if is_other_price {
        company.prices.push(price);
    }
    Ok(())
}
