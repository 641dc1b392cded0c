//! Maps a document to the terms of EN 16931.

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use hashbrown::HashMap;

use super::document::{
    Contact, EInvoice, EInvoiceLine, Mandate, Party, PaymentInstruction, TaxPart,
};
use super::identifiers::vat_id;
use super::price::quantity_and_price;
use super::terms::{Categorized, TaxCategories};
use crate::config::{Seller, Settings, TaxRounding};
use crate::locale::country_code_of;
use crate::model::{
    Account, Address, BillingInput, BuyerDetails, DocumentKind, DocumentView, EInvoiceFormat, Line,
    TaxCategory,
};
use crate::value::Amount;
use crate::wording::translated::description;
use crate::wording::{formula, in_words};

/// The unit of prices that name none: pieces.
const PIECES: &str = "C62";
/// SEPA credit transfer, in UNTDID 4461.
pub(super) const SEPA_TRANSFER: &str = "58";
/// SEPA direct debit.
pub(super) const SEPA_DEBIT: &str = "59";
/// Means of payment by which the seller collects the amount.
const DEBITS: [&str; 2] = ["49", SEPA_DEBIT];
/// Means of payment with a bank account to pay to.
pub(super) const TRANSFERS: [&str; 2] = ["30", SEPA_TRANSFER];

/// What all e-invoices of a run share.
pub(crate) struct EInvoices<'a> {
    settings: &'a Settings,
    /// The country and the VAT number of the seller. Code lists are read when the first account asks
    /// for an e-invoice.
    seller_codes: OnceLock<(&'a str, Cow<'a, str>)>,
    categories: TaxCategories<'a>,
    /// The units of prices that name one.
    units: HashMap<&'a str, &'a str>,
}

/// The details of an account that fills in none.
static NO_DETAILS: LazyLock<BuyerDetails> = LazyLock::new(BuyerDetails::default);

impl<'a> EInvoices<'a> {
    pub(crate) fn new(settings: &'a Settings, book: &'a BillingInput) -> Self {
        let named = book.prices.iter().filter(|price| !price.unit_code.is_empty());
        Self {
            settings,
            seller_codes: OnceLock::new(),
            categories: TaxCategories::new(book.taxes.rates()),
            units: named.map(|price| (&*price.id, &*price.unit_code)).collect(),
        }
    }

    /// The e-invoice that an account asks for.
    pub(crate) fn format_of(&self, account: &Account) -> Option<EInvoiceFormat> {
        let own = account.einvoice.as_ref().and_then(|details| details.choice);
        own.unwrap_or(self.settings.einvoice).format()
    }

    pub(super) fn rounds_each_line(&self) -> bool {
        self.settings.tax.round_per == TaxRounding::Line
    }

    pub(super) fn seller(&self) -> &'a Seller {
        &self.settings.seller
    }

    /// The seller as a party.
    pub(super) fn seller_party(&self) -> Party<'a> {
        let seller = self.seller();
        let number = seller.tax_id.as_deref().unwrap_or_default();
        let (country_code, vat_id) = self.seller_codes.get_or_init(|| {
            let given = &seller.einvoice.country_code;
            (country_code(given, &seller.address), vat_id(number))
        });
        Party {
            name: &seller.name,
            address: &seller.address,
            country_code,
            endpoint: &seller.einvoice.endpoint,
            legal: &seller.einvoice.legal,
            vat_id: vat_id.clone(),
            tax_registration: if vat_id.is_empty() { number.trim() } else { "" },
        }
    }

    /// An account as a party.
    pub(super) fn buyer_party(account: &Account) -> Party<'_> {
        let details = details_of(account);
        Party {
            name: &account.name,
            address: &account.address,
            country_code: country_code(&details.country_code, &account.address),
            endpoint: &details.endpoint,
            legal: &details.legal,
            vat_id: vat_id(account.tax_id.as_deref().unwrap_or_default()),
            // EN 16931 has no other tax number of buyers.
            tax_registration: "",
        }
    }

    /// How an account pays; `None` if nothing says so.
    pub(super) fn payment<'b>(&'b self, account: &'b Account) -> Option<PaymentInstruction<'b>> {
        let (details, seller) = (details_of(account), &self.seller().einvoice);
        let means = match &*seller.payment_means {
            "" if !details.mandate_id.is_empty() => SEPA_DEBIT,
            "" if !seller.iban.is_empty() => SEPA_TRANSFER,
            "" => return None,
            means => means,
        };
        let to_account = |text: &'b str| if TRANSFERS.contains(&means) { text } else { "" };
        Some(PaymentInstruction {
            means,
            iban: to_account(&seller.iban),
            account_name: to_account(&seller.account_name),
            bic: to_account(&seller.bic),
            mandate: DEBITS.contains(&means).then_some(Mandate {
                id: &details.mandate_id,
                creditor_id: &seller.creditor_id,
                iban: &details.mandate_iban,
            }),
        })
    }

    pub(super) fn contact(&self) -> Option<Contact<'a>> {
        let details = &self.seller().einvoice;
        let contact = Contact {
            name: &details.contact_name,
            phone: &details.contact_phone,
            email: &details.contact_email,
        };
        let is_known = [contact.name, contact.phone].iter().any(|text| !text.is_empty());
        is_known.then_some(contact)
    }

    /// The e-invoice of a document. `None` if a sum does not fit.
    pub(crate) fn compose<'d>(
        &'d self,
        document: &DocumentView<'d>,
        format: EInvoiceFormat,
    ) -> Option<EInvoice<'d>> {
        let is_credit = document.kind != DocumentKind::Invoice;
        let signed = |amount| signed(amount, is_credit);
        let (account, totals) = (document.account, document.totals);
        let details = details_of(account);
        let lines: Vec<EInvoiceLine<'_>> = document
            .lines
            .iter()
            .map(|line| self.line(line, document, signed(line.net())?))
            .collect::<Option<_>>()?;
        let taxes = self.tax_parts(document, is_credit)?;
        let nets = lines.iter().map(|line| line.net);
        let prepaid = if is_credit { Amount::ZERO } else { totals.credit_applied };
        let mut invoice = EInvoice {
            format,
            is_credit,
            number: document.number,
            issue_date: document.issue_date,
            due_date: document.due_date,
            currency: document.currency,
            buyer_reference: &details.buyer_reference,
            purchase_order: document.purchase_order(),
            note: note(account),
            preceding: if is_credit { document.concerns() } else { Vec::new() },
            period: period(&lines)?,
            seller: self.seller_party(),
            contact: self.contact(),
            buyer: Self::buyer_party(account),
            payment: self.payment(account),
            payment_terms: self.payment_terms(document, is_credit),
            net: Amount::checked_sum(nets)?,
            tax: Amount::checked_sum(taxes.iter().map(|part| part.tax))?,
            total: signed(totals.total)?,
            prepaid,
            payable: signed(totals.total)?.checked_sub(prepaid)?,
            taxes,
            lines,
        };
        if invoice.taxes.iter().any(|part| part.category == TaxCategory::O) {
            // BR-O-02: what is not subject to VAT names no VAT number.
            for party in [&mut invoice.seller, &mut invoice.buyer] {
                party.vat_id = Cow::Borrowed("");
                party.tax_registration = "";
            }
        }
        Some(invoice)
    }

    /// The terms of payment, if they are no days, and how to pay.
    fn payment_terms<'d>(&'d self, document: &DocumentView<'d>, is_credit: bool) -> Cow<'d, str> {
        let (account, texts) = (document.account, document.account.locale.texts());
        if is_credit {
            return texts.credited_now().into();
        }
        let payment = self.seller().payment.as_ref();
        let payment = payment.map_or("", |text| text.get(account.locale)).trim();
        match in_words(account.payment_terms, texts) {
            None => payment.into(),
            Some(terms) if payment.is_empty() => terms.into(),
            Some(terms) => format!("{terms}\n{payment}").into(),
        }
    }

    fn line<'d>(
        &'d self,
        line: &'d Line,
        document: &DocumentView<'d>,
        net: Amount,
    ) -> Option<EInvoiceLine<'d>> {
        let locale = document.account.locale;
        let (quantity, price) = quantity_and_price(line, net, document.currency)?;
        let Categorized { category, .. } = self.categories.of(line.tax.as_deref());
        let percent = line.tax.as_ref().map(|terms| terms.percent.normalize());
        Some(EInvoiceLine {
            purchase_order: document.other_order(line),
            note: formula(line, locale).unwrap_or_default(),
            quantity,
            unit: self.units.get(&*line.quote.price_id).copied().unwrap_or(PIECES),
            net,
            price,
            name: if line.quote.product.trim().is_empty() { "—" } else { &line.quote.product },
            description: description(line, locale, true),
            period: document.days_of(line),
            category,
            percent: percent.filter(|_| category != TaxCategory::O),
        })
    }

    /// The sums of each category and rate: rates that differ in nothing else are one.
    fn tax_parts<'d>(
        &'d self,
        document: &DocumentView<'d>,
        is_credit: bool,
    ) -> Option<Vec<TaxPart<'d>>> {
        let signed = |amount| signed(amount, is_credit);
        let mut parts: Vec<TaxPart<'_>> = Vec::with_capacity(1);
        for total in document.taxes {
            let terms = &*total.terms;
            let Categorized { category, exemption_code } = self.categories.of(Some(terms));
            let needs_reason = category.needs_reason();
            let part = TaxPart {
                category,
                percent: (category != TaxCategory::O).then(|| terms.percent.normalize()),
                net: signed(total.net)?,
                tax: signed(total.tax)?,
                reason: if needs_reason { terms.note.trim() } else { "" },
                reason_code: exemption_code,
            };
            add_part(&mut parts, part)?;
        }
        let untaxed = document.lines.iter().filter(|line| line.tax.is_none());
        let mut untaxed = untaxed.map(|line| line.amount).peekable();
        if untaxed.peek().is_some() {
            let Categorized { category, exemption_code } = self.categories.of(None);
            let part = TaxPart {
                category,
                percent: None,
                net: signed(Amount::checked_sum(untaxed)?)?,
                tax: Amount::ZERO,
                reason: "",
                reason_code: exemption_code,
            };
            add_part(&mut parts, part)?;
        }
        Some(parts)
    }
}

/// The reference of the seller and the memo, in one note: Peppol allows no second one.
fn note(account: &Account) -> String {
    let reference = account.reference();
    let label = account.locale.texts().our_reference();
    let reference = (!reference.is_empty()).then(|| format!("{label} {reference}"));
    let memo = Some(account.memo().to_owned()).filter(|memo| !memo.is_empty());
    reference.into_iter().chain(memo).collect::<Vec<_>>().join("\n")
}

/// An amount as its document states it: a credit states what it credits as positive.
fn signed(amount: Amount, is_credit: bool) -> Option<Amount> {
    if is_credit { amount.checked_neg() } else { Some(amount) }
}

/// Adds a part to that of its category and rate. The first reason stands, because a category and rate
/// have one (BR-S-08 and its like).
fn add_part<'a>(parts: &mut Vec<TaxPart<'a>>, part: TaxPart<'a>) -> Option<()> {
    let same =
        |known: &&mut TaxPart<'_>| (known.category, known.percent) == (part.category, part.percent);
    match parts.iter_mut().find(same) {
        Some(known) => {
            known.net = known.net.checked_add(part.net)?;
            known.tax = known.tax.checked_add(part.tax)?;
        }
        None => parts.push(part),
    }
    Some(())
}

/// The first and the last day of all lines, so that each lies within (PEPPOL-EN16931-R110 and R111).
fn period(lines: &[EInvoiceLine<'_>]) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    let first = lines.iter().map(|line| line.period.0).min()?;
    Some((first, lines.iter().map(|line| line.period.1).max()?))
}

/// What an account fills in for e-invoices.
pub(super) fn details_of(account: &Account) -> &BuyerDetails {
    account.einvoice.as_deref().unwrap_or(&NO_DETAILS)
}

/// The given code of a country, or that of its name; empty if neither is known.
fn country_code<'a>(code: &'a str, address: &Address) -> &'a str {
    if code.is_empty() { country_code_of(address.country()).unwrap_or_default() } else { code }
}
