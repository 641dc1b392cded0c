//! What stands around the lines: discounts never take more than there is, taxes are exact and add up,
//! and credit notes never exceed what they credit.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::company::{DAY, END, any, bill_with, instant, prorated, settings};
use crate::config::{CreditNotes, Settings, TaxRounding, TaxSettings};
use crate::invoice::{DraftInvoice, assign_numbers};
use crate::model::{
    BillingInput, Cause, ComponentMark, Discount, DiscountValue, Duration, Excess, History,
    Invoice, Line, LineKind, TaxBehavior, TaxRate, TaxTable, TaxTerms, TaxTotal, TaxTreatment,
    Translated,
};
use crate::value::{Amount, Currency, Instant, Moment};

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn discounts_take_no_more_than_there_is(book in discounted(any().boxed(), Excess::Drop)) {
        for draft in drafts(&settings(), &book) {
            for (line, taken) in with_discounts(&draft.lines) {
                let left = i128::from(line.amount.minor()) + taken;
                prop_assert!(left.signum() * i128::from(line.amount.minor()).signum() >= 0
                    && left.abs() <= i128::from(line.amount.minor()).abs(), "{line:?} {taken}");
            }
        }
    }

    /// With one percentage for ever, what is billed is that share of what would be without it, but
    /// for the rounding of each line.
    #[test]
    fn a_percentage_for_ever_takes_its_share_of_everything(book in prorated(), percent in 1_u8..=100) {
        let value = DiscountValue::Percent(percent.into());
        let mut with = book.clone();
        with.discounts = vec![discount("d", value, Duration::Forever, 0, Excess::Drop)];
        with.index_discounts();
        let sum = |drafts: &[DraftInvoice]| -> i128 {
            drafts.iter().map(|draft| i128::from(draft.totals.total.minor())).sum()
        };
        let (full, reduced) = (drafts(&settings(), &book), drafts(&settings(), &with));
        let lines: usize = reduced.iter().map(|draft| draft.lines.len()).sum();
        let distance = (sum(&reduced) * 100 - sum(&full) * i128::from(100 - percent)).abs();
        prop_assert!(distance <= 50 * i128::try_from(lines).expect("few"), "{distance}");
    }

    #[test]
    fn taxes_are_rounded_once_and_add_up(
        book in taxed(discounted(any().boxed(), Excess::Credit).boxed()),
        round_per in prop_oneof![
            Just(TaxRounding::Rate), Just(TaxRounding::Document), Just(TaxRounding::Line)
        ],
    ) {
        let tax = TaxSettings { round_per, ..TaxSettings::default() };
        for draft in drafts(&Settings { tax, ..settings() }, &book) {
            let mut exact_tax = 0;
            for total in &draft.taxes {
                let lines = draft.lines.iter().filter(|line| line.tax.as_ref() == Some(&total.terms));
                let (bases, taxes): (Vec<i64>, Vec<i64>) =
                    lines.map(|line| (line.amount.minor(), line.tax_amount.minor())).unzip();
                prop_assert_eq!(taxes.iter().sum::<i64>(), total.tax.minor());
                let base: i128 = bases.iter().map(|base| i128::from(*base)).sum();
                // In 1/23800 of a minor unit: both rates divide it.
                let exact = match total.terms.behavior {
                    TaxBehavior::Exclusive => base * 7 * 238,
                    TaxBehavior::Inclusive => base * 19 * 200,
                };
                exact_tax += exact;
                let off = (i128::from(total.tax.minor()) * 23_800 - exact).abs();
                // What is taken back has the tax of what was charged: its share of a rounded sum, less
                // what was taken back before. What no invoice covers is rounded once for each credit.
                let claims = draft.credits.iter().flat_map(|credits| &credits.claims);
                let claims = claims.filter(|claim| claim.part.terms.as_ref() == Some(&total.terms));
                let claimed = 35_700 * i128::try_from(claims.count()).expect("few");
                let credits = draft.lines.iter().filter(|line| takes_back(line));
                let credits = credits.filter(|line| line.tax.as_ref() == Some(&total.terms));
                let uncovered = 11_900 * i128::try_from(credits.count()).expect("few");
                let bound = claimed + uncovered + match round_per {
                    TaxRounding::Rate => 11_900,
                    TaxRounding::Document => 23_800,
                    TaxRounding::Line => 11_900 * i128::try_from(bases.len()).expect("few"),
                };
                prop_assert!(off <= bound, "{total:?} {exact}");
            }
            if round_per == TaxRounding::Document && !draft.lines.iter().any(takes_back) {
                let off = (i128::from(draft.totals.tax.minor()) * 23_800 - exact_tax).abs();
                prop_assert!(off <= 11_900);
            }
            let sums = Amount::checked_sum(draft.taxes.iter().map(|total| total.tax));
            prop_assert_eq!(sums, Some(draft.totals.tax));
            let gross = draft.lines.iter().map(|line| line.gross_amount().expect("fits"));
            prop_assert_eq!(Amount::checked_sum(gross), Some(draft.totals.total));
        }
    }

    /// Each of several taxes is exact but for one rounding, its parts on the lines add up to it, and
    /// the order of rows makes no difference: they are shuffled, and the components are not.
    #[test]
    fn several_taxes_are_rounded_apart_and_add_up(
        book in taxed_severally(discounted(any().boxed(), Excess::Credit).boxed()),
        round_per in prop_oneof![
            Just(TaxRounding::Rate), Just(TaxRounding::Document), Just(TaxRounding::Line)
        ],
    ) {
        let tax = TaxSettings { round_per, ..TaxSettings::default() };
        for draft in drafts(&Settings { tax, ..settings() }, &book) {
            for line in &draft.lines {
                let parts = line.parts_of_tax().iter().copied();
                prop_assert_eq!(Amount::checked_sum(parts), Some(line.tax_amount));
            }
            let codes: Vec<&str> = draft.taxes.iter().map(|total| &*total.terms.code).collect();
            for (code, parts) in [
                ("on-top", ["on-top/gst", "on-top/levy", "on-top/qst"]),
                ("within", ["within/city", "within/county", "within/state"]),
            ] {
                let of_code = codes.iter().copied().filter(|it| it.starts_with(code));
                let of_code: Vec<&str> = of_code.collect();
                prop_assert!(of_code.is_empty() || of_code == parts, "{codes:?}");
            }
            for (place, total) in draft.taxes.iter().enumerate() {
                several_tax_is_exact(&draft, (place % 3, total), round_per)?;
            }
            let sums = Amount::checked_sum(draft.taxes.iter().map(|total| total.tax));
            prop_assert_eq!(sums, Some(draft.totals.tax));
            let nets = Amount::checked_sum(draft.taxes.iter().map(|total| total.net));
            let taxed = draft.lines.iter().filter(|line| line.tax.is_some());
            prop_assert_eq!(nets, Amount::checked_sum(taxed.map(Line::net)));
        }
    }

    /// Documents of their own for credits: the same money, no note above its invoice, and a note
    /// that takes everything back takes all of the tax back.
    #[test]
    fn credit_notes_stay_within_their_invoices(
        book in taxed(discounted(any().boxed(), Excess::Drop).boxed()),
    ) {
        let separate = Settings { credit_notes: CreditNotes::Separate, ..settings() };
        let invoices = numbered(&separate, &book);
        let inline = numbered(&settings(), &book);
        prop_assert_eq!(line_sum(&invoices), line_sum(&inline));
        let mut credited: BTreeMap<(&str, String), (i64, i64)> = BTreeMap::new();
        for note in &invoices {
            let Some(number) = note.credits_invoice.as_deref() else { continue };
            prop_assert!(note.totals.total <= Amount::ZERO, "{note:?}");
            for line in &note.lines {
                prop_assert_eq!(line.credits_invoice.as_deref(), Some(number));
                let sums = credited.entry((number, format!("{:?}", line.tax))).or_default();
                sums.0 -= line.amount.minor();
                sums.1 -= line.tax_amount.minor();
            }
        }
        for ((number, rate), (base, tax)) in credited {
            let invoice = invoices.iter().find(|it| *it.number == *number).expect("it was published");
            let lines = invoice.lines.iter().filter(|line| format!("{:?}", line.tax) == rate);
            let (charged, charged_tax) = lines.fold((0, 0), |(base, tax), line| {
                (base + line.amount.minor(), tax + line.tax_amount.minor())
            });
            prop_assert!(base <= charged && tax <= charged_tax, "{base} {charged} {tax} {charged_tax}");
            if base == charged {
                prop_assert_eq!(tax, charged_tax);
            }
        }
    }
}

fn drafts(settings: &Settings, book: &BillingInput) -> Vec<DraftInvoice> {
    bill_with(settings, book, &History::New, (None, END)).drafts
}

fn numbered(settings: &Settings, book: &BillingInput) -> Vec<Invoice> {
    let numbered =
        assign_numbers(drafts(settings, book), &book.accounts, settings, BTreeMap::new());
    numbered.expect("a series that does not end").0
}

fn line_sum(invoices: &[Invoice]) -> i64 {
    invoices.iter().flat_map(|invoice| &invoice.lines).map(|line| line.amount.minor()).sum()
}

/// Whether a line takes unused time back. Discounts on it belong to the same credit.
fn takes_back(line: &Line) -> bool {
    line.key.discount.is_none() && matches!(line.key.cause, Cause::Unused(_) | Cause::Net(_))
}

/// Each line that is no discount, with what discounts take off it.
fn with_discounts(lines: &[Line]) -> Vec<(&Line, i128)> {
    let mut found: Vec<(&Line, i128)> = Vec::new();
    for line in lines {
        match found.last_mut().filter(|_| line.kind == LineKind::Discount) {
            Some((_, taken)) => *taken += i128::from(line.amount.minor()),
            None => found.push((line, 0)),
        }
    }
    found
}

fn discount(
    id: &str,
    value: DiscountValue,
    duration: Duration,
    start: i64,
    excess: Excess,
) -> Discount {
    Discount {
        id: id.into(),
        name: id.into(),
        names: Translated::default(),
        account: Some(0),
        subscription: None,
        product: None,
        value,
        starts_at: moment(instant(start)),
        duration,
        excess,
        line: 2,
    }
}

fn moment(instant: Instant) -> Moment {
    Moment::Instant(instant, 0)
}

/// A company with up to three discounts of any kind.
pub(crate) fn discounted(
    books: BoxedStrategy<BillingInput>,
    excess: Excess,
) -> impl Strategy<Value = BillingInput> {
    let usd = Currency::from_code("USD").expect("ISO 4217");
    let value = prop_oneof![
        (1_u8..=100).prop_map(|percent| DiscountValue::Percent(percent.into())),
        (1_i64..20_000).prop_map(move |it| DiscountValue::Amount(Amount::from_minor(it), usd)),
    ];
    let duration = prop_oneof![
        Just(Duration::Once),
        (1_u64..5).prop_map(Duration::Periods),
        (1_i64..300).prop_map(|days| Duration::Until(moment(instant(days * DAY)))),
        Just(Duration::Forever),
    ];
    let one = (value, duration, 0_i64..200 * DAY);
    (books, proptest::collection::vec(one, 1..4)).prop_map(move |(mut book, discounts)| {
        let numbered = discounts.into_iter().zip(1..);
        book.discounts = numbered
            .map(|((value, duration, start), number)| {
                discount(&format!("d{number}"), value, duration, start, excess)
            })
            .collect();
        book.index_discounts();
        book
    })
}

/// Whether one of several taxes is its share of the lines but for one rounding, and its parts of the
/// lines add up to it.
fn several_tax_is_exact(
    draft: &DraftInvoice,
    (place, total): (usize, &TaxTotal),
    round_per: TaxRounding,
) -> Result<(), TestCaseError> {
    let of_code = total.terms.code.split('/').next().unwrap_or_default();
    let is_it =
        |terms: &Option<Arc<TaxTerms>>| terms.as_ref().is_some_and(|terms| *terms.code == *of_code);
    let lines: Vec<&Line> = draft.lines.iter().filter(|line| is_it(&line.tax)).collect();
    let parts = lines.iter().map(|line| line.parts_of_tax()[place].minor());
    prop_assert_eq!(parts.sum::<i64>(), total.tax.minor());
    let base: i128 = lines.iter().map(|line| i128::from(line.amount.minor())).sum();
    // 1 % is 100,000,000 here. 9.975 % is on 105.0625 %. All of 10.375 % are in the price.
    let (share, whole) = match &*total.terms.code {
        "on-top/gst" => (500_000_000, 10_000_000_000),
        "on-top/levy" => (6_250_000, 10_000_000_000),
        "on-top/qst" => (1_047_998_437, 10_000_000_000),
        "within/city" => (300_000_000, 11_037_500_000),
        "within/county" => (112_500_000, 11_037_500_000),
        _ => (625_000_000, 11_037_500_000_i128),
    };
    let off = (i128::from(total.tax.minor()) * whole - base * share).abs();
    let claims = draft.credits.iter().flat_map(|credits| &credits.claims);
    let claims = claims.filter(|claim| is_it(&claim.part.terms)).count();
    let credits = lines.iter().filter(|line| takes_back(line)).count();
    // Half a unit for each rounding; a claim has one of the charge and two of its own.
    let roundings = 3 * claims
        + credits
        + match round_per {
            TaxRounding::Rate => 1,
            TaxRounding::Document => 2,
            TaxRounding::Line => lines.len(),
        };
    // A share may lack a fraction.
    let bound = i128::try_from(roundings).expect("few") * whole / 2 + base.abs();
    prop_assert!(off <= bound, "{total:?} {base} {off} {bound}");
    Ok(())
}

/// A company whose prices are taxed at 7 % on top, at 19 % within, or not.
pub(crate) fn taxed(books: BoxedStrategy<BillingInput>) -> impl Strategy<Value = BillingInput> {
    let rates = vec![
        rate("on-top", "7", TaxBehavior::Exclusive),
        rate("within", "19", TaxBehavior::Inclusive),
    ];
    taxed_at(books, rates)
}

/// The same with several taxes on a line: one of them on top of the others, or three in the price.
pub(crate) fn taxed_severally(
    books: BoxedStrategy<BillingInput>,
) -> impl Strategy<Value = BillingInput> {
    let part = |(code, id, percent): (&str, &str, &str), behavior| TaxRate {
        component: Some(ComponentMark { id: id.into(), is_compound: id == "qst" }),
        ..rate(code, percent, behavior)
    };
    let on_top = [("on-top", "gst", "5"), ("on-top", "levy", "0.0625"), ("on-top", "qst", "9.975")];
    let within =
        [("within", "state", "6.25"), ("within", "county", "1.125"), ("within", "city", "3")];
    let rows: Vec<TaxRate> = on_top
        .map(|it| part(it, TaxBehavior::Exclusive))
        .into_iter()
        .chain(within.map(|it| part(it, TaxBehavior::Inclusive)))
        .collect();
    Just(rows).prop_shuffle().prop_flat_map(move |rows| taxed_at(books.clone(), rows))
}

fn rate(code: &str, percent: &str, behavior: TaxBehavior) -> TaxRate {
    TaxRate {
        terms: Arc::new(TaxTerms {
            code: code.into(),
            name: "VAT".into(),
            percent: percent.parse().expect("a decimal"),
            behavior,
            treatment: TaxTreatment::Taxable,
            note: "".into(),
            components: Box::default(),
        }),
        country: "".into(),
        region: "".into(),
        valid_from: None,
        valid_to: None,
        category: None,
        exemption_code: "".into(),
        notes: Translated::default(),
        component: None,
        line: 2,
    }
}

fn taxed_at(
    books: BoxedStrategy<BillingInput>,
    rates: Vec<TaxRate>,
) -> impl Strategy<Value = BillingInput> {
    let codes = proptest::collection::vec(proptest::option::of(proptest::bool::ANY), 3);
    (books, codes).prop_map(move |(mut book, codes)| {
        book.taxes = TaxTable::new(rates.clone());
        for (price, code) in book.prices.iter_mut().zip(codes) {
            price.tax_code = code.map(|within| if within { "within" } else { "on-top" }.into());
        }
        book
    })
}
