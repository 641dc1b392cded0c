//! Groups lines into invoices: one for each boundary and currency. With separate credit notes there
//! is also one for each credited invoice.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::account_bill::{AccountBill, BillError, DraftInvoice, Suppressed};
use super::charge_index::ChargeIndex;
use super::credit_notes::{provisional_number, take_out};
use super::entries::{FiledLine, Lookup, entries};
use crate::config::{CreditNotes, Settings};
use crate::invoice::rank::RankedLine;
use crate::model::{Cause, Credits, Line, LineKind, Published, PublishedCharge, TaxTotal, Totals};
use crate::tax::{Bearer, CreditableInvoices, Taxing, tax_document};
use crate::value::{Amount, Currency, Instant};

/// The lines of an account, each with its invoice.
///
/// One list in order of insertion, because most accounts have few lines.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    regular: Vec<(Instant, RankedLine)>,
    late: Vec<RankedLine>,
}

impl Documents {
    /// Reserves memory for exactly these lines. Most accounts have one or two, so the allocator
    /// reuses recent memory.
    pub(crate) fn make_room(&mut self, lines: usize) {
        self.regular.reserve_exact(lines);
    }

    /// Adds a line to the invoice of an instant.
    pub(crate) fn add(&mut self, instant: Instant, line: RankedLine) {
        self.regular.push((instant, line));
    }

    /// Adds a late line.
    pub(crate) fn add_late(&mut self, line: RankedLine) {
        self.late.push(line);
    }

    /// Puts late lines on the next invoice in their currency. Without one, they get their own
    /// invoice at the close.
    pub(crate) fn place_late(&mut self, through: Instant) {
        let late = std::mem::take(&mut self.late);
        if late.is_empty() {
            return;
        }
        let mut next: HashMap<Currency, Instant> = HashMap::new();
        for (instant, (_, line)) in &self.regular {
            let first = next.entry(line.currency).or_insert(*instant);
            *first = (*first).min(*instant);
        }
        self.regular.extend(late.into_iter().map(|ranked| {
            let next = next.get(&ranked.1.currency).copied();
            (next.unwrap_or(through), ranked)
        }));
    }

    /// The instants of all invoices, by currency.
    pub(crate) fn instants(&self) -> DocumentInstants {
        let places = self.regular.iter().map(|(instant, (_, line))| (line.currency, *instant));
        DocumentInstants(places.collect())
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.regular.iter().map(|(_, (_, line))| line)
    }

    /// The invoices by instant and currency, each with its lines in order of insertion.
    pub(super) fn each(mut self, mut add: impl FnMut((Instant, Currency), Vec<RankedLine>)) {
        let place = |(instant, (_, line)): &(Instant, RankedLine)| (*instant, line.currency);
        self.regular.sort_by_key(place);
        let mut lines = self.regular.into_iter();
        while let Some(first) = lines.as_slice().first().map(place) {
            let count = lines.as_slice().iter().take_while(|line| place(line) == first).count();
            add(first, lines.by_ref().take(count).map(|(_, line)| line).collect());
        }
    }
}

/// The instants of an account's invoices.
#[derive(Debug, Default)]
pub(crate) struct DocumentInstants(BTreeSet<(Currency, Instant)>);

impl DocumentInstants {
    /// The first invoice in a currency at or after an instant.
    pub(crate) fn first(&self, currency: Currency, at: Instant) -> Option<Instant> {
        let (found, instant) = self.0.range((currency, at)..).next()?;
        (*found == currency).then_some(*instant)
    }
}

/// Turns the lines of an account into invoices.
pub(crate) struct Filing<'a> {
    pub(crate) account: usize,
    pub(crate) settings: &'a Settings,
    /// Invoices with their credits so far.
    pub(crate) issued: CreditableInvoices<'a>,
    pub(crate) account_id: &'a Arc<str>,
    /// The subscriptions of the account in the register.
    pub(crate) past: PastCharges<'a>,
    pub(crate) bill: &'a mut AccountBill,
}

/// The register data about the subscriptions of an account that credits may need.
#[derive(Clone, Copy)]
pub(crate) struct PastCharges<'a> {
    pub(crate) subscriptions: &'a Range<usize>,
    /// The lines in force of a subscription whose past has changed.
    pub(crate) standing: &'a dyn Fn(usize) -> &'a [Published],
    /// The invoices with lines of a subscription whose past has changed.
    pub(crate) documents: &'a dyn Fn(usize) -> Option<&'a BTreeSet<Arc<str>>>,
    /// The charges in force of a subscription with new changes.
    pub(crate) charges: &'a dyn Fn(usize) -> &'a [PublishedCharge],
    /// The id of a subscription.
    pub(crate) id: &'a dyn Fn(usize) -> &'a Arc<str>,
    /// Whether credits take back the tax of their charges. Older closes did not.
    pub(crate) is_followed: bool,
}

impl Filing<'_> {
    /// Files every invoice. Credit notes come before the invoice of their instant, because their
    /// credit may pay it.
    pub(crate) fn file_all(mut self, documents: Documents) {
        let mut charges = self.takes_back(&documents).then(|| self.past.index());
        documents.each(|place, lines| self.file_one(place, lines, &mut charges));
    }

    /// Files one invoice, and its credit notes.
    pub(super) fn file_one(
        &mut self,
        place: (Instant, Currency),
        lines: Vec<RankedLine>,
        charges: &mut Option<ChargeIndex<Bearer>>,
    ) {
        let is_separate = self.settings.credit_notes == CreditNotes::Separate;
        let lines = in_order(lines);
        let lines = if is_separate { lines } else { self.file_voids(place, lines) };
        if lines.is_empty() {
            return;
        }
        if let Some(charges) = charges {
            self.follow(place, lines, charges);
        } else {
            self.document(place, lines.into_iter().map(|(_, line)| line).collect());
        }
    }

    /// Files the credits of void invoices as credit notes, also where other credits are lines of the
    /// next invoice, and returns the other lines.
    fn file_voids(
        &mut self,
        place: (Instant, Currency),
        lines: Vec<RankedLine>,
    ) -> Vec<RankedLine> {
        // A correction of one may be a charge, so it is no note.
        let is_own = |line: &Line| line.is_void() && line.correction.is_none();
        if !lines.iter().any(|(_, line)| is_own(line)) {
            return lines;
        }
        let own = provisional_number(place.0, place.1);
        let (voids, lines): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|(_, line)| is_own(line));
        let standing = self.past.standing;
        let charges = &mut ChargeIndex::default();
        let mut lookup = Lookup { charges, standing, own: &own, is_separate: true };
        let mut notes: BTreeMap<Arc<str>, Vec<FiledLine>> = BTreeMap::new();
        for entry in entries(voids, &mut lookup) {
            let number = entry.line.credits_invoice.clone().unwrap_or_else(|| Arc::clone(&own));
            notes.entry(number).or_default().push(entry);
        }
        for (number, entries) in notes {
            self.credited_document(place, (&own, entries), Some(number));
        }
        lines
    }

    /// Whether credits must be linked to their charges: with separate credit notes, or with tax.
    /// Most accounts have no credits.
    pub(super) fn takes_back(&self, documents: &Documents) -> bool {
        let (past, is_separate) = (&self.past, self.settings.credit_notes == CreditNotes::Separate);
        let is_changed = past.subscriptions.clone().any(|index| !(past.standing)(index).is_empty());
        let may_take_back = |line: &Line| match line.key.cause {
            _ if line.correction.is_some() => true,
            Cause::Unused(_) | Cause::Net(_) => true,
            Cause::Adjustment(_) => line.credits_invoice.is_some(),
            _ => is_changed && line.key.discount.is_some(),
        };
        documents.lines().any(may_take_back)
            && (is_separate || (past.is_followed && documents.lines().any(Line::is_taxed)))
    }

    /// Files an invoice, and separate credit notes for the other invoices that it credits.
    fn follow(
        &mut self,
        place: (Instant, Currency),
        lines: Vec<RankedLine>,
        charges: &mut ChargeIndex<Bearer>,
    ) {
        let own = provisional_number(place.0, place.1);
        let is_separate = self.settings.credit_notes == CreditNotes::Separate;
        let standing = self.past.standing;
        let mut lookup = Lookup { charges, standing, own: &own, is_separate };
        let mut entries = entries(lines, &mut lookup);
        if is_separate {
            for (number, entries) in take_out(&mut entries, &own, &mut self.issued) {
                self.credited_document(place, (&own, entries), Some(number));
            }
            renumber(&mut entries, &own);
            for (line_number, entry) in (1..).zip(&entries) {
                charges.add(&entry.line, Bearer { number: Arc::clone(&own), line_number });
            }
        }
        if entries.is_empty() || self.is_suppressed(place, entries.iter().map(|it| &it.line)) {
            return;
        }
        self.credited_document(place, (&own, entries), None);
    }

    /// Files an invoice with credits.
    fn credited_document(
        &mut self,
        place: (Instant, Currency),
        (own, entries): (&Arc<str>, Vec<FiledLine>),
        credits_invoice: Option<Arc<str>>,
    ) {
        if self.is_too_long(place, entries.len()) {
            return;
        }
        let (mut lines, mut credits, mut units) = (Vec::new(), Vec::new(), Vec::new());
        let places: HashMap<usize, usize> =
            entries.iter().enumerate().map(|(at, entry)| (entry.place, at)).collect();
        for (at, entry) in entries.into_iter().enumerate() {
            units.push(places.get(&entry.unit).copied().unwrap_or(at));
            lines.push(entry.line);
            credits.push(entry.credits);
        }
        let past = self.past;
        let taxing = Taxing {
            own: Arc::clone(own),
            account_id: self.account_id,
            currency: place.1,
            lines: &mut lines,
            credits: &credits,
            units: &units,
            issued: &mut self.issued,
            others: &|| past.numbers(),
            settings: &self.settings.tax,
        };
        match taxing.tax() {
            Some((taxes, credits)) => {
                self.push(place, lines, Some((taxes, Some(credits))), credits_invoice);
            }
            None => self.push(place, lines, None, credits_invoice),
        }
    }

    /// Files an invoice without credits, or with credits that need no link.
    fn document(&mut self, place: (Instant, Currency), mut lines: Vec<Line>) {
        if self.is_suppressed(place, lines.iter()) || self.is_too_long(place, lines.len()) {
            return;
        }
        let taxes = tax_document(&mut lines, &self.settings.tax);
        self.push(place, lines, taxes.map(|taxes| (taxes, None)), None);
    }

    /// Reports an invoice with more lines than the settings allow.
    fn is_too_long(&mut self, (instant, currency): (Instant, Currency), count: usize) -> bool {
        let most = self.settings.max_lines;
        let is_too_long = count > most;
        if is_too_long {
            let account = self.account;
            let error = BillError::Lines { account, currency, instant, count, most };
            self.bill.errors.push(error);
        }
        is_too_long
    }

    /// Whether an invoice has no amounts, and is not published.
    fn is_suppressed<'l>(
        &mut self,
        (instant, currency): (Instant, Currency),
        mut lines: impl Iterator<Item = &'l Line>,
    ) -> bool {
        let is_suppressed = !self.settings.publish_zero_amount && lines.all(says_nothing);
        if is_suppressed {
            self.bill.suppressed.push(Suppressed { account: self.account, currency, instant });
        }
        is_suppressed
    }

    fn push(
        &mut self,
        (instant, currency): (Instant, Currency),
        mut lines: Vec<Line>,
        taxed: Option<(Vec<TaxTotal>, Option<Credits>)>,
        credits_invoice: Option<Arc<str>>,
    ) {
        let account = self.account;
        let summed =
            taxed.and_then(|(taxes, credits)| Some((sum_up(&lines, &taxes)?, taxes, credits)));
        match summed {
            Some((totals, mut at_rates, credits)) => {
                // The invoices of all accounts stay in memory until the end of the close.
                lines.shrink_to_fit();
                at_rates.shrink_to_fit();
                let credits = credits.map(Box::new);
                self.bill.drafts.push(DraftInvoice {
                    account,
                    currency,
                    instant,
                    lines,
                    taxes: at_rates,
                    totals,
                    credits_invoice,
                    credits,
                });
            }
            None => self.bill.errors.push(BillError::Total { account, currency }),
        }
    }
}

impl PastCharges<'_> {
    /// The charges that credits may take back.
    pub(super) fn index(&self) -> ChargeIndex<Bearer> {
        let mut charges = ChargeIndex::default();
        for index in self.subscriptions.clone() {
            charges.add_charges((self.id)(index), (self.charges)(index));
            charges.add_published((self.standing)(index));
        }
        charges
    }

    /// The invoices with these charges, lowest number first.
    fn numbers(&self) -> Vec<Arc<str>> {
        let mut numbers: BTreeSet<&Arc<str>> = BTreeSet::new();
        for index in self.subscriptions.clone() {
            numbers.extend((self.charges)(index).iter().map(|charge| &charge.invoice_number));
            numbers.extend((self.documents)(index).into_iter().flatten());
        }
        numbers.into_iter().cloned().collect()
    }
}

/// Updates the line numbers of credited charges on the same invoice, because moving lines to credit
/// notes changed them.
fn renumber(entries: &mut [FiledLine], own: &Arc<str>) {
    let numbers: HashMap<usize, u32> = entries.iter().map(|entry| entry.place).zip(1..).collect();
    for entry in entries {
        if let Some(bearer) = entry.credits.as_mut().filter(|bearer| bearer.number == *own) {
            let place = (bearer.line_number as usize).wrapping_sub(1);
            bearer.line_number = numbers.get(&place).copied().unwrap_or_default();
        }
    }
}

/// Sorts lines into print order. The sort is stable, so the lines of a change, a correction or a
/// discount stay together.
fn in_order(mut lines: Vec<RankedLine>) -> Vec<RankedLine> {
    lines.sort_by_key(|(rank, line)| (line.service_start, *rank));
    lines
}

/// Whether a line is zero. A net line is not, because it stands for two lines that cancel out.
fn says_nothing(line: &Line) -> bool {
    line.amount.is_zero() && !matches!(line.key.cause, Cause::Net(_))
}

/// The sums of an invoice, before credit.
pub(super) fn sum_up(lines: &[Line], taxes: &[TaxTotal]) -> Option<Totals> {
    let sum = |are_discounts: bool| {
        let lines = lines.iter().filter(|line| (line.kind == LineKind::Discount) == are_discounts);
        Amount::checked_sum(lines.map(|line| line.amount))
    };
    let subtotal = sum(false)?;
    let discount = sum(true)?.checked_neg()?;
    let tax = Amount::checked_sum(taxes.iter().map(|total| total.tax))?;
    let included = taxes.iter().filter(|total| total.terms.is_inclusive());
    let tax_included = Amount::checked_sum(included.map(|total| total.tax))?;
    let total = subtotal.checked_sub(discount)?.checked_add(tax)?.checked_sub(tax_included)?;
    Some(Totals { subtotal, discount, tax, tax_included, total, ..Totals::default() })
}
