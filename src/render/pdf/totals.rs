//! The sums below the table, and the remarks below them.
//!
//! Sums that are nothing are not printed, except the subtotal, the total and the amount due. The
//! numbers end where the amounts of the table end, so their points are in one line with them.

use super::sheet::{Flow, Ink, Paper, Style};
use super::text::Weight;
use super::wording;
use crate::config::Seller;
use crate::invoice::Invoice;
use crate::render::format::money;
use crate::value::Amount;

const LABEL: Style = Style::new(Weight::Regular, 9.0, Ink::Muted);
const SUM: Style = Style::new(Weight::Regular, 9.0, Ink::Text);
const DUE: Style = Style::new(Weight::SemiBold, 11.0, Ink::Text);
const REMARK: Style = Style::new(Weight::Regular, 9.0, Ink::Muted);
const LEADING: f32 = 17.0;
const REMARK_LEADING: f32 = 14.0;
/// Above and below each of the two rules.
const RULE_GAP: f32 = 7.0;
const REMARK_GAP: f32 = 26.0;
/// The narrowest block of sums.
const WIDTH: f32 = 200.0;

/// The sums and remarks of one invoice, measured and ready to be written.
pub(super) struct Totals {
    sums: Vec<(&'static str, String)>,
    due: String,
    remarks: Vec<String>,
    /// The left edge of the labels.
    left: f32,
}

impl Totals {
    /// What will be written.
    pub(super) fn new(flow: &Flow, seller: &Seller, invoice: &Invoice) -> Self {
        let sums = sums(invoice);
        let due = wording::with_code(invoice.totals.amount_due, invoice);
        let width = |style: Style, text: &str| flow.case.width(style.weight, style.size, text);
        let widest = sums
            .iter()
            .map(|(label, sum)| width(LABEL, label) + width(SUM, sum))
            .fold(width(DUE, "Amount due") + width(DUE, &due), f32::max);
        let left = flow.paper.right() - (widest + 24.0).max(WIDTH);
        let remarks = remarks(seller, invoice)
            .iter()
            .flat_map(|text| flow.case.wrap(REMARK.weight, REMARK.size, text, flow.paper.measure()))
            .collect();
        Self { sums, due, remarks, left }
    }

    /// How much room all of it takes, so that no remark stands on a page of its own.
    pub(super) fn height(&self) -> f32 {
        let remarks = self.remarks.iter().fold(REMARK_GAP, |height, _| height + REMARK_LEADING);
        self.sums_height() + remarks
    }

    /// How much room the sums take, which stay together in any case.
    fn sums_height(&self) -> f32 {
        self.sums.iter().fold(RULE_GAP * 4.0 + LEADING, |height, _| height + LEADING)
    }

    /// Writes them below the table.
    pub(super) fn write(&self, flow: &mut Flow) {
        if !flow.has_room(self.sums_height()) {
            flow.turn();
        }
        let right = flow.paper.right();
        flow.skip(RULE_GAP);
        flow.rule(Paper::SIDE, right, 0.6, Ink::Hairline);
        flow.skip(RULE_GAP);
        for (label, sum) in &self.sums {
            flow.text(self.left, LEADING, LABEL, label);
            flow.text_to(right, LEADING, SUM, sum);
            flow.skip(LEADING);
        }
        flow.skip(RULE_GAP);
        flow.rule(self.left, right, 1.2, Ink::Accent);
        flow.skip(RULE_GAP);
        flow.text(self.left, LEADING, DUE, "Amount due");
        flow.text_to(right, LEADING, DUE, &self.due);
        flow.skip(LEADING);
        self.write_remarks(flow);
    }

    fn write_remarks(&self, flow: &mut Flow) {
        flow.skip(REMARK_GAP);
        for remark in &self.remarks {
            if !flow.has_room(REMARK_LEADING) {
                flow.turn();
            }
            flow.text(Paper::SIDE, REMARK_LEADING, REMARK, remark);
            flow.skip(REMARK_LEADING);
        }
    }
}

fn sums(invoice: &Invoice) -> Vec<(&'static str, String)> {
    let totals = &invoice.totals;
    let shown = |amount: Amount| money(amount, invoice.currency);
    // A sum that reduces is shown as what it does to the total.
    let reducing = |amount: Amount| shown(amount.checked_neg().unwrap_or(amount));
    let mut sums = vec![("Subtotal", shown(totals.subtotal))];
    if !totals.discount.is_zero() {
        sums.push(("Discount", reducing(totals.discount)));
    }
    if !totals.tax.is_zero() {
        sums.push(("Tax", shown(totals.tax)));
    }
    sums.push(("Total", shown(totals.total)));
    if !totals.credit_applied.is_zero() {
        sums.push(("Credit applied", reducing(totals.credit_applied)));
    }
    sums
}

fn remarks(seller: &Seller, invoice: &Invoice) -> Vec<String> {
    let questions = seller.email.iter().map(|email| format!("Questions? Write to {email}."));
    wording::credit_balance(invoice).into_iter().chain(questions).collect()
}
