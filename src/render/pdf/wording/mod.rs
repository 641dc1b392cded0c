//! Every word that a document prints, in English: nothing outside this folder says anything.
//!
//! Fixed words are in [`labels`]; sentences are functions with what they are about as arguments,
//! by theme: the [`headline`], [`changes`] and corrections, [`taxes`], sums and [`terms`] of
//! payment, and the [`calculation`]. Numbers and dates come from [`crate::render::format`]. The
//! layout asks how wide a text is and never counts on one.

pub(super) mod calculation;
pub(super) mod changes;
pub(super) mod headline;
pub(super) mod labels;
pub(super) mod taxes;
pub(super) mod terms;

use crate::invoice::Invoice;
use crate::render::format::money;
use crate::value::Amount;

/// The amount with its currency: "USD 20.05".
pub(super) fn with_code(amount: Amount, invoice: &Invoice) -> String {
    format!("{} {}", invoice.currency, money(amount, invoice.currency))
}

/// The amount without its sign.
pub(super) fn magnitude(amount: Amount, invoice: &Invoice) -> String {
    let text = money(amount, invoice.currency);
    format!("{} {}", invoice.currency, text.trim_start_matches('\u{2212}'))
}

/// Parts of one line.
pub(super) fn listed(parts: &[String]) -> String {
    parts.join(" · ")
}
