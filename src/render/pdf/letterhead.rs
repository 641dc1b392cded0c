//! The top of the first page: what is due, then who asks whom, and which document this is.
//!
//! The amount due is the first thing seen. Names and addresses wrap in their columns and, however
//! long they are, go on over the page rather than off it.

use super::sheet::{Flow, Ink, Paper, Style};
use super::text::Weight::{Regular, SemiBold};
use super::wording::{self, Headline};
use crate::config::Seller;
use crate::invoice::{DocumentKind, Invoice};
use crate::model::Account;
use crate::render::format::long_date;

const LEADING: f32 = 13.0;
const BODY: Style = Style::new(Regular, 9.0, Ink::Text);
const STRONG: Style = Style::new(SemiBold, 9.0, Ink::Text);
const LABEL: Style = Style::new(Regular, 9.0, Ink::Muted);
const HEADING: Style = Style::new(SemiBold, 9.0, Ink::Accent);
/// From the label of a date to the date.
const LABEL_WIDTH: f32 = 46.0;

/// Writes everything above the table.
pub(super) fn write(flow: &mut Flow, seller: &Seller, invoice: &Invoice, account: &Account) {
    masthead(flow, seller, invoice);
    headline(flow, &wording::headline(invoice));
    let from = from(seller);
    let to = bill_to(account);
    let facts = facts(invoice);
    columns(flow, [(from, 0.0, 0.33), (to, 0.36, 0.33), (facts, 0.72, 0.28)]);
    flow.skip(26.0);
}

fn masthead(flow: &mut Flow, seller: &Seller, invoice: &Invoice) {
    const TITLE: Style = Style::new(SemiBold, 12.0, Ink::Accent);
    const NAME: Style = Style::new(SemiBold, 12.0, Ink::Text);
    let title = wording::title(invoice.kind);
    let taken = flow.case.width(TITLE.weight, TITLE.size, title) + 24.0;
    let room = flow.paper.measure() - taken;
    let name = flow.case.fit(NAME.weight, NAME.size, &seller.name, room);
    flow.text(Paper::SIDE, 16.0, NAME, &name);
    flow.text_to(flow.paper.right(), 16.0, TITLE, title);
    flow.skip(16.0 + 34.0);
}

/// The amount in the house colour, what happens to it in black, on one line that fits.
fn headline(flow: &mut Flow, headline: &Headline) {
    const SIZE: f32 = 25.0;
    let strong = &headline.strong;
    let rest = format!(" {}", headline.rest);
    let measured = flow.case.width(SemiBold, SIZE, strong) + flow.case.width(Regular, SIZE, &rest);
    let size = SIZE * (flow.paper.measure() / measured).min(1.0);
    let start = flow.case.width(SemiBold, size, strong);
    flow.text(Paper::SIDE, 32.0, Style::new(SemiBold, size, Ink::Accent), strong);
    flow.text(Paper::SIDE + start, 32.0, Style::new(Regular, size, Ink::Text), &rest);
    flow.skip(32.0);
    if let Some(remark) = &headline.remark {
        flow.text(Paper::SIDE, 18.0, Style::new(Regular, 10.0, Ink::Muted), remark);
        flow.skip(18.0);
    }
    flow.skip(24.0);
}

/// One paragraph of a column.
struct Entry {
    label: Option<&'static str>,
    style: Style,
    text: String,
}

impl Entry {
    fn new(style: Style, text: impl Into<String>) -> Self {
        Self { label: None, style, text: text.into() }
    }

    fn labelled(label: &'static str, style: Style, text: impl Into<String>) -> Self {
        Self { label: Some(label), style, text: text.into() }
    }
}

fn from(seller: &Seller) -> Vec<Entry> {
    let mut entries = vec![Entry::new(HEADING, "From"), Entry::new(STRONG, &seller.name)];
    entries.extend(seller.address.lines().into_iter().map(|line| Entry::new(BODY, line)));
    entries.extend(seller.tax_id.iter().map(|id| Entry::new(BODY, format!("Tax ID {id}"))));
    entries.extend(seller.email.iter().chain(&seller.web).map(|line| Entry::new(LABEL, line)));
    entries
}

fn bill_to(account: &Account) -> Vec<Entry> {
    let mut entries = vec![Entry::new(HEADING, "Bill to"), Entry::new(STRONG, &*account.name)];
    entries.extend(account.address.lines().into_iter().map(|line| Entry::new(BODY, line)));
    entries.extend(account.tax_id.iter().map(|id| Entry::new(BODY, format!("Tax ID {id}"))));
    entries.push(Entry::new(LABEL, account.recipient_email()));
    entries
}

fn facts(invoice: &Invoice) -> Vec<Entry> {
    let mut entries = vec![
        Entry::new(HEADING, "Details"),
        Entry::labelled("Number", STRONG, &invoice.number),
        Entry::labelled("Issued", BODY, long_date(invoice.issue_date)),
    ];
    // A credit asks for nothing, so nothing is due on a day.
    if invoice.kind == DocumentKind::Invoice {
        entries.push(Entry::labelled("Due", BODY, long_date(invoice.due_date)));
    }
    entries
}

/// A wrapped line: what stands before it, its look, its text.
type Line = (Option<&'static str>, Style, String);

/// Columns side by side; each starts and is as wide as its shares of the measure.
fn columns(flow: &mut Flow, columns: [(Vec<Entry>, f32, f32); 3]) {
    let measure = flow.paper.measure();
    let columns = columns.map(|(entries, start, share)| {
        let left = Paper::SIDE + start * measure;
        (left, wrapped(flow, &entries, share * measure))
    });
    let longest = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
    for row in 0..longest {
        if !flow.has_room(LEADING) {
            flow.turn();
        }
        for (left, lines) in &columns {
            if let Some(line) = lines.get(row) {
                line_of(flow, *left, line);
            }
        }
        // The headings stand a little apart from what they head.
        flow.skip(if row == 0 { LEADING + 2.0 } else { LEADING });
    }
}

fn wrapped(flow: &Flow, entries: &[Entry], width: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    for Entry { label, style, text } in entries {
        let room = if label.is_some() { width - LABEL_WIDTH } else { width };
        let texts = flow.case.wrap(style.weight, style.size, text, room);
        let labels = std::iter::once(*label).chain(std::iter::repeat(label.map(|_| "")));
        lines.extend(labels.zip(texts).map(|(label, text)| (label, *style, text)));
    }
    lines
}

fn line_of(flow: &mut Flow, left: f32, (label, style, text): &Line) {
    match label {
        None => flow.text(left, LEADING, *style, text),
        Some(label) => {
            flow.text(left, LEADING, LABEL, label);
            flow.text(left + LABEL_WIDTH, LEADING, *style, text);
        }
    }
}
