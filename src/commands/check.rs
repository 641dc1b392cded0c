//! `prorata check`: finds all problems that a close would find, without making one.

use std::collections::HashSet;
use std::fmt::Write as _;

use clap::ValueEnum;

use super::summary::counted;
use crate::config;
use crate::input;
use crate::model::{EInvoiceFormat, Invoice, Shard};
use crate::pipeline::characters::lines_of_invoices;
use crate::pipeline::{
    Billing, CloseContext, ComputedClose, Folders, Purpose, RunError, StageTimings,
    beginning_of_a_long_past, characters, compute, einvoice_needs, findings, keep,
};
use crate::problem::{Problem, Problems};
use crate::register::Register;
use crate::value::{AsOf, DAY_SECONDS, Instant, Zone};

/// The options of `prorata check`.
#[derive(Clone, Debug)]
pub struct CheckArgs {
    /// Where to read.
    pub places: Folders,
    /// Check up to this instant; by default, up to the expected next close.
    pub as_of: Option<AsOf>,
    /// The current time.
    pub now: Instant,
    /// Check also what e-invoices need of accounts that get no document yet.
    pub einvoice: Option<EInvoiceCheck>,
}

/// The accounts whose data a check compares with the needs of e-invoices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EInvoiceCheck {
    /// All accounts that ask for an e-invoice
    Asked,
    /// All accounts, as if they asked for Peppol BIS Billing 3
    Peppol,
    /// All accounts, as if they asked for an XRechnung
    Xrechnung,
    /// All accounts, as if they asked for a Factur-X
    Facturx,
}

impl EInvoiceCheck {
    const fn as_if(self) -> Option<EInvoiceFormat> {
        match self {
            Self::Asked => None,
            Self::Peppol => Some(EInvoiceFormat::Peppol),
            Self::Xrechnung => Some(EInvoiceFormat::XRechnung),
            Self::Facturx => Some(EInvoiceFormat::FacturX),
        }
    }
}

/// Checks the input by itself and against the register, and summarizes it.
///
/// # Errors
/// All problems, as a close would report them.
pub(crate) fn check(args: &CheckArgs) -> Result<String, RunError> {
    keep(look(args), &args.places.output)
}

fn look(args: &CheckArgs) -> Result<String, RunError> {
    let Folders { input, output } = &args.places;
    let (settings, settings_bytes) = config::load(input)?;
    let register = Register::open(output)?;
    let horizon = Horizon::of(args, &register, settings.zone);
    let billing = Billing {
        purpose: Purpose::Documents,
        accept_history_change: false,
        bill_from_start: true,
        shard: Shard::WHOLE,
    };
    let context = CloseContext::read(
        input,
        settings,
        &settings_bytes,
        register,
        horizon.through,
        String::new(),
        billing,
    )?;
    let needs = args.einvoice.map(|check| einvoice_needs(&context, check.as_if()));
    let computed = compute(&context, &mut StageTimings::begin());
    let billed = with_needs(computed, needs.unwrap_or_default())?;
    let unprintable = unprintable(&context, &billed.invoices)?;
    findings(&context, &billed)?;
    Ok(said(&context, &horizon) + &unprintable)
}

/// Adds the needs of e-invoices to the problems of a computation, each once.
fn with_needs(
    computed: Result<ComputedClose, RunError>,
    needs: Vec<Problem>,
) -> Result<ComputedClose, RunError> {
    let mut problems = match computed {
        Err(RunError::Problems { problems, .. }) => problems,
        Ok(_) if !needs.is_empty() => Problems::default(),
        other => return other,
    };
    let known: HashSet<Problem> = problems.kept().iter().cloned().collect();
    problems.extend(needs.into_iter().filter(|need| !known.contains(need)));
    input::sort(&mut problems);
    Err(RunError::of_input(problems))
}

/// Reports missing characters if no PDFs are made. They do not stop a close, but matter before PDFs
/// are turned on.
fn unprintable(context: &CloseContext, invoices: &[Invoice]) -> Result<String, RunError> {
    /// More entries usually repeat one mistake.
    const SHOWN: usize = 20;
    if characters::are_printed(&context.settings) {
        return Ok(String::new());
    }
    let documents = lines_of_invoices(invoices, context.loaded.book.accounts.len());
    let found = characters::unprintable(context, &documents)?;
    let mut text = String::new();
    for problem in found.iter().take(SHOWN) {
        let _ = writeln!(text, "\nwarning: {}\nhint: {}", problem.message(), problem.hint);
    }
    if found.len() > SHOWN {
        let _ = writeln!(text, "\nwarning: {} more like these", found.len() - SHOWN);
    }
    Ok(text)
}

/// The end of the checked time, and its reason.
struct Horizon {
    through: Instant,
    why: String,
}

impl Horizon {
    /// The requested instant. Otherwise the later of the end of today and the expected next close:
    /// the newest close plus the usual distance. Never before the newest close.
    fn of(args: &CheckArgs, register: &Register, zone: Zone) -> Self {
        let newest = register.newest().map(|close| close.as_of);
        let asked = args.as_of.map(|as_of| as_of.at(zone, args.now));
        if let Some(asked) = asked {
            let through = newest.map_or(asked, |newest| newest.max(asked));
            let why = if through > asked { ", the newest close," } else { "" };
            return Self { through, why: why.to_owned() };
        }
        let today = zone.date(args.now);
        let end_of_today = zone.midnight(today.succ_opt().unwrap_or(today));
        let usual = register.usual_distance().unwrap_or_default();
        let next = newest.map(|it| Instant::from_unix_seconds(it.unix_seconds() + usual));
        match next {
            Some(next) if next > end_of_today => {
                let days = counted(usize::try_from(usual / DAY_SECONDS).unwrap_or_default(), "day");
                let why = match usual {
                    0 => ", the newest close,".to_owned(),
                    _ => format!(", {days} after the newest close as is usual,"),
                };
                Self { through: next, why }
            }
            _ => Self { through: end_of_today, why: ", the end of today,".to_owned() },
        }
    }
}

fn said(context: &CloseContext, horizon: &Horizon) -> String {
    let book = &context.loaded.book;
    let mut text = String::from("Nothing is wrong. Read:\n\n");
    for (number, noun) in [
        (book.accounts.len(), "account"),
        (book.prices.len(), "price"),
        (book.subscriptions.len(), "subscription"),
        (book.changes.len(), "change"),
        (book.taxes.rows().count(), "tax rate"),
        (book.discounts.len(), "discount"),
        (book.adjustments.len(), "adjustment"),
        (book.payments.len(), "payment"),
    ] {
        let _ = writeln!(text, "  {}", counted(number, noun));
    }
    for warning in &context.loaded.warnings {
        let _ = writeln!(text, "\nwarning: {}", warning.0);
    }
    let Horizon { through, why } = horizon;
    let _ = writeln!(text, "\n  everything up to {through}{why} can be billed");
    if let Some(oldest) = beginning_of_a_long_past(context) {
        let _ = writeln!(
            text,
            "  a first close bills since {oldest}: it asks for prorata open, or for --bill-from-start"
        );
    }
    let later = rows_after(context, *through);
    if later > 0 {
        let rows = if later == 1 { "row lies" } else { "rows lie" };
        let _ = writeln!(text, "  {later} {rows} after that: read, and not billed yet");
    }
    text
}

/// Counts the rows of the input whose time lies after `through`.
fn rows_after(context: &CloseContext, through: Instant) -> usize {
    let book = &context.loaded.book;
    let starts = book.subscriptions.iter().map(|subscription| subscription.started_at);
    let changes = book.changes.iter().map(|change| change.at);
    let around =
        book.adjustments.iter().map(|it| it.at).chain(book.payments.iter().map(|it| it.at));
    starts.chain(changes).chain(around).filter(|at| *at > through).count()
}
