//! What a run stands on before it bills: settings, input, register and state.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::RunError;
use super::billing::{bill_all, bill_problems};
use crate::config::{self, Settings};
use crate::input::{self, Loaded, Source};
use crate::invoice::{AccountBill, Known};
use crate::model::Book;
use crate::publish::{Lock, close_name};
use crate::register::{History, PaymentLog, Register, State, Watch, watch};
use crate::value::{Instant, Moment};

/// Where a run reads and writes.
#[derive(Clone, Debug)]
pub struct Places {
    /// The input folder.
    pub input: PathBuf,
    /// The output folder.
    pub output: PathBuf,
}

/// What a run that publishes begins with: the output folder is its own, and the register is open.
pub struct Start {
    settings: Settings,
    settings_bytes: Vec<u8>,
    pub register: Register,
    pub through: Instant,
    lock: Lock,
}

impl Start {
    /// Reads the settings, takes the output folder and opens the register.
    pub fn at(places: &Places, as_of: Moment) -> Result<Self, RunError> {
        let (settings, settings_bytes) = config::load(&places.input)?;
        let through = as_of.at(settings.zone);
        let lock = Lock::take(&places.output)?;
        let register = Register::open(&places.output)?;
        Ok(Self { settings, settings_bytes, register, through, lock })
    }

    /// Reads the input. The output folder is held for as long as the lock that comes back.
    pub fn read(self, input: &Path) -> Result<(Ground, Lock), RunError> {
        let span = (self.through, close_name(self.through, self.settings.zone));
        let settings = (self.settings, &self.settings_bytes[..]);
        Ok((Ground::read(input, settings, self.register, span)?, self.lock))
    }
}

/// Everything a run knows before it bills.
pub struct Ground {
    pub settings: Settings,
    pub loaded: Loaded,
    pub sources: Vec<Source>,
    pub register: Register,
    pub state: State,
    pub payments: PaymentLog,
    pub through: Instant,
    pub name: String,
}

impl Ground {
    /// Reads the input and the state of the newest close.
    pub fn read(
        input: &Path,
        (settings, settings_bytes): (Settings, &[u8]),
        register: Register,
        (through, name): (Instant, String),
    ) -> Result<Self, RunError> {
        let (loaded, state) = rayon::join(|| input::load(input, &settings), || register.state());
        let (loaded, mut state) = (loaded?, state?);
        let mut sources = vec![Source::describe(config::FILE_NAME, settings_bytes, 0)];
        sources.extend(loaded.sources.iter().cloned());
        state.note_taxes(&loaded.book, &settings, register.newest().map(|close| close.as_of));
        let payments = PaymentLog::read(&register)?;
        Ok(Self { settings, loaded, sources, register, state, payments, through, name })
    }

    /// The instant of the newest close.
    pub fn last(&self) -> Option<Instant> {
        self.register.newest().map(|close| close.as_of)
    }

    /// The date of the close, which its name begins with.
    pub fn date(&self) -> NaiveDate {
        self.name[..10].parse().expect("the name of a close begins with its date")
    }

    /// Bills every account.
    ///
    /// # Errors
    /// Every problem of the input, the past and the timelines, at once.
    pub fn bill(&self, input: &Path, accept: bool) -> Result<(Vec<AccountBill>, Watch), RunError> {
        let book = &self.loaded.book;
        let past = (&self.register, &self.state);
        let watch = watch(book, &self.settings, past, (input, accept), self.through)?;
        let span = (self.last(), self.through);
        let issued = self.register.issued(&credited_numbers(book, &self.state, &watch))?;
        let known = Known { watch: &watch, state: &self.state, issued: &issued };
        let bills = bill_all(book, &self.settings, known, span);
        let mut problems = self.loaded.problems.clone();
        // Of a book with problems nothing is said about its past: half of it may be missing.
        if problems.is_empty() {
            problems.extend(watch.problems.iter().cloned());
            problems.extend(self.payments.problems(book, input));
        }
        problems.extend(bill_problems(&bills, book, &self.loaded, input));
        input::sort(&mut problems);
        if problems.is_empty() { Ok((bills, watch)) } else { Err(RunError::problems(problems)) }
    }
}

/// The numbers of published invoices that credits of this run may concern: those that adjustments
/// name, and those of the charges that may be taken back.
fn credited_numbers<'a>(book: &'a Book, state: &State, watch: &'a Watch) -> BTreeSet<&'a str> {
    let new = book.adjustments.iter().filter(|it| !state.adjustments.contains_key(&*it.id));
    let named = new.filter_map(|adjustment| adjustment.credits_invoice.as_deref());
    let late = watch.histories.iter().filter_map(|history| match history {
        History::Late(past) => Some(&past.standing),
        History::New | History::OnTime => None,
    });
    let charged = watch.charged.values().chain(late).flatten();
    named.chain(charged.map(|entry| &*entry.invoice_number)).collect()
}
