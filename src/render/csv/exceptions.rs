//! `exceptions.csv`: input that produced no line, so that nothing is lost silently.

use std::borrow::Cow;
use std::sync::Arc;

use super::table;
use crate::table::text_cell;
use crate::value::{Amount, Currency};

/// An exception to check by hand. Texts are shared, because there may be as many as invoices.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exception {
    /// The kind: `no_effect`, `zero_amount`, `missing_glyph` or another kind in docs/files.md.
    pub(crate) kind: &'static str,
    /// The account.
    pub(crate) account_id: Arc<str>,
    /// The subscription, if any.
    pub(crate) subscription_id: String,
    /// The change or invoice, if any.
    pub(crate) reference: Arc<str>,
    /// The explanation in one sentence.
    pub(crate) message: Cow<'static, str>,
    /// For [`OVER_CREDIT`]: the amount not credited, its currency and the invoice.
    pub(crate) not_credited: Option<(Amount, Currency, Arc<str>)>,
}

/// The kind of exception for a credit whose invoice had nothing left.
pub(crate) const OVER_CREDIT: &str = "over_credit";

pub(crate) fn exceptions_csv(exceptions: &[Exception]) -> Vec<u8> {
    let columns = [
        "kind",
        "account_id",
        "subscription_id",
        "reference",
        "message",
        "amount",
        "currency",
        "invoice_number",
    ];
    let rows = exceptions.iter().map(|exception| {
        let [amount, currency, number] = match &exception.not_credited {
            Some((amount, currency, number)) => [
                amount.to_decimal_string(*currency).into(),
                currency.code().into(),
                text_cell(number),
            ],
            None => [const { Cow::Borrowed("") }; 3],
        };
        [
            Cow::Borrowed(exception.kind),
            text_cell(&exception.account_id),
            text_cell(&exception.subscription_id),
            text_cell(&exception.reference),
            text_cell(&exception.message),
            amount,
            currency,
            number,
        ]
    });
    table(columns, rows)
}
