//! Invented companies: one account with one subscription that anything may happen to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::Weekday;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::config::{
    CreditNotes, ExportSettings, InputSettings, LedgerSettings, Look, MissingCharacters,
    NumberFormat, Numbering, OutputSettings, Packing, PageSize, Periods, ProrationLines,
    ReviewSettings, Seller, Settings, TaxSettings,
};
use crate::invoice::{AccountBill, BillingHistory, DraftInvoice, assign_numbers, bill_account};
use crate::locale::Locale;
use crate::model::{
    Account, Address, BillingInput, BillingMode, CalendarStart, CancelPolicy, Cause, Change,
    ChangeKind, ChangePolicy, ChargedPart, CreditRules, History, Interval, IntervalUnit, Invoice,
    Issued, IssuedPart, Line, Price, Proration, PublishedCharge, Quotes, Rules, Scheme,
    Subscription, SwitchPolicy, Tier,
};
use crate::payments::{AccountIds, Balances, Credit, Settlement, settle_all};
use crate::register::{HistoryComparison, State};
use crate::tax::{IssuedByNumber, charged_parts};
use crate::timeline::Window;
use crate::value::{Amount, Currency, Instant, Zone};

/// 2020-01-01T00:00:00Z.
pub(crate) const EPOCH: i64 = 1_577_836_800;
pub(crate) const DAY: i64 = 86_400;

/// Later than anything that happens in an invented company.
pub(crate) const END: Instant = Instant::from_unix_seconds(EPOCH + 800 * DAY);

pub(crate) const fn instant(seconds: i64) -> Instant {
    Instant::from_unix_seconds(EPOCH + seconds)
}

pub(crate) fn settings() -> Settings {
    Settings {
        seller: Seller {
            name: "Seller".into(),
            address: Address::default(),
            tax_id: None,
            email: None,
            web: None,
            payment: None,
            einvoice: crate::model::SellerDetails::default(),
        },
        zone: Zone::UTC,
        locale: Locale::default(),
        payment_terms: crate::model::PaymentTerms::default(),
        publish_zero_amount: false,
        minimum: BTreeMap::new(),
        max_lines: usize::MAX,
        numbering: Numbering { format: NumberFormat::parse("{seq}").expect("a format"), first: 1 },
        proration: Proration::default(),
        periods: Periods::default(),
        proration_lines: ProrationLines::Pairs,
        tax: TaxSettings::default(),
        credit_notes: CreditNotes::Inline,
        einvoice: crate::model::EInvoiceChoice::None,
        credit_note_numbering: Numbering {
            format: NumberFormat::parse("CN-{seq}").expect("a format"),
            first: 1,
        },
        refund_credit: crate::config::RefundCredit::Never,
        ledger: LedgerSettings::default(),
        review: ReviewSettings::default(),
        look: Look {
            accent: [0; 3],
            page_size: PageSize::A4,
            packing: Packing::None,
            receipts: true,
            fonts: Vec::new(),
            missing_characters: MissingCharacters::Stop,
            logo: None,
            zero_lines: false,
        },
        export: ExportSettings::default(),
        input: InputSettings::default(),
        output: OutputSettings::default(),
    }
}

/// A company whose changes are all prorated, so that what is billed is what was used.
pub(crate) fn prorated() -> impl Strategy<Value = BillingInput> {
    let prorating =
        prop_oneof![Just(ChangePolicy::NextInvoice), Just(ChangePolicy::Immediate)].boxed();
    let kinds = prop_oneof![
        8 => (0_u64..7).prop_map(ChangeKind::Quantity),
        1 => Just(ChangeKind::Pause),
        1 => Just(ChangeKind::Resume),
        1 => Just(ChangeKind::Cancel(Some(CancelPolicy::Immediate))),
        1 => Just(ChangeKind::Cancel(Some(CancelPolicy::PeriodEnd))),
        1 => Just(ChangeKind::Uncancel),
    ];
    company(prorating, kinds.boxed(), 1)
}

/// A company in which anything may happen, on several prices.
pub(crate) fn any() -> impl Strategy<Value = BillingInput> {
    let policies = prop_oneof![
        3 => Just(ChangePolicy::NextInvoice),
        2 => Just(ChangePolicy::Immediate),
        1 => Just(ChangePolicy::PeriodEnd),
        1 => Just(ChangePolicy::None),
    ];
    let kinds = prop_oneof![
        8 => (0_u64..7).prop_map(ChangeKind::Quantity),
        3 => (0_i64..4).prop_map(ChangeKind::Delta),
        3 => (0_usize..3, proptest::option::of(0_u64..5))
            .prop_map(|(price, quantity)| ChangeKind::Price { price, quantity }),
        1 => Just(ChangeKind::Pause),
        1 => Just(ChangeKind::Resume),
        1 => Just(ChangeKind::Cancel(Some(CancelPolicy::Immediate))),
        1 => Just(ChangeKind::Cancel(Some(CancelPolicy::ImmediateNoCredit))),
        2 => Just(ChangeKind::Cancel(None)),
        2 => Just(ChangeKind::Uncancel),
        2 => (proptest::option::of(0_u32..3), proptest::option::of(0_u64..5))
            .prop_map(|(price, quantity)| ChangeKind::Restart { price, quantity }),
        2 => (0_u32..3, 0_u32..3).prop_map(|(old, new)| ChangeKind::PriceList { old, new }),
        1 => (0_i64..40).prop_map(|days| ChangeKind::Anchor(instant(days * DAY).into())),
    ];
    company(policies.boxed(), kinds.boxed(), 3)
}

fn company(
    policies: BoxedStrategy<ChangePolicy>,
    kinds: BoxedStrategy<ChangeKind>,
    prices: usize,
) -> impl Strategy<Value = BillingInput> {
    // Half of all changes fall on whole days, so that many meet boundaries and each other.
    let at = prop_oneof![0_i64..300 * DAY, (0_i64..300).prop_map(|day| day * DAY)];
    let zones = prop_oneof![
        Just("UTC"),
        Just("Europe/Berlin"),
        Just("America/Sao_Paulo"),
        Just("Asia/Kathmandu"),
        Just("Australia/Lord_Howe")
    ];
    (
        proptest::collection::vec(price(policies), prices),
        proptest::collection::vec((at, kinds), 0..8),
        (zones, 0_u64..7, 0_i64..40 * DAY),
        (proptest::option::of(1_i64..20), proptest::option::of(0_i64..60), rules()),
    )
        .prop_map(|(prices, mut changes, (zone, quantity, start), (trial, anchor, rules))| {
            changes.sort_by_key(|(at, _)| *at);
            let changes = changes.into_iter().zip(1..).map(|((at, kind), line)| Change {
                id: format!("c{line}").into(),
                at: instant(start + at),
                nanosecond: 0,
                skipped: 0,
                kind,
                previous_quantity: None,
                policy: None,
                line,
            });
            let subscription = Subscription {
                id: "s".into(),
                account: 0,
                price: 0,
                quantity,
                started_at: instant(start),
                anchor: anchor.map(|days| instant(days * DAY).into()),
                trial_end: trial.map(|days| instant(start + days * DAY)),
                skipped: 0,
                label: None,
                purchase_order: None,
                line: 2,
            };
            BillingInput { rules, ..book(zone, prices, subscription, changes.collect()) }
        })
}

/// New companies, and some that the first rules billed for a while.
fn rules() -> impl Strategy<Value = Rules> {
    let days = proptest::option::weighted(0.4, 0_i64..350);
    days.prop_map(|day| Rules::old_until(day.map(|day| instant(day * DAY))))
}

/// The day of the calendar that periods of an interval begin on, if one does.
fn calendar(unit: IntervalUnit) -> BoxedStrategy<Option<CalendarStart>> {
    let start = match unit {
        IntervalUnit::Day => return Just(None).boxed(),
        IntervalUnit::Week => Just(CalendarStart::Week(Weekday::Sun)).boxed(),
        IntervalUnit::Month | IntervalUnit::Quarter | IntervalUnit::Year => {
            (1_u32..=31, 1_u32..=12)
                .prop_map(|(day, first_month)| CalendarStart::Month { day, first_month })
                .boxed()
        }
    };
    proptest::option::weighted(0.3, start).boxed()
}

fn price(policies: BoxedStrategy<ChangePolicy>) -> impl Strategy<Value = Price> {
    let tiers = |unit: Decimal, flat: u64| {
        vec![
            Tier { up_to: Some(3), unit_amount: unit, flat_amount: flat.into(), line: 2 },
            Tier { up_to: None, unit_amount: Decimal::ONE, flat_amount: Decimal::ZERO, line: 3 },
        ]
    };
    let units = prop_oneof![Just("0"), Just("20.00"), Just("9.99"), Just("0.0137"), Just("1200")];
    let schemes = (0_u8..5, 0_u64..200).prop_map(move |(scheme, flat)| match scheme {
        0 => Scheme::Flat,
        1 => Scheme::Graduated(tiers(Decimal::TWO, flat)),
        2 => Scheme::Volume(tiers(Decimal::TEN, flat)),
        3 => Scheme::Package { size: 5 },
        _ => Scheme::PerUnit,
    });
    let intervals = prop_oneof![
        4 => Just((IntervalUnit::Month, 1)),
        1 => Just((IntervalUnit::Year, 1)),
        1 => Just((IntervalUnit::Week, 2)),
        1 => Just((IntervalUnit::Day, 10)),
        1 => Just((IntervalUnit::Quarter, 1)),
    ];
    let intervals = intervals
        .prop_flat_map(|(unit, count)| calendar(unit).prop_map(move |it| (unit, count, it)));
    let billing = prop_oneof![3 => Just(BillingMode::Advance), 1 => Just(BillingMode::Arrears)];
    let switch = prop_oneof![
        Just(SwitchPolicy::Restart),
        Just(SwitchPolicy::KeepAnchor),
        Just(SwitchPolicy::PeriodEnd)
    ];
    (units, schemes, intervals, billing, (policies.clone(), policies), switch).prop_map(
        |(
            unit_amount,
            scheme,
            (unit, count, calendar),
            billing,
            (on_increase, on_decrease),
            on_switch,
        )| {
            Price {
                id: "p".into(),
                product: "Product".into(),
                unit_code: "".into(),
                currency: Currency::from_code("USD").expect("ISO 4217"),
                unit_amount: unit_amount.parse().expect("a decimal"),
                interval: Interval { unit, count },
                scheme,
                billing,
                on_increase,
                on_decrease,
                on_cancel: CancelPolicy::PeriodEnd,
                on_switch,
                free_quantity: 0,
                proration: Proration::default(),
                calendar,
                tax_code: None,
                line: 2,
            }
        },
    )
}

/// The one account of an invented company.
pub(crate) fn account(zone: &str) -> Account {
    Account {
        id: "a".into(),
        name: "Account".into(),
        email: "a@example.com".into(),
        billing_email: None,
        address: Address::default(),
        tax_id: None,
        zone: zone.parse().expect("a zone"),
        locale: Locale::default(),
        tax_code: None,
        einvoice: None,
        payment_terms: crate::model::PaymentTerms::default(),
        documents: None,
        line: 2,
        changes: None,
    }
}

fn book(
    zone: &str,
    mut prices: Vec<Price>,
    subscription: Subscription,
    changes: Vec<Change>,
) -> BillingInput {
    for (index, price) in prices.iter_mut().enumerate() {
        price.id = format!("p{index}").into();
    }
    BillingInput {
        accounts: vec![account(zone)],
        prices,
        subscriptions: vec![subscription],
        subscriptions_of: vec![0..1],
        changes_of: vec![0..changes.len()],
        changes,
        ..BillingInput::default()
    }
}

/// The same company with other changes in its log.
pub(crate) fn with_changes(book: &BillingInput, changes: Vec<Change>) -> BillingInput {
    BillingInput { changes_of: vec![0..changes.len()], changes, ..book.clone() }
}

/// Bills the company's one account.
pub(crate) fn bill(
    book: &BillingInput,
    history: &History,
    last: Option<Instant>,
    through: Instant,
) -> AccountBill {
    bill_with(&settings(), book, history, (last, through))
}

/// Bills the company's one account under other settings.
pub(crate) fn bill_with(
    settings: &Settings,
    book: &BillingInput,
    history: &History,
    span: (Option<Instant>, Instant),
) -> AccountBill {
    Memory::default().bill(settings, book, history, span)
}

/// Bills everything at once.
pub(crate) fn bill_whole(book: &BillingInput, through: Instant) -> AccountBill {
    bill(book, &History::New, None, through)
}

/// Gives documents their numbers and lets credit pay them.
pub(crate) fn settled(
    book: &BillingInput,
    drafts: Vec<DraftInvoice>,
    credit: Credit,
) -> (Vec<Invoice>, Settlement) {
    Memory::default().settled(book, drafts, credit)
}

/// What a register knows of what was charged and credited, and of the numbers given.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    issued: IssuedByNumber,
    charges: Vec<PublishedCharge>,
    /// The newest close, if it matters.
    pub(crate) newest: Option<Instant>,
    series: BTreeMap<String, u64>,
}

impl Memory {
    /// Bills the company's one account, whose charges may have been published.
    pub(crate) fn bill(
        &self,
        settings: &Settings,
        book: &BillingInput,
        history: &History,
        span: (Option<Instant>, Instant),
    ) -> AccountBill {
        let charged = HashMap::from([(0, self.charges.clone())]);
        let watch = HistoryComparison {
            histories: vec![history.clone()],
            charged,
            ..HistoryComparison::default()
        };
        let (state, named) = (State::default(), BTreeMap::new());
        let credits = CreditRules::OfTheirCharges;
        let issued = &self.issued;
        let known = watch.billing_history(&state, (issued, &named), credits);
        let known = BillingHistory { newest: self.newest, ..known };
        let window = Window { after: span.0, through: span.1 };
        let bill = bill_account(0, book, &Quotes::new(&book.prices), settings, known, window);
        assert!(bill.errors.is_empty(), "{:?}", bill.errors);
        bill
    }

    /// Gives documents their numbers, lets credit pay them, and notes what they charge and credit.
    pub(crate) fn settled(
        &mut self,
        book: &BillingInput,
        drafts: Vec<DraftInvoice>,
        credit: Credit,
    ) -> (Vec<Invoice>, Settlement) {
        self.settled_after(book, drafts, Balances { credit, receivables: Vec::new() })
    }

    /// Does the same after other closes, which left invoices open.
    pub(crate) fn settled_after(
        &mut self,
        book: &BillingInput,
        drafts: Vec<DraftInvoice>,
        before: Balances,
    ) -> (Vec<Invoice>, Settlement) {
        let numbered = assign_numbers(drafts, &book.accounts, &settings(), self.series.clone());
        let (mut invoices, ranges) = numbered.expect("series that do not end");
        self.series.extend(ranges.into_iter().map(|(series, range)| (series, range.next)));
        let mut settlement =
            settle_all(&invoices, AccountIds::of(&book.accounts), &[], before).expect("it fits");
        settlement.note_in(&mut invoices);
        for invoice in &invoices {
            self.note(invoice);
        }
        (invoices, settlement)
    }

    fn note(&mut self, invoice: &Invoice) {
        let round_per = settings().tax.round_per;
        let (charged, claims) = if let Some(credits) = &invoice.credits {
            (credits.charged.clone(), credits.claims.clone())
        } else {
            let charged = charged_parts(&invoice.lines, None, round_per);
            (charged.expect("it fits"), Vec::new())
        };
        let part = |it: ChargedPart| {
            IssuedPart::charged(it.terms, it.line_number, (it.base, it.tax, it.tax_parts))
        };
        let parts = charged.into_iter().map(part).collect();
        let issued = Issued { account_id: "a".into(), currency: invoice.currency, parts };
        self.issued.insert(Arc::clone(&invoice.number), issued);
        for claim in claims {
            let issued = self.issued.get_mut(&claim.invoice_number).expect("it was published");
            let is_it = |part: &&mut IssuedPart| part.terms == claim.part.terms;
            let part = issued.parts.iter_mut().find(is_it).expect("it was charged");
            let sum = |sum: &mut Amount, more| *sum = sum.checked_add(more).expect("it fits");
            sum(&mut part.credited_base, claim.part.base);
            sum(&mut part.credited_tax, claim.part.tax);
            let parts = part.credited_parts.plus(claim.part.tax_parts.amounts());
            part.credited_parts = parts.expect("they fit");
        }
        let charging = invoice.lines.iter().zip(1..).filter(|(line, _)| is_charge(line));
        self.charges.extend(charging.map(|(line, line_number)| PublishedCharge {
            period_start: line.key.period_start,
            service: (line.service_start, line.service_end),
            price_id: Arc::clone(&line.quote.price_id),
            quantity: line.quote.quantity,
            invoice_number: Arc::clone(&invoice.number),
            line_number,
        }));
    }
}

/// As the register finds charges. A net line charges the new terms, even if its amount is a credit.
fn is_charge(line: &Line) -> bool {
    line.key.discount.is_none()
        && match line.key.cause {
            Cause::Period | Cause::Remaining(_) => !line.amount.is_negative(),
            Cause::Net(_) => true,
            Cause::Segment(_) | Cause::Unused(_) | Cause::Adjustment(_) => false,
        }
}

/// What credit the company has in each currency.
pub(crate) fn credit(settlement: &Settlement) -> BTreeMap<Currency, Amount> {
    settlement.balances.credit.values().next().cloned().unwrap_or_default()
}
