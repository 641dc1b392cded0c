//! The columns of the state files, taken from the functions that write them, and the order of their
//! rows. With both, files about some accounts become one about all.

use super::issued::{CREDITS_FILE, DOCUMENTS_FILE};
use super::state::{
    ADJUSTMENTS, CREDIT, DISCOUNTS, PRICE_TAXES, PRICES, SUBSCRIPTIONS, TAX_RATES, TAXPAYERS,
    credit_columns, digest_columns, price_columns, subscription_columns,
};
use super::{deferred, issued, last_billed, lines, log, payments, receivables, tax_histories};
use crate::table::parquet::StateLayout;

/// The order of the rows in a state file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowOrder {
    /// By the id in the first column. All rows of an id come from one account.
    Id,
    /// By subscription. Lines without one are in the order of their documents.
    Line,
    /// In the order of the documents whose numbers the first column has.
    Document,
    /// In the order of the documents that take back the charges of other ones.
    CreditingDocument,
    /// By the id in the first column. Several accounts may have the same rows of an id.
    SharedId,
}

/// A state file with rows about accounts.
#[derive(Clone, Debug)]
pub(crate) struct StateTableForm {
    /// Its path in a close.
    pub(crate) path: &'static str,
    pub(crate) layout: StateLayout,
    pub(crate) order: RowOrder,
}

/// The state files in the order of the manifest, but for `last_billed`.
pub(crate) const STATE_FILES: [&str; 15] = [
    DOCUMENTS_FILE,
    CREDITS_FILE,
    lines::FILE,
    log::FILE,
    payments::FILE,
    receivables::FILE,
    deferred::FILE,
    SUBSCRIPTIONS,
    CREDIT,
    PRICES,
    TAX_RATES,
    DISCOUNTS,
    ADJUSTMENTS,
    TAXPAYERS,
    PRICE_TAXES,
];

/// All state files but deferred revenue, which is a sum over accounts.
pub(crate) fn state_tables() -> Vec<StateTableForm> {
    use RowOrder::{CreditingDocument, Document, Id, Line, SharedId};
    let digests = || digest_columns(&[]).layout();
    let parts = || issued::columns(&[]).layout();
    let histories = || tax_histories::columns(&[]).layout();
    let tables = [
        (lines::FILE, lines::columns(&[]).layout(), Line),
        (log::FILE, log::columns(&[]).layout(), Id),
        (payments::FILE, payments::columns(&[], &[]).layout(), Id),
        (receivables::FILE, receivables::columns(&[]).layout(), Id),
        (last_billed::FILE, last_billed::columns(&[]).layout(), Id),
        (DOCUMENTS_FILE, parts(), Document),
        (CREDITS_FILE, parts(), CreditingDocument),
        (SUBSCRIPTIONS, subscription_columns(&[]).layout(), Id),
        (CREDIT, credit_columns(&[]).layout(), Id),
        (TAXPAYERS, histories(), Id),
        (PRICES, price_columns(&[]).layout(), SharedId),
        (TAX_RATES, digests(), SharedId),
        (DISCOUNTS, digests(), SharedId),
        (ADJUSTMENTS, digests(), SharedId),
        (PRICE_TAXES, histories(), SharedId),
    ];
    tables.into_iter().map(|(path, layout, order)| StateTableForm { path, layout, order }).collect()
}
