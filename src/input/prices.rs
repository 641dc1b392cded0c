//! `prices.csv`.

use rust_decimal::Decimal;

use super::price_terms::{calendar, free_quantity, proration, with_usual_digits};
use super::tax_codes::TaxCodes;
use super::tiers::Tiers;
use crate::config::Settings;
use crate::einvoice::CodeList;
use crate::model::{
    BillingMode, CancelPolicy, ChangePolicy, Interval, IntervalUnit, Price, Scheme, SwitchPolicy,
    Tier,
};
use crate::table::{Column, Reported, Row, optional, required};

/// The columns of `prices.csv`.
pub(crate) const COLUMNS: [Column; 24] = [
    required("price_id"),
    required("product"),
    required("currency"),
    required("unit_amount"),
    required("interval"),
    optional("unit_label"),
    optional("interval_count"),
    optional("scheme"),
    optional("package_size"),
    optional("free_quantity"),
    optional("billing"),
    optional("on_increase"),
    optional("on_decrease"),
    optional("on_cancel"),
    optional("on_switch"),
    optional("anchor_day"),
    optional("granularity"),
    optional("day_count"),
    optional("change_day"),
    optional("end_day"),
    optional("rounding"),
    optional("round_per"),
    optional("tax_code"),
    optional("unit_code"),
];

/// The words for [`ChangePolicy`]; the first is the default.
pub(crate) const CHANGE_POLICIES: [(&str, ChangePolicy); 4] = [
    ("next_invoice", ChangePolicy::NextInvoice),
    ("immediate", ChangePolicy::Immediate),
    ("period_end", ChangePolicy::PeriodEnd),
    ("none", ChangePolicy::None),
];

/// The words for [`CancelPolicy`]; the first is the default.
pub(crate) const CANCEL_POLICIES: [(&str, CancelPolicy); 3] = [
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

/// One row of `prices.csv`.
pub(crate) fn parse(
    row: &mut Row<'_>,
    tiers: &Tiers,
    settings: &Settings,
    tax_codes: &TaxCodes,
) -> Result<Price, Reported> {
    let id = row.id("price_id");
    let product = row.required("product");
    let unit_label = row.text("unit_label");
    let unit_code = unit_code(row);
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
    let tiers = match &id {
        Ok(id) => tiers.of(id),
        Err(Reported) => Err(Reported),
    };
    let tax_code = row.optional("tax_code", |row, column| tax_codes.find(row, column));
    let proration = proration(row, settings.proration);
    let (scheme, unit_amount) = scheme(row, tiers)?;
    let free_quantity = free_quantity(row, &scheme)?;
    // The text is checked, although invoices do not show it.
    unit_label?;
    let interval = interval?;
    Ok(with_usual_digits(Price {
        id: id?,
        product: product?.into(),
        unit_code: unit_code?,
        currency: currency?,
        unit_amount,
        calendar: calendar(row, interval, settings.periods)?,
        interval,
        scheme,
        free_quantity,
        proration: proration?,
        billing: billing?,
        on_increase: on_increase?,
        on_decrease: on_decrease?,
        on_cancel: on_cancel?,
        on_switch: on_switch?,
        tax_code: tax_code?,
        line: row.line,
    }))
}

/// The code of the unit on e-invoices.
fn unit_code(row: &mut Row<'_>) -> Result<Box<str>, Reported> {
    let code = row.unshortened("unit_code")?.trim();
    if code.is_empty() || CodeList::Units.has(code) {
        return Ok(code.into());
    }
    Err(row.report(
        "unit_code",
        code,
        "is no unit of UN/ECE Recommendation 20 or 21 (BR-CL-23)",
        "write a code such as C62 for pieces, MON for months or E34 for gigabytes, or leave it empty",
    ))
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
fn scheme(
    row: &mut Row<'_>,
    tiers: Result<Option<Vec<Tier>>, Reported>,
) -> Result<(Scheme, Decimal), Reported> {
    let word = row.word("scheme", &SCHEMES);
    let size = row.optional("package_size", Row::positive);
    let amount = row.optional("unit_amount", Row::unit_amount);
    let word = word?;
    let size = size.and_then(|size| package_size(row, word, size));
    let amount = amount.and_then(|amount| unit_amount(row, word, amount));
    let tiers = tiers.and_then(|tiers| tiers_of(row, word, tiers));
    let scheme = match word {
        SchemeWord::PerUnit => Scheme::PerUnit,
        SchemeWord::Flat => Scheme::Flat,
        SchemeWord::Package => Scheme::Package { size: size? },
        SchemeWord::Graduated => Scheme::Graduated(tiers?),
        SchemeWord::Volume => Scheme::Volume(tiers?),
    };
    Ok((scheme, amount?))
}

impl SchemeWord {
    fn has_tiers(self) -> bool {
        matches!(self, Self::Graduated | Self::Volume)
    }

    fn text(self) -> &'static str {
        SCHEMES.iter().find(|(_, scheme)| *scheme == self).map_or("", |(text, _)| text)
    }
}

/// The units in a package; 1 if the scheme has none.
fn package_size(row: &mut Row<'_>, word: SchemeWord, size: Option<u64>) -> Result<u64, Reported> {
    match (word == SchemeWord::Package, size) {
        (true, Some(size)) => Ok(size),
        (false, None) => Ok(1),
        (true, None) => Err(row.report(
            "package_size",
            "",
            "is empty",
            "the package scheme needs the units in a package, such as 5",
        )),
        (false, Some(size)) => Err(row.report(
            "package_size",
            &size.to_string(),
            &format!("has no use in scheme {}", word.text()),
            "leave it empty, or write package as the scheme",
        )),
    }
}

/// The tiers; empty if the scheme has none.
fn tiers_of(
    row: &mut Row<'_>,
    word: SchemeWord,
    tiers: Option<Vec<Tier>>,
) -> Result<Vec<Tier>, Reported> {
    match (word.has_tiers(), tiers) {
        (true, Some(tiers)) => Ok(tiers),
        (false, None) => Ok(Vec::new()),
        (true, None) => Err(row.report(
            "scheme",
            word.text(),
            "needs tiers",
            "add rows for this price to price_tiers.csv",
        )),
        (false, Some(_)) => Err(row.report(
            "scheme",
            word.text(),
            "has no tiers, yet price_tiers.csv gives some",
            "write graduated or volume as the scheme, or remove the tiers",
        )),
    }
}

/// The unit amount. It must be empty if there are tiers, because only one can apply.
fn unit_amount(
    row: &mut Row<'_>,
    word: SchemeWord,
    amount: Option<Decimal>,
) -> Result<Decimal, Reported> {
    match (word.has_tiers(), amount) {
        (false, Some(amount)) => Ok(amount),
        (true, None) => Ok(Decimal::ZERO),
        (true, Some(amount)) if amount.is_zero() => Ok(Decimal::ZERO),
        (true, Some(amount)) => Err(row.report(
            "unit_amount",
            &amount.to_string(),
            "is given beside tiers",
            "leave it empty: the tiers hold the amounts",
        )),
        (false, None) => Err(row.report(
            "unit_amount",
            "",
            "is empty",
            "write what one unit costs, 0.00 if it is free",
        )),
    }
}
