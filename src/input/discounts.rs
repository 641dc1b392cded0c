//! `discounts.csv`: the scope, the value and the duration of each discount.

use std::sync::Arc;

use super::discount_terms::{duration, excess};
use super::known::Known;
use super::other_payers::{OtherPayer, does_not_pay};
use super::translated;
use crate::model::{Discount, DiscountValue};
use crate::table::{Column, Reported, Row, optional, required};

/// The known columns.
pub(crate) const COLUMNS: [Column; 22] = [
    required("discount_id"),
    required("name"),
    required("starts_at"),
    optional("account_id"),
    optional("subscription_id"),
    optional("product"),
    optional("percent"),
    optional("amount"),
    optional("currency"),
    optional("duration"),
    optional("periods"),
    optional("ends_at"),
    optional("excess"),
    optional("name_de"),
    optional("name_en"),
    optional("name_es"),
    optional("name_fr"),
    optional("name_it"),
    optional("name_ja"),
    optional("name_nl"),
    optional("name_pl"),
    optional("name_pt"),
];

pub(crate) fn parse(row: &mut Row<'_>, known: &Known<'_>) -> Result<Discount, Reported> {
    let id = row.id("discount_id");
    let name = row.required("name");
    let names = translated::parse(row, &translated::NAMES);
    let scope = scope(row, known);
    let value = value(row);
    let starts_at = row.moment("starts_at");
    let account = scope.as_ref().ok().and_then(|scope| scope.account);
    let starts_at_known = starts_at.as_ref().ok().copied();
    let duration = duration(row, starts_at_known, known.zone_of(account));
    let excess = excess(row, value.as_ref().ok().copied());
    let (scope, value) = (scope?, value?);
    sold(row, known, &scope, value)?;
    Ok(Discount {
        id: id?,
        name: name?.into(),
        names: names?,
        account: scope.account,
        subscription: scope.subscription,
        product: scope.product,
        value,
        starts_at: starts_at?,
        duration: duration?,
        excess: excess?,
        line: row.line,
    })
}

/// The accounts and products of a discount.
struct Scope {
    account: Option<usize>,
    subscription: Option<Arc<str>>,
    product: Option<Arc<str>>,
}

fn scope(row: &mut Row<'_>, known: &Known<'_>) -> Result<Scope, Reported> {
    let account = known.account(row);
    let subscription = row
        .optional("subscription_id", |row, column| known.subscription_index.find(row, column))
        .map(|place| place.map(|place| &known.subscriptions[place]));
    let product = row.optional("product", |row, column| known.products.find(row, column));
    let (account, subscription, product) = (account?, subscription?, product?);
    let Some(subscription) = subscription else {
        if account.is_none() && product.is_none() {
            return Err(row.report(
                "account_id",
                "",
                "is empty, and so are subscription_id and product",
                "name one of them; what all pay less for everything is a lower price, in \
                 prices.csv",
            ));
        }
        return Ok(Scope { account, subscription: None, product });
    };
    if account.is_some_and(|account| account != subscription.account) {
        return Err(does_not_pay(row, known.accounts, subscription));
    }
    let id = Some(Arc::clone(&subscription.id));
    Ok(Scope { account: Some(subscription.account), subscription: id, product })
}

/// Looks at a row of an account that another shard has. Only this shard may know its subscription,
/// or that there is none.
pub(crate) fn look_at_other(row: &mut Row<'_>, known: &Known<'_>) -> Option<OtherPayer> {
    if row.glimpse("subscription_id").is_empty() {
        return None;
    }
    let payer = row.read(|row| {
        let place = known.subscription_index.find(row, "subscription_id")?;
        row.optional("product", |row, column| known.products.find(row, column))?;
        OtherPayer::of(row, place)
    });
    // The shard of the account reports all other problems of the row.
    payer.ok()
}

fn value(row: &mut Row<'_>) -> Result<DiscountValue, Reported> {
    let amount = row.text("amount")?;
    match (row.text("percent")?.is_empty(), amount.is_empty()) {
        (false, true) => percent(row),
        (true, false) => amount_off(row),
        (true, true) => Err(row.report(
            "percent",
            "",
            "is empty, and so is amount",
            "write a percentage, or an amount with its currency",
        )),
        (false, false) => Err(row.report(
            "amount",
            amount,
            "is given beside percent",
            "write one of the two; two discounts are two rows",
        )),
    }
}

fn percent(row: &mut Row<'_>) -> Result<DiscountValue, Reported> {
    let percent = row.percent("percent");
    let currency = row.text("currency")?;
    if !currency.is_empty() {
        return Err(row.report(
            "currency",
            currency,
            "is given beside percent",
            "leave it empty; a percentage is taken off in any currency",
        ));
    }
    let percent = percent?;
    if percent.is_zero() {
        let hint = "write what is taken off, such as 15, or remove the row";
        return Err(row.report("percent", "0", "is not positive", hint));
    }
    Ok(DiscountValue::Percent(percent))
}

fn amount_off(row: &mut Row<'_>) -> Result<DiscountValue, Reported> {
    let currency = if row.text("currency")?.is_empty() {
        let rule = "is empty, yet an amount is given";
        Err(row.report("currency", "", rule, "write the currency of the amount, such as USD"))
    } else {
        row.currency("currency")
    };
    let amount = row.money("amount", currency.as_ref().ok().copied())?;
    if amount.is_negative() {
        let text = row.text("amount")?;
        let hint = "write what is taken off, without a minus sign";
        return Err(row.report("amount", text, "is negative", hint));
    }
    Ok(DiscountValue::Amount(amount, currency?))
}

/// Refuses an amount in a currency without sales, because it could never apply.
fn sold(
    row: &mut Row<'_>,
    known: &Known<'_>,
    scope: &Scope,
    value: DiscountValue,
) -> Result<(), Reported> {
    let DiscountValue::Amount(_, currency) = value else { return Ok(()) };
    if known.products.are_sold_in(scope.product.as_ref(), currency) {
        return Ok(());
    }
    let what = scope.product.as_ref().map_or(String::new(), |product| format!(" of {product}"));
    Err(row.report(
        "currency",
        currency.code(),
        &format!("is not the currency of any price{what} in prices.csv"),
        "write the currency that is billed in; in another one nothing is taken off",
    ))
}
