//! Numbers the invoices.

use std::path::Path;

use super::context::CloseContext;
use super::error::RunError;
use crate::config;
use crate::invoice::{DraftInvoice, Numbered, SeriesEnd, assign_numbers, name_orders};

/// Numbers every invoice, and returns the numbers used in each series.
pub(crate) fn number(
    context: &CloseContext,
    drafts: Vec<DraftInvoice>,
) -> Result<Numbered, RunError> {
    let (book, series) = (&context.loaded.book, context.register.series());
    let numbered = assign_numbers(drafts, &book.accounts, &context.settings, series);
    let (mut invoices, ranges) = numbered.map_err(|end| series_end(end, &context.input))?;
    name_orders(book, &mut invoices);
    Ok((invoices, ranges))
}

/// Numbers continue after the last close, or begin at `first_number`. A new pattern begins a new
/// series.
pub(crate) fn series_end(end: SeriesEnd, input: &Path) -> RunError {
    let SeriesEnd { series, is_credit_note, first, is_continued } = end;
    let (key, hint) = match (is_continued, is_credit_note) {
        (false, false) => ("first_number", "write a smaller number"),
        (_, true) => ("credit_note_format", "write another pattern, which begins a new series"),
        (true, false) => ("number_format", "write another pattern, which begins a new series"),
    };
    RunError::SeriesEnd { file: input.join(config::FILE_NAME), key, series, first, hint }
}
