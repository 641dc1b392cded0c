//! Coupons that subscriptions and customers have become discounts.

use std::collections::BTreeMap;

use super::subscriptions::Taken;
use super::tables::{CouponRow, DiscountRow};
use crate::import::company::{Company, Discount};
use crate::import::export_table::{ExportFolder, Row};
use crate::import::finding::Effect;
use crate::import::values::{Cells, NotTaken, at, first_of, plain};
use crate::value::Instant;

/// Takes over the discounts that go on after the exports.
pub(super) fn take(
    folder: &mut ExportFolder<'_>,
    as_of: Instant,
    taken: &Taken,
    company: &mut Company,
) {
    let Some(rows) = folder.optional::<DiscountRow>() else { return };
    let coupons = folder.required::<CouponRow>();
    if !rows.is_empty() {
        let what = [
            "the products that a coupon is restricted to are in no table",
            "write product into discounts.csv where Stripe shows a restriction",
        ];
        folder.cannot_tell("coupon.csv", what);
    }
    let coupons: BTreeMap<&str, &Row<CouponRow>> =
        coupons.iter().map(|it| (it.cells.id.as_str(), it)).collect();
    for row in &rows {
        let coupon = coupons.get(row.cells.coupon_id.as_str()).copied();
        let mut cells = Cells { row, folder: &mut *folder };
        if let Some(coupon) = coupon {
            // What failed has been reported.
            let _ = take_one(&mut cells, coupon, as_of, taken, company);
        } else {
            let hint = "export coupon.csv at the same time, deleted coupons included";
            cells.report("coupon_id", &row.cells.coupon_id, "is not in coupon.csv", hint);
        }
    }
}

fn take_one(
    cells: &mut Cells<'_, '_, DiscountRow>,
    coupon: &Row<CouponRow>,
    as_of: Instant,
    taken: &Taken,
    company: &mut Company,
) -> Result<(), NotTaken> {
    let row: &Row<DiscountRow> = cells.row;
    let it = &row.cells;
    let of_one = [("invoice_id", &it.invoice_id), ("invoice_item_id", &it.invoice_item_id)];
    if let Some((column, value)) = of_one.into_iter().find(|(_, value)| !value.is_empty()) {
        let what = ["it is of one invoice, which Stripe has issued", "nothing"];
        return Err(cells.lose(column, value, Effect::None, what));
    }
    let starts_at = cells.instant("start", &it.start)?;
    let ends_at = cells.optional_instant("end", &it.end)?;
    if ends_at.is_some_and(|end| end <= as_of) {
        let what = ["it has ended", "nothing"];
        cells.lose("end", &it.end, Effect::None, what);
        return Ok(());
    }
    if coupon.cells.duration == "once" {
        let what = [
            "the export does not say whether a coupon for one invoice has been used",
            "write it into discounts.csv if Stripe shows it as not used",
        ];
        cells.lose("coupon_id", &it.coupon_id, Effect::BillsDiffer, what);
        return Ok(());
    }
    let (percent, amount, currency) =
        worth(&mut Cells { row: coupon, folder: &mut *cells.folder })?;
    let holders = holders(cells, taken, &amount)?;
    for (place, (account_id, subscription_id)) in holders.iter().enumerate() {
        let several = if holders.len() > 1 { format!(":{}", place + 1) } else { String::new() };
        company.discounts.push(Discount {
            discount_id: it.id.clone() + &several,
            name: first_of([&coupon.cells.name, &coupon.cells.id]),
            account_id: account_id.clone(),
            subscription_id: subscription_id.clone(),
            percent: percent.clone(),
            amount: amount.clone(),
            currency: currency.clone(),
            starts_at: at(starts_at),
            duration: if ends_at.is_some() { "until" } else { "forever" }.to_owned(),
            ends_at: ends_at.map(at).unwrap_or_default(),
        });
    }
    Ok(())
}

/// The percentage, or the amount and its currency.
fn worth(coupon: &mut Cells<'_, '_, CouponRow>) -> Result<(String, String, String), NotTaken> {
    let it = &coupon.row.cells;
    if !it.percent_off.is_empty() {
        let percent = coupon.decimal("percent_off", &it.percent_off)?;
        return Ok((plain(percent), String::new(), String::new()));
    }
    let currency = coupon.currency("currency", &it.currency)?;
    let amount = coupon.units("amount_off", &it.amount_off, currency)?;
    let amount = amount.to_decimal_string(currency);
    Ok((String::new(), amount, currency.code().to_owned()))
}

/// The accounts and subscriptions that a discount is for.
fn holders(
    cells: &mut Cells<'_, '_, DiscountRow>,
    taken: &Taken,
    amount: &str,
) -> Result<Vec<(String, String)>, NotTaken> {
    let row: &Row<DiscountRow> = cells.row;
    let it = &row.cells;
    if it.subscription_id.is_empty() {
        if it.customer_id.is_empty() {
            let hint = "export the discounts with customer_id and subscription_id";
            return Err(cells.report("id", &it.id, "has neither customer nor subscription", hint));
        }
        return Ok(vec![(it.customer_id.clone(), String::new())]);
    }
    let Some((ids, account)) = taken.get(&it.subscription_id) else {
        let what = ["its subscription is not taken over", "nothing"];
        return Err(cells.lose("subscription_id", &it.subscription_id, Effect::None, what));
    };
    if ids.len() > 1 && !amount.is_empty() {
        let what = [
            "an amount off a subscription with several items cannot be split",
            "write it into discounts.csv for one of the items",
        ];
        return Err(cells.lose("coupon_id", &it.coupon_id, Effect::BillsDiffer, what));
    }
    Ok(ids.iter().map(|id| (account.clone(), id.clone())).collect())
}
