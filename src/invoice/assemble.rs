//! One account's documents of a close: everything it owes, discounted, taxed, grouped by boundary
//! and currency, and summed.

use std::sync::Arc;

use super::adjustment::{AdjustmentError, adjustment_line, credited_terms, own_terms};
use super::credit_note::{Creditable, IssuedByNumber};
use super::discount::apply_discounts;
use super::due::{DueError, Dues, Expected, expected, owed};
use super::file::{Documents, Filing, Ranked};
use super::net::present;
use super::taxation::Taxation;
use super::{TaxTotal, Totals};
use crate::config::{CreditNotes, Settings};
use crate::model::{Adjustment, AdjustmentTiming, Book, Line, Published};
use crate::rating::Details;
use crate::register::{History, State, Watch};
use crate::timeline::Window;
use crate::value::{Currency, Instant};

/// A document that has everything but its number.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Index of the account.
    pub account: usize,
    /// The currency of every line.
    pub currency: Currency,
    /// The boundary or change it is dated at.
    pub instant: Instant,
    /// In print order.
    pub lines: Vec<Line>,
    /// The tax at each rate.
    pub taxes: Vec<TaxTotal>,
    /// The sums. What credit pays is filled in when the close is settled.
    pub totals: Totals,
    /// The published invoice that it credits, if it is a credit note.
    pub credits_invoice: Option<Arc<str>>,
}

/// A document that is not published, because every line on it is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// Index of the account.
    pub account: usize,
    /// Its currency.
    pub currency: Currency,
    /// The instant it would have been dated at.
    pub instant: Instant,
}

/// Everything one account gets in a close.
#[derive(Clone, Debug, Default)]
pub struct AccountBill {
    /// Its documents, oldest first.
    pub drafts: Vec<Draft>,
    /// Documents that come to nothing.
    pub suppressed: Vec<Suppressed>,
    /// Changes without effect: index of the subscription and of the change among its own.
    pub ineffective: Vec<(usize, usize)>,
    /// Adjustments whose time has come and that wait for a document, by place among the account's.
    pub waiting: Vec<usize>,
    /// What cannot be billed.
    pub errors: Vec<BillError>,
}

/// Why an account cannot be billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BillError {
    /// One of its subscriptions makes no sense.
    Subscription {
        /// Its index.
        index: usize,
        /// Why.
        error: DueError,
    },
    /// One of its adjustments cannot be billed.
    Adjustment {
        /// Index of the account.
        account: usize,
        /// Its place among the account's adjustments.
        place: usize,
        /// Why.
        error: AdjustmentError,
    },
    /// The lines of a document do not add up within 64 bits.
    Total {
        /// Index of the account.
        account: usize,
        /// The document's currency.
        currency: Currency,
    },
}

/// What the register knows that billing needs.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Of every subscription.
    pub watch: &'a Watch,
    /// Of accounts, adjustments and the rest.
    pub state: &'a State,
    /// Of published invoices that credits may concern.
    pub issued: &'a IssuedByNumber,
}

/// Bills one account up to `through`, when the last close was at `last`. What credit pays of its
/// documents is decided when they have numbers: see [`settle_all`](super::settle_all).
pub fn bill_account(
    account: usize,
    (book, details): (&Book, &Details),
    settings: &Settings,
    known: Known<'_>,
    (last, through): (Option<Instant>, Instant),
) -> AccountBill {
    let taxation = Taxation::new(book, settings, account, known.state);
    let mut biller = Biller {
        account,
        book,
        details,
        settings,
        known,
        taxation,
        span: (last, through),
        bill: AccountBill::default(),
    };
    let mut documents = Documents::default();
    biller.subscriptions(&mut documents);
    biller.adjustments(&mut documents);
    biller.file(documents);
    biller.bill.drafts.shrink_to_fit();
    biller.bill
}

struct Biller<'a> {
    account: usize,
    book: &'a Book,
    details: &'a Details,
    settings: &'a Settings,
    known: Known<'a>,
    taxation: Taxation<'a>,
    span: (Option<Instant>, Instant),
    bill: AccountBill,
}

impl Biller<'_> {
    /// What the subscriptions owe, by document.
    fn subscriptions(&mut self, documents: &mut Documents) {
        let range = self.book.subscriptions_of[self.account].clone();
        let mut expected: Vec<Expected> = range.clone().map(|it| self.expected(it)).collect();
        if !self.discount(&mut expected) {
            let currency = self.book.prices[self.book.subscriptions[range.start].price].currency;
            self.bill.errors.push(BillError::Total { account: self.account, currency });
        }
        for (index, expected) in range.zip(expected) {
            let ledger = self.book.ledger(index);
            let history = &self.known.watch.histories[index];
            self.ineffective(index, &expected.ineffective);
            let shown = present(expected.rated, self.settings, history);
            let Dues { regular, late } = owed(shown, ledger, history, self.span.0);
            let rank = (ledger.subscription.price, index);
            documents.make_room(regular.len());
            for (due, line) in regular {
                documents.add(due, (rank, line));
            }
            for line in late {
                documents.add_late((rank, line));
            }
        }
        documents.place_late(self.span.1);
    }

    /// What the log says that one subscription should have been billed.
    fn expected(&mut self, index: usize) -> Expected {
        let (last, through) = self.span;
        // Which documents a discount applies to is known only from the beginning.
        let from_start =
            self.is_discounted() || !matches!(self.known.watch.histories[index], History::OnTime);
        let window = Window { after: if from_start { None } else { last }, through };
        let ledger = self.book.ledger(index);
        match expected(ledger, (&self.book.prices, self.details), &self.taxation, window) {
            Ok(expected) => expected,
            Err(error) => {
                self.bill.errors.push(BillError::Subscription { index, error });
                Expected::default()
            }
        }
    }

    fn is_discounted(&self) -> bool {
        self.book.discounts_for(self.account).next().is_some()
    }

    /// Returns whether everything fits.
    fn discount(&self, expected: &mut [Expected]) -> bool {
        if !self.is_discounted() {
            return true;
        }
        let mut rated: Vec<_> =
            expected.iter_mut().map(|it| std::mem::take(&mut it.rated)).collect();
        let zone = self.book.accounts[self.account].zone;
        let discounts = self.book.discounts_for(self.account);
        let fits = apply_discounts(&mut rated, discounts, (self.account, zone)).is_some();
        for (expected, rated) in expected.iter_mut().zip(rated) {
            expected.rated = rated;
        }
        fits
    }

    /// Those of earlier closes were named then.
    fn ineffective(&mut self, index: usize, changes: &[usize]) {
        let ledger = self.book.ledger(index);
        let is_known = matches!(self.known.watch.histories[index], History::OnTime);
        let last = self.span.0.filter(|_| is_known);
        let is_new = |change: &usize| last.is_none_or(|last| ledger.changes[*change].at > last);
        let new = changes.iter().copied().filter(is_new);
        self.bill.ineffective.extend(new.map(|change| (index, change)));
    }

    /// One-off charges and credits whose time has come and that no close has billed.
    fn adjustments(&mut self, documents: &mut Documents) {
        let mut issued = Creditable::new(self.known.issued);
        let adjustments = self.book.adjustments_for(self.account);
        let is_due = |adjustment: &Adjustment| {
            let is_billed = self.known.state.adjustments.contains_key(&*adjustment.id);
            !is_billed && adjustment.at <= self.span.1
        };
        let due = adjustments.iter().enumerate().filter(|(_, adjustment)| is_due(adjustment));
        // Before any is added: on which document one goes does not depend on the others.
        let placed: Vec<(usize, &Adjustment, Option<Instant>)> =
            due.map(|(place, it)| (place, it, self.document_for(it, documents))).collect();
        for (place, adjustment, document) in placed {
            let Some(document) = document else {
                self.bill.waiting.push(place);
                continue;
            };
            match self.adjustment_terms(adjustment, document, &mut issued) {
                Ok(tax) => {
                    let line = adjustment_line(adjustment, document, tax);
                    documents.add(document, (Ranked::LAST, line));
                }
                Err(error) => self.bill.errors.push(BillError::Adjustment {
                    account: self.account,
                    place,
                    error,
                }),
            }
        }
    }

    /// The instant of the document that an adjustment goes on, if there is one.
    fn document_for(&self, adjustment: &Adjustment, documents: &Documents) -> Option<Instant> {
        let (last, through) = self.span;
        let has_own = adjustment.timing == AdjustmentTiming::Immediate
            || (self.settings.credit_notes == CreditNotes::Separate
                && adjustment.credits_invoice.is_some());
        if !has_own {
            return documents.first(adjustment.currency, adjustment.at);
        }
        // What comes too late for its own date is dated at this close.
        let is_late = last.is_some_and(|last| adjustment.at <= last);
        Some(if is_late { through } else { adjustment.at })
    }

    fn adjustment_terms(
        &self,
        adjustment: &Adjustment,
        document: Instant,
        issued: &mut Creditable<'_>,
    ) -> Result<Option<Arc<crate::model::TaxTerms>>, AdjustmentError> {
        match &adjustment.credits_invoice {
            Some(number) => {
                let account_id = &self.book.accounts[self.account].id;
                credited_terms(adjustment, account_id, number, issued)
            }
            None => own_terms(adjustment, document, &self.taxation),
        }
    }

    fn file(&mut self, documents: Documents) {
        let watch = self.known.watch;
        let filing = Filing {
            account: self.account,
            settings: self.settings,
            issued: Creditable::new(self.known.issued),
            account_id: &self.book.accounts[self.account].id,
            published: &|index| published(watch, index),
            bill: &mut self.bill,
        };
        filing.file_all(documents);
    }
}

/// What the register has of a subscription, where credits are kept apart.
fn published(watch: &Watch, index: usize) -> &[Published] {
    match watch.histories.get(index) {
        Some(History::Late(past)) => &past.standing,
        _ => watch.charged.get(&index).map_or(&[], Vec::as_slice),
    }
}
