//! The invoices of one account in a close: discounted, taxed, grouped by boundary and currency, and
//! summed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::adjustments::{AdjustmentError, adjustment_line, credited_terms, own_terms};
use super::billing_history::BillingHistory;
use super::caps::{Caps, Cut, NamedCredit, cap_credits};
use super::charge_index::ChargeIndex;
use super::corrections::{recredited, retaxed};
use super::credit_notes::provisional_number;
use super::discounts::apply_discounts;
use super::due_lines::{DueLines, Expected, due_lines, expected};
use super::grouping::{DocumentInstants, Documents, Filing, PastCharges};
use super::minimum::Minimum;
use super::net_lines::net_pairs;
use super::rank::Ranked;
use crate::config::{CreditNotes, Settings};
use crate::invoice::{AccountBill, BillError, OverCredit};
use crate::model::{
    Adjustment, AdjustmentTiming, BillingInput, CreditRules, Line, Quotes, TaxTerms,
};
use crate::tax::{Bearer, CreditableInvoices, TaxSelector};
use crate::timeline::Window;
use crate::value::{Amount, Instant};

/// Bills one account up to `through`; the last close was at `last`. Credit is applied later, when
/// invoices have numbers: see [`settle_all`](crate::payments::settle_all). `quotes` has the prices
/// of the input.
pub(crate) fn bill_account(
    account: usize,
    book: &BillingInput,
    quotes: &Quotes<'_>,
    settings: &Settings,
    known: BillingHistory<'_>,
    window: Window,
) -> AccountBill {
    let taxation = TaxSelector::new(book, settings, account, (known.taxpayers, known.price_taxes));
    let mut biller = Biller {
        account,
        book,
        quotes,
        settings,
        known,
        taxation,
        window,
        caps: None,
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
    book: &'a BillingInput,
    quotes: &'a Quotes<'a>,
    settings: &'a Settings,
    known: BillingHistory<'a>,
    taxation: TaxSelector<'a>,
    window: Window,
    /// The limits of credits, if adjustments of the account name invoices.
    caps: Option<Capped>,
    bill: AccountBill,
}

/// The limits of an account's credits.
struct Capped {
    caps: Caps,
    /// By the index of an adjustment that names an invoice: its index among these, and its rate.
    named: Vec<(usize, Option<Arc<TaxTerms>>)>,
}

impl Capped {
    /// The credited amount of an adjustment, and its rate.
    fn credited(&self, place: usize) -> Option<(Amount, &Option<Arc<TaxTerms>>)> {
        // They are in the order of the adjustments.
        let found = self.named.binary_search_by_key(&place, |(named, _)| *named).ok()?;
        Some((self.caps.credited[found], &self.named[found].1))
    }
}

impl Biller<'_> {
    /// The dues of all subscriptions, by invoice.
    fn subscriptions(&mut self, documents: &mut Documents) {
        let range = self.book.subscriptions_of[self.account].clone();
        let mut expected: Vec<Expected> = range.clone().map(|it| self.expected(it)).collect();
        if !(self.discount(&mut expected) && self.cap(&mut expected)) {
            self.does_not_fit();
        }
        for (index, expected) in range.zip(expected) {
            let ledger = self.book.ledger(index);
            let history = &self.known.subscriptions[index];
            self.ineffective(index, &expected.ineffective);
            let shown = net_pairs(expected.rated, self.settings, history);
            let DueLines { regular, late } = due_lines(shown, ledger, history, self.window.after);
            let lines = regular.iter().map(|(_, line)| line).chain(&late);
            self.over_credits(index, lines);
            let rank = (ledger.subscription.price, index);
            documents.make_room(regular.len());
            for (due, line) in regular {
                documents.add(due, (rank, line));
            }
            for line in late {
                documents.add_late((rank, line));
            }
        }
        for line in self.recredited().into_iter().chain(self.retaxed()) {
            documents.add_late((Ranked::LAST, line));
        }
        documents.place_late(self.window.through);
    }

    /// Reports lines whose sums exceed 64 bits.
    fn does_not_fit(&mut self) {
        let subscriptions = self.book.subscriptions_of[self.account].clone();
        let adjustments = self.book.adjustments_for(self.account).iter();
        let currencies = subscriptions
            .map(|index| self.book.prices[self.book.subscriptions[index].price].currency)
            .chain(adjustments.map(|adjustment| adjustment.currency));
        if let Some(currency) = currencies.into_iter().next() {
            self.bill.errors.push(BillError::Total { account: self.account, currency });
        }
    }

    /// Limits credits to the rest of their invoices, if adjustments name invoices. Without such
    /// adjustments no credit can exceed its charge. Returns whether everything fits.
    fn cap(&mut self, expected: &mut [Expected]) -> bool {
        let (book, account) = (self.book, self.account);
        let mut issued = CreditableInvoices::new(self.known.issued, self.settings.tax.rounding);
        let (mut credits, mut named) = (Vec::new(), Vec::new());
        for (place, adjustment, number) in self.named_adjustments(book) {
            let account_id = &book.accounts[account].id;
            match credited_terms(adjustment, account_id, number, &mut issued) {
                Ok(terms) => {
                    named.push((place, terms.clone()));
                    credits.push(NamedCredit { adjustment, number, terms });
                }
                Err(error) => {
                    self.bill.errors.push(BillError::Adjustment { account, place, error });
                }
            }
        }
        if named.is_empty() {
            return true;
        }
        let caps = match self.known.credits {
            CreditRules::OfTheirCharges => cap_credits(expected, &credits, self.known.named),
            CreditRules::Apart => Caps::none(&credits),
        };
        self.caps = caps.map(|caps| Capped { caps, named });
        self.caps.is_some()
    }

    /// The due adjustments that name an invoice, with their indices. Older closes did not relate
    /// them to prorations.
    fn named_adjustments<'b>(
        &self,
        book: &'b BillingInput,
    ) -> Vec<(usize, &'b Adjustment, &'b Arc<str>)> {
        let adjustments = book.adjustments_for(self.account).iter().enumerate();
        let due = adjustments.filter(|(_, adjustment)| adjustment.at <= self.window.through);
        let named = due.filter_map(|(place, it)| Some((place, it, it.credits_invoice.as_ref()?)));
        let is_capped = self.known.credits == CreditRules::OfTheirCharges;
        named.filter(|(_, it, _)| is_capped || !self.known.has_billed(it)).collect()
    }

    /// Records the lines of a subscription whose credit is limited.
    fn over_credits<'l>(&mut self, index: usize, lines: impl Iterator<Item = &'l Line>) {
        let Some(Capped { caps, .. }) = &self.caps else { return };
        if caps.cut.is_empty() {
            return;
        }
        let mut charges = ChargeIndex::default();
        charges.add_charges(&self.book.subscriptions[index].id, self.known.charges(index));
        charges.add_published(self.known.standing(index));
        let found: Vec<OverCredit> = lines
            .filter_map(|line| Some((line, *caps.cut.get(&line.key)?)))
            .map(|(line, cut)| self.over_credit((index, line), cut, &charges))
            .collect();
        self.bill.over_credits.extend(found);
    }

    fn over_credit(
        &self,
        (index, line): (usize, &Line),
        cut: Cut,
        charges: &ChargeIndex<Bearer>,
    ) -> OverCredit {
        let published = charges.find(line).map(|bearer| Arc::clone(&bearer.number));
        OverCredit {
            account: self.account,
            subscription: Some(index),
            reference: line.key.cause.change_id().cloned().unwrap_or_else(|| "".into()),
            amount: cut.amount,
            currency: line.currency,
            invoice_number: published
                .unwrap_or_else(|| provisional_number(cut.charged_at, line.currency)),
        }
    }

    /// Corrections of billed adjustments. Late rows may have changed the rest of their invoices.
    fn recredited(&mut self) -> Vec<Line> {
        let Some(capped) = &self.caps else { return Vec::new() };
        let range = self.book.subscriptions_of[self.account].clone();
        if range.into_iter().all(|index| self.known.is_unchanged(index)) {
            return Vec::new();
        }
        let adjustments = self.book.adjustments_for(self.account);
        let mut lines = Vec::new();
        let mut over_credits = Vec::new();
        for (place, terms) in &capped.named {
            let adjustment = &adjustments[*place];
            let Some((credited, _)) = capped.credited(*place) else { continue };
            if !self.known.has_billed(adjustment) {
                continue;
            }
            let published = self.known.adjusted.get(&adjustment.id);
            let before = published.map_or(Amount::ZERO, |entry| entry.line.amount);
            let Some(now) = credited.checked_neg().filter(|now| *now != before) else { continue };
            let line = adjustment_line(adjustment, now, self.window.through, terms.clone());
            lines.extend(recredited(published, line));
            over_credits.extend(self.adjustment_over_credit(adjustment, now));
        }
        self.bill.over_credits.extend(over_credits);
        lines
    }

    /// Corrections of billed adjustments that were taxed by facts that the account did not have.
    fn retaxed(&mut self) -> Vec<Line> {
        let ranges = self.known.taxpayers.retaxed(self.account);
        let adjustments = self.book.adjustments_for(self.account).iter().enumerate();
        let own = adjustments.filter(|(_, it)| it.credits_invoice.is_none() && !ranges.is_empty());
        let mut lines = Vec::new();
        for (place, adjustment) in own {
            let Some(published) = self.known.adjusted.get(&adjustment.id) else { continue };
            let document = published.line.service_start;
            let range = ranges.iter().find(|range| range.holds(document));
            match own_terms(adjustment, document, &self.taxation) {
                Ok(terms) => {
                    let line = adjustment_line(adjustment, adjustment.amount, document, terms);
                    lines.extend(retaxed(published, line, range).into_iter().flatten());
                }
                Err(error) => {
                    let account = self.account;
                    self.bill.errors.push(BillError::Adjustment { account, place, error });
                }
            }
        }
        lines
    }

    fn adjustment_over_credit(&self, adjustment: &Adjustment, now: Amount) -> Option<OverCredit> {
        let amount = now.checked_sub(adjustment.amount).filter(|over| *over > Amount::ZERO)?;
        // A void credits what is left, and no more was meant.
        if adjustment.voids.is_some() {
            return None;
        }
        Some(OverCredit {
            account: self.account,
            subscription: None,
            reference: Arc::clone(&adjustment.id),
            amount,
            currency: adjustment.currency,
            invoice_number: adjustment.credits_invoice.clone()?,
        })
    }

    /// The expected lines of one subscription, by the log.
    fn expected(&mut self, index: usize) -> Expected {
        let Window { after: last, through } = self.window;
        // The invoices of a discount are known only by counting from the start.
        let from_start =
            self.is_discounted() || self.is_contested() || !self.known.is_unchanged(index);
        let window = Window { after: if from_start { None } else { last }, through };
        let ledger = self.book.ledger(index);
        match expected(ledger, self.quotes, &self.taxation, window) {
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

    /// Whether adjustments draw on invoices. Then every credit must be counted.
    fn is_contested(&self) -> bool {
        let mut named = self.book.adjustments_for(self.account).iter();
        self.known.credits == CreditRules::OfTheirCharges
            && named.any(|it| it.credits_invoice.is_some() && it.at <= self.window.through)
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

    /// Reports changes without effect. Earlier closes reported older ones.
    fn ineffective(&mut self, index: usize, changes: &[usize]) {
        let ledger = self.book.ledger(index);
        let last = self.window.after.filter(|_| self.known.is_unchanged(index));
        let is_new = |change: &usize| last.is_none_or(|last| ledger.changes[*change].at > last);
        let new = changes.iter().copied().filter(is_new);
        self.bill.ineffective.extend(new.map(|change| (index, change)));
    }

    /// Adds due adjustments that no close has billed.
    fn adjustments(&mut self, documents: &mut Documents) {
        let adjustments = self.book.adjustments_for(self.account);
        let is_due = |it: &Adjustment| !self.known.has_billed(it) && it.at <= self.window.through;
        let due = adjustments.iter().enumerate().filter(|(_, adjustment)| is_due(adjustment));
        let mut due = due.peekable();
        if due.peek().is_none() {
            return;
        }
        let instants = documents.instants();
        // Placed before any is added, because the invoice of one must not depend on the others.
        let placed: Vec<(usize, &Adjustment, Option<Instant>)> =
            due.map(|(place, it)| (place, it, self.document_for(it, &instants))).collect();
        self.check_voids(&placed);
        for (place, adjustment, document) in placed {
            let Some(document) = document else {
                self.bill.waiting.push(place);
                continue;
            };
            match self.adjustment(place, adjustment, document) {
                Ok(Some(line)) => documents.add(document, (Ranked::LAST, line)),
                Ok(None) => {}
                Err(error) => self.bill.errors.push(BillError::Adjustment {
                    account: self.account,
                    place,
                    error,
                }),
            }
        }
    }

    /// Reports void invoices of which other credits have left nothing.
    fn check_voids(&mut self, placed: &[(usize, &Adjustment, Option<Instant>)]) {
        let voids = placed.iter().filter(|(_, adjustment, _)| adjustment.voids.is_some());
        let mut left: BTreeMap<&Arc<str>, (usize, bool)> = BTreeMap::new();
        for (place, adjustment, _) in voids {
            let credited = self.caps.as_ref().and_then(|capped| capped.credited(*place));
            let has_some = credited.is_some_and(|(credited, _)| !credited.is_zero());
            if let Some(number) = &adjustment.credits_invoice {
                left.entry(number).or_insert((*place, false)).1 |= has_some;
            }
        }
        let account = self.account;
        let empty = left.into_values().filter(|(_, has_some)| !has_some);
        self.bill.errors.extend(empty.map(|(place, _)| BillError::Adjustment {
            account,
            place,
            error: AdjustmentError::NothingLeft,
        }));
    }

    /// The line of an adjustment; `None` if its invoice has no rest.
    fn adjustment(
        &mut self,
        place: usize,
        adjustment: &Adjustment,
        document: Instant,
    ) -> Result<Option<Line>, AdjustmentError> {
        if adjustment.credits_invoice.is_none() {
            let terms = own_terms(adjustment, document, &self.taxation)?;
            return Ok(Some(adjustment_line(adjustment, adjustment.amount, document, terms)));
        }
        // Its error has been reported.
        let credited = self.caps.as_ref().and_then(|capped| capped.credited(place));
        let Some((credited, terms)) = credited else { return Ok(None) };
        let amount = credited.checked_neg().unwrap_or(adjustment.amount);
        let line = adjustment_line(adjustment, amount, document, terms.clone());
        let over = self.adjustment_over_credit(adjustment, amount);
        self.bill.over_credits.extend(over);
        Ok(Some(line).filter(|line| !line.amount.is_zero()))
    }

    /// The instant of the invoice for an adjustment, if there is one.
    fn document_for(
        &self,
        adjustment: &Adjustment,
        documents: &DocumentInstants,
    ) -> Option<Instant> {
        let Window { after: last, through } = self.window;
        let has_own = adjustment.timing == AdjustmentTiming::Immediate
            || (self.settings.credit_notes == CreditNotes::Separate
                && adjustment.credits_invoice.is_some());
        if !has_own {
            return documents.first(adjustment.currency, adjustment.at);
        }
        // A late adjustment is dated at this close.
        let is_late = last.is_some_and(|last| adjustment.at <= last);
        Some(if is_late { through } else { adjustment.at })
    }

    fn file(&mut self, documents: Documents) {
        let (known, book) = (self.known, self.book);
        let past = PastCharges {
            subscriptions: &book.subscriptions_of[self.account],
            standing: &|index| known.standing(index),
            documents: &|index| known.documents(index),
            charges: &|index| known.charges(index),
            id: &|index| &book.subscriptions[index].id,
            is_followed: self.known.credits == CreditRules::OfTheirCharges,
        };
        let filing = Filing {
            account: self.account,
            settings: self.settings,
            issued: CreditableInvoices::new(self.known.issued, self.settings.tax.rounding),
            account_id: &book.accounts[self.account].id,
            past,
            bill: &mut self.bill,
        };
        if self.settings.minimum.is_empty() {
            filing.file_all(documents);
            return;
        }
        let minimum =
            Minimum { book, account: self.account, window: self.window, newest: known.newest };
        minimum.file(filing, documents);
    }
}
