//! `prorata preview`: shows the result of a close without publishing it.
//!
//! It runs the code of a close up to the publication. It takes no lock and writes nothing to the
//! output folder, so it neither waits for a close nor disturbs one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::list::indented;
use super::summary::came_to;
use crate::model::Account;
use crate::pipeline::ClosePlan;
use crate::pipeline::{CloseArgs, RunError, StageTimings, StagedClose, compute_or_withhold};
use crate::publish::Staging;
use crate::render::csv::Exception;
use crate::review::{Finding, FindingKind};
use crate::wording::money;

/// The options of `prorata preview`.
#[derive(Clone, Debug)]
pub struct PreviewArgs {
    /// The close to preview.
    pub close: CloseArgs,
    /// A new folder for all files of the close except the manifest.
    pub to: Option<PathBuf>,
    /// List totals that move by at least this percentage, instead of the configured one.
    pub moved_by_percent: Option<u32>,
}

/// The result of a preview.
#[derive(Debug)]
pub struct Preview {
    /// The text to print.
    pub text: String,
    /// Oddities in the input.
    pub warnings: Vec<String>,
}

/// How many rows of each group are shown.
const SHOWN: usize = 20;

/// Previews a close.
///
/// # Errors
/// Every error of the close, and a folder that cannot be written.
pub(crate) fn preview(args: &PreviewArgs) -> Result<Preview, RunError> {
    let mut stages = StageTimings::begin();
    let close = &args.close;
    if let Some(to) = &args.to {
        // The register would read it as a close.
        if close.places.output_holds(to) {
            return Err(RunError::PreviewAmongCloses { to: to.clone() });
        }
    }
    let mut plan = ClosePlan::beside_others(&close.places, close.as_of, close.now)?;
    if let Some(percent) = args.moved_by_percent {
        plan.settings.review.moved_by_percent = percent;
    }
    if let Some(published) = plan.published()? {
        return Err(RunError::NothingToPreview { place: published.path.clone() });
    }
    if !close.catch_up {
        plan.refuse_a_long_gap()?;
    }
    let (context, _) = plan.load(&close.places.input, close.billing())?;
    stages.end("read");
    let (context, billed, _) = compute_or_withhold(context, close.withhold, &mut stages)?;
    let mode = context.settings.output.mode;
    let mut staging = Staging::aside(args.to.as_deref(), &context.name, mode)?
        .marking_tables(context.settings.output.byte_order_mark);
    let noted = close.noted(context.through);
    let prepared = billed.prepare(&context, noted, close.format, &mut staging, &mut stages)?;
    staging.keep();
    let text = shown(&prepared, &context.loaded.book.accounts, args.to.as_deref(), &stages);
    let warnings = context.loaded.warnings.iter().map(|warning| warning.0.clone()).collect();
    Ok(Preview { text, warnings })
}

fn shown(
    prepared: &StagedClose,
    accounts: &[Account],
    to: Option<&Path>,
    stages: &StageTimings,
) -> String {
    let manifest = &prepared.manifest;
    let mut text = format!(
        "Preview of {} (everything due up to {}); nothing is published\n",
        manifest.close, manifest.as_of
    );
    text.push_str(&came_to(manifest));
    for (kind, group) in prepared.findings.groups() {
        let rows: Vec<_> = group.iter().take(SHOWN).map(|it| finding_row(it, accounts)).collect();
        group_of(&mut text, (kind.title(), group.len()), &rows, "review.csv");
    }
    let exceptions = &prepared.exceptions;
    if !exceptions.is_empty() {
        let rows: Vec<_> = exceptions.iter().take(SHOWN).map(exception_row).collect();
        group_of(&mut text, ("Exceptions", exceptions.len()), &rows, "exceptions.csv");
    }
    let seconds = stages.elapsed().as_secs_f64();
    let _ = match to {
        Some(to) => writeln!(text, "\n  {}  ({seconds:.1} s)", to.display()),
        None => writeln!(text, "\n  --to FOLDER writes all of it to a folder  ({seconds:.1} s)"),
    };
    text
}

fn group_of(text: &mut String, (title, count): (&str, usize), rows: &[Vec<String>], file: &str) {
    let _ = writeln!(text, "\n{title}: {count}");
    text.push_str(&indented(rows, 2..4));
    if count > rows.len() {
        let _ = writeln!(text, "  … and {} more in {file}", count - rows.len());
    }
}

/// Account or price, subject, amounts and reason.
fn finding_row(finding: &Finding, accounts: &[Account]) -> Vec<String> {
    let amount = finding.amount.zip(finding.currency);
    let amount = amount.map(|(amount, currency)| format!("{} {currency}", money(amount, currency)));
    let before = finding.before.zip(finding.currency);
    let before = before.map(|(amount, currency)| format!("was {}", money(amount, currency)));
    let who = finding.account.map_or("", |account| &accounts[account].id);
    let (who, what) = match finding.kind {
        FindingKind::UnusedPrice => (&*finding.reference, ""),
        _ => (who, &*finding.reference),
    };
    vec![
        who.to_owned(),
        what.to_owned(),
        amount.unwrap_or_default(),
        before.unwrap_or_default(),
        finding.message.clone(),
    ]
}

fn exception_row(exception: &Exception) -> Vec<String> {
    vec![
        exception.kind.to_owned(),
        exception.account_id.to_string(),
        String::new(),
        String::new(),
        format!("{} {}", exception.reference, exception.message).trim().to_owned(),
    ]
}
