//! Why a run ended without its result, and the exit code that says so.

use std::path::PathBuf;

use thiserror::Error;

use super::problem_list::report;
use crate::accounting::JournalError;
use crate::config::ConfigError;
use crate::console::Complaint;
use crate::export::ExportError;
use crate::generate::GenerateError;
use crate::problem::Problem;
use crate::publish::{ProofError, PublishError};
use crate::register::RegisterError;
use crate::render::pdf::PdfError;
use crate::table::parquet::ColumnsError;
use crate::table::{ParquetError, SourceErrors};

/// Everything that can stop a run. Nothing was published.
#[derive(Debug, Error)]
pub(crate) enum RunError {
    /// `billing.toml`.
    #[error("error: {0}")]
    Config(#[from] ConfigError),
    /// Files of the input are missing or cannot be read.
    #[error("error: {0}")]
    Source(#[from] SourceErrors),
    /// The input is wrong in these places.
    #[error("{}", report(problems, listed.as_ref(), note.as_deref()))]
    Problems {
        /// All of them.
        problems: Vec<Problem>,
        /// The file that lists them, if it could be written.
        listed: Option<PathBuf>,
        /// Why even the accounts that they do not concern were not billed, if that was wanted.
        note: Option<String>,
    },
    /// The register cannot be relied on.
    #[error("error: {0}")]
    Register(#[from] RegisterError),
    /// The close asked for lies before the newest one.
    #[error(
        "error: --as-of {as_of} is before the newest close, {newest}\n\
         hint: closes are never rewritten; late changes go on the next invoices by themselves"
    )]
    BeforeNewest {
        /// What was asked for.
        as_of: String,
        /// The newest close.
        newest: String,
    },
    /// A register that has closes already was to be opened.
    #[error(
        "error: the register is open already; its newest close is {newest}\n\
         hint: prorata close goes on from there"
    )]
    AlreadyOpen {
        /// The newest close.
        newest: String,
    },
    /// The first close would bill years that something else has billed, most likely.
    #[error(
        "error: this first close would bill everything since {oldest}: {invoices} invoices over \
         {totals}\n\
         hint: if that was billed before, begin with prorata open --as-of …; if it is meant, add \
         --bill-from-start"
    )]
    LongPast {
        /// The start of the oldest subscription.
        oldest: String,
        /// How many documents it would publish.
        invoices: usize,
        /// What they come to, by currency.
        totals: String,
    },
    /// The close asked for lies further after the newest one than closes do.
    #[error(
        "error: --as-of {as_of} is {days} days after the newest close, {newest}; as closes were so far, \
         {longest} are the most\n\
         hint: check the year and the month; if so much is to be caught up, add --catch-up"
    )]
    LongGap {
        /// What was asked for.
        as_of: String,
        /// The newest close.
        newest: String,
        /// How far that is.
        days: i64,
        /// How far it may be.
        longest: i64,
    },
    /// What is asked for lies after now.
    #[error(
        "error: --as-of {as_of} is later than now, {now}: what a close bills cannot be taken back\n\
         hint: check the year and the month; prorata preview looks ahead and publishes nothing; if it \
         is meant, add --ahead"
    )]
    Ahead {
        /// What was asked for.
        as_of: String,
        /// What the clock says.
        now: String,
    },
    /// A series of numbers ends before every document has one.
    #[error(
        "error: {}: invoice.{key} leaves series {series} too few numbers: they begin at {first} and \
         end at {}\n\
         hint: {hint}", file.display(), u64::MAX - 1
    )]
    SeriesEnd {
        /// `billing.toml`.
        file: PathBuf,
        /// The key that decides about the series.
        key: &'static str,
        /// The name of the series.
        series: String,
        /// The first number that this close would give.
        first: u64,
        /// What to do about it.
        hint: &'static str,
    },
    /// There is nothing ahead to look at.
    #[error(
        "error: {} is published already\n\
         hint: look at its report.html; a preview is of what is not closed yet", place.display()
    )]
    NothingToPreview {
        /// The close.
        place: PathBuf,
    },
    /// A preview was to be written where only closes are.
    #[error(
        "error: {} lies in the output folder, where every folder is a close\n\
         hint: name a folder elsewhere with --to", to.display()
    )]
    PreviewAmongCloses {
        /// The folder.
        to: PathBuf,
    },
    /// What was published is not what it was, or does not add up; and what to do about it.
    #[error("{}", findings(.0, .1))]
    Findings(Vec<String>, &'static str),
    /// Nothing is known by that name.
    #[error("error: the register has no {what}\nhint: {hint}")]
    NotFound {
        /// What was looked for.
        what: String,
        /// Where to look.
        hint: &'static str,
    },
    /// A font of `billing.toml`.
    #[error("error: {}: {source}\nhint: pdf.fonts in billing.toml names font files, from the input folder on", path.display())]
    Font {
        /// The file.
        path: PathBuf,
        /// Why it cannot be read.
        source: std::io::Error,
    },
    /// A font of `billing.toml` is none.
    #[error(
        "error: {}: is not a TrueType or OpenType font\n\
         hint: pdf.fonts in billing.toml names .ttf and .otf files", path.display()
    )]
    NotAFont {
        /// The file.
        path: PathBuf,
    },
    /// The logo of `billing.toml` cannot be read.
    #[error("error: {}: {source}\nhint: pdf.logo in billing.toml names a PNG or JPEG file, from the input folder on", path.display())]
    Logo {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The logo of `billing.toml` is no image that can be embedded.
    #[error(
        "error: {}: {reason}\n\
         hint: pdf.logo in billing.toml names a PNG or JPEG file", path.display()
    )]
    NotALogo {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A PDF could not be made.
    #[error("error: {0}")]
    Press(#[from] PdfError),
    /// A table cannot be written as Parquet.
    #[error("error: {0}")]
    Parquet(#[from] ParquetError),
    /// The result cannot be shown; what was to be published is published.
    #[error("error: cannot write to stdout: {0}\nhint: the work itself is done")]
    Stdout(std::io::Error),
    /// Man pages cannot be written.
    #[error("error: cannot write man pages to {}: {source}\nhint: --to names a folder that may be written to", folder.display())]
    ManPages {
        /// Where to.
        folder: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The books do not balance, or their sums do not fit.
    #[error("error: {0}")]
    Journal(#[from] JournalError),
    /// The output cannot be written.
    #[error("error: {0}")]
    Publish(#[from] PublishError),
    /// An invented company cannot be written.
    #[error("error: {0}")]
    Generate(#[from] GenerateError),
    /// Sums that do not agree.
    #[error("error: {0}\nhint: this is a bug in prorata; please report it with the input")]
    Proof(#[from] ProofError),
    /// A close cannot be written as an accounting program wants it.
    #[error("error: {0}")]
    Export(#[from] ExportError),
}

impl From<ColumnsError> for RunError {
    fn from(error: ColumnsError) -> Self {
        Self::Register(error.into())
    }
}

impl RunError {
    /// What is wrong with the input.
    pub(crate) fn problems(problems: Vec<Problem>) -> Self {
        Self::Problems { problems, listed: None, note: None }
    }

    /// What is wrong, piece by piece.
    pub(crate) fn complaints(&self) -> Vec<Complaint<'_>> {
        match self {
            Self::Problems { problems, .. } => problems.iter().map(Complaint::Problem).collect(),
            other => Complaint::read(&other.to_string()),
        }
    }

    /// The stage that cannot go on.
    pub(crate) fn stage(&self) -> &'static str {
        match self {
            Self::Config(_)
            | Self::SeriesEnd { .. }
            | Self::Font { .. }
            | Self::NotAFont { .. }
            | Self::Logo { .. }
            | Self::NotALogo { .. } => "settings",
            Self::Source(_) | Self::Problems { .. } => "input",
            Self::Register(_)
            | Self::BeforeNewest { .. }
            | Self::AlreadyOpen { .. }
            | Self::LongPast { .. }
            | Self::LongGap { .. }
            | Self::Ahead { .. }
            | Self::NothingToPreview { .. }
            | Self::PreviewAmongCloses { .. }
            | Self::Findings(..)
            | Self::NotFound { .. } => "register",
            Self::Press(_) => "printing",
            Self::Journal(_) | Self::Proof(_) | Self::Parquet(_) => "tables",
            Self::Publish(_) | Self::Stdout(_) | Self::ManPages { .. } => "publish",
            Self::Generate(_) => "generate",
            Self::Export(_) => "export",
        }
    }

    /// The exit code, as `sysexits.h` has them.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::BeforeNewest { .. }
            | Self::AlreadyOpen { .. }
            | Self::LongPast { .. }
            | Self::LongGap { .. }
            | Self::Ahead { .. }
            | Self::NothingToPreview { .. }
            | Self::PreviewAmongCloses { .. }
            | Self::Generate(GenerateError::Dates { .. }) => 64,
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
            Self::Source(_) | Self::NotFound { .. } => 66,
            Self::Press(_) | Self::Parquet(_) | Self::Proof(_) | Self::Journal(_) => 70,
            Self::ManPages { .. }
            | Self::Publish(PublishError::Create { .. } | PublishError::NotEmpty { .. })
            | Self::Generate(GenerateError::Exists { .. } | GenerateError::Create { .. }) => 73,
            Self::Generate(GenerateError::Write { .. })
            | Self::Publish(PublishError::Write { .. })
            | Self::Register(_)
            | Self::Stdout(_) => 74,
            Self::Publish(PublishError::Locked { .. }) => 75,
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

fn export_exit_code(error: &ExportError) -> u8 {
    match error {
        ExportError::Faults(_) if error.is_setting() => 78,
        ExportError::Faults(_) | ExportError::Damaged { .. } => 65,
        ExportError::Mismatch(_) => 70,
        ExportError::Differs(_) | ExportError::Create { .. } => 73,
        ExportError::Write { .. } => 74,
    }
}

fn findings(findings: &[String], hint: &str) -> String {
    let mut text: Vec<String> =
        findings.iter().map(|finding| format!("error: {finding}")).collect();
    text.push(format!("hint: {hint}"));
    text.join("\n")
}
