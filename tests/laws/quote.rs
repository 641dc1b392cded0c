//! A quote is what closes bill when the change is really in the log.

use proptest::prelude::*;

use super::around::{discounted, taxed};
use super::company::{self, DAY, Memory, instant, settings};
use crate::config::{CreditNotes, ProrationLines, Settings};
use crate::invoice::{ChangeQuestion, ChangeQuote, quote_change};
use crate::model::{
    BillingInput, CancelPolicy, Change, ChangeKind, ChangePolicy, Excess, History, Invoice, Rules,
};
use crate::payments::Balances;
use crate::value::Instant;

/// A company with a close, and the log with a change after it.
#[derive(Clone)]
struct Closed {
    settings: Settings,
    without: BillingInput,
    with: BillingInput,
    memory: Memory,
    balances: Balances,
    last: Instant,
    at: Instant,
}

impl Closed {
    /// Closes the company, and adds a change to its log.
    fn new(
        settings: Settings,
        mut without: BillingInput,
        (days, seconds): (i64, i64),
        (kind, policy): (ChangeKind, Option<ChangePolicy>),
    ) -> Self {
        let last = instant(days * DAY).max(without.subscriptions[0].started_at);
        // What the first rules bill depends on the last close that used them.
        if without.rules.last_old().is_some_and(|old| last < old) {
            without.rules = Rules::default();
        }
        let at = Instant::from_unix_seconds(last.unix_seconds() + seconds);
        let mut with = without.clone();
        let place = with.changes.partition_point(|change| change.at <= at);
        with.changes.insert(
            place,
            Change {
                id: "quote".into(),
                at,
                nanosecond: 0,
                skipped: 0,
                kind,
                previous_quantity: None,
                policy,
                line: 1 << 62,
            },
        );
        with.changes_of = vec![0..with.changes.len()];
        let (memory, balances) = (Memory::default(), Balances::default());
        let mut closed = Self { settings, without, with, memory, balances, last, at };
        let (book, last) = (closed.without.clone(), closed.last);
        closed.close_with(&book, &History::New, (None, last));
        closed
    }

    fn close_with(
        &mut self,
        book: &BillingInput,
        history: &History,
        span: (Option<Instant>, Instant),
    ) -> Vec<Invoice> {
        let bill = self.memory.bill(&self.settings, book, history, span);
        let before = std::mem::take(&mut self.balances);
        let (invoices, settlement) = self.memory.settled_after(book, bill.drafts, before);
        self.balances = settlement.balances;
        self.balances.receivables.retain(|it| !it.open().is_zero());
        self.last = span.1;
        invoices
    }

    /// The next close, of a log.
    fn close(&mut self, book: &BillingInput, through: Instant) -> Vec<Invoice> {
        let last = self.last;
        self.close_with(book, &History::Unchanged, (Some(last), through))
    }

    fn quote(&self) -> ChangeQuote {
        let question = ChangeQuestion {
            with: &self.with,
            without: &self.without,
            subscription: 0,
            at: self.at,
            tax: &self.settings.tax,
        };
        let bill = |book: &BillingInput, through| Ok::<_, ()>(self.clone().close(book, through));
        quote_change(question, bill).expect("it fits, and nothing is late")
    }
}

/// What documents say, but for the numbers, which depend on other documents.
fn shown<'i>(documents: impl IntoIterator<Item = &'i Invoice>) -> Vec<String> {
    let line = |document: &Invoice| {
        let lines = document.lines.iter().map(|line| {
            let (amount, tax) = (line.amount.minor(), line.tax_amount.minor());
            format!("{} {amount} {tax} {}", line.key, line.quote.quantity)
        });
        let lines: Vec<String> = lines.collect();
        format!("{} {:?} {:?} {lines:?}", document.instant, document.kind, document.totals)
    };
    documents.into_iter().map(line).collect()
}

fn of_instant(documents: &[Invoice], at: Instant) -> Vec<String> {
    shown(documents.iter().filter(|document| document.instant == at))
}

fn proposals() -> impl Strategy<Value = (ChangeKind, Option<ChangePolicy>)> {
    let kinds = prop_oneof![
        4 => (0_u64..7).prop_map(ChangeKind::Quantity),
        2 => (0_i64..3).prop_map(ChangeKind::Delta),
        4 => (0_usize..3, proptest::option::of(0_u64..5))
            .prop_map(|(price, quantity)| ChangeKind::Price { price, quantity }),
        2 => proptest::option::of(prop_oneof![
            Just(CancelPolicy::PeriodEnd),
            Just(CancelPolicy::Immediate),
            Just(CancelPolicy::ImmediateNoCredit),
        ]).prop_map(ChangeKind::Cancel),
        1 => Just(ChangeKind::Uncancel),
        1 => Just(ChangeKind::Pause),
        1 => Just(ChangeKind::Resume),
        2 => (proptest::option::of(0_u32..3), proptest::option::of(0_u64..5))
            .prop_map(|(price, quantity)| ChangeKind::Restart { price, quantity }),
    ];
    let policies = proptest::option::weighted(
        0.3,
        prop_oneof![
            Just(ChangePolicy::NextInvoice),
            Just(ChangePolicy::Immediate),
            Just(ChangePolicy::PeriodEnd),
            Just(ChangePolicy::None),
        ],
    );
    (kinds, policies)
}

/// How documents show changes.
fn ways() -> impl Strategy<Value = Settings> {
    (any::<bool>(), any::<bool>()).prop_map(|(separate, net)| Settings {
        credit_notes: if separate { CreditNotes::Separate } else { CreditNotes::Inline },
        proration_lines: if net { ProrationLines::Net } else { ProrationLines::Pairs },
        ..settings()
    })
}

fn companies() -> impl Strategy<Value = BillingInput> {
    let around = taxed(discounted(company::any().boxed(), Excess::Credit).boxed());
    prop_oneof![company::any(), around]
}

/// From the close to the change: many fall on midnights, where boundaries are.
fn later() -> impl Strategy<Value = (i64, i64)> {
    (0_i64..300, prop_oneof![1_i64..60 * DAY, (1_i64..60).prop_map(|day| day * DAY)])
}

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn a_quote_is_what_closes_bill_with_the_change(
        (settings, book) in (ways(), companies()),
        when in later(),
        proposal in proposals(),
    ) {
        let closed = Closed::new(settings, book, when, proposal);
        let quote = closed.quote();
        for (book, due_now, next) in [
            (&closed.with, &quote.due_now.with, &quote.next.with),
            (&closed.without, &quote.due_now.without, &quote.next.without),
        ] {
            let mut register = closed.clone();
            let published = register.close(book, closed.at);
            let differs = !quote.due_now.with.is_empty() || !quote.due_now.without.is_empty();
            if differs {
                prop_assert_eq!(shown(due_now), of_instant(&published, closed.at));
            }
            let Some(at) = next.first().map(|document| document.instant) else { continue };
            prop_assert!(at > closed.at);
            let published = register.close(book, at);
            prop_assert_eq!(shown(next), of_instant(&published, at));
        }
        if quote.due_now.with.is_empty() && quote.due_now.without.is_empty() {
            let documents = |book| of_instant(&closed.clone().close(book, closed.at), closed.at);
            prop_assert_eq!(documents(&closed.with), documents(&closed.without));
        }
    }

    /// A subscription that goes on pays for each of its periods what the quote says of the first.
    #[test]
    fn the_price_from_then_on_is_billed_for_a_whole_period(
        (settings, book) in (ways(), companies()),
        when in later(),
        proposal in proposals(),
    ) {
        let closed = Closed::new(settings, book, when, proposal);
        let quote = closed.quote();
        for (book, standing) in [(&closed.with, &quote.after), (&closed.without, &quote.before)] {
            let Some(period) = &standing.period else { continue };
            prop_assert!(standing.ends_at.is_none());
            prop_assert!(closed.at <= period.start && period.start < period.end);
            let log = book.with_some_changes(|_, change| change.at <= closed.at);
            let published = closed.clone().close(&log, period.end);
            let billed: i64 = published
                .iter()
                .flat_map(|document| &document.lines)
                .filter(|line| line.key.period_start == period.start)
                .map(|line| line.amount.minor())
                .sum();
            let quoted = period.totals.subtotal.minor() - period.totals.discount.minor();
            prop_assert_eq!(quoted, billed);
        }
    }

    #[test]
    fn a_change_that_changes_nothing_costs_nothing(
        (settings, book) in (ways(), companies()),
        when in later(),
    ) {
        let closed = Closed::new(settings, book, when, (ChangeKind::Delta(0), None));
        let quote = closed.quote();
        prop_assert!(quote.due_now.with.is_empty() && quote.due_now.without.is_empty());
        prop_assert_eq!(shown(&quote.next.with), shown(&quote.next.without));
        let period = |standing: &crate::invoice::Standing| {
            let period = standing.period.as_ref();
            (period.map(|it| (it.start, it.end, it.terms, it.totals)), standing.ends_at)
        };
        prop_assert_eq!(period(&quote.before), period(&quote.after));
    }
}
