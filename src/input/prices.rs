//! `prices.csv` and `price_tiers.csv`.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::field::{Reported, Row};
use super::table::{Column, optional, required};
use crate::model::{
    BillingMode, CancelPolicy, ChangePolicy, Interval, IntervalUnit, Price, Scheme, SwitchPolicy,
    Tier,
};

/// The columns of `prices.csv`.
pub const COLUMNS: [Column; 13] = [
    required("price_id"),
    required("product"),
    required("currency"),
    required("unit_amount"),
    required("interval"),
    optional("unit_label"),
    optional("interval_count"),
    optional("scheme"),
    optional("package_size"),
    optional("billing"),
    optional("on_increase"),
    optional("on_decrease"),
    optional("on_cancel"),
];

/// A column that only some companies need.
pub const ON_SWITCH: Column = optional("on_switch");

/// The columns of `price_tiers.csv`.
pub const TIER_COLUMNS: [Column; 4] =
    [required("price_id"), required("up_to"), required("unit_amount"), optional("flat_amount")];

/// The words for [`ChangePolicy`]; the first is the default.
pub const CHANGE_POLICIES: [(&str, ChangePolicy); 4] = [
    ("next_invoice", ChangePolicy::NextInvoice),
    ("immediate", ChangePolicy::Immediate),
    ("period_end", ChangePolicy::PeriodEnd),
    ("none", ChangePolicy::None),
];

/// The words for [`CancelPolicy`]; the first is the default.
pub const CANCEL_POLICIES: [(&str, CancelPolicy); 3] = [
    ("period_end", CancelPolicy::PeriodEnd),
    ("immediate", CancelPolicy::Immediate),
    ("immediate_no_credit", CancelPolicy::ImmediateNoCredit),
];

#[derive(Clone, Copy, PartialEq)]
enum SchemeWord {
    PerUnit,
    Flat,
    Graduated,
    Volume,
    Package,
}

const SCHEMES: [(&str, SchemeWord); 5] = [
    ("per_unit", SchemeWord::PerUnit),
    ("flat", SchemeWord::Flat),
    ("graduated", SchemeWord::Graduated),
    ("volume", SchemeWord::Volume),
    ("package", SchemeWord::Package),
];

/// The tiers of each price, in the order of the file.
pub type Tiers = HashMap<Arc<str>, Vec<Tier>>;

/// One row of `price_tiers.csv`.
pub fn parse_tier(row: &mut Row<'_>) -> Result<(Arc<str>, Tier), Reported> {
    let price = row.id("price_id");
    let up_to = row.optional("up_to", Row::positive);
    let unit_amount = row.unit_amount("unit_amount");
    let flat_amount = row.optional("flat_amount", Row::unit_amount);
    let tier = Tier {
        up_to: up_to?,
        unit_amount: unit_amount?,
        flat_amount: flat_amount?.unwrap_or_default(),
    };
    Ok((price?, tier))
}

/// One row of `prices.csv`.
pub fn parse(row: &mut Row<'_>, tiers: &mut Tiers) -> Result<Price, Reported> {
    let id = row.id("price_id");
    let product = row.required("product");
    let unit_label = row.text("unit_label");
    let currency = row.currency("currency");
    let interval = interval(row);
    let billing = row
        .word("billing", &[("advance", BillingMode::Advance), ("arrears", BillingMode::Arrears)]);
    let on_increase = row.word("on_increase", &CHANGE_POLICIES);
    let on_decrease = row.word("on_decrease", &CHANGE_POLICIES);
    let on_cancel = row.word("on_cancel", &CANCEL_POLICIES);
    let on_switch = row.word(
        "on_switch",
        &[
            ("restart", SwitchPolicy::Restart),
            ("keep_anchor", SwitchPolicy::KeepAnchor),
            ("period_end", SwitchPolicy::PeriodEnd),
        ],
    );
    let id = id?;
    let (scheme, unit_amount) = scheme(row, tiers.remove(&id))?;
    Ok(Price {
        id,
        product: product?.into(),
        unit_label: unit_label?.into(),
        currency: currency?,
        unit_amount,
        interval: interval?,
        scheme,
        billing: billing?,
        on_increase: on_increase?,
        on_decrease: on_decrease?,
        on_cancel: on_cancel?,
        on_switch: on_switch?,
    })
}

fn interval(row: &mut Row<'_>) -> Result<Interval, Reported> {
    let words = [
        ("day", IntervalUnit::Day),
        ("week", IntervalUnit::Week),
        ("month", IntervalUnit::Month),
        ("quarter", IntervalUnit::Quarter),
        ("year", IntervalUnit::Year),
    ];
    let unit = row.required("interval").and_then(|_| row.word("interval", &words));
    let count = row.optional("interval_count", Row::positive)?.unwrap_or(1);
    match u32::try_from(count) {
        Ok(count) if count <= 1000 => Ok(Interval { unit: unit?, count }),
        _ => Err(row.report(
            "interval_count",
            &count.to_string(),
            "is more than 1000",
            "use a longer interval with a smaller count",
        )),
    }
}

/// The scheme with its tiers or package, and the unit amount, which tiers replace.
fn scheme(row: &mut Row<'_>, tiers: Option<Vec<Tier>>) -> Result<(Scheme, Decimal), Reported> {
    let word = row.word("scheme", &SCHEMES)?;
    let size = row.optional("package_size", Row::positive)?;
    if word != SchemeWord::Package && size.is_some() {
        return Err(row.report(
            "package_size",
            &size.unwrap_or_default().to_string(),
            "belongs to another scheme",
            "leave it empty, or write package as the scheme",
        ));
    }
    let tiered = matches!(word, SchemeWord::Graduated | SchemeWord::Volume);
    match (tiers, size) {
        (Some(_), _) if !tiered => Err(row.report(
            "scheme",
            row_word(word),
            "has no tiers, yet price_tiers.csv gives some",
            "write graduated or volume as the scheme, or remove the tiers",
        )),
        (None, _) if tiered => Err(row.report(
            "scheme",
            row_word(word),
            "needs tiers",
            "add rows for this price to price_tiers.csv",
        )),
        (None, None) if word == SchemeWord::Package => Err(row.report(
            "package_size",
            "",
            "is empty",
            "the package scheme needs the units in a package, such as 5",
        )),
        (Some(tiers), _) => Ok((tiered_scheme(row, word, tiers)?, no_unit_amount(row)?)),
        (None, Some(size)) => Ok((Scheme::Package { size }, row.unit_amount("unit_amount")?)),
        (None, None) if word == SchemeWord::Flat => {
            Ok((Scheme::Flat, row.unit_amount("unit_amount")?))
        }
        (None, None) => Ok((Scheme::PerUnit, row.unit_amount("unit_amount")?)),
    }
}

fn row_word(word: SchemeWord) -> &'static str {
    SCHEMES.iter().find(|(_, scheme)| *scheme == word).map_or("", |(text, _)| text)
}

/// Two prices for one unit would leave open which one counts.
fn no_unit_amount(row: &mut Row<'_>) -> Result<Decimal, Reported> {
    match row.optional("unit_amount", Row::unit_amount)? {
        Some(amount) if !amount.is_zero() => Err(row.report(
            "unit_amount",
            &amount.to_string(),
            "is given beside tiers",
            "leave it empty: the tiers hold the amounts",
        )),
        _ => Ok(Decimal::ZERO),
    }
}

fn tiered_scheme(
    row: &mut Row<'_>,
    word: SchemeWord,
    tiers: Vec<Tier>,
) -> Result<Scheme, Reported> {
    let (last, before) = tiers.split_last().expect("tiers are collected from at least one row");
    let closed = before.iter().all(|tier| tier.up_to.is_some());
    let rising = before.windows(2).all(|pair| pair[0].up_to < pair[1].up_to);
    if !closed || !rising || last.up_to.is_some() {
        return Err(row.report(
            "price_id",
            "",
            "has tiers that do not rise to an open last one",
            "in price_tiers.csv, order its rows by up_to and leave the last up_to empty",
        ));
    }
    Ok(match word {
        SchemeWord::Volume => Scheme::Volume(tiers),
        _ => Scheme::Graduated(tiers),
    })
}
