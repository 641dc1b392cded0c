//! What a close did, in a few lines for people.

use std::fmt::Write as _;

use super::list::indented;
use super::{Outcome, Verified};

/// The summary that `prorata close` prints.
pub fn close_summary(outcome: &Outcome) -> String {
    let manifest = &outcome.manifest;
    let counts = &manifest.counts;
    let mut text = String::new();
    if outcome.already_published {
        let _ = writeln!(
            text,
            "Close {} was published before; its files are as they were. Nothing was done.",
            manifest.close
        );
    } else {
        let _ =
            writeln!(text, "Closed {} (everything due up to {})", manifest.close, manifest.as_of);
    }
    let _ = writeln!(
        text,
        "\n  {}, {}, {} read\n  {} with {}",
        counted(counts.accounts, "account"),
        counted(counts.subscriptions, "subscription"),
        counted(counts.changes, "change"),
        counted(counts.invoices, "invoice"),
        counted(counts.lines, "line")
    );
    if counts.corrections > 0 {
        let _ = writeln!(text, "  {} of them correct earlier invoices", counts.corrections);
    }
    if counts.exceptions > 0 {
        let _ = writeln!(
            text,
            "  {} to look at: exceptions.csv",
            counted(counts.exceptions, "exception")
        );
    }
    text.push_str(&totals(outcome));
    let _ =
        writeln!(text, "\n  {}  ({:.1} s)", outcome.place.display(), outcome.elapsed.as_secs_f64());
    text
}

/// The summary that `prorata open` prints.
pub fn open_summary(outcome: &Outcome) -> String {
    let manifest = &outcome.manifest;
    let counts = &manifest.counts;
    let mut text = format!(
        "Opened the register at {} (everything due up to {} counts as billed elsewhere)\n\n  \
         {} accounts, {} subscriptions, {} changes read\n",
        manifest.close, manifest.as_of, counts.accounts, counts.subscriptions, counts.changes
    );
    for (currency, totals) in &manifest.totals {
        let _ = writeln!(text, "  {} {currency} of credit brought along", totals.closing_credit);
    }
    let _ = writeln!(text, "\n  {}", outcome.place.display());
    text
}

/// The line that `prorata verify` prints.
pub fn verify_summary(verified: &Verified) -> String {
    let Verified { closes, files, derived, .. } = verified;
    let again = match derived {
        0 => String::new(),
        derived => format!("; {derived} derived again from the inputs, the same"),
    };
    let (closes, files) = (counted(*closes, "close"), counted(*files, "file"));
    format!("All as published, and it adds up: {closes} with {files}{again}\n")
}

/// A table of the totals by currency, amounts right-aligned.
fn totals(outcome: &Outcome) -> String {
    let mut rows =
        vec![["", "invoices", "total", "credit used", "due", "credit left"].map(str::to_owned)];
    for (currency, totals) in &outcome.manifest.totals {
        rows.push([
            currency.clone(),
            totals.invoices.to_string(),
            totals.total.clone(),
            totals.credit_applied.clone(),
            totals.amount_due.clone(),
            totals.closing_credit.clone(),
        ]);
    }
    if rows.len() == 1 {
        return String::new();
    }
    String::from("\n") + &indented(&rows)
}

/// "1 close", "3 closes".
fn counted(number: impl std::fmt::Display, noun: &str) -> String {
    let number = number.to_string();
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
