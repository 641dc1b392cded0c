//! `prorata check`: everything that a close would find wrong, without one.

use std::fmt::Write as _;
use std::path::Path;

use super::RunError;
use super::characters;
use super::close::billed;
use super::ground::{Ground, Places, Purpose};
use super::problems::keep;
use super::summary::counted;
use crate::config;
use crate::invoice::AccountBill;
use crate::register::Register;
use crate::value::{Instant, Moment};

/// What `prorata check` is asked to do.
#[derive(Clone, Debug)]
pub struct CheckArgs {
    /// Where to read.
    pub places: Places,
    /// Up to when to look; to the last row of the log if it is not given.
    pub as_of: Option<Moment>,
}

/// Checks the input against itself and against the register, and says what was read.
///
/// # Errors
/// Everything that is wrong, as a close would say it.
pub fn check(args: &CheckArgs) -> Result<String, RunError> {
    keep(look(args), &args.places.output)
}

fn look(args: &CheckArgs) -> Result<String, RunError> {
    let Places { input, output } = &args.places;
    let (settings, settings_bytes) = config::load(input)?;
    let register = Register::open(output)?;
    let asked = args.as_of.map(|as_of| as_of.at(settings.zone));
    let newest = register.newest().map_or(Instant::from_unix_seconds(0), |close| close.as_of);
    let span = (asked.unwrap_or(newest).max(newest), String::new());
    let mut ground = Ground::read(input, (settings, &settings_bytes), register, span)?;
    if asked.is_none() {
        ground.through = last_instant(&ground).max(newest);
    }
    let (bills, watch) = ground.bill(input, false, Purpose::Documents)?;
    let unprintable = unprintable(&ground, input, &bills)?;
    billed(&ground, input, bills, watch)?;
    Ok(said(&ground) + &unprintable)
}

/// What could not be printed where nothing is: no problem of a close, and worth knowing before PDFs are
/// made.
fn unprintable(ground: &Ground, input: &Path, bills: &[AccountBill]) -> Result<String, RunError> {
    /// Whoever has more has one mistake many times.
    const SHOWN: usize = 20;
    if characters::are_printed(&ground.settings) {
        return Ok(String::new());
    }
    let found = characters::unprintable(ground, input, bills)?;
    let mut text = String::new();
    for problem in found.iter().take(SHOWN) {
        let problem = problem.to_string();
        let _ = writeln!(text, "\nwarning: {}", problem.trim_start_matches("error: "));
    }
    if found.len() > SHOWN {
        let _ = writeln!(text, "\nwarning: {} more like these", found.len() - SHOWN);
    }
    Ok(text)
}

/// The instant of the last row of the input.
fn last_instant(ground: &Ground) -> Instant {
    let book = &ground.loaded.book;
    let starts = book.subscriptions.iter().map(|subscription| subscription.started_at);
    let changes = book.changes.iter().map(|change| change.at);
    let around =
        book.adjustments.iter().map(|it| it.at).chain(book.payments.iter().map(|it| it.at));
    starts.chain(changes).chain(around).max().unwrap_or(ground.through)
}

fn said(ground: &Ground) -> String {
    let book = &ground.loaded.book;
    let mut text = String::from("Nothing is wrong. Read:\n\n");
    for (number, noun) in [
        (book.accounts.len(), "account"),
        (book.prices.len(), "price"),
        (book.subscriptions.len(), "subscription"),
        (book.changes.len(), "change"),
        (book.taxes.rates().len(), "tax rate"),
        (book.discounts.len(), "discount"),
        (book.adjustments.len(), "adjustment"),
        (book.payments.len(), "payment"),
    ] {
        let _ = writeln!(text, "  {}", counted(number, noun));
    }
    for warning in &ground.loaded.warnings {
        let _ = writeln!(text, "\nwarning: {}", warning.0);
    }
    let _ = writeln!(text, "\n  everything up to {} can be billed", ground.through);
    text
}
