//! The sentences of a receipt, in English.
//!
//! They say what happens, not what kind of record this is: what is to be paid by when, what is
//! credited, what credit has paid.

use crate::invoice::{DocumentKind, Invoice};
use crate::render::format::{long_date, money};
use crate::value::Amount;

/// What the reader wants to know.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Headline {
    /// The amount, set strong.
    pub(super) strong: String,
    /// What happens to it.
    pub(super) rest: String,
    /// Why, where that needs a word.
    pub(super) remark: Option<String>,
}

/// What the document is called.
pub(super) const fn title(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Invoice => "Invoice",
        DocumentKind::Credit => "Credit",
        DocumentKind::CreditNote => "Credit note",
    }
}

/// "USD 20.05 due 11 Jul 2020", "USD 3.40 credited to your account" or "Nothing to pay".
pub(super) fn headline(invoice: &Invoice) -> Headline {
    let totals = &invoice.totals;
    if invoice.kind != DocumentKind::Invoice {
        let strong = magnitude(totals.total, invoice);
        Headline { strong, rest: "credited to your account".into(), remark: None }
    } else if totals.amount_due.is_zero() {
        let remark = (!totals.credit_applied.is_zero()).then(|| {
            format!("{} paid from your credit", magnitude(totals.credit_applied, invoice))
        });
        Headline { strong: "Nothing".into(), rest: "to pay".into(), remark }
    } else {
        let strong = with_code(totals.amount_due, invoice);
        let rest = format!("due {}", long_date(invoice.due_date));
        let remark = (!totals.credit_applied.is_zero()).then(|| {
            format!("{} already paid from your credit", magnitude(totals.credit_applied, invoice))
        });
        Headline { strong, rest, remark }
    }
}

/// What is left on the account, if anything is.
pub(super) fn credit_balance(invoice: &Invoice) -> Option<String> {
    let balance = invoice.totals.credit_balance;
    (!balance.is_zero()).then(|| {
        format!(
            "Credit balance {}: it pays your next invoices by itself.",
            with_code(balance, invoice)
        )
    })
}

/// The amount with its currency: "USD 20.05".
pub(super) fn with_code(amount: Amount, invoice: &Invoice) -> String {
    format!("{} {}", invoice.currency, money(amount, invoice.currency))
}

/// The amount without its sign.
fn magnitude(amount: Amount, invoice: &Invoice) -> String {
    let text = money(amount, invoice.currency);
    format!("{} {}", invoice.currency, text.trim_start_matches('\u{2212}'))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{credit, kumu};
    use super::*;

    #[test]
    fn says_what_is_due() {
        let said = headline(&kumu());
        assert_eq!((&*said.strong, &*said.rest), ("USD 20.05", "due 11 Jul 2020"));
        assert_eq!((said.remark, credit_balance(&kumu())), (None, None));
    }

    #[test]
    fn says_what_is_credited() {
        let said = headline(&credit());
        assert_eq!((&*said.strong, &*said.rest), ("USD 3.40", "credited to your account"));
        let balance = credit_balance(&credit()).expect("a balance");
        assert_eq!(balance, "Credit balance USD 3.40: it pays your next invoices by itself.");
    }

    #[test]
    fn says_that_credit_paid_everything() {
        let mut invoice = kumu();
        invoice.totals.credit_applied = invoice.totals.total;
        invoice.totals.amount_due = Amount::ZERO;
        let said = headline(&invoice);
        assert_eq!((&*said.strong, &*said.rest), ("Nothing", "to pay"));
        assert_eq!(said.remark.as_deref(), Some("USD 20.05 paid from your credit"));
    }
}
