//! A line of an invoice, and its key. The key is the same in every run.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Billed, LineTie, LineWording, Quote, Reason, TaxParts, TaxTerms};
use crate::value::{Amount, Currency, Fraction, Instant};

/// One line: a charge or a credit, with the calculation of its amount.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Identifies what the line bills.
    pub(crate) key: LineKey,
    pub(crate) kind: LineKind,
    /// Its wording; `None` for a whole period, because the product name says it.
    pub(crate) wording: Option<Box<LineWording>>,
    /// The start of the billed time.
    pub(crate) service_start: Instant,
    /// The exclusive end of the billed time.
    pub(crate) service_end: Instant,
    /// The quantity in force during that time, and its price for a whole period: `amount =
    /// round(quote.amount × share)`.
    pub(crate) quote: Arc<Quote>,
    /// The billed share of the period.
    pub(crate) share: Fraction,
    pub(crate) amount: Amount,
    /// The same on all lines of an invoice.
    pub(crate) currency: Currency,
    /// The tax terms; `None` without tax.
    pub(crate) tax: Option<Arc<TaxTerms>>,
    /// Its part of the tax; zero until the invoice is summed up.
    pub(crate) tax_amount: Amount,
    /// The parts of that, if several taxes are on the line. It is boxed because few lines have any.
    pub(crate) tax_parts: Option<Box<TaxParts>>,
    /// The published invoice with the credited charge, if known.
    pub(crate) credits_invoice: Option<Arc<str>>,
    /// The published line that this one reverses or replaces. It is boxed because few lines have
    /// one.
    pub(crate) correction: Option<Box<Correction>>,
}

impl Line {
    /// The quote, as a copy for this line only.
    pub(crate) fn quote_mut(&mut self) -> &mut Quote {
        Arc::make_mut(&mut self.quote)
    }

    /// The change or the correction that it is a part of, if it has several parts.
    pub(crate) fn tie(&self) -> Option<LineTie<'_>> {
        if let Some(correction) = &self.correction {
            let Self { service_start, service_end, .. } = self;
            let Correction { invoice_number, reason, .. } = &**correction;
            return Some(LineTie::Correction(invoice_number, reason, *service_start, *service_end));
        }
        match &self.key.cause {
            Cause::Remaining(change) | Cause::Unused(change) => {
                Some(LineTie::Change(&self.key.subscription_id, change))
            }
            Cause::Period | Cause::Segment(_) | Cause::Net(_) | Cause::Adjustment(_) => None,
        }
    }

    /// Whether it credits a charge of a void invoice.
    pub(crate) fn is_void(&self) -> bool {
        let wording = self.wording.as_ref();
        wording.is_some_and(|wording| matches!(wording.billed, Billed::Void(_)))
    }

    /// The amounts of its taxes, if these are several.
    pub(crate) fn parts_of_tax(&self) -> &[Amount] {
        self.tax_parts.as_deref().map_or(&[], TaxParts::amounts)
    }

    /// Whether its tax rate is above 0 %.
    pub(crate) fn is_taxed(&self) -> bool {
        self.tax.as_ref().is_some_and(|terms| !terms.percent.is_zero())
    }

    /// The amount without tax. `None` if it does not fit.
    pub(crate) fn net_amount(&self) -> Option<Amount> {
        match &self.tax {
            Some(terms) if terms.is_inclusive() => self.amount.checked_sub(self.tax_amount),
            _ => Some(self.amount),
        }
    }

    /// The amount without tax, of a line on a document.
    pub(crate) fn net(&self) -> Amount {
        self.net_amount().expect("the lines of a document were summed up without their tax")
    }

    #[cfg(test)]
    /// The amount with tax. `None` if it does not fit.
    pub(crate) fn gross_amount(&self) -> Option<Amount> {
        match &self.tax {
            Some(terms) if !terms.is_inclusive() => self.amount.checked_add(self.tax_amount),
            _ => Some(self.amount),
        }
    }
}

/// The corrected line, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Correction {
    /// Reversal or replacement.
    pub(crate) role: CorrectionRole,
    /// The invoice of the published line; empty if it has none.
    pub(crate) invoice_number: Arc<str>,
    /// Its line number on that invoice.
    pub(crate) line_number: u32,
    /// What the log says now and did not say then.
    pub(crate) reason: Reason,
}

/// The two halves of a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CorrectionRole {
    /// Takes the published line back.
    Reversal,
    /// Bills the current state instead.
    Replacement,
}

impl CorrectionRole {
    /// The word in `invoice_lines.csv`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Reversal => "reversal",
            Self::Replacement => "replacement",
        }
    }

    /// Reads what [`CorrectionRole::as_str`] wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Reversal, Self::Replacement].into_iter().find(|role| role.as_str() == text)
    }
}

/// The kinds of line in `invoice_lines.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum LineKind {
    /// A billing period, or in arrears a segment of one.
    Recurring,
    /// Credit for unused time on old terms.
    Unused,
    /// The rest of the period on new terms.
    Remaining,
    /// Reverses or replaces a line of an earlier invoice.
    Correction,
    /// A one-off charge or credit.
    Adjustment,
    /// A discount.
    Discount,
}

impl LineKind {
    const ALL: [Self; 6] = [
        Self::Recurring,
        Self::Unused,
        Self::Remaining,
        Self::Correction,
        Self::Adjustment,
        Self::Discount,
    ];

    /// The word in `invoice_lines.csv`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Recurring => "recurring",
            Self::Unused => "unused",
            Self::Remaining => "remaining",
            Self::Correction => "correction",
            Self::Adjustment => "adjustment",
            Self::Discount => "discount",
        }
    }

    /// Reads what [`LineKind::as_str`] wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Identifies what a line bills, the same in every run: subscription, period, cause and discount.
/// Adjustments have no subscription.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LineKey {
    /// `subscription_id`.
    pub(crate) subscription_id: Arc<str>,
    /// The start of the billing period.
    pub(crate) period_start: Instant,
    /// The billed part of the period.
    pub(crate) cause: Cause,
    /// `discount_id` of a discount line.
    pub(crate) discount: Option<Arc<str>>,
}

/// The reason for a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Cause {
    /// The period itself; in arrears, its first segment.
    Period,
    /// In arrears, the segment from a change on.
    Segment(Arc<str>),
    /// The rest of the period on the new terms of a change.
    Remaining(Arc<str>),
    /// The rest of the period on the old terms of a change.
    Unused(Arc<str>),
    /// Both in one line.
    Net(Arc<str>),
    /// A one-off charge or credit, by its id.
    Adjustment(Arc<str>),
}

impl Cause {
    /// The `change_id` of the cause, if it is a change.
    pub(crate) fn change_id(&self) -> Option<&Arc<str>> {
        match self {
            Self::Period | Self::Adjustment(_) => None,
            Self::Segment(id) | Self::Remaining(id) | Self::Unused(id) | Self::Net(id) => Some(id),
        }
    }
}

impl Cause {
    /// The word in line keys and in the register.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::Segment(_) => "segment",
            Self::Remaining(_) => "remaining",
            Self::Unused(_) => "unused",
            Self::Net(_) => "net",
            Self::Adjustment(_) => "adjustment",
        }
    }

    /// The id in the key: of the change or the adjustment.
    pub(crate) fn id(&self) -> Option<&Arc<str>> {
        match self {
            Self::Adjustment(id) => Some(id),
            _ => self.change_id(),
        }
    }

    /// Reads the output of [`Cause::as_str`] and [`Cause::id`].
    pub(crate) fn parse(word: &str, id: Option<&str>) -> Option<Self> {
        match (word, id) {
            ("period", None) => Some(Self::Period),
            ("segment", Some(id)) => Some(Self::Segment(id.into())),
            ("remaining", Some(id)) => Some(Self::Remaining(id.into())),
            ("unused", Some(id)) => Some(Self::Unused(id.into())),
            ("net", Some(id)) => Some(Self::Net(id.into())),
            ("adjustment", Some(id)) => Some(Self::Adjustment(id.into())),
            _ => None,
        }
    }
}

impl LineKey {
    /// Adds its text to another: `sub-1/2020-05-27T00:00:00Z/unused/chg-1`, with `/discount/half`
    /// on a discount line; `adjustment/adj-1`.
    pub(crate) fn write(&self, text: &mut String) {
        let Self { subscription_id, period_start, cause, discount } = self;
        if let Cause::Adjustment(id) = cause {
            return text.extend([cause.as_str(), "/", id]);
        }
        text.extend([&**subscription_id, "/"]);
        period_start.write(text);
        text.extend(["/", cause.as_str()]);
        if let Some(id) = cause.change_id() {
            text.extend(["/", id]);
        }
        if let Some(id) = discount {
            text.extend(["/discount/", id]);
        }
    }
}

impl fmt::Display for LineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_light() {
        // A close keeps millions of lines in memory.
        assert!(size_of::<Line>() <= 184, "{}", size_of::<Line>());
    }
}
