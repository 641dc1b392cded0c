//! `prorata import`: writes an input folder from the exports of another billing system.
//!
//! The folder is written beside its place, checked as `prorata check` checks, and then renamed.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::check::{CheckArgs, check};
use super::list::csv_text;
use super::summary::counted;
use crate::config::{FILE_NAME, NOBODY, SCHEMA_FILE, schema_text, template};
use crate::files;
use crate::import::{Effect, Finding, Imported, Request, System, import as imported};
use crate::pipeline::{Folders, RunError};
use crate::problem::{Problem, Problems};
use crate::publish::{NewInput, NewInputError};
use crate::stop;
use crate::value::{AsOf, DAY_SECONDS, Instant, Moment, Zone};

/// The report of what was not taken over, beside the tables.
const REPORT: &str = "not_taken_over.csv";

/// The seller while an empty billing.toml is checked.
const STAND_IN: &str = "Seller";

/// The options of `prorata import`.
#[derive(Clone, Debug)]
pub(crate) struct ImportArgs {
    /// The system that wrote the exports.
    pub(crate) system: System,
    /// The folder of its exports.
    pub(crate) from: PathBuf,
    /// The folder to write.
    pub(crate) to: PathBuf,
    /// The instant of the exports.
    pub(crate) as_of: AsOf,
    /// The current time.
    pub(crate) now: Instant,
    /// A billing.toml to take instead of an empty one.
    pub(crate) settings: Option<PathBuf>,
    /// Unknown columns to leave out.
    pub(crate) ignored: Vec<String>,
}

/// The result of an import.
#[derive(Clone, Debug)]
pub(crate) struct ImportResult {
    /// The summary that is printed.
    pub(crate) text: String,
    /// Whether the bills differ, unless somebody acts.
    pub(crate) needs_action: bool,
}

/// Writes the folder.
///
/// # Errors
/// All problems of the exports, or of the tables made of them; nothing is written then.
pub(crate) fn import(args: &ImportArgs) -> Result<ImportResult, RunError> {
    let as_of = args.as_of.at(Zone::UTC, args.now);
    let request =
        Request { system: args.system, folder: &args.from, as_of, ignored: &args.ignored };
    let found = imported(&request).map_err(RunError::of_input)?;
    let settings = settings(args)?;
    let _held = stop::hold();
    let place = Place::claim(&args.to)?;
    // An empty billing.toml names nobody, which is a problem of its own. It is checked with a name.
    place.write(&found, settings.as_deref().unwrap_or(&template(STAND_IN, None)))?;
    place.check(as_of, args.now)?;
    if settings.is_none() {
        place.rewrite(FILE_NAME, &template(NOBODY, None))?;
    }
    place.put()?;
    let needs_action = found.findings.iter().any(|it| it.effect == Effect::BillsDiffer);
    Ok(ImportResult { text: summary(args, &found, as_of), needs_action })
}

/// The text of the billing.toml that was named.
fn settings(args: &ImportArgs) -> Result<Option<String>, RunError> {
    const MOST_MIB: u64 = 1;
    let Some(path) = &args.settings else { return Ok(None) };
    let problem = |rule: String| {
        RunError::of_input(vec![Problem {
            file: path.display().to_string(),
            line: None,
            column: None,
            value: None,
            rule,
            hint: "--settings names a billing.toml".to_owned(),
        }])
    };
    let bytes =
        files::read(path, MOST_MIB).map_err(|error| problem(format!("cannot be read: {error}")))?;
    String::from_utf8(bytes).map(Some).map_err(|_| problem("is not UTF-8".to_owned()))
}

/// The folder to be, while it is made beside its place. Dropped early, it is removed.
struct Place<'a> {
    to: &'a Path,
    staging: tempfile::TempDir,
}

impl<'a> Place<'a> {
    /// Refuses a folder that is not empty.
    fn claim(to: &'a Path) -> Result<Self, NewInputError> {
        let create = |source| NewInputError::Create { path: to.to_owned(), source };
        match fs::read_dir(to) {
            Ok(mut entries) => {
                if let Some(entry) = entries.next() {
                    return Err(NewInputError::Exists { path: entry.map_err(create)?.path() });
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(create(error)),
        }
        let parent = match to.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(create)?;
        let staging =
            tempfile::Builder::new().prefix(".import-").tempdir_in(parent).map_err(create)?;
        Ok(Self { to, staging })
    }

    /// The folder with the tables, whose permissions are those of any new folder.
    fn input(&self) -> PathBuf {
        self.staging.path().join("input")
    }

    fn write(&self, found: &Imported, settings: &str) -> Result<(), NewInputError> {
        let folder = NewInput::claim(&self.input())?;
        folder.write(FILE_NAME, settings)?;
        folder.write(SCHEMA_FILE, &schema_text())?;
        for (name, content, _) in found.company.files() {
            folder.write(name, &content)?;
        }
        folder.write(REPORT, &report(&found.findings))?;
        folder.keep();
        Ok(())
    }

    fn rewrite(&self, name: &str, content: &str) -> Result<(), NewInputError> {
        let path = self.input().join(name);
        fs::write(&path, content).map_err(|source| NewInputError::Write { path, source })
    }

    /// Checks the folder beyond the next renewals. Messages name the place where the files will be.
    fn check(&self, as_of: Instant, now: Instant) -> Result<(), RunError> {
        const DAYS: i64 = 62;
        let through = Instant::from_unix_seconds(as_of.unix_seconds() + DAYS * DAY_SECONDS);
        let output = self.staging.path().join("output");
        let places = Folders { input: self.input(), output };
        let as_of = Some(AsOf::At(Moment::Instant(through, 0)));
        match check(&CheckArgs { places, as_of, now, einvoice: None }) {
            Ok(_) => Ok(()),
            Err(RunError::Problems { problems, .. }) => {
                Err(RunError::of_input(self.at_its_place(&problems)))
            }
            Err(error) => Err(error),
        }
    }

    fn at_its_place(&self, problems: &Problems) -> Problems {
        let staged = self.input().display().to_string();
        let to = self.to.display().to_string();
        let moved = problems.kept().iter().map(|problem| Problem {
            file: problem.file.replacen(&staged, &to, 1),
            hint: format!("{}; correct it in the export, and import again", problem.hint),
            ..problem.clone()
        });
        moved.collect::<Vec<_>>().into()
    }

    /// Renames the folder into its place.
    fn put(self) -> Result<(), NewInputError> {
        let path = self.to.to_owned();
        stop::check()
            .and_then(|()| fs::rename(self.input(), self.to))
            .map_err(|source| NewInputError::Create { path, source })
    }
}

fn report(findings: &[Finding]) -> String {
    const COLUMNS: [&str; 7] = ["file", "line", "column", "value", "effect", "why", "what_to_do"];
    csv_text(&COLUMNS, findings)
}

fn summary(args: &ImportArgs, found: &Imported, as_of: Instant) -> String {
    let to = args.to.display();
    let mut text = format!("Wrote {to}, and checked it:\n\n");
    for (name, _, rows) in found.company.files() {
        let _ = writeln!(text, "  {name}  ({})", counted(rows, "row"));
    }
    let _ = writeln!(text, "  {FILE_NAME}\n  {REPORT}  ({})", counted(found.findings.len(), "row"));
    text.push_str(&losses(&found.findings));
    let _ = write!(
        text,
        "\nNext:\n\n  \
           write who you are into {to}/{FILE_NAME}\n  \
           prorata check --input {to}\n  \
           prorata open --as-of {as_of} --input {to}\n  \
           prorata preview --as-of … --input {to}\n  \
           prorata compare --with … --close …\n"
    );
    text
}

/// What was not taken over, a line for each kind.
fn losses(findings: &[Finding]) -> String {
    let mut text = String::new();
    for (effect, title) in [
        (Effect::BillsDiffer, "Not taken over; the bills differ unless you act:"),
        (
            Effect::CannotTell,
            "The exports cannot show whether there is more; look in the old system:",
        ),
    ] {
        let kinds = kinds(findings, effect);
        if !kinds.is_empty() {
            let _ = write!(text, "\n{title}\n\n");
        }
        for (finding, count) in kinds {
            let Finding { file, column, why, what_to_do, .. } = finding;
            let column = if column.is_empty() { String::new() } else { format!(", {column}") };
            let count = if count == 1 { String::new() } else { format!(" ({count} times)") };
            let _ = writeln!(text, "  {file}{column}: {why}{count}\n      {what_to_do}");
        }
    }
    text
}

/// The first finding of each kind, and how many there are.
fn kinds(findings: &[Finding], effect: Effect) -> Vec<(&Finding, usize)> {
    let mut kinds: Vec<(&Finding, usize)> = Vec::new();
    for finding in findings.iter().filter(|it| it.effect == effect) {
        let is_same = |(known, _): &&mut (&Finding, usize)| {
            (&known.file, &known.column, &known.why)
                == (&finding.file, &finding.column, &finding.why)
        };
        match kinds.iter_mut().find(is_same) {
            Some((_, count)) => *count += 1,
            None => kinds.push((finding, 1)),
        }
    }
    kinds
}
