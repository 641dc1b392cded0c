//! Summarizes a close in a few lines.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::list::indented;
use super::verified::Verified;
use crate::pipeline::{CloseResult, EXCEPTIONS, exceptions_by_kind};
use crate::register::{Manifest, PaymentTotals, TotalsByCurrency};

/// The summary that `prorata close` prints.
pub(crate) fn close_summary(outcome: &CloseResult) -> String {
    let manifest = &outcome.manifest;
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
    text.push_str(&came_to(manifest));
    let seconds = outcome.stages.elapsed().as_secs_f64();
    let place = outcome.place.display();
    let _ = writeln!(text, "\n  {place}  ({seconds:.1} s)");
    let _ = writeln!(text, "  {place}/report.html has it on one page");
    let _ = writeln!(text, "  head {} after this close", outcome.manifest_sha256);
    text
}

/// The counts of the input and the totals of a close.
pub(crate) fn came_to(manifest: &Manifest) -> String {
    let counts = &manifest.counts;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "\n  {}, {}, {} read\n  {} with {}",
        counted(counts.accounts, "account"),
        counted(counts.subscriptions, "subscription"),
        counted(counts.changes, "change"),
        counted(counts.invoices, "document"),
        counted(counts.lines, "line")
    );
    if counts.corrections > 0 {
        let _ = writeln!(text, "  {} of them correct earlier invoices", counts.corrections);
    }
    if !manifest.withheld.is_empty() {
        let _ = writeln!(
            text,
            "  {} withheld: exceptions.csv says why; the next close catches up",
            counted(manifest.withheld.len() as u64, "account")
        );
    }
    if counts.exceptions > 0 {
        let _ = writeln!(text, "  {} in exceptions.csv", counted(counts.exceptions, "row"));
    }
    text.push_str(&totals(&manifest.totals));
    text
}

/// What a close left for somebody to look at: withheld accounts and exceptions. Documents of zero that
/// are not published and adjustments that wait are as they should be.
pub(crate) fn exceptions_summary(outcome: &CloseResult) -> Option<String> {
    let CloseResult { place, manifest, .. } = outcome;
    let mut kinds = exceptions_by_kind(place).unwrap_or_else(|_| {
        // A damaged table is for verify to report.
        BTreeMap::from([("unknown".to_owned(), manifest.counts.exceptions)])
    });
    kinds.retain(|kind, count| !AS_IT_SHOULD_BE.contains(&&**kind) && *count > 0);
    let withheld = kinds.remove("withheld").map(|_| manifest.withheld.len() as u64);
    let mut found: Vec<String> = withheld
        .map(|count| format!("{} withheld", counted(count, "account")))
        .into_iter()
        .collect();
    let count: u64 = kinds.values().sum();
    if count > 0 {
        let kinds: Vec<String> =
            kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        found.push(format!("{} to look at ({})", counted(count, "exception"), kinds.join(", ")));
    }
    let path = place.join(EXCEPTIONS);
    (!found.is_empty()).then(|| format!("{}: {}", found.join(", "), path.display()))
}

/// The kinds of exception that need nobody.
const AS_IT_SHOULD_BE: [&str; 2] = ["zero_amount", "waiting"];

/// The summary that `prorata open` prints.
pub(crate) fn open_summary(outcome: &CloseResult) -> String {
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
    let _ = writeln!(
        text,
        "\n  {}\n  head {} after this close",
        outcome.place.display(),
        outcome.manifest_sha256
    );
    text
}

/// The line that `prorata verify` prints.
pub(crate) fn verify_summary(verified: &Verified) -> String {
    let Verified { closes, files, derived, .. } = verified;
    let again = match derived {
        0 => String::new(),
        derived => format!("; {derived} derived again from the inputs, the same"),
    };
    let (closes, files) = (counted(*closes, "close"), counted(*files, "file"));
    format!("All as published, and it adds up: {closes} with {files}{again}\n")
}

/// A table of the totals, one column per currency, with right-aligned amounts. Its three sums show
/// the billed amounts, the receivables and the credit. Rows that are zero in every currency are
/// left out.
fn totals(totals: &BTreeMap<String, TotalsByCurrency>) -> String {
    if totals.is_empty() {
        return String::new();
    }
    let mut rows = vec![row("", totals.keys().cloned())];
    let mut add = |label: &str, always: bool, of: &dyn Fn(&TotalsByCurrency) -> String| {
        let amounts: Vec<String> = totals.values().map(of).collect();
        if always || !amounts.iter().all(|amount| is_nothing(amount)) {
            rows.push(row(label, amounts.into_iter()));
        }
    };
    add("documents", true, &|totals| totals.invoices.to_string());
    let kinds: BTreeSet<&String> = totals.values().flat_map(|totals| totals.lines.keys()).collect();
    for kind in kinds {
        add(&format!("{kind} lines"), false, &|totals| of(totals, totals.lines.get(kind)));
    }
    let codes: BTreeSet<&String> = totals.values().flat_map(|totals| totals.taxes.keys()).collect();
    for code in &codes {
        add(&format!("tax {code}"), false, &|totals| of(totals, totals.taxes.get(*code)));
    }
    add("tax included above", false, &|totals| negative(&totals.tax_included));
    add("total", true, &|totals| totals.total.clone());
    add("credit used", false, &|totals| negative(&totals.credit_applied));
    add("credit granted", false, &|totals| totals.credit_granted.clone());
    add("due", true, &|totals| totals.amount_due.clone());
    add("not credited", false, &|totals| of(totals, Some(&totals.over_credit)));
    let has_open = |totals: &TotalsByCurrency| {
        let PaymentTotals { opening_receivable, closing_receivable, .. } = &totals.payments;
        !(is_nothing(opening_receivable) && is_nothing(closing_receivable))
    };
    if totals.values().any(has_open) {
        add("", true, &|_| String::new());
        add("open before", true, &|totals| totals.payments.opening_receivable.clone());
        add("due", true, &|totals| totals.amount_due.clone());
        add("paid", false, &|totals| negative(&totals.payments.paid));
        add("paid by credit notes", false, &|totals| negative(&totals.payments.credited));
        add("taken back", false, &|totals| totals.payments.taken_back.clone());
        add("written off", false, &|totals| {
            negative(&of(totals, Some(&totals.payments.written_off)))
        });
        add("bank fees", false, &|totals| negative(&of(totals, Some(&totals.payments.bank_fees))));
        add("exchange differences", false, &|totals| {
            negative(&of(totals, Some(&totals.payments.exchange_difference)))
        });
        add("of these credit", false, &|totals| {
            of(totals, Some(&totals.payments.otherwise_to_credit))
        });
        add("open", true, &|totals| totals.payments.closing_receivable.clone());
    }
    let has_credit = |totals: &TotalsByCurrency| {
        let moved = [&totals.opening_credit, &totals.credit_granted, &totals.closing_credit];
        moved.into_iter().any(|amount| !is_nothing(amount))
            || !is_nothing(&totals.payments.overpaid)
    };
    if totals.values().any(has_credit) {
        add("", true, &|_| String::new());
        add("credit before", true, &|totals| totals.opening_credit.clone());
        add("granted", false, &|totals| totals.credit_granted.clone());
        add("overpaid", false, &|totals| totals.payments.overpaid.clone());
        add("used", false, &|totals| negative(&totals.credit_applied));
        add("paid by credit notes", false, &|totals| negative(&totals.payments.credited));
        add("fees and differences", false, &|totals| {
            of(totals, Some(&totals.payments.otherwise_to_credit))
        });
        add("paid out", false, &|totals| negative(&totals.payments.refunded));
        add("credit left", true, &|totals| totals.closing_credit.clone());
    }
    String::from("\n") + &indented(&rows, 1..rows[0].len())
}

fn is_nothing(amount: &str) -> bool {
    amount.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'))
}

/// A deducted amount, with its minus sign.
fn negative(amount: &str) -> String {
    match amount.strip_prefix('-') {
        Some(added) => added.to_owned(),
        None if is_nothing(amount) => amount.to_owned(),
        None => format!("-{amount}"),
    }
}

/// An amount, or zero with the currency's digits.
fn of(totals: &TotalsByCurrency, amount: Option<&String>) -> String {
    let amount = amount.filter(|amount| !amount.is_empty());
    let nothing = || totals.total.split_once('.').map_or(0, |(_, digits)| digits.len());
    amount.cloned().unwrap_or_else(|| match nothing() {
        0 => "0".to_owned(),
        digits => format!("0.{}", "0".repeat(digits)),
    })
}

fn row(label: &str, amounts: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(label.to_owned()).chain(amounts).collect()
}

/// "1 close", "3 closes".
pub(crate) fn counted(number: impl std::fmt::Display, noun: &str) -> String {
    let number = number.to_string();
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
