//! Reads exports of other billing systems: one folder a system, one file for what they share.
//!
//! An import takes over the company as it stands at one instant: accounts, prices, and every
//! subscription with the period that the other system has billed. What cannot be taken over is a
//! [`Finding`]. What cannot be understood is a problem, and stops the import.

mod company;
mod export_table;
mod finding;
mod killbill;
mod old_invoice;
mod period;
mod plain;
mod recurly;
mod stripe;
mod values;

use std::path::Path;

use clap::ValueEnum;

pub(crate) use company::Company;
pub(crate) use finding::{Effect, Finding};
pub(crate) use old_invoice::OldInvoice;

use crate::problem::Problems;
use crate::value::Instant;
use export_table::ExportFolder;

/// The systems whose exports are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum System {
    /// Stripe Billing, as tables of its objects
    Stripe,
    /// Recurly, as tables of its objects
    Recurly,
    /// Kill Bill, as exports of accounts and the catalog
    #[value(name = "killbill")]
    KillBill,
}

/// What is imported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// The system that wrote the exports.
    pub(crate) system: System,
    /// The folder of its exports.
    pub(crate) folder: &'a Path,
    /// The instant of the exports: the other system has billed everything due up to it.
    pub(crate) as_of: Instant,
    /// Unknown columns that may be left out, by name.
    pub(crate) ignored: &'a [String],
}

/// The result of an import.
#[derive(Clone, Debug, Default)]
pub(crate) struct Imported {
    /// What was taken over.
    pub(crate) company: Company,
    /// What was not, sorted by place.
    pub(crate) findings: Vec<Finding>,
}

/// Reads the exports.
///
/// # Errors
/// All problems: what is in the exports and cannot be understood.
pub(crate) fn import(request: &Request<'_>) -> Result<Imported, Problems> {
    let mut folder = ExportFolder::open(request.folder, request.ignored)?;
    let company = match request.system {
        System::Stripe => stripe::import(&mut folder, request.as_of),
        System::Recurly => recurly::import(&mut folder, request.as_of),
        System::KillBill => killbill::import(&mut folder, request.as_of),
    };
    let findings = folder.finish()?;
    Ok(Imported { company: company.sorted(), findings })
}

/// Reads invoices that another system issued: `source` is a folder of its exports, or without a system
/// a plain CSV file.
///
/// # Errors
/// All problems of the file or the folder.
pub(crate) fn old_invoices(
    source: &Path,
    system: Option<System>,
    ignored: &[String],
) -> Result<Vec<OldInvoice>, Problems> {
    let Some(system) = system else { return plain::invoices(source, ignored) };
    let mut folder = ExportFolder::open(source, ignored)?;
    let invoices = match system {
        System::Stripe => stripe::invoices(&mut folder),
        System::Recurly => recurly::invoices(&mut folder),
        System::KillBill => killbill::invoices(&mut folder),
    };
    folder.finish()?;
    Ok(invoices)
}
