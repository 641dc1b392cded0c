//! UBL 2.1, as Peppol BIS Billing 3 and XRechnung use it. A credit note has a root of its own.

use super::writer::Xml;
use super::{PROCESS, specification};
use crate::einvoice::{EInvoice, EInvoiceLine, Party, PaymentInstruction, TaxPart};
use crate::model::{SchemedId, TaxCategory};

const AGGREGATES: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
const BASICS: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

/// The elements that differ between an invoice and a credit note.
struct Names {
    root: &'static str,
    namespace: &'static str,
    type_code: &'static str,
    code: &'static str,
    line: &'static str,
    quantity: &'static str,
}

const INVOICE: Names = Names {
    root: "Invoice",
    namespace: "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    type_code: "cbc:InvoiceTypeCode",
    code: "380",
    line: "cac:InvoiceLine",
    quantity: "cbc:InvoicedQuantity",
};

const CREDIT_NOTE: Names = Names {
    root: "CreditNote",
    namespace: "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    type_code: "cbc:CreditNoteTypeCode",
    code: "381",
    line: "cac:CreditNoteLine",
    quantity: "cbc:CreditedQuantity",
};

/// Writes an e-invoice.
pub(super) fn write(invoice: &EInvoice<'_>) -> Vec<u8> {
    let names = if invoice.is_credit { CREDIT_NOTE } else { INVOICE };
    let namespaces = [("xmlns", names.namespace), ("xmlns:cac", AGGREGATES), ("xmlns:cbc", BASICS)];
    let mut xml = Xml::begin(names.root, &namespaces, invoice.currency);
    head(&mut xml, invoice, &names);
    parties(&mut xml, invoice);
    if let Some(payment) = &invoice.payment {
        payment_means(&mut xml, payment, invoice);
    }
    if !invoice.payment_terms.is_empty() {
        xml.within("cac:PaymentTerms", |xml| xml.text("cbc:Note", &invoice.payment_terms));
    }
    taxes(&mut xml, invoice);
    totals(&mut xml, invoice);
    for (line, number) in invoice.lines.iter().zip(1..) {
        xml.within(names.line, |xml| write_line(xml, (line, number), &names));
    }
    xml.end(names.root)
}

fn head(xml: &mut Xml, invoice: &EInvoice<'_>, names: &Names) {
    xml.text("cbc:CustomizationID", specification(invoice.format));
    xml.text("cbc:ProfileID", PROCESS);
    xml.text("cbc:ID", invoice.number);
    xml.date("cbc:IssueDate", invoice.issue_date);
    if let Some(date) = invoice.due_date.filter(|_| !invoice.is_credit) {
        xml.date("cbc:DueDate", date);
    }
    xml.text(names.type_code, names.code);
    xml.text("cbc:Note", &invoice.note);
    xml.text("cbc:DocumentCurrencyCode", invoice.currency.code());
    xml.text("cbc:BuyerReference", invoice.buyer_reference);
    period(xml, invoice.period);
    if !invoice.purchase_order.is_empty() {
        xml.within("cac:OrderReference", |xml| xml.text("cbc:ID", invoice.purchase_order));
    }
    for number in &invoice.preceding {
        xml.within("cac:BillingReference", |xml| {
            xml.within("cac:InvoiceDocumentReference", |xml| xml.text("cbc:ID", number));
        });
    }
}

fn period(xml: &mut Xml, (first, last): (chrono::NaiveDate, chrono::NaiveDate)) {
    xml.within("cac:InvoicePeriod", |xml| {
        xml.date("cbc:StartDate", first);
        xml.date("cbc:EndDate", last);
    });
}

fn parties(xml: &mut Xml, invoice: &EInvoice<'_>) {
    let mandate = invoice.payment.as_ref().and_then(|payment| payment.mandate);
    let creditor = mandate.map_or("", |mandate| mandate.creditor_id);
    xml.within("cac:AccountingSupplierParty", |xml| {
        xml.within("cac:Party", |xml| {
            party(xml, &invoice.seller, creditor);
            if let Some(contact) = invoice.contact {
                xml.within("cac:Contact", |xml| {
                    xml.text("cbc:Name", contact.name);
                    xml.text("cbc:Telephone", contact.phone);
                    xml.text("cbc:ElectronicMail", contact.email);
                });
            }
        });
    });
    xml.within("cac:AccountingCustomerParty", |xml| {
        xml.within("cac:Party", |xml| party(xml, &invoice.buyer, ""));
    });
}

/// A party. The creditor identifier of a seller is one of its identifiers (BT-90).
fn party(xml: &mut Xml, party: &Party<'_>, creditor: &str) {
    schemed(xml, "cbc:EndpointID", party.endpoint);
    if !creditor.is_empty() {
        xml.within("cac:PartyIdentification", |xml| {
            xml.attributed("cbc:ID", ("schemeID", "SEPA"), creditor);
        });
    }
    xml.within("cac:PostalAddress", |xml| {
        xml.text("cbc:StreetName", party.address.line1());
        xml.text("cbc:AdditionalStreetName", party.address.line2());
        xml.text("cbc:CityName", party.address.city());
        xml.text("cbc:PostalZone", party.address.postal_code());
        xml.text("cbc:CountrySubentity", party.address.region());
        xml.within("cac:Country", |xml| xml.text("cbc:IdentificationCode", party.country_code));
    });
    for (scheme, number) in [("VAT", &*party.vat_id), ("TAX", party.tax_registration)] {
        if !number.is_empty() {
            xml.within("cac:PartyTaxScheme", |xml| {
                xml.text("cbc:CompanyID", number);
                xml.within("cac:TaxScheme", |xml| xml.text("cbc:ID", scheme));
            });
        }
    }
    xml.within("cac:PartyLegalEntity", |xml| {
        xml.text("cbc:RegistrationName", party.name);
        schemed(xml, "cbc:CompanyID", party.legal);
    });
}

fn schemed(xml: &mut Xml, name: &str, SchemedId { id, scheme }: &SchemedId) {
    xml.attributed(name, ("schemeID", scheme), id);
}

fn payment_means(xml: &mut Xml, payment: &PaymentInstruction<'_>, invoice: &EInvoice<'_>) {
    xml.within("cac:PaymentMeans", |xml| {
        xml.text("cbc:PaymentMeansCode", payment.means);
        xml.text("cbc:PaymentID", invoice.number);
        if !payment.iban.is_empty() {
            xml.within("cac:PayeeFinancialAccount", |xml| {
                xml.text("cbc:ID", payment.iban);
                xml.text("cbc:Name", payment.account_name);
                if !payment.bic.is_empty() {
                    xml.within("cac:FinancialInstitutionBranch", |xml| {
                        xml.text("cbc:ID", payment.bic);
                    });
                }
            });
        }
        if let Some(mandate) = payment.mandate.filter(|mandate| !mandate.id.is_empty()) {
            xml.within("cac:PaymentMandate", |xml| {
                xml.text("cbc:ID", mandate.id);
                if !mandate.iban.is_empty() {
                    xml.within("cac:PayerFinancialAccount", |xml| xml.text("cbc:ID", mandate.iban));
                }
            });
        }
    });
}

fn taxes(xml: &mut Xml, invoice: &EInvoice<'_>) {
    xml.within("cac:TaxTotal", |xml| {
        xml.money("cbc:TaxAmount", invoice.tax);
        for part in &invoice.taxes {
            xml.within("cac:TaxSubtotal", |xml| {
                xml.money("cbc:TaxableAmount", part.net);
                xml.money("cbc:TaxAmount", part.tax);
                xml.within("cac:TaxCategory", |xml| tax_part(xml, part, invoice));
            });
        }
    });
}

fn tax_part(xml: &mut Xml, part: &TaxPart<'_>, invoice: &EInvoice<'_>) {
    let is_german = invoice.format == crate::model::EInvoiceFormat::XRechnung;
    xml.text("cbc:ID", part.category.code());
    match part.percent {
        Some(percent) => xml.decimal("cbc:Percent", percent),
        // BR-DE-14 asks for a rate even where nothing is subject to tax.
        None if is_german => xml.text("cbc:Percent", "0"),
        None => {}
    }
    xml.text("cbc:TaxExemptionReasonCode", part.reason_code);
    xml.text("cbc:TaxExemptionReason", part.reason);
    vat(xml);
}

fn vat(xml: &mut Xml) {
    xml.within("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"));
}

fn totals(xml: &mut Xml, invoice: &EInvoice<'_>) {
    xml.within("cac:LegalMonetaryTotal", |xml| {
        xml.money("cbc:LineExtensionAmount", invoice.net);
        xml.money("cbc:TaxExclusiveAmount", invoice.net);
        xml.money("cbc:TaxInclusiveAmount", invoice.total);
        if !invoice.prepaid.is_zero() {
            xml.money("cbc:PrepaidAmount", invoice.prepaid);
        }
        xml.money("cbc:PayableAmount", invoice.payable);
    });
}

fn write_line(xml: &mut Xml, (line, number): (&EInvoiceLine<'_>, i64), names: &Names) {
    xml.text("cbc:ID", &number.to_string());
    xml.text("cbc:Note", &line.note);
    xml.quantity(names.quantity, line.quantity, line.unit);
    xml.money("cbc:LineExtensionAmount", line.net);
    period(xml, line.period);
    if !line.purchase_order.is_empty() {
        xml.within("cac:OrderLineReference", |xml| xml.text("cbc:LineID", line.purchase_order));
    }
    xml.within("cac:Item", |xml| {
        xml.text("cbc:Description", &line.description);
        xml.text("cbc:Name", line.name);
        xml.within("cac:ClassifiedTaxCategory", |xml| {
            xml.text("cbc:ID", line.category.code());
            if let Some(percent) = line.percent.filter(|_| line.category != TaxCategory::O) {
                xml.decimal("cbc:Percent", percent);
            }
            vat(xml);
        });
    });
    xml.within("cac:Price", |xml| xml.price("cbc:PriceAmount", line.price));
}
