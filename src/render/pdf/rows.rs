//! The content of the table: blocks of rows under the heading of their service period.
//!
//! A change or correction shows the event above its rows and the net effect below them. Lines
//! without a service period are one-off charges or credits. A discount follows the line that it
//! reduces, and has no quantity.

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::NaiveDate;

use super::bundles::{Bundle, BundleKind, bundles};
use super::content::PdfContent;
use super::taxes::Rates;
use crate::locale::Locale;
use crate::model::{
    Cause, CorrectionRole, DocumentKind, DocumentView, Line, LineKind, RelatedDocument,
};
use crate::value::{Amount, Currency, Zone};
use crate::wording::changes::{self, Held};
use crate::wording::translated;

/// A row of the table.
pub(super) struct ReceiptRow<'i> {
    pub(super) description: Cow<'i, str>,
    pub(super) rank: RowRank,
    /// Quantity, unit price, tax, amount; any of them may be empty.
    pub(super) cells: [String; 4],
    /// Its part of the sum of the document.
    pub(super) amount: Amount,
}

/// The importance of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowRank {
    Line,
    /// A discount on the row above.
    Discount,
    /// A part of the change that another document bills or credits. It is not added here.
    Elsewhere,
}

impl RowRank {
    /// Whether it explains other rows.
    pub(super) const fn is_aside(self) -> bool {
        matches!(self, Self::Discount | Self::Elsewhere)
    }
}

/// Rows that belong together.
pub(super) struct RowBlock<'i> {
    /// The index of its heading.
    pub(super) heading: usize,
    /// The event and its part of the period; for changes and corrections.
    pub(super) story: Option<(String, Option<String>)>,
    pub(super) rows: Vec<ReceiptRow<'i>>,
    /// The net effect of the rows, unless it is obvious.
    pub(super) net: Option<String>,
}

/// The content of the table.
pub(super) struct Contents<'i> {
    pub(super) headings: Vec<String>,
    pub(super) blocks: Vec<RowBlock<'i>>,
    pub(super) locale: Locale,
}

pub(super) fn contents<'i>(manuscript: &PdfContent<'i>) -> Contents<'i> {
    let (invoice, locale) = (manuscript.document, manuscript.locale());
    let (zone, hides_zero) = (invoice.account.zone, manuscript.hides_zero());
    let bundles = bundles(invoice.lines, invoice.related);
    let twice = changed_twice(&bundles, zone);
    let writer = RowWriter {
        invoice,
        zone,
        rates: Rates::new(invoice.lines, locale),
        twice,
        hides_zero,
        locale,
    };
    let mut headings: Vec<String> = Vec::new();
    let mut blocks = Vec::with_capacity(bundles.len());
    let mut last = None;
    for bundle in bundles.iter().filter(|bundle| writer.is_shown(bundle)) {
        let span = writer.span(bundle.lines[0]);
        if last != Some(span) {
            headings.push(writer.heading(span));
            last = Some(span);
        }
        blocks.push(writer.block(bundle, headings.len() - 1));
    }
    Contents { headings, blocks, locale }
}

/// The first and the last billed day; `None` without a service period.
type DaySpan = Option<(NaiveDate, NaiveDate)>;

/// Subscriptions that changed more than once on a day, so that the time must be shown.
fn changed_twice<'i>(bundles: &[Bundle<'i>], zone: Zone) -> HashSet<(&'i str, NaiveDate)> {
    let changes = bundles.iter().filter(|bundle| bundle.kind == BundleKind::Change);
    let mut seen = HashSet::new();
    let days = changes.map(|bundle| day(bundle.lines[0], zone));
    days.filter(|day| !seen.insert(*day)).collect()
}

fn day(line: &Line, zone: Zone) -> (&str, NaiveDate) {
    (&line.key.subscription_id, zone.date(line.service_start))
}

/// Writes the texts of lines.
struct RowWriter<'i> {
    invoice: DocumentView<'i>,
    zone: Zone,
    rates: Rates<'i>,
    twice: HashSet<(&'i str, NaiveDate)>,
    /// Whether lines of zero are left out.
    hides_zero: bool,
    locale: Locale,
}

impl<'i> RowWriter<'i> {
    fn span(&self, line: &Line) -> DaySpan {
        let [first, last] =
            [line.service_start, line.service_end].map(|instant| self.zone.date(instant));
        (line.service_start != line.service_end).then_some((first, last))
    }

    fn heading(&self, span: DaySpan) -> String {
        span.map_or_else(
            || {
                let one_off = self.invoice.lines.iter().filter(|line| {
                    line.kind != LineKind::Discount && line.service_start == line.service_end
                });
                changes::one_off(one_off.map(|line| line.amount), self.locale.texts()).to_owned()
            },
            |(first, last)| self.locale.period(first, last),
        )
    }

    fn block(&self, bundle: &Bundle<'i>, heading: usize) -> RowBlock<'i> {
        let story = match bundle.kind {
            BundleKind::Plain => None,
            BundleKind::Change => Some(self.change(bundle)),
            BundleKind::Correction => bundle.lines[0].correction.as_ref().map(|correction| {
                (
                    changes::correction(&correction.invoice_number, self.locale.texts()),
                    Some(sentence(&translated::reason(&correction.reason, self.locale))),
                )
            }),
        };
        let above = std::iter::once(None).chain(bundle.lines.iter().map(Some));
        let rows = bundle.lines.iter().zip(above).enumerate();
        let rows = rows.filter(|(place, _)| self.is_line_shown(&bundle.lines, *place));
        let own = rows.map(|(_, (line, above))| self.row(line, above));
        let elsewhere = bundle.elsewhere.iter();
        let elsewhere = elsewhere.filter(|(_, line)| !self.hides_zero || !line.amount.is_zero());
        let elsewhere = elsewhere.map(|(document, line)| self.related(document, line));
        let rows: Vec<ReceiptRow> = own.chain(elsewhere).collect();
        let net = Amount::checked_sum(bundle.all_lines().map(|line| line.amount))
            .filter(|_| story.is_some() && rows.len() > 1)
            .map(|net| self.locale.money(net, self.invoice.currency));
        RowBlock { heading, story, rows, net }
    }

    /// Whether any line of a bundle is shown.
    fn is_shown(&self, bundle: &Bundle) -> bool {
        !self.hides_zero || bundle.lines.iter().any(|line| !line.amount.is_zero())
    }

    /// Whether a line of a bundle is shown. A line of zero is shown if a discount on it is not zero.
    fn is_line_shown(&self, lines: &[&Line], place: usize) -> bool {
        let is_discount = |line: &Line| line.kind == LineKind::Discount;
        let discounts = lines[place + 1..].iter().take_while(|line| is_discount(line));
        let discounts = discounts.filter(|_| !is_discount(lines[place]));
        !self.hides_zero
            || std::iter::once(&lines[place]).chain(discounts).any(|it| !it.amount.is_zero())
    }

    /// The event of a change, and the time left after it.
    fn change(&self, bundle: &Bundle<'i>) -> (String, Option<String>) {
        let first = bundle.lines[0];
        let find = |wanted: fn(&Cause) -> bool| {
            let line = bundle.all_lines().find(|line| wanted(&line.key.cause))?;
            Some(Held { quantity: line.quote.quantity, product: &line.quote.product })
        };
        let before = find(|cause| matches!(cause, Cause::Unused(_)));
        let after = find(|cause| matches!(cause, Cause::Remaining(_)));
        let with_time = self.twice.contains(&day(first, self.zone));
        let moment = changes::moment(self.zone.local(first.service_start), with_time, self.locale);
        let story = changes::change(&moment, before, after, self.locale);
        (story, changes::time_left(first.share, self.locale))
    }

    fn row(&self, line: &'i Line, above: Option<&&'i Line>) -> ReceiptRow<'i> {
        let is_discount = line.kind == LineKind::Discount && above.is_some();
        let mut tax = self.rates.word(line);
        // A discount has the rate of its line, so it is not repeated.
        if above.is_some_and(|above| is_discount && self.rates.word(above) == tax) {
            tax = "";
        }
        ReceiptRow {
            description: self.description(line),
            rank: if is_discount { RowRank::Discount } else { RowRank::Line },
            cells: cells(line, tax, self.invoice.currency, self.locale),
            amount: line.amount,
        }
    }

    /// A part of a change on a related document.
    fn related(&self, document: &RelatedDocument, line: &'i Line) -> ReceiptRow<'i> {
        let texts = self.locale.texts();
        let named = match document.kind {
            DocumentKind::CreditNote => texts.the_credit_note(&document.number),
            DocumentKind::Invoice | DocumentKind::Credit => texts.the_invoice(&document.number),
        };
        let text = translated::description(line, self.locale, false);
        ReceiptRow {
            description: texts.on_document(&text, &named).into(),
            rank: RowRank::Elsewhere,
            cells: cells(line, "", self.invoice.currency, self.locale),
            amount: Amount::ZERO,
        }
    }

    /// The description of the line without the parts that the block shows, and with the parts that
    /// the law requires.
    fn description(&self, line: &'i Line) -> Cow<'i, str> {
        let texts = self.locale.texts();
        let mut text = translated::description(line, self.locale, false);
        // The day of supply of a line without service period, if it is not the issue date.
        let supplied = self.zone.date(line.key.period_start);
        if matches!(line.key.cause, Cause::Adjustment(_))
            && !line.is_void()
            && supplied != self.invoice.issue_date
        {
            text = texts.supplied(&text, &self.locale.date(supplied)).into();
        }
        if let Some(notice) = line.wording.as_ref().and_then(|wording| wording.notice.as_ref())
            && line.kind != LineKind::Discount
            && !notice.words.is_empty()
            && !is_reversal(line)
        {
            text = format!("{text} – {}", notice.words).into();
        }
        match &line.credits_invoice {
            // A line for unused time already names its invoice; an adjustment does not.
            Some(number)
                if self.invoice.credits_invoice.is_none()
                    && line.kind == LineKind::Adjustment
                    && !is_reversal(line) =>
            {
                texts.credits(&text, number).into()
            }
            _ => text,
        }
    }
}

/// Whether it takes another line back.
fn is_reversal(line: &Line) -> bool {
    line.correction.as_ref().is_some_and(|it| it.role == CorrectionRole::Reversal)
}

/// A reason as a sentence with a capital letter, if its first letter has one.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

fn cells(line: &Line, tax: &str, currency: Currency, locale: Locale) -> [String; 4] {
    let is_discount = line.kind == LineKind::Discount;
    // If only a part of the period is billed, quantity × unit price is not the amount. The unit
    // price is then left to the calculation below.
    let whole = line.kind == LineKind::Recurring && line.share.is_whole();
    let price = line.quote.unit_amount.filter(|_| whole);
    [
        if is_discount { String::new() } else { locale.quantity(line.quote.quantity) },
        price.map_or_else(String::new, |price| locale.unit_price(price, currency)),
        tax.to_owned(),
        locale.money(line.amount, currency),
    ]
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
