//! The errors that end a run, and their exit codes.

use std::path::PathBuf;

use thiserror::Error;

use super::outcome::CloseResult;
use super::problem_list::report;
use crate::accounting::JournalError;
use crate::config::ConfigError;
use crate::console::Complaint;
use crate::export::ExportError;
use crate::merge::MergeError;
use crate::problem::{Problem, Problems};
use crate::publish::{KeyError, NewInputError, ProofError, PublishError, RoundError, WitnessError};
use crate::register::RegisterError;
use crate::render::pdf::PdfError;
use crate::table::parquet::ColumnsError;
use crate::table::{ParquetError, SourceErrors};

/// Everything that can stop a run. Nothing has been published, except with
/// [`RunError::AfterPublishing`].
#[derive(Debug, Error)]
pub(crate) enum RunError {
    /// `billing.toml` is invalid.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// Files of the input are missing or cannot be read.
    #[error("{0}")]
    Source(#[from] SourceErrors),
    /// The input has problems.
    #[error("the input has {} problem{}", .problems.found(), if .problems.found() == 1 { "" } else { "s" })]
    Problems {
        /// All of them.
        problems: Problems,
        /// The file that lists them, if it could be written.
        listed: Option<PathBuf>,
        /// Why the unaffected accounts were not billed either, if `--withhold` was given.
        note: Option<String>,
    },
    /// The register is damaged.
    #[error("{0}")]
    Register(#[from] RegisterError),
    /// The requested close lies before the newest one.
    #[error("--as-of {as_of} is before the newest close, {newest}")]
    BeforeNewest {
        /// The requested instant.
        as_of: String,
        /// The newest close.
        newest: String,
    },
    /// A change to quote that the newest close would have billed.
    #[error("--at {at} is not after the newest close of the account, {newest}")]
    QuoteBeforeNewest {
        /// The instant of the change.
        at: String,
        /// The newest close.
        newest: String,
    },
    /// A change to quote before corrections that no close has billed.
    #[error(
        "account {account} has rows that arrived late and are not billed yet; on which document \
         their corrections come depends on the change"
    )]
    QuoteBeforeCorrections {
        /// The account.
        account: String,
    },
    /// The input does not have what the command line names.
    #[error("{file} has no {what}")]
    NotInInput {
        /// The file.
        file: String,
        /// What is asked for.
        what: String,
    },
    /// The register to open already has closes.
    #[error("the register is open already; its newest close is {newest}")]
    AlreadyOpen {
        /// The newest close.
        newest: String,
    },
    /// The first close would bill years that another system has probably billed.
    #[error(
        "this first close would bill everything since {oldest}: {invoices} invoices over \
         {totals}"
    )]
    LongPast {
        /// The start of the oldest subscription.
        oldest: String,
        /// How many invoices it would publish.
        invoices: usize,
        /// Their totals by currency.
        totals: String,
    },
    /// The requested close lies too far after the newest one.
    #[error(
        "--as-of {as_of} is {days} days after the newest close, {newest}; as closes were so far, \
         {longest} are the most"
    )]
    LongGap {
        /// The requested instant.
        as_of: String,
        /// The newest close.
        newest: String,
        /// The distance in days.
        days: i64,
        /// The longest distance allowed.
        longest: i64,
    },
    /// The requested instant lies in the future.
    #[error("--as-of {as_of} is later than now, {now}: what a close bills cannot be taken back")]
    Ahead {
        /// The requested instant.
        as_of: String,
        /// The current time.
        now: String,
    },
    /// A number series ends before every invoice has a number.
    #[error(
        "{}: invoice.{key} leaves series {series} too few numbers: they begin at {first} and \
         end at {}", file.display(), u64::MAX - 1
    )]
    SeriesEnd {
        /// `billing.toml`.
        file: PathBuf,
        /// The key that defines the series.
        key: &'static str,
        /// The name of the series.
        series: String,
        /// The first number that this close would give.
        first: u64,
        /// The remedy.
        hint: &'static str,
    },
    /// A preview of a close that is already published.
    #[error(
        "{} is published already", place.display()
    )]
    NothingToPreview {
        /// The close.
        place: PathBuf,
    },
    /// The folder for a preview is in the output folder, where only closes belong.
    #[error(
        "{} lies in the output folder, where every folder is a close", to.display()
    )]
    PreviewAmongCloses {
        /// The folder.
        to: PathBuf,
    },
    /// An index would be written among the closes.
    #[error("{} lies in the output folder, which holds nothing but closes", path.display())]
    PageAmongCloses {
        /// The page.
        path: PathBuf,
    },
    /// Something else has the name of an index.
    #[error("{} is no page that `prorata index` wrote", path.display())]
    NotAnIndex {
        /// The path.
        path: PathBuf,
    },
    /// A page cannot be written.
    #[error("{}: {source}", path.display())]
    Page {
        /// The page.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Published files have changed or do not add up. Each entry includes its remedy.
    #[error("{}", .0.join("\n"))]
    Findings(Vec<String>, &'static str),
    /// The register does not have the requested item.
    #[error("the register has no {what}")]
    NotFound {
        /// The requested item.
        what: String,
        /// Where to look.
        hint: &'static str,
    },
    /// An input file has changed since the run read it.
    #[error("{}: was changed while the close read it", path.display())]
    InputChanged {
        /// The file.
        path: PathBuf,
    },
    /// An input file that the run has read cannot be read again.
    #[error("{}: cannot be read again: {source}", path.display())]
    InputGone {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A font of `billing.toml` cannot be read.
    #[error("{}: {source}", path.display())]
    Font {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A font file of `billing.toml` is not a font.
    #[error(
        "{}: is not a TrueType or OpenType font", path.display()
    )]
    NotAFont {
        /// The file.
        path: PathBuf,
    },
    /// The logo of `billing.toml` cannot be read.
    #[error("{}: {source}", path.display())]
    Logo {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The logo of `billing.toml` is not an image that a PDF can embed.
    #[error(
        "{}: {reason}", path.display()
    )]
    NotALogo {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: &'static str,
    },
    /// A PDF could not be created.
    #[error("{0}")]
    Press(#[from] PdfError),
    /// A table cannot be written as Parquet.
    #[error("{0}")]
    Parquet(#[from] ParquetError),
    /// The result cannot be shown. Everything that was to be published is published.
    #[error("cannot write to stdout: {0}")]
    Stdout(std::io::Error),
    /// The system starts no threads.
    #[error("no further thread can be started: {0}")]
    Threads(std::io::Error),
    /// Man pages cannot be written.
    #[error("cannot write man pages to {}: {source}", folder.display())]
    ManPages {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The books do not balance, or their sums overflow.
    #[error("{0}")]
    Journal(#[from] JournalError),
    /// The output cannot be written.
    #[error("{0}")]
    Publish(#[from] PublishError),
    /// The witness does not allow the close, or does not confirm the register.
    #[error("{0}")]
    Witness(#[from] WitnessError),
    /// The close is published, but what follows failed.
    #[error("{}", after_publishing(published, unfinished))]
    AfterPublishing {
        /// The published close.
        published: Box<CloseResult>,
        /// What failed.
        unfinished: Vec<PublishError>,
    },
    /// An invented company cannot be written.
    #[error("{0}")]
    NewInput(#[from] NewInputError),
    /// The files of shards cannot be merged.
    #[error("{0}")]
    Merge(MergeError),
    /// A round of shards cannot go on.
    #[error("{0}")]
    Round(#[from] RoundError),
    /// Sums that do not agree.
    #[error("{0}")]
    Proof(#[from] ProofError),
    /// A close cannot be exported to an accounting program.
    #[error("{0}")]
    Export(#[from] ExportError),
}

fn after_publishing(published: &CloseResult, unfinished: &[PublishError]) -> String {
    let place = published.place.display();
    let each = unfinished.iter().map(|error| format!("{place} is published, but {error}"));
    each.collect::<Vec<_>>().join("\n")
}

impl From<MergeError> for RunError {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Publish(error) => Self::Publish(error),
            other => Self::Merge(other),
        }
    }
}

impl From<ColumnsError> for RunError {
    fn from(error: ColumnsError) -> Self {
        Self::Register(error.into())
    }
}

impl RunError {
    /// Wraps problems of the input.
    pub(crate) fn of_input(problems: impl Into<Problems>) -> Self {
        Self::Problems { problems: problems.into(), listed: None, note: None }
    }

    /// The problems of the input that are kept, if they are the cause.
    pub(crate) fn problems(&self) -> &[Problem] {
        if let Self::Problems { problems, .. } = self { problems.kept() } else { &[] }
    }

    /// A published close, or an error with it if something failed after that.
    pub(crate) fn unless_finished(
        published: CloseResult,
        unfinished: Vec<PublishError>,
    ) -> Result<CloseResult, Self> {
        if unfinished.is_empty() {
            return Ok(published);
        }
        Err(Self::AfterPublishing { published: Box::new(published), unfinished })
    }

    /// The close that is published nevertheless.
    pub(crate) fn published(&self) -> Option<&CloseResult> {
        if let Self::AfterPublishing { published, .. } = self { Some(published) } else { None }
    }

    /// The remedy. An error with several parts has none; see [`RunError::complaints`].
    pub(crate) fn hint(&self) -> Option<&str> {
        let hint = match self {
            Self::Press(PdfError::Payments { .. })
            | Self::Proof(ProofError::TooLarge(_))
            | Self::Journal(JournalError::TooLarge { .. } | JournalError::SumTooLarge { .. }) => {
                "so large an amount is usually a mistake: check prices, quantities, adjustments, \
                 payments and balances"
            }
            Self::Problems { .. } | Self::Source(_) | Self::Press(_) | Self::Journal(_) => {
                return None;
            }
            Self::Threads(_) => {
                "raise the limit of processes (ulimit -u, TasksMax= of systemd, pids of a \
                 container) or of memory, and run it again"
            }
            Self::Config(error) => error.hint(),
            Self::Register(error) => return error.hint(),
            Self::Parquet(error) => return error.hint(),
            Self::Export(error) => return error.hint(),
            Self::Publish(error) => error.hint(),
            Self::Witness(error) => error.hint(),
            Self::Round(error) => error.hint(),
            Self::Merge(error) => return error.hint(),
            Self::AfterPublishing { unfinished, .. } => {
                return unfinished.first().map(PublishError::hint_after_publishing);
            }
            Self::NewInput(error) => error.hint(),
            Self::Proof(_) => "this is a bug in prorata; please report it with the input",
            Self::SeriesEnd { hint, .. }
            | Self::NotFound { hint, .. }
            | Self::Findings(_, hint) => hint,
            Self::InputChanged { .. } | Self::InputGone { .. } => {
                "let the export end before the close begins, and run the close again"
            }
            Self::Stdout(_) => "the work itself is done",
            Self::ManPages { .. } => "--to names a folder that may be written to",
            Self::NotInInput { .. } => "take the id from that file, as it is written there",
            Self::PreviewAmongCloses { .. } => "name a folder elsewhere with --to",
            Self::PageAmongCloses { .. } => "name a file elsewhere with --to",
            Self::NotAnIndex { .. } => "name another file with --to, or remove this one",
            Self::Page { .. } => "--to names a file that may be written",
            Self::NothingToPreview { .. } => {
                "look at its report.html; a preview is of what is not closed yet"
            }
            other => return other.hint_of_date().or_else(|| other.hint_of_look()),
        };
        Some(hint)
    }

    /// The remedy for a refused `--as-of`.
    fn hint_of_date(&self) -> Option<&'static str> {
        Some(match self {
            Self::BeforeNewest { .. } => {
                "closes are never rewritten; late changes go on the next invoices by themselves"
            }
            Self::QuoteBeforeNewest { .. } => {
                "quote a later instant; a change that is entered late becomes a correction, which \
                 prorata preview shows"
            }
            Self::QuoteBeforeCorrections { .. } => {
                "run prorata close, which bills the corrections, and quote the change after that"
            }
            Self::AlreadyOpen { .. } => "prorata close goes on from there",
            Self::LongPast { .. } => {
                "if that was billed before, begin with prorata open --as-of …; if it is meant, add \
                 --bill-from-start"
            }
            Self::LongGap { .. } => {
                "check the year and the month; if so much is to be caught up, add --catch-up"
            }
            Self::Ahead { .. } => {
                "check the year and the month; prorata preview looks ahead and publishes nothing; if \
                 it is meant, add --ahead"
            }
            _ => return None,
        })
    }

    /// The remedy for fonts and the logo.
    fn hint_of_look(&self) -> Option<&'static str> {
        Some(match self {
            Self::Font { .. } => {
                "pdf.fonts in billing.toml names font files, from the input folder on"
            }
            Self::NotAFont { .. } => "pdf.fonts in billing.toml names .ttf and .otf files",
            Self::Logo { .. } => {
                "pdf.logo in billing.toml names a PNG or JPEG file, from the input folder on"
            }
            Self::NotALogo { .. } => "pdf.logo in billing.toml names a PNG or JPEG file",
            _ => return None,
        })
    }

    /// The parts of the error.
    pub(crate) fn complaints(&self) -> Vec<Complaint<'_>> {
        match self {
            Self::Problems { problems, .. } => {
                problems.kept().iter().map(Complaint::Problem).collect()
            }
            Self::Source(errors) => {
                let each = errors.0.iter();
                each.map(|it| Complaint::new(it.to_string(), Some(it.hint().into_owned())))
                    .collect()
            }
            Self::Register(error) => {
                let each = error.each().into_iter();
                each.map(|it| Complaint::new(it.to_string(), it.hint().map(str::to_owned)))
                    .collect()
            }
            Self::AfterPublishing { published, unfinished } => {
                let place = published.place.display();
                let each = unfinished.iter().map(|error| {
                    let hint = error.hint_after_publishing().to_owned();
                    Complaint::new(format!("{place} is published, but {error}"), Some(hint))
                        .after_publishing(place.to_string())
                });
                each.collect()
            }
            Self::Export(ExportError::Faults(faults)) => {
                let each = faults.iter();
                each.map(|it| Complaint::new(it.message.clone(), Some(it.hint.clone()))).collect()
            }
            Self::Findings(findings, hint) => {
                let last = findings.len().saturating_sub(1);
                let hint = |place: usize| (place == last).then(|| (*hint).to_owned());
                let each = findings.iter().enumerate();
                each.map(|(place, it)| Complaint::new(it.clone(), hint(place))).collect()
            }
            other => vec![Complaint::new(other.to_string(), other.hint().map(str::to_owned))],
        }
    }

    /// The whole error as it is printed.
    pub(crate) fn report(&self) -> String {
        if let Self::Problems { problems, listed, note } = self {
            return report(problems, listed.as_ref(), note.as_deref());
        }
        let pieces: Vec<String> = self.complaints().iter().map(ToString::to_string).collect();
        pieces.join("\n")
    }

    /// The stage that failed.
    pub(crate) fn stage(&self) -> &'static str {
        match self {
            Self::Config(_)
            | Self::SeriesEnd { .. }
            | Self::Font { .. }
            | Self::NotAFont { .. }
            | Self::Logo { .. }
            | Self::NotALogo { .. } => "settings",
            Self::Source(_)
            | Self::Problems { .. }
            | Self::NotInInput { .. }
            | Self::InputChanged { .. }
            | Self::InputGone { .. } => "input",
            Self::Register(_)
            | Self::BeforeNewest { .. }
            | Self::QuoteBeforeNewest { .. }
            | Self::QuoteBeforeCorrections { .. }
            | Self::AlreadyOpen { .. }
            | Self::LongPast { .. }
            | Self::LongGap { .. }
            | Self::Ahead { .. }
            | Self::NothingToPreview { .. }
            | Self::PreviewAmongCloses { .. }
            | Self::PageAmongCloses { .. }
            | Self::NotAnIndex { .. }
            | Self::Findings(..)
            | Self::Witness(_)
            | Self::NotFound { .. } => "register",
            Self::Threads(_) => "main",
            Self::Press(_) => "printing",
            Self::Journal(_) | Self::Proof(_) | Self::Parquet(_) => "tables",
            Self::Publish(_)
            | Self::Round(_)
            | Self::Merge(_)
            | Self::AfterPublishing { .. }
            | Self::Stdout(_)
            | Self::ManPages { .. }
            | Self::Page { .. } => "publish",
            Self::NewInput(_) => "generate",
            Self::Export(_) => "export",
        }
    }

    /// The exit code, following `sysexits.h`.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::BeforeNewest { .. }
            | Self::QuoteBeforeNewest { .. }
            | Self::QuoteBeforeCorrections { .. }
            | Self::AlreadyOpen { .. }
            | Self::LongPast { .. }
            | Self::LongGap { .. }
            | Self::Ahead { .. }
            | Self::NothingToPreview { .. }
            | Self::PreviewAmongCloses { .. }
            | Self::PageAmongCloses { .. } => 64,
            #[cfg(feature = "generate")]
            Self::NewInput(NewInputError::Dates { .. }) => 64,
            Self::Problems { .. }
            | Self::Findings(..)
            | Self::Parquet(ParquetError::Cell { .. }) => 65,
            Self::Source(errors) if errors.is_ambiguous() => 65,
            Self::Register(error) if error.is_altered() => 65,
            Self::Config(ConfigError::Unreadable { source, .. })
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                66
            }
            Self::Source(_) | Self::NotFound { .. } | Self::NotInInput { .. } => 66,
            Self::Press(PdfError::Payments { .. })
            | Self::Proof(ProofError::TooLarge(_))
            | Self::Journal(JournalError::TooLarge { .. } | JournalError::SumTooLarge { .. }) => 65,
            Self::Press(_) | Self::Parquet(_) | Self::Proof(_) | Self::Journal(_) => 70,
            Self::Threads(_) => 71,
            Self::ManPages { .. }
            | Self::NotAnIndex { .. }
            | Self::Page { .. }
            | Self::Publish(
                PublishError::Create { .. }
                | PublishError::NotEmpty { .. }
                | PublishError::NoLocks { .. },
            )
            | Self::NewInput(NewInputError::Exists { .. } | NewInputError::Create { .. }) => 73,
            Self::NewInput(NewInputError::Write { .. })
            | Self::Publish(PublishError::Write { .. } | PublishError::Sync { .. })
            | Self::AfterPublishing { .. }
            | Self::Register(_)
            | Self::Stdout(_) => 74,
            Self::Witness(error) => witness_exit_code(error),
            Self::Round(error) => error.exit_code(),
            Self::Merge(error) => {
                if error.is_damage() {
                    65
                } else {
                    74
                }
            }
            Self::InputChanged { .. }
            | Self::InputGone { .. }
            | Self::Publish(
                PublishError::Locked { .. }
                | PublishError::LockLost { .. }
                | PublishError::StagingLost { .. }
                | PublishError::RegisterChanged { .. },
            ) => 75,
            Self::Config(_)
            | Self::SeriesEnd { .. }
            | Self::Font { .. }
            | Self::NotAFont { .. }
            | Self::Logo { .. }
            | Self::NotALogo { .. } => 78,
            Self::Export(error) => export_exit_code(error),
        }
    }
}

fn witness_exit_code(error: &WitnessError) -> u8 {
    match error {
        WitnessError::NotNamed | WitnessError::Within { .. } => 64,
        WitnessError::Key(KeyError::Unreadable { source, .. })
            if source.kind() == std::io::ErrorKind::NotFound =>
        {
            66
        }
        WitnessError::Key(_) => 78,
        WitnessError::Malformed { .. }
        | WitnessError::Forged { .. }
        | WitnessError::UnknownHead { .. }
        | WitnessError::Behind { .. }
        | WitnessError::Denied { .. } => 65,
        WitnessError::Missing { .. } => 66,
        WitnessError::Unusable { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            66
        }
        WitnessError::Unusable { .. } => 74,
    }
}

fn export_exit_code(error: &ExportError) -> u8 {
    match error {
        ExportError::Faults(_) if error.is_setting() => 78,
        ExportError::Faults(_) | ExportError::Damaged { .. } => 65,
        ExportError::Mismatch(_) => 70,
        ExportError::Differs(_) | ExportError::Create { .. } => 73,
        ExportError::Write { .. } => 74,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Currency;

    /// Amounts come from the input. So sums of them that do not fit are no bug.
    #[test]
    fn sums_that_do_not_fit_are_wrong_input() {
        let currency = Currency::from_code("USD").expect("ISO 4217");
        let errors: [RunError; 4] = [
            ProofError::TooLarge(currency).into(),
            JournalError::TooLarge { entry: "e".to_owned() }.into(),
            JournalError::SumTooLarge { what: "1100".to_owned(), currency }.into(),
            PdfError::Payments { number: "1".to_owned() }.into(),
        ];
        for error in errors {
            assert_eq!(error.exit_code(), 65, "{error}");
            assert!(error.hint().is_some_and(|hint| hint.contains("check prices")), "{error}");
        }
        let bug: RunError = ProofError::Payments(currency).into();
        assert_eq!(bug.exit_code(), 70);
    }
}
