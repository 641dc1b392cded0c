//! The top of the first page: the amount due, the parties, and the document's details.
//!
//! The amount due comes first. Names and addresses wrap in their columns, and long ones continue on
//! the next page.

use super::content::{Paid, PdfContent};
use super::makeup::makeup;
use super::page::{Flow, Ink, Paper, Style};
use super::tree::{PartId, Role, Tag};
use super::weight::Weight::{Regular, SemiBold};
use super::wording::headline::{Headline, headline as sentence};
use super::wording::terms;
use crate::config::Seller;
use crate::locale::{Locale, Texts};
use crate::model::{Account, DocumentKind, LeftToPay};
use crate::wording::{changes, listed, with_code};

const LEADING: f32 = 13.0;
const BODY: Style = Style::new(Regular, 9.0, Ink::Text);
const STRONG: Style = Style::new(SemiBold, 9.0, Ink::Text);
const LABEL: Style = Style::new(Regular, 9.0, Ink::Muted);
const HEADING: Style = Style::new(SemiBold, 9.0, Ink::Accent);
const REMARK: Style = Style::new(Regular, 10.0, Ink::Muted);
const REMARK_LEADING: f32 = 16.0;
/// The distance from the label of a date to the date, unless a label is wider.
const LABEL_WIDTH: f32 = 46.0;

/// Writes everything above the table.
pub(super) fn write(flow: &mut Flow, seller: &Seller, manuscript: &PdfContent) {
    masthead(flow, seller, manuscript.title());
    headline(flow, &sentence(manuscript));
    remarks(flow, seller, manuscript);
    let texts = manuscript.texts();
    let from = from(seller, manuscript.locale());
    let to = bill_to(manuscript.document.account, texts);
    let facts = facts(manuscript);
    columns(flow, [(from, 0.0, 0.31), (to, 0.33, 0.33), (facts, 0.685, 0.315)]);
    flow.skip(18.0);
}

fn masthead(flow: &mut Flow, seller: &Seller, title: &str) {
    const TITLE: Style = Style::new(SemiBold, 12.0, Ink::Accent);
    const NAME: Style = Style::new(SemiBold, 12.0, Ink::Text);
    let taken = flow.case.width(TITLE.weight, TITLE.size, title) + 24.0;
    let room = flow.paper.measure() - taken;
    let name = flow.case.fit(NAME.weight, NAME.size, &seller.name, room);
    flow.within(PartId::DOCUMENT, Role::Paragraph, |flow| {
        flow.text(Paper::SIDE, 16.0, NAME, &name);
    });
    flow.within(PartId::DOCUMENT, Role::Title, |flow| {
        flow.text_to(flow.paper.right(), 16.0, TITLE, title);
    });
    flow.skip(16.0 + 28.0);
}

/// The amount in the house colour, and the rest in black, on one line. It is set smaller to fit,
/// and cut if it would become tiny.
fn headline(flow: &mut Flow, headline: &Headline) {
    const SIZE: f32 = 25.0;
    const SMALLEST: f32 = 13.0;
    let strong = &headline.strong;
    let mut rest = format!(" {}", headline.rest);
    let measured = flow.case.width(SemiBold, SIZE, strong) + flow.case.width(Regular, SIZE, &rest);
    let size = (SIZE * flow.paper.measure() / measured).clamp(SMALLEST, SIZE);
    let start = flow.case.width(SemiBold, size, strong);
    if size <= SMALLEST {
        let room = flow.paper.measure() - start - flow.case.width(Regular, size, " ");
        rest = format!(" {}", flow.case.fit(Regular, size, &headline.rest, room));
    }
    flow.within(PartId::DOCUMENT, Role::Paragraph, |flow| {
        flow.text(Paper::SIDE, 32.0, Style::new(SemiBold, size, Ink::Accent), strong);
        flow.text(Paper::SIDE + start, 32.0, Style::new(Regular, size, Ink::Text), &rest);
    });
    flow.skip(32.0);
    if let Some(remark) = &headline.remark {
        paragraph(flow, REMARK, remark);
    }
}

/// The parts of the amount, if something changed, and the terms of payment.
fn remarks(flow: &mut Flow, seller: &Seller, manuscript: &PdfContent) {
    let invoice = manuscript.document;
    if let Some(parts) = makeup(invoice.lines, invoice.totals) {
        paragraph(
            flow,
            REMARK,
            &listed(&changes::makeup(&parts, invoice.currency, manuscript.locale())),
        );
    }
    if let Some(left) = left_to_pay(manuscript) {
        paragraph(flow, REMARK, &left);
    }
    let asks = invoice.kind == DocumentKind::Invoice && !invoice.totals.amount_due.is_zero();
    let is_open = manuscript.paid.as_ref().is_none_or(|paid| !paid.balance.is_zero());
    let payment = seller.payment.as_ref().filter(|_| asks && is_open);
    let payment = payment.map_or("", |text| text.get(manuscript.locale()));
    for line in payment.lines() {
        paragraph(flow, Style { ink: Ink::Text, ..REMARK }, line);
    }
    flow.skip(18.0);
}

/// What is left to pay of invoices that a related credit note concerns. A receipt is printed later, when
/// more may have been paid.
fn left_to_pay(manuscript: &PdfContent) -> Option<String> {
    let (invoice, locale) = (manuscript.document, manuscript.locale());
    let left = &invoice.related.filter(|_| manuscript.paid.is_none())?.left_to_pay;
    let texts = locale.texts();
    let of = |left: &LeftToPay| {
        let amount = with_code(left.amount, invoice.currency, locale);
        format!("{} {amount}", texts.the_invoice(&left.invoice_number))
    };
    let list: Vec<String> = left.iter().map(of).collect();
    (!list.is_empty()).then(|| texts.left_to_pay(&listed(&list)))
}

/// Text below the headline, across the page.
fn paragraph(flow: &mut Flow, style: Style, text: &str) {
    let lines = flow.case.wrap(style.weight, style.size, text, flow.paper.measure());
    if lines.is_empty() {
        return;
    }
    flow.within(PartId::DOCUMENT, Role::Paragraph, |flow| {
        for line in lines {
            if !flow.has_room(REMARK_LEADING) {
                flow.turn();
            }
            flow.text(Paper::SIDE, REMARK_LEADING, style, &line);
            flow.skip(REMARK_LEADING);
        }
    });
}

/// One paragraph of a column.
struct HeadLine {
    label: Option<&'static str>,
    style: Style,
    text: String,
}

impl HeadLine {
    fn new(style: Style, text: impl Into<String>) -> Self {
        Self { label: None, style, text: text.into() }
    }

    fn labelled(label: &'static str, style: Style, text: impl Into<String>) -> Self {
        Self { label: Some(label), style, text: text.into() }
    }
}

fn from(seller: &Seller, locale: Locale) -> Vec<HeadLine> {
    let texts = locale.texts();
    let mut entries =
        vec![HeadLine::new(HEADING, texts.from()), HeadLine::new(STRONG, &seller.name)];
    let address = locale.address(seller.address.parts(), &seller.einvoice.country_code);
    entries.extend(address.into_iter().map(|line| HeadLine::new(BODY, line)));
    entries.extend(seller.tax_id.iter().map(|id| HeadLine::new(BODY, texts.tax_id(id))));
    entries
}

fn bill_to(account: &Account, texts: Texts) -> Vec<HeadLine> {
    let mut entries =
        vec![HeadLine::new(HEADING, texts.bill_to()), HeadLine::new(STRONG, &*account.name)];
    let code = account.einvoice.as_ref().map_or("", |buyer| &*buyer.country_code);
    let address = account.locale.address(account.address.parts(), code);
    entries.extend(address.into_iter().map(|line| HeadLine::new(BODY, line)));
    entries.extend(account.tax_id.iter().map(|id| HeadLine::new(BODY, texts.tax_id(id))));
    let email = Some(account.recipient_email()).filter(|email| !email.is_empty());
    entries.extend(email.map(|email| HeadLine::new(LABEL, email)));
    entries
}

fn facts(manuscript: &PdfContent) -> Vec<HeadLine> {
    let (invoice, locale) = (manuscript.document, manuscript.locale());
    let texts = manuscript.texts();
    let number = if manuscript.paid.is_some() { texts.of_invoice() } else { texts.number() };
    let mut entries = vec![
        HeadLine::new(HEADING, texts.details()),
        HeadLine::labelled(number, STRONG, invoice.number),
        HeadLine::labelled(texts.issued(), BODY, locale.date(invoice.issue_date)),
    ];
    let credits = invoice.credits_invoice;
    entries.extend(credits.map(|number| HeadLine::labelled(texts.credits_invoice(), BODY, number)));
    let related = invoice.related.into_iter().flat_map(|related| &related.documents);
    let labels = std::iter::once(texts.see_also()).chain(std::iter::repeat(""));
    entries.extend(
        related.zip(labels).map(|(it, label)| HeadLine::labelled(label, BODY, &*it.number)),
    );
    let settled_on = manuscript.paid.as_ref().and_then(Paid::settled_on);
    if let Some(date) = settled_on {
        entries.push(HeadLine::labelled(texts.paid(), BODY, locale.date(date)));
    } else if let Some(due_date) = invoice.due_date {
        entries.push(HeadLine::labelled(texts.due(), BODY, locale.date(due_date)));
        let terms = terms::payment_terms(&invoice, due_date);
        entries.push(HeadLine::labelled(texts.terms(), BODY, terms));
    }
    let references = [
        (texts.order(), invoice.purchase_order()),
        (texts.your_reference(), invoice.account.buyer_reference()),
        (texts.our_reference(), invoice.account.reference()),
    ];
    let references = references.into_iter().filter(|(_, text)| !text.is_empty());
    entries.extend(references.map(|(label, text)| HeadLine::labelled(label, BODY, text)));
    entries
}

/// A column ready to be written.
struct HeadColumn {
    left: f32,
    /// The distance from labels to their texts.
    indent: f32,
    lines: Vec<WrappedLine>,
}

/// A line of a wrapped entry.
struct WrappedLine {
    /// Empty beside further lines.
    label: Option<&'static str>,
    style: Style,
    text: String,
    /// The parts of label and text.
    parts: [PartId; 2],
}

/// Columns side by side. Their starts and widths are shares of the text width.
fn columns(flow: &mut Flow, columns: [(Vec<HeadLine>, f32, f32); 3]) {
    let measure = flow.paper.measure();
    let columns = columns.map(|(entries, start, share)| {
        HeadColumn::new(flow, &entries, Paper::SIDE + start * measure, share * measure)
    });
    let longest = columns.iter().map(|column| column.lines.len()).max().unwrap_or(0);
    // Headings get a little more space.
    let leading = |row: usize| if row == 0 { LEADING + 2.0 } else { LEADING };
    let mut done = 0;
    while done < longest {
        if !flow.has_room(LEADING) {
            flow.turn();
        }
        let top = flow.top();
        let here = flow.lines_here(longest - done, |row| leading(done + row), LEADING);
        for column in &columns {
            flow.go_to(top);
            for row in done..done + here {
                column.write(flow, row);
                flow.skip(leading(row));
            }
        }
        done += here;
    }
}

impl HeadColumn {
    fn new(flow: &mut Flow, entries: &[HeadLine], left: f32, width: f32) -> Self {
        let label_width = |label| flow.case.width(LABEL.weight, LABEL.size, label) + 8.0;
        let labels = entries.iter().filter_map(|entry| entry.label);
        let indent = labels.map(label_width).fold(LABEL_WIDTH, f32::max);
        let mut lines = Vec::new();
        let mut group = None;
        for (HeadLine { label, style, text }, place) in entries.iter().zip(0..) {
            let room = if label.is_some() { width - indent } else { width };
            let texts = flow.case.wrap(style.weight, style.size, text, room);
            if texts.is_empty() {
                continue;
            }
            let parts = parts(flow, place == 0, label.is_some(), &mut group);
            let labels = std::iter::once(*label).chain(std::iter::repeat(label.map(|_| "")));
            lines.extend(labels.zip(texts).map(|(label, text)| WrappedLine {
                label,
                style: *style,
                text,
                parts,
            }));
        }
        Self { left, indent, lines }
    }

    /// Writes one line of the column, if it exists.
    fn write(&self, flow: &mut Flow, row: usize) {
        let Some(WrappedLine { label, style, text, parts }) = self.lines.get(row) else { return };
        let [label_tag, text_tag] = parts.map(Tag::Content);
        let mut left = self.left;
        if let Some(label) = label {
            flow.tagged(label_tag, |flow| flow.text(left, LEADING, LABEL, label));
            left += self.indent;
        }
        flow.tagged(text_tag, |flow| flow.text(left, LEADING, *style, text));
    }
}

/// Adds the parts of an entry: a heading, then one paragraph of all lines, or a row of a table for
/// each label. `group` is that paragraph or table.
fn parts(
    flow: &mut Flow,
    is_heading: bool,
    has_label: bool,
    group: &mut Option<PartId>,
) -> [PartId; 2] {
    if is_heading {
        return [flow.part(PartId::DOCUMENT, Role::Heading); 2];
    }
    let role = if has_label { Role::Table } else { Role::Paragraph };
    let group = *group.get_or_insert_with(|| flow.part(PartId::DOCUMENT, role));
    if !has_label {
        return [group; 2];
    }
    let row = flow.part(group, Role::Row);
    [Role::RowHeader, Role::Cell(1)].map(|role| flow.part(row, role))
}
