//! Subscriptions, with the period that Stripe has billed.

use std::collections::{BTreeMap, BTreeSet};

use super::prices::{Prices, TakenPrice};
use super::rows::{current, of_one_mode, subscription_id};
use super::tables::{ItemRow, SubscriptionRow};
use crate::import::company::{Change, Company, Subscription};
use crate::import::export_table::{ExportFolder, Row};
use crate::import::finding::Effect;
use crate::import::period::Period;
use crate::import::values::{Cells, NotTaken, at, first_of};
use crate::value::Instant;

/// The subscriptions that were taken over, by Stripe's id: the ids of their items here, and the account.
pub(super) type Taken = BTreeMap<String, (Vec<String>, String)>;

/// What the rows of subscriptions are compared with.
struct Known<'a> {
    as_of: Instant,
    prices: &'a Prices,
    customers: &'a BTreeSet<String>,
    items: &'a BTreeMap<String, Vec<Row<ItemRow>>>,
}

/// Takes over the subscriptions that are in force.
pub(super) fn take(
    folder: &mut ExportFolder<'_>,
    as_of: Instant,
    prices: &Prices,
    customers: &BTreeSet<String>,
    items: &BTreeMap<String, Vec<Row<ItemRow>>>,
    company: &mut Company,
) -> Taken {
    let known = Known { as_of, prices, customers, items };
    let rows = current(folder.required::<SubscriptionRow>());
    let rows = of_one_mode(folder, rows, |it| &it.livemode);
    let mut seen = BTreeSet::new();
    let mut taken = Taken::new();
    for row in &rows {
        let mut cells = Cells { row, folder: &mut *folder };
        if !seen.insert(row.cells.id.clone()) {
            cells.report("id", &row.cells.id, "is there twice", "keep the row that is right");
        } else if is_in_force(&mut cells) {
            let ids = known.take(&mut cells, company);
            taken.insert(row.cells.id.clone(), (ids, row.cells.customer_id.clone()));
        }
    }
    taken
}

/// Whether a subscription is to be taken over. Says why, if it is not.
fn is_in_force(cells: &mut Cells<'_, '_, SubscriptionRow>) -> bool {
    let row: &Row<SubscriptionRow> = cells.row;
    let status = row.cells.status.as_str();
    let (effect, why, what_to_do) = match status {
        "active" | "trialing" | "past_due" => return true,
        "unpaid" => {
            let what = [
                "Stripe leaves invoices of unpaid subscriptions as drafts; prorata bills them",
                "cancel or pause it in changes.csv, or let it be billed",
            ];
            cells.lose("status", status, Effect::BillsDiffer, what);
            return true;
        }
        "canceled" | "incomplete_expired" => (Effect::None, "it has ended", "nothing"),
        "incomplete" => (
            Effect::BillsDiffer,
            "its first payment has not been made",
            "write it into subscriptions.csv once it is paid",
        ),
        "paused" => (
            Effect::BillsDiffer,
            "it is paused after a trial",
            "write it into subscriptions.csv when it goes on",
        ),
        _ => {
            let hint = "known are active, trialing, past_due, unpaid, canceled, incomplete, \
                        incomplete_expired and paused";
            cells.report("status", status, "is no status of a subscription", hint);
            return false;
        }
    };
    cells.lose("status", status, effect, [why, what_to_do]);
    false
}

impl Known<'_> {
    /// Takes over one subscription, and returns the ids that its items have here.
    fn take(
        &self,
        cells: &mut Cells<'_, '_, SubscriptionRow>,
        company: &mut Company,
    ) -> Vec<String> {
        let row: &Row<SubscriptionRow> = cells.row;
        let it = &row.cells;
        if !self.customers.contains(&it.customer_id) {
            let hint =
                "export customer.csv at the same time; a deleted customer has no subscription";
            cells.report("customer_id", &it.customer_id, "is not in customer.csv", hint);
        }
        let items = self.items.get(&it.id).map(Vec::as_slice).unwrap_or_default();
        if items.is_empty() {
            let hint = "export subscription_item.csv at the same time";
            cells.report("id", &it.id, "is not in subscription_item.csv", hint);
        }
        look_at_extras(cells);
        let mut ids = Vec::new();
        for item in items {
            let id = subscription_id(&it.id, &item.cells.id, items.len());
            if self.take_item(cells, item, &id, company).is_ok() {
                ids.push(id);
            }
        }
        ids
    }

    fn take_item(
        &self,
        cells: &mut Cells<'_, '_, SubscriptionRow>,
        item: &Row<ItemRow>,
        id: &str,
        company: &mut Company,
    ) -> Result<(), NotTaken> {
        let row: &Row<SubscriptionRow> = cells.row;
        let plan = &item.cells.plan_id;
        let TakenPrice { price, length } = match self.prices.get(plan) {
            Some(Some(Ok(price))) => price,
            Some(None) => return Err(NotTaken),
            Some(Some(Err(why))) => {
                let finding = item.finding("plan_id", plan, Effect::BillsDiffer, *why);
                cells.folder.findings.push(finding);
                return Err(NotTaken);
            }
            None if self.prices.is_empty() && !cells.folder.problems.is_empty() => {
                return Err(NotTaken);
            }
            None => {
                let rule = "is in neither price.csv nor plan.csv";
                let hint = "export the prices at the same time, archived ones included";
                cells.folder.problems.push(item.problem("plan_id", plan, rule, hint));
                return Err(NotTaken);
            }
        };
        let quantity = first_of([&item.cells.quantity, "1"]);
        let count = Cells { row: item, folder: &mut *cells.folder }.count("quantity", &quantity)?;
        let period = self.period(cells, item)?;
        let anchor = cells.instant("billing_cycle_anchor", &row.cells.billing_cycle_anchor)?;
        let trial_end = cells.optional_instant("trial_end", &row.cells.trial_end)?;
        let trial_end = trial_end.filter(|end| *end > self.as_of);
        if trial_end.is_none() && !period.fits(anchor, *length) {
            let what = [
                "its period does not end where periods from its anchor do, or is longer than one",
                "write it into subscriptions.csv by hand, with the anchor of its next period",
            ];
            let value = &row.cells.current_period_end;
            return Err(cells.lose("current_period_end", value, Effect::BillsDiffer, what));
        }
        company.prices.push(price.clone());
        company.subscriptions.push(Subscription {
            subscription_id: id.to_owned(),
            account_id: row.cells.customer_id.clone(),
            price_id: price.price_id.clone(),
            quantity: count.to_string(),
            started_at: at(period.start),
            anchor: at(anchor),
            trial_end: trial_end.map(at).unwrap_or_default(),
        });
        cancel(cells, id, period, company)
    }

    /// The period that was billed. It must contain the instant of the exports.
    fn period(
        &self,
        cells: &mut Cells<'_, '_, SubscriptionRow>,
        item: &Row<ItemRow>,
    ) -> Result<Period, NotTaken> {
        let it = &cells.row.cells;
        // Newer versions of Stripe's interface have the period at the item.
        let start = first_of([&item.cells.current_period_start, &it.current_period_start]);
        let end = first_of([&item.cells.current_period_end, &it.current_period_end]);
        let start = cells.instant("current_period_start", &start)?;
        let end = cells.instant("current_period_end", &end)?;
        if start <= self.as_of && self.as_of < end {
            return Ok(Period { start, end });
        }
        let hint = format!(
            "--as-of is the instant of the exports, now {}; export all tables anew if it is right",
            at(self.as_of)
        );
        let text = format!("{} – {}", at(start), at(end));
        Err(cells.report("current_period_end", &text, "is a period without that instant", &hint))
    }
}

/// The end of a subscription that is cancelled already.
fn cancel(
    cells: &mut Cells<'_, '_, SubscriptionRow>,
    id: &str,
    period: Period,
    company: &mut Company,
) -> Result<(), NotTaken> {
    let it = &cells.row.cells;
    let ends_with_period = cells.truth("cancel_at_period_end", &it.cancel_at_period_end)?;
    let cancel_at = cells.optional_instant("cancel_at", &it.cancel_at)?;
    let (when, policy) = if ends_with_period || cancel_at == Some(period.end) {
        let asked = cells.optional_instant("canceled_at", &it.canceled_at)?;
        let asked = asked.filter(|asked| period.start <= *asked && *asked < period.end);
        (asked.unwrap_or(period.start), "period_end")
    } else if let Some(cancel_at) = cancel_at {
        let what = [
            "it ends at an instant, and the export does not say whether the rest of a period is credited",
            "it is, by policy immediate in changes.csv; immediate_no_credit keeps the whole charge",
        ];
        cells.lose("cancel_at", &it.cancel_at, Effect::CannotTell, what);
        (cancel_at, "immediate")
    } else {
        return Ok(());
    };
    company.changes.push(Change {
        change_id: format!("cancel-{id}"),
        at: at(when),
        subscription_id: id.to_owned(),
        kind: "cancel".to_owned(),
        policy: policy.to_owned(),
        note: "cancelled in Stripe".to_owned(),
        ..Change::default()
    });
    Ok(())
}

/// What a subscription may have beside its items.
fn look_at_extras(cells: &mut Cells<'_, '_, SubscriptionRow>) {
    let row: &Row<SubscriptionRow> = cells.row;
    let it = &row.cells;
    let extras = [
        (
            "tax_percent",
            &it.tax_percent,
            ["tax rates are not taken over", "write tax_rates.csv, and its codes"],
        ),
        (
            "billing_threshold_amount_gte",
            &it.billing_threshold_amount_gte,
            ["prorata bills by date only", "nothing, if a threshold concerns metered usage alone"],
        ),
        (
            "days_until_due",
            &it.days_until_due,
            [
                "prorata has one payment term for all",
                "write it into invoice.payment_terms_days of billing.toml",
            ],
        ),
        (
            "pause_collection_behavior",
            &it.pause_collection_behavior,
            [
                "prorata does not collect: it bills the subscription",
                "write a pause into changes.csv, if nothing is to be billed",
            ],
        ),
    ];
    for (column, value, what) in extras {
        if !matches!(value.as_str(), "" | "0" | "0.0") {
            cells.lose(column, value, Effect::BillsDiffer, what);
        }
    }
}
