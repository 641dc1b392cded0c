//! `exceptions.csv`: what was read and led to nothing, so that nothing is lost in silence.

use std::borrow::Cow;
use std::sync::Arc;

use super::table;
use crate::table::text_cell;
use crate::value::{Amount, Currency};

/// Something that a careful clerk should know of. There may be as many as documents, so what they
/// name is shared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exception {
    /// What kind: `no_effect`, `zero_amount`, `missing_glyph`, and others that docs/files.md names.
    pub kind: &'static str,
    /// The account concerned.
    pub account_id: Arc<str>,
    /// The subscription concerned, if one is.
    pub subscription_id: String,
    /// The change or document concerned, if one is.
    pub reference: Arc<str>,
    /// What happened, in a sentence.
    pub message: Cow<'static, str>,
    /// Of [`OVER_CREDIT`]: what is not credited, in which currency, and of which invoice.
    pub not_credited: Option<(Amount, Currency, Arc<str>)>,
}

/// The kind of exception that says what an invoice had no more left for.
pub const OVER_CREDIT: &str = "over_credit";

/// The bytes of the file.
pub fn exceptions_csv(exceptions: &[Exception]) -> Vec<u8> {
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
