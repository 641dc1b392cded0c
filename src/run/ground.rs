//! What a run stands on before it bills: settings, input, register and state.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveDate;

use super::RunError;
use super::billing::{bill_all, bill_problems};
use super::{characters, seller};
use crate::config::{self, SellerLines, Settings};
use crate::console::Stage;
use crate::fault;
use crate::input::{self, Loaded, Source, Warning, Withheld};
use crate::invoice::{AccountBill, IssuedByNumber, Known};
use crate::model::Book;
use crate::problem::Problem;
use crate::publish::{Lock, close_name};
use crate::register::{
    CreditRules, History, LastCloses, PaymentLog, Register, RegisterError, State, Watch, watch,
};
use crate::value::{AsOf, Instant};

/// Where a run reads and writes.
#[derive(Clone, Debug)]
pub struct Places {
    /// The input folder.
    pub input: PathBuf,
    /// The output folder.
    pub output: PathBuf,
}

/// What a close begins with: the register is open and, if something is to be published, the output
/// folder its own.
pub struct Start {
    pub settings: Settings,
    settings_bytes: Vec<u8>,
    pub register: Register,
    pub through: Instant,
    lock: Option<Lock>,
}

impl Start {
    /// Reads the settings, takes the output folder, for which it waits if told to, and opens the
    /// register.
    pub fn at(
        places: &Places,
        (as_of, now): (AsOf, Instant),
        lock_wait: Duration,
    ) -> Result<Self, RunError> {
        let (settings, settings_bytes) = config::load(&places.input)?;
        let through = as_of.at(settings.zone, now);
        let lock = take(&places.output, lock_wait)?;
        let stage = Stage::begin("register");
        let register = Register::open(&places.output)?;
        stage.end(register.closes.len(), "close", "so far");
        Ok(Self { settings, settings_bytes, register, through, lock: Some(lock) })
    }

    /// The same for a run that publishes nothing, beside others.
    pub fn without_lock(places: &Places, as_of: AsOf, now: Instant) -> Result<Self, RunError> {
        let (settings, settings_bytes) = config::load(&places.input)?;
        let through = as_of.at(settings.zone, now);
        let register = match Register::open(&places.output) {
            // A close may have been published between a look at the folders and one at the link.
            Err(RegisterError::LostClose { .. }) => Register::open(&places.output)?,
            opened => opened?,
        };
        Ok(Self { settings, settings_bytes, register, through, lock: None })
    }

    /// Refuses to publish what lies after now.
    pub fn refuse_ahead(&self, now: Instant) -> Result<(), RunError> {
        if self.through <= now {
            return Ok(());
        }
        Err(RunError::Ahead { as_of: self.through.to_string(), now: now.to_string() })
    }

    /// Reads the input. The output folder is held for as long as the lock that comes back.
    pub fn read(self, input: &Path) -> Result<(Ground, Option<Lock>), RunError> {
        let span = (self.through, close_name(self.through, self.settings.zone));
        let settings = (self.settings, &self.settings_bytes[..]);
        Ok((Ground::read(input, settings, self.register, span)?, self.lock))
    }
}

/// Takes the output folder, and says so if another run has it and is waited for.
fn take(output: &Path, wait: Duration) -> Result<Lock, RunError> {
    let _stage = Stage::begin("waiting");
    let seconds = wait.as_secs();
    Ok(Lock::take(output, wait, |holder| {
        log::info!(
            target: "prorata::publish", seconds;
            "{} is in use by {holder}; waiting {seconds} s for it at most", output.display()
        );
    })?)
}

/// Everything a run knows before it bills.
pub struct Ground {
    /// The input folder, as messages name it.
    pub input: PathBuf,
    pub settings: Settings,
    /// Where billing.toml says who the seller is.
    pub seller_lines: SellerLines,
    pub loaded: Loaded,
    pub sources: Vec<Source>,
    pub register: Register,
    /// When each account was billed last.
    pub last: LastCloses,
    pub state: State,
    pub payments: PaymentLog,
    pub through: Instant,
    pub name: String,
    /// The rules that credits follow.
    pub credits: CreditRules,
}

impl Ground {
    /// Reads the input and the state of the newest close.
    pub fn read(
        input: &Path,
        (settings, settings_bytes): (Settings, &[u8]),
        register: Register,
        (through, name): (Instant, String),
    ) -> Result<Self, RunError> {
        let reading = Stage::begin("input");
        let (loaded, state) =
            rayon::join(|| input::load(input, &settings, Withheld::default()), || register.state());
        let (mut loaded, mut state) = (loaded?, state?);
        loaded.book.rules = register.rules();
        loaded.warnings.extend(seller::doubt(&settings, &loaded.book).map(Warning));
        for source in &loaded.sources {
            let (rows, bytes) = (source.rows, source.bytes);
            log::trace!(target: "prorata::input", rows, bytes; "{}: {rows} rows", source.name);
        }
        reading.end(loaded.sources.iter().map(|source| source.rows).sum::<u64>(), "row", "read");
        fault::point("input-read");
        let mut sources = vec![Source::describe(config::FILE_NAME, settings_bytes, 0)];
        sources.extend(loaded.sources.iter().cloned());
        let recalling = Stage::begin("state");
        let last = LastCloses::of(&register);
        state.note_taxes(&loaded.book, &settings, &last);
        let payments = PaymentLog::read(&register)?;
        recalling.end(state.subscriptions.len(), "subscription", "billed before");
        let credits = CreditRules::OfTheirCharges;
        let seller_lines = SellerLines::of(&String::from_utf8_lossy(settings_bytes));
        Ok(Self {
            input: input.to_owned(),
            settings,
            seller_lines,
            loaded,
            sources,
            register,
            last,
            state,
            payments,
            through,
            name,
            credits,
        })
    }

    /// The same without some accounts: the input is read again as if it did not have them.
    pub fn without(mut self, input: &Path, withheld: Withheld) -> Result<Self, RunError> {
        self.loaded = input::load(input, &self.settings, withheld)?;
        self.loaded.book.rules = self.register.rules();
        let doubt = seller::doubt(&self.settings, &self.loaded.book);
        self.loaded.warnings.extend(doubt.map(Warning));
        // The first is billing.toml.
        self.sources.truncate(1);
        self.sources.extend(self.loaded.sources.iter().cloned());
        self.state = self.register.state()?;
        self.state.note_taxes(&self.loaded.book, &self.settings, &self.last);
        Ok(self)
    }

    /// The date of the close, which its name begins with.
    pub fn date(&self) -> NaiveDate {
        self.name[..10].parse().expect("the name of a close begins with its date")
    }

    /// The published invoices that credits of this run may concern: those that adjustments name, and
    /// those of the charges that may be taken back.
    fn issued(
        &self,
        watch: &Watch,
        named: &BTreeSet<&str>,
    ) -> Result<IssuedByNumber, RegisterError> {
        let charges = watch.charged.values().flatten();
        let mut numbers: BTreeSet<&str> = charges.map(|charge| &*charge.invoice_number).collect();
        let late = watch.histories.iter().filter_map(|history| match history {
            History::Late(past) => Some(&past.documents),
            History::New | History::OnTime => None,
        });
        let documents = late.flatten().map(|number| &**number);
        let anywhere: BTreeSet<&str> = documents.chain(named.iter().copied()).collect();
        let since = watch.charged_since.filter(|_| anywhere.is_empty());
        numbers.extend(anywhere);
        self.register.issued(&numbers, since)
    }

    /// Bills every account.
    ///
    /// # Errors
    /// Every problem of the input, the past and the timelines, and of what is to be published, at
    /// once.
    pub fn bill(
        &self,
        input: &Path,
        accept: bool,
        purpose: Purpose,
    ) -> Result<(Vec<AccountBill>, Watch), RunError> {
        let book = &self.loaded.book;
        let past = (&self.register, &self.state, &self.last);
        let stage = Stage::begin("history");
        let watch = watch(
            book,
            &self.settings,
            past,
            (input, &self.loaded.withheld, accept),
            (self.through, self.credits),
        )?;
        let span = (&self.last, self.through);
        let named = named_invoices(book, self.through);
        let issued = self.issued(&watch, &named)?;
        let named = self.register.lines_on(&named)?;
        let is_late = |history: &&History| matches!(history, History::Late(_));
        let late = watch.histories.iter().filter(is_late).count();
        stage.end(late, "subscription", "with late changes");
        let known = Known {
            watch: &watch,
            state: &self.state,
            issued: &issued,
            named: &named,
            credits: self.credits,
        };
        let bills = bill_all(book, &self.settings, known, span);
        let mut problems = self.loaded.problems.clone();
        // Of a book with problems nothing is said about its past: half of it may be missing.
        if problems.is_empty() {
            problems.extend(watch.problems.iter().cloned());
            problems.extend(self.payments.problems(book, input, &self.loaded.withheld));
        }
        problems.extend(bill_problems(&bills, book, &self.loaded, input));
        problems.extend(purpose.problems(self, input, &bills)?);
        input::sort(&mut problems);
        if problems.is_empty() { Ok((bills, watch)) } else { Err(RunError::of_input(problems)) }
    }
}

/// The numbers of invoices that adjustments name whose time has come.
fn named_invoices(book: &Book, through: Instant) -> BTreeSet<&str> {
    let due = book.adjustments.iter().filter(|adjustment| adjustment.at <= through);
    due.filter_map(|adjustment| adjustment.credits_invoice.as_deref()).collect()
}

/// What is to be published of what was billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Documents.
    Documents,
    /// The beginning of a register, without documents.
    Opening,
    /// Nothing: it was published once.
    Nothing,
}

impl Purpose {
    /// What keeps it from being published.
    fn problems(
        self,
        ground: &Ground,
        input: &Path,
        bills: &[AccountBill],
    ) -> Result<Vec<Problem>, RunError> {
        let (settings, lines) = (&ground.settings, ground.seller_lines);
        let mut problems = Vec::new();
        if self == Self::Nothing {
            return Ok(problems);
        }
        problems.extend(seller::nameless(settings, lines, input));
        problems.extend(characters::hidden(settings, &ground.loaded.book, input));
        if self == Self::Opening {
            return Ok(problems);
        }
        problems.extend(seller::unlawful(settings, lines, input, bills));
        if characters::are_printed(settings) && characters::must_be_printable(settings) {
            problems.extend(characters::unprintable(ground, input, bills)?);
        }
        Ok(problems)
    }
}
