//! The e-invoices of a close: what keeps documents from having one, and which documents have a file.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::context::CloseContext;
use crate::config::{FILE_NAME, Packing};
use crate::einvoice::{EInvoices, Flaw, Place, flaws_of_document, needs_of};
use crate::invoice::{AccountBill, DraftInvoice};
use crate::model::{Account, EInvoiceFormat, Invoice, Line};
use crate::problem::Problem;
use crate::render::xml::e_invoice;
use crate::table::display_name;

/// A document that is to have an e-invoice, its account as it is then, and the format.
type Asking<'a> = (&'a DraftInvoice, &'a Account, EInvoiceFormat);

/// What keeps the documents of a run from having the e-invoices that accounts ask for.
pub(crate) fn einvoice_problems(context: &CloseContext, bills: &[AccountBill]) -> Vec<Problem> {
    let (settings, book) = (&context.settings, &context.loaded.book);
    let invoices = EInvoices::new(settings, book);
    let drafts = bills.iter().flat_map(|bill| &bill.drafts);
    let asking: Vec<Asking<'_>> = drafts
        .filter_map(|draft| {
            let account = draft.account_of(&book.accounts);
            Some((draft, account, invoices.format_of(account)?))
        })
        .collect();
    let mut problems = unpacked(context, asking.first().map(|(_, account, _)| *account));
    let of_account = |a: &Asking<'_>, b: &Asking<'_>| std::ptr::eq(a.1, b.1);
    let flaws = asking.par_chunk_by(of_account).flat_map_iter(|asking| {
        let (_, account, format) = asking[0];
        let mut flaws = needs_of(&invoices, account, format);
        flaws.extend(asking.iter().flat_map(|(draft, ..)| {
            if let Some(flaw) = draft.lines.iter().find_map(|line| several_taxes(line, format)) {
                return vec![flaw];
            }
            let composed = invoices.compose(&draft.view(account), format);
            composed.map_or_else(|| vec![beyond(format)], |invoice| flaws_of_document(&invoice))
        }));
        let problems = flaws.into_iter().map(|flaw| problem(flaw, account, context));
        problems.collect::<Vec<_>>()
    });
    problems.extend(flaws.collect::<BTreeSet<Problem>>());
    problems
}

/// What accounts and the seller lack for e-invoices, whether or not there is a document: of the
/// accounts that ask for one or, with a format, as if all asked for it.
pub(crate) fn einvoice_needs(
    context: &CloseContext,
    as_if: Option<EInvoiceFormat>,
) -> Vec<Problem> {
    let book = &context.loaded.book;
    let invoices = EInvoices::new(&context.settings, book);
    let problems = book.accounts.par_iter().flat_map_iter(|account| {
        let format = as_if.or_else(|| invoices.format_of(account));
        let flaws = format.map(|format| needs_of(&invoices, account, format)).unwrap_or_default();
        let problems = flaws.into_iter().map(|flaw| problem(flaw, account, context));
        problems.collect::<Vec<_>>()
    });
    problems.collect::<BTreeSet<Problem>>().into_iter().collect()
}

/// EN 16931 has one VAT category and rate a line.
fn several_taxes(line: &Line, format: EInvoiceFormat) -> Option<Flaw> {
    let terms = line.tax.as_ref().filter(|terms| !terms.components.is_empty())?;
    Some(Flaw {
        place: Place::Account("einvoice"),
        rule: "BR-CO-04",
        value: format.as_str().to_owned(),
        what: format!(
            "has one tax a line, and tax code {:?} has {}",
            terms.code,
            terms.components.len()
        ),
        hint:
            "write none as the e-invoice of the account: sellers with several taxes on a line do \
               not use this standard"
                .to_owned(),
    })
}

/// An amount whose opposite does not fit.
fn beyond(format: EInvoiceFormat) -> Flaw {
    Flaw {
        place: Place::Account("einvoice"),
        rule: "BR-CO-15",
        value: format.as_str().to_owned(),
        what: "cannot state an amount beyond 64 bits".to_owned(),
        hint: "check the prices and quantities of the account".to_owned(),
    }
}

/// A close without PDFs makes no e-invoices either.
fn unpacked(context: &CloseContext, asking: Option<&Account>) -> Vec<Problem> {
    let is_unpacked = context.settings.look.packing == Packing::None;
    let Some(account) = asking.filter(|_| is_unpacked) else { return Vec::new() };
    vec![Problem {
        file: display_name(&context.input, FILE_NAME),
        line: None,
        column: Some("pdf.packing"),
        value: Some("none".to_owned()),
        rule: format!("makes no documents, and account {} asks for an e-invoice", account.id),
        hint: "write \"files\" or \"zip\", or none as the e-invoice of all accounts".to_owned(),
    }]
}

fn problem(flaw: Flaw, account: &Account, context: &CloseContext) -> Problem {
    let Flaw { place, rule, value, what, hint } = flaw;
    let value = match place {
        Place::Account("tax_id") => account.tax_id.as_deref().unwrap_or_default().to_owned(),
        _ => value,
    };
    let (file, line, column) = match place {
        Place::Setting(key) => {
            let of_seller = key.starts_with("seller.");
            (FILE_NAME, context.seller_lines.table.filter(|_| of_seller), key)
        }
        Place::Account(column) => {
            let (file, line, column) = account.place_of(column, &value);
            (file, Some(line), column)
        }
    };
    Problem {
        file: display_name(&context.input, file),
        line,
        column: Some(column),
        value: Some(value).filter(|value| !value.is_empty()),
        rule: format!("{what}: {rule}"),
        hint,
    }
}

/// The e-invoices of numbered documents.
pub(crate) struct NumberedEInvoices<'a> {
    invoices: EInvoices<'a>,
    accounts: &'a [Account],
}

impl<'a> NumberedEInvoices<'a> {
    pub(crate) fn new(context: &'a CloseContext) -> Self {
        let book = &context.loaded.book;
        Self { invoices: EInvoices::new(&context.settings, book), accounts: &book.accounts }
    }

    /// The format of a document's e-invoice, if it has one.
    pub(crate) fn format_of(&self, invoice: &Invoice) -> Option<EInvoiceFormat> {
        self.invoices.format_of(invoice.account_of(self.accounts))
    }

    /// Whether its e-invoice is a file of its own.
    pub(crate) fn has_file(&self, invoice: &Invoice) -> bool {
        self.format_of(invoice).is_some_and(EInvoiceFormat::is_a_file)
    }

    /// Whether its e-invoice is inside of its PDF.
    pub(crate) fn has_attachment(&self, invoice: &Invoice) -> bool {
        self.format_of(invoice).is_some_and(|format| !format.is_a_file())
    }

    /// The XML inside of its PDF, if there is one.
    pub(crate) fn attachment(&self, invoice: &Invoice) -> Option<Vec<u8>> {
        self.has_attachment(invoice).then(|| self.xml(invoice))
    }

    /// The XML of the e-invoice of a document that has one.
    pub(crate) fn xml(&self, invoice: &Invoice) -> Vec<u8> {
        let format = self.format_of(invoice).expect("it was asked for");
        let view = invoice.view(invoice.account_of(self.accounts));
        let composed = self.invoices.compose(&view, format);
        e_invoice(&composed.expect("its draft was composed before"))
    }
}
