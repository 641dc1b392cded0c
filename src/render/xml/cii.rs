//! Cross Industry Invoice D22B, as Factur-X and ZUGFeRD use it in their profile EN 16931.

use chrono::NaiveDate;

use super::writer::Xml;
use super::{PROCESS, specification};
use crate::einvoice::{Contact, EInvoice, EInvoiceLine, Party, TaxPart};
use crate::model::SchemedId;

const ROOT: &str = "rsm:CrossIndustryInvoice";
const NAMESPACES: [(&str, &str); 4] = [
    ("xmlns:rsm", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"),
    ("xmlns:qdt", "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"),
    (
        "xmlns:ram",
        "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    ),
    ("xmlns:udt", "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"),
];

/// Writes an e-invoice.
pub(super) fn write(invoice: &EInvoice<'_>) -> Vec<u8> {
    let mut xml = Xml::begin(ROOT, &NAMESPACES, invoice.currency);
    xml.within("rsm:ExchangedDocumentContext", |xml| {
        xml.within("ram:BusinessProcessSpecifiedDocumentContextParameter", |xml| {
            xml.text("ram:ID", PROCESS);
        });
        xml.within("ram:GuidelineSpecifiedDocumentContextParameter", |xml| {
            xml.text("ram:ID", specification(invoice.format));
        });
    });
    xml.within("rsm:ExchangedDocument", |xml| {
        xml.text("ram:ID", invoice.number);
        xml.text("ram:TypeCode", if invoice.is_credit { "381" } else { "380" });
        date(xml, "ram:IssueDateTime", invoice.issue_date);
        if !invoice.note.is_empty() {
            xml.within("ram:IncludedNote", |xml| xml.text("ram:Content", &invoice.note));
        }
    });
    xml.within("rsm:SupplyChainTradeTransaction", |xml| {
        for (line, number) in invoice.lines.iter().zip(1..) {
            xml.within("ram:IncludedSupplyChainTradeLineItem", |xml| write_line(xml, line, number));
        }
        xml.within("ram:ApplicableHeaderTradeAgreement", |xml| agreement(xml, invoice));
        // Its content is optional, but not the element, and an empty one draws a warning.
        xml.within("ram:ApplicableHeaderTradeDelivery", |xml| {
            xml.within("ram:ActualDeliverySupplyChainEvent", |xml| {
                date(xml, "ram:OccurrenceDateTime", invoice.period.1);
            });
        });
        xml.within("ram:ApplicableHeaderTradeSettlement", |xml| settlement(xml, invoice));
    });
    xml.end(ROOT)
}

fn date(xml: &mut Xml, name: &str, date: NaiveDate) {
    xml.within(name, |xml| xml.compact_date("udt:DateTimeString", date));
}

fn period(xml: &mut Xml, (first, last): (NaiveDate, NaiveDate)) {
    xml.within("ram:BillingSpecifiedPeriod", |xml| {
        date(xml, "ram:StartDateTime", first);
        date(xml, "ram:EndDateTime", last);
    });
}

fn write_line(xml: &mut Xml, line: &EInvoiceLine<'_>, number: i64) {
    xml.within("ram:AssociatedDocumentLineDocument", |xml| {
        xml.text("ram:LineID", &number.to_string());
        if !line.note.is_empty() {
            xml.within("ram:IncludedNote", |xml| xml.text("ram:Content", &line.note));
        }
    });
    xml.within("ram:SpecifiedTradeProduct", |xml| {
        xml.text("ram:Name", line.name);
        xml.text("ram:Description", &line.description);
    });
    xml.within("ram:SpecifiedLineTradeAgreement", |xml| {
        if !line.purchase_order.is_empty() {
            xml.within("ram:BuyerOrderReferencedDocument", |xml| {
                xml.text("ram:LineID", line.purchase_order);
            });
        }
        xml.within("ram:NetPriceProductTradePrice", |xml| {
            xml.decimal("ram:ChargeAmount", line.price);
        });
    });
    xml.within("ram:SpecifiedLineTradeDelivery", |xml| {
        xml.quantity("ram:BilledQuantity", line.quantity, line.unit);
    });
    xml.within("ram:SpecifiedLineTradeSettlement", |xml| {
        xml.within("ram:ApplicableTradeTax", |xml| {
            xml.text("ram:TypeCode", "VAT");
            xml.text("ram:CategoryCode", line.category.code());
            if let Some(percent) = line.percent {
                xml.decimal("ram:RateApplicablePercent", percent);
            }
        });
        period(xml, line.period);
        xml.within("ram:SpecifiedTradeSettlementLineMonetarySummation", |xml| {
            xml.bare_money("ram:LineTotalAmount", line.net);
        });
    });
}

fn agreement(xml: &mut Xml, invoice: &EInvoice<'_>) {
    xml.text("ram:BuyerReference", invoice.buyer_reference);
    xml.within("ram:SellerTradeParty", |xml| party(xml, &invoice.seller, invoice.contact));
    xml.within("ram:BuyerTradeParty", |xml| party(xml, &invoice.buyer, None));
    if !invoice.purchase_order.is_empty() {
        xml.within("ram:BuyerOrderReferencedDocument", |xml| {
            xml.text("ram:IssuerAssignedID", invoice.purchase_order);
        });
    }
}

fn party(xml: &mut Xml, party: &Party<'_>, contact: Option<Contact<'_>>) {
    xml.text("ram:Name", party.name);
    if !party.legal.id.is_empty() {
        xml.within("ram:SpecifiedLegalOrganization", |xml| schemed(xml, "ram:ID", party.legal));
    }
    if let Some(contact) = contact {
        xml.within("ram:DefinedTradeContact", |xml| {
            xml.text("ram:PersonName", contact.name);
            if !contact.phone.is_empty() {
                xml.within("ram:TelephoneUniversalCommunication", |xml| {
                    xml.text("ram:CompleteNumber", contact.phone);
                });
            }
            if !contact.email.is_empty() {
                xml.within("ram:EmailURIUniversalCommunication", |xml| {
                    xml.text("ram:URIID", contact.email);
                });
            }
        });
    }
    xml.within("ram:PostalTradeAddress", |xml| {
        xml.text("ram:PostcodeCode", party.address.postal_code());
        xml.text("ram:LineOne", party.address.line1());
        xml.text("ram:LineTwo", party.address.line2());
        xml.text("ram:CityName", party.address.city());
        xml.text("ram:CountryID", party.country_code);
        xml.text("ram:CountrySubDivisionName", party.address.region());
    });
    if !party.endpoint.id.is_empty() {
        xml.within("ram:URIUniversalCommunication", |xml| {
            schemed(xml, "ram:URIID", party.endpoint);
        });
    }
    for (scheme, number) in [("VA", &*party.vat_id), ("FC", party.tax_registration)] {
        if !number.is_empty() {
            xml.within("ram:SpecifiedTaxRegistration", |xml| {
                xml.attributed("ram:ID", ("schemeID", scheme), number);
            });
        }
    }
}

fn schemed(xml: &mut Xml, name: &str, SchemedId { id, scheme }: &SchemedId) {
    xml.attributed(name, ("schemeID", scheme), id);
}

fn settlement(xml: &mut Xml, invoice: &EInvoice<'_>) {
    let mandate = invoice.payment.as_ref().and_then(|payment| payment.mandate);
    xml.text("ram:CreditorReferenceID", mandate.map_or("", |mandate| mandate.creditor_id));
    // The text of a payment is a part of its instruction, which has a means (BR-49).
    xml.text("ram:PaymentReference", invoice.payment.map_or("", |_| invoice.number));
    xml.text("ram:InvoiceCurrencyCode", invoice.currency.code());
    payment_means(xml, invoice);
    for part in &invoice.taxes {
        xml.within("ram:ApplicableTradeTax", |xml| tax_part(xml, part));
    }
    period(xml, invoice.period);
    let mandate_id = mandate.map_or("", |mandate| mandate.id);
    let has_terms = !invoice.payment_terms.is_empty() || !mandate_id.is_empty();
    if has_terms || invoice.due_date.is_some() {
        xml.within("ram:SpecifiedTradePaymentTerms", |xml| {
            xml.text("ram:Description", &invoice.payment_terms);
            if let Some(due) = invoice.due_date {
                date(xml, "ram:DueDateDateTime", due);
            }
            xml.text("ram:DirectDebitMandateID", mandate_id);
        });
    }
    summation(xml, invoice);
    for number in &invoice.preceding {
        xml.within("ram:InvoiceReferencedDocument", |xml| {
            xml.text("ram:IssuerAssignedID", number);
        });
    }
}

fn payment_means(xml: &mut Xml, invoice: &EInvoice<'_>) {
    let Some(payment) = &invoice.payment else { return };
    xml.within("ram:SpecifiedTradeSettlementPaymentMeans", |xml| {
        xml.text("ram:TypeCode", payment.means);
        let debited = payment.mandate.map_or("", |mandate| mandate.iban);
        if !debited.is_empty() {
            xml.within("ram:PayerPartyDebtorFinancialAccount", |xml| {
                xml.text("ram:IBANID", debited);
            });
        }
        if !payment.iban.is_empty() {
            xml.within("ram:PayeePartyCreditorFinancialAccount", |xml| {
                xml.text("ram:IBANID", payment.iban);
                xml.text("ram:AccountName", payment.account_name);
            });
            if !payment.bic.is_empty() {
                xml.within("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| {
                    xml.text("ram:BICID", payment.bic);
                });
            }
        }
    });
}

fn tax_part(xml: &mut Xml, part: &TaxPart<'_>) {
    xml.bare_money("ram:CalculatedAmount", part.tax);
    xml.text("ram:TypeCode", "VAT");
    xml.text("ram:ExemptionReason", part.reason);
    xml.bare_money("ram:BasisAmount", part.net);
    xml.text("ram:CategoryCode", part.category.code());
    xml.text("ram:ExemptionReasonCode", part.reason_code);
    if let Some(percent) = part.percent {
        xml.decimal("ram:RateApplicablePercent", percent);
    }
}

fn summation(xml: &mut Xml, invoice: &EInvoice<'_>) {
    xml.within("ram:SpecifiedTradeSettlementHeaderMonetarySummation", |xml| {
        xml.bare_money("ram:LineTotalAmount", invoice.net);
        xml.bare_money("ram:TaxBasisTotalAmount", invoice.net);
        xml.money("ram:TaxTotalAmount", invoice.tax);
        xml.bare_money("ram:GrandTotalAmount", invoice.total);
        if !invoice.prepaid.is_zero() {
            xml.bare_money("ram:TotalPrepaidAmount", invoice.prepaid);
        }
        xml.bare_money("ram:DuePayableAmount", invoice.payable);
    });
}
