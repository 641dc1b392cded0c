//! All published closes: the record of everything billed.
//!
//! The newest close has the state for the next one: the billed extent of every subscription, the
//! credit of every account, and the used numbers. The state grows with subscriptions, not with
//! time. Lines of older closes are read only for subscriptions with a changed history.

mod charges;
mod cohorts;
mod compare;
mod compare_credits;
mod compare_prices;
mod compare_tables;
mod comparison;
mod contested;
mod deferred;
mod digest;
mod issued;
mod kept_inputs;
mod last_billed;
mod last_closes;
mod layouts;
mod lines;
mod log;
mod manifest;
mod memo;
mod open;
mod payments;
mod receivables;
mod restored_inputs;
mod state;
mod tax_columns;
mod tax_histories;
mod tax_notes;
mod tier_terms;
mod trend;

pub(crate) use charges::Charges;
pub(crate) use cohorts::{OwnInvoice, cohorts};
pub(crate) use compare::{
    HistoryComparison, compare_history, subscription_state, subscription_state_from,
};
pub(crate) use comparison::{KnownNow, known_changes};
pub(crate) use deferred::FILE as DEFERRED_FILE;
pub(crate) use digest::{
    adjustment_digest, change_digest, discount_digest, payment_digest, price_digest,
    tax_rate_digest, tax_rate_key,
};
pub(crate) use issued::{CREDITS_FILE, DOCUMENTS_FILE, RatePart, parts_to_parquet};
pub(crate) use kept_inputs::{InputKeeper, NEW_PIECES_FILE, PIECES_FILE, pieces_to_parquet};
pub(crate) use last_billed::{FILE as LAST_BILLED_FILE, LastBills, last_bills_to_parquet};
pub(crate) use last_closes::LastCloses;
pub(crate) use layouts::{RowOrder, STATE_FILES, StateTableForm, state_tables};
pub(crate) use lines::{
    FILE as LINES_FILE, PublishedRef, lines_to_parquet, read_invoice_lines, read_lines,
};
pub(crate) use log::{AppliedChange, FILE as LOG_FILE, log_to_parquet, read_log};
pub use manifest::{
    CloseRef, Counts, DocumentSettings, InputFile, Manifest, Options, OutputFile, PaymentTotals,
    Tool, TotalsByCurrency,
};
pub(crate) use manifest::{FORMAT, FORMATS};
pub(crate) use open::{Close, LATEST, MANIFEST, MANIFEST_DIGEST, Register, RegisterError};
pub(crate) use payments::{FILE as PAYMENTS_FILE, PaymentLog, payments_to_parquet};
pub(crate) use receivables::{
    FILE as RECEIVABLES_FILE, read_receivables, receivable_pieces, receivables_to_parquet,
};
pub(crate) use restored_inputs::{PieceStore, RestoredInputs};
pub(crate) use state::{
    KnownAccount, State, StateFile, SubscriptionState, credit_by_currency, state_files,
};
pub(crate) use tier_terms::StoredTier;
pub(crate) use trend::{of_close, trend};
