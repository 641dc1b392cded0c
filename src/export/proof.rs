//! Compares finished files with the close.

use std::collections::HashMap;

use super::ExportError;
use super::document::Document;
use crate::value::{Amount, Currency};

/// The claim of one row of a finished file about an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProofClaim {
    /// The invoice number.
    pub(crate) document: String,
    /// The currency.
    pub(crate) currency: Currency,
    /// The amount with tax; negative for credits.
    pub(crate) total: Amount,
    /// The tax in it, if the row has it.
    pub(crate) tax: Option<Amount>,
}

impl ProofClaim {
    /// The claim of a row with a net amount and its tax.
    pub(crate) fn new(
        document: &str,
        currency: Currency,
        net: Amount,
        tax: Amount,
    ) -> Option<Self> {
        let total = net.checked_add(tax)?;
        Some(Self { document: document.to_owned(), currency, total, tax: Some(tax) })
    }

    /// The claim of a file whose credits are negated.
    pub(crate) fn turned(self) -> Option<Self> {
        let tax = match self.tax {
            Some(tax) => Some(tax.checked_neg()?),
            None => None,
        };
        Some(Self { total: self.total.checked_neg()?, tax, ..self })
    }
}

/// Checks that the claims give every invoice its total and tax in its currency, and no further
/// invoice.
///
/// # Errors
/// [`ExportError::Mismatch`] names the first violation.
pub(crate) fn prove(
    program: &str,
    documents: &[Document],
    files: Vec<Option<Vec<ProofClaim>>>,
) -> Result<(), ExportError> {
    let mismatch = |what: String| {
        ExportError::Mismatch(format!("the file for {program} does not add up: {what}"))
    };
    let mut sums: HashMap<String, Vec<ProofClaim>> = HashMap::new();
    for claims in files {
        let claims = claims.ok_or_else(|| mismatch("it cannot be read back".to_owned()))?;
        for claim in claims {
            sums.entry(claim.document.clone()).or_default().push(claim);
        }
    }
    for document in documents {
        let claims = sums.remove(&document.number).unwrap_or_default();
        if !agrees(document, &claims) {
            return Err(mismatch(format!("{} is not what it was", document.number)));
        }
    }
    match sums.into_keys().next() {
        Some(stranger) => Err(mismatch(format!("{stranger} is of no document"))),
        None => Ok(()),
    }
}

fn agrees(document: &Document, claims: &[ProofClaim]) -> bool {
    let total = Amount::checked_sum(claims.iter().map(|claim| claim.total));
    let says_tax = claims.iter().all(|claim| claim.tax.is_some());
    let tax = Amount::checked_sum(claims.iter().filter_map(|claim| claim.tax));
    claims.iter().all(|claim| claim.currency == document.currency)
        && total == Some(document.total)
        && (!says_tax || tax == Some(document.tax))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DocumentKind;

    fn document() -> Document {
        Document {
            number: "INV-1".to_owned(),
            kind: DocumentKind::Invoice,
            account_id: String::new(),
            account_name: String::new(),
            email: String::new(),
            tax_id: String::new(),
            currency: euro(),
            issue_date: "2026-06-01".parse().expect("a date"),
            due_date: None,
            credits_invoice: String::new(),
            net: Amount::from_minor(100),
            tax: Amount::from_minor(19),
            total: Amount::from_minor(119),
            amount_due: Amount::from_minor(119),
            lines: Vec::new(),
        }
    }

    fn euro() -> Currency {
        Currency::from_code("EUR").expect("ISO 4217")
    }

    fn claim(number: &str, net: i64, tax: i64) -> ProofClaim {
        let (net, tax) = (Amount::from_minor(net), Amount::from_minor(tax));
        ProofClaim::new(number, euro(), net, tax).expect("it fits")
    }

    fn proved(files: Vec<Option<Vec<ProofClaim>>>) -> bool {
        prove("Xero", &[document()], files).is_ok()
    }

    #[test]
    fn rows_of_all_files_together_are_the_documents() {
        assert!(proved(vec![
            Some(vec![claim("INV-1", 60, 11)]),
            Some(vec![claim("INV-1", 40, 8)])
        ]));
    }

    #[test]
    fn a_cent_a_currency_or_a_document_too_many_is_noticed() {
        assert!(!proved(vec![Some(vec![claim("INV-1", 101, 18)])]));
        assert!(!proved(vec![Some(vec![claim("INV-1", 100, 20)])]));
        assert!(!proved(vec![Some(Vec::new())]));
        assert!(!proved(vec![None]));
        assert!(!proved(vec![Some(vec![claim("INV-1", 100, 19), claim("INV-2", 0, 0)])]));
        let other = Currency::from_code("USD").expect("ISO 4217");
        assert!(!proved(vec![Some(vec![ProofClaim {
            currency: other,
            ..claim("INV-1", 100, 19)
        }])]));
    }
}
