//! What sellers and accounts must fill in, by format. docs/einvoices.md has the same table.

use super::codes::CodeList;
use super::compose::{EInvoices, SEPA_DEBIT, SEPA_TRANSFER, TRANSFERS, details_of};
use super::document::{Mandate, Party, PaymentInstruction};
use super::flaw::{Flaw, Place};
use super::identifiers::{is_iban, scheme_fault};
use super::national::{Parties, needs_of_country};
use crate::config::is_email_address;
use crate::model::{Account, EInvoiceFormat, SchemedId};

/// A need of the German rules: its name in XRechnung, and in Peppol between German parties.
#[derive(Clone, Copy)]
struct GermanRule(&'static str, &'static str);

const PAYMENT: GermanRule = GermanRule("BR-DE-1", "DE-R-001");
const SELLER_CITY: GermanRule = GermanRule("BR-DE-3", "DE-R-003");
const SELLER_POSTAL_CODE: GermanRule = GermanRule("BR-DE-4", "DE-R-004");
const CONTACT_NAME: GermanRule = GermanRule("BR-DE-5", "DE-R-005");
const CONTACT_PHONE: GermanRule = GermanRule("BR-DE-6", "DE-R-006");
const CONTACT_EMAIL: GermanRule = GermanRule("BR-DE-7", "DE-R-007");
const BUYER_CITY: GermanRule = GermanRule("BR-DE-8", "DE-R-008");
const BUYER_POSTAL_CODE: GermanRule = GermanRule("BR-DE-9", "DE-R-009");
const BUYER_REFERENCE: GermanRule = GermanRule("BR-DE-15", "DE-R-015");
const CARD: GermanRule = GermanRule("BR-DE-24-a", "DE-R-024-1");
const CREDITOR: GermanRule = GermanRule("BR-DE-30", "DE-R-030");
const DEBITED_ACCOUNT: GermanRule = GermanRule("BR-DE-31", "DE-R-031");

/// Means of payment by card, for which the German rules ask for the number of the card.
const CARDS: [&str; 3] = ["48", "54", "55"];

/// What is missing or wrong of the seller and an account, for an e-invoice to the account.
pub(crate) fn needs_of(
    invoices: &EInvoices<'_>,
    account: &Account,
    format: EInvoiceFormat,
) -> Vec<Flaw> {
    let (seller, buyer) = (invoices.seller_party(), EInvoices::buyer_party(account));
    let payment = invoices.payment(account);
    let mut needs = Needs::of(format, &seller, &buyer);
    needs.of_seller(invoices, &seller);
    let is_belgian = [&seller, &buyer].iter().all(|party| party.country_code == "BE");
    if is_belgian && invoices.rounds_each_line() {
        needs.wrong(
            "Belgian royal decree no. 1, art. 13ter",
            (Place::Setting("tax.round_per"), "line"),
            "rounds the tax of each line, and Belgian e-invoices round that of each rate",
            "write \"rate\"",
        );
    }
    needs.payment(payment);
    needs.of_account(account, &buyer);
    needs.mandate(payment.and_then(|payment| payment.mandate));
    let parties = Parties { format, seller: &seller, buyer: &buyer };
    needs.flaws.extend(needs_of_country(&parties, payment));
    needs.flaws
}
/// Collects the needs of a format.
struct Needs {
    format: EInvoiceFormat,
    /// Whether the German rules hold, and by which of their names.
    german: Option<fn(GermanRule) -> &'static str>,
    flaws: Vec<Flaw>,
}

impl Needs {
    fn of(format: EInvoiceFormat, seller: &Party<'_>, buyer: &Party<'_>) -> Self {
        let is_inland = [seller, buyer].iter().all(|party| party.country_code == "DE");
        let german = match format {
            EInvoiceFormat::XRechnung => Some((|rule: GermanRule| rule.0) as fn(_) -> _),
            EInvoiceFormat::Peppol if is_inland => Some((|rule: GermanRule| rule.1) as fn(_) -> _),
            EInvoiceFormat::Peppol | EInvoiceFormat::FacturX => None,
        };
        Self { format, german, flaws: Vec::new() }
    }

    /// What is missing or wrong of the seller.
    fn of_seller(&mut self, invoices: &EInvoices<'_>, seller: &Party<'_>) {
        let place = Place::Setting;
        self.country(
            seller,
            ("BR-09", place("seller.country_code")),
            "write the ISO 3166 code under [seller], such as DE",
        );
        if seller.vat_id.is_empty() && seller.legal.id.is_empty() {
            self.missing(
                "BR-CO-26",
                place("seller.legal_id"),
                "write tax_id with the prefix of its country, or legal_id, under [seller]",
            );
        }
        self.endpoint(
            seller.endpoint,
            "PEPPOL-EN16931-R020",
            [place("seller.endpoint_id"), place("seller.endpoint_scheme")],
        );
        self.register(seller.legal, [place("seller.legal_id"), place("seller.legal_id_scheme")]);
        let details = &invoices.seller().einvoice;
        for (rule, column, text, hint) in [
            (SELLER_CITY, "seller.city", seller.address.city(), "write the town under [seller]"),
            (
                SELLER_POSTAL_CODE,
                "seller.postal_code",
                seller.address.postal_code(),
                "write the postal code under [seller]",
            ),
            (
                CONTACT_NAME,
                "seller.contact_name",
                &details.contact_name,
                "write under [seller] whom to ask: a person or a department",
            ),
            (
                CONTACT_PHONE,
                "seller.contact_phone",
                &details.contact_phone,
                "write under [seller] the telephone number for questions",
            ),
            (
                CONTACT_EMAIL,
                "seller.contact_email",
                &details.contact_email,
                "write under [seller] the e-mail address for questions",
            ),
        ] {
            self.german(rule, text, place(column), hint);
        }
        if !details.contact_email.is_empty() && !is_email_address(&details.contact_email) {
            self.wrong(
                "BR-DE-28",
                (place("seller.contact_email"), &details.contact_email),
                "is not an e-mail address",
                "write one address, such as billing@example.com",
            );
        }
    }

    /// What is missing or wrong of an account.
    fn of_account(&mut self, account: &Account, buyer: &Party<'_>) {
        let place = Place::Account;
        self.country(
            buyer,
            ("BR-11", place("country_code")),
            "write the ISO 3166 code, such as FR",
        );
        self.endpoint(
            buyer.endpoint,
            "PEPPOL-EN16931-R010",
            [place("endpoint_id"), place("endpoint_scheme")],
        );
        self.register(buyer.legal, [place("legal_id"), place("legal_id_scheme")]);
        let details = details_of(account);
        self.german(
            BUYER_REFERENCE,
            &details.buyer_reference,
            place("buyer_reference"),
            "write the reference that the buyer gave: the Leitweg-ID of an authority, or any other",
        );
        let is_unreferenced =
            details.buyer_reference.is_empty() && details.purchase_order.is_empty();
        if self.format == EInvoiceFormat::Peppol && is_unreferenced && self.german.is_none() {
            self.missing(
                "PEPPOL-EN16931-R003",
                place("buyer_reference"),
                "write the reference that the buyer gave, or the number of its order in purchase_order",
            );
        }
        let address = buyer.address;
        self.german(BUYER_CITY, address.city(), place("city"), "write the town");
        let hint = "write the postal code";
        self.german(BUYER_POSTAL_CODE, address.postal_code(), place("postal_code"), hint);
    }

    /// What is missing or wrong of the mandate of a direct debit.
    fn mandate(&mut self, mandate: Option<Mandate<'_>>) {
        let place = Place::Account;
        if let Some(mandate) = mandate {
            if mandate.id.is_empty() {
                let hint = "write the reference of the mandate, or choose another payment_means";
                self.missing("PEPPOL-EN16931-R061", place("mandate_id"), hint);
            }
            let hint = "write the account that is debited";
            self.german(DEBITED_ACCOUNT, mandate.iban, place("mandate_iban"), hint);
            if !mandate.iban.is_empty() && !is_iban(mandate.iban) {
                self.wrong(
                    "BR-DE-20",
                    (place("mandate_iban"), mandate.iban),
                    "is no IBAN: its check digits are wrong",
                    "write the IBAN as the bank gives it",
                );
            }
        }
    }

    fn missing(&mut self, rule: &'static str, place: Place, hint: &str) {
        let what = format!("is empty, and {} asks for it", self.format.name());
        self.flaws.push(Flaw { place, rule, value: String::new(), what, hint: hint.to_owned() });
    }

    fn wrong(&mut self, rule: &'static str, (place, value): (Place, &str), what: &str, hint: &str) {
        let (value, what, hint) = (value.to_owned(), what.to_owned(), hint.to_owned());
        self.flaws.push(Flaw { place, rule, value, what, hint });
    }

    /// A text that the German rules ask for.
    fn german(&mut self, rule: GermanRule, text: &str, place: Place, hint: &str) {
        if let Some(name) = self.german.filter(|_| text.trim().is_empty()) {
            self.missing(name(rule), place, hint);
        }
    }

    fn country(&mut self, party: &Party<'_>, (rule, place): (&'static str, Place), hint: &str) {
        match party.country_code {
            "" => self.missing(rule, place, hint),
            code if CodeList::Countries.has(code) => {}
            code => self.wrong("BR-CL-14", (place, code), "is no code of ISO 3166", hint),
        }
    }

    fn endpoint(
        &mut self,
        SchemedId { id, scheme }: &SchemedId,
        rule: &'static str,
        [id_place, scheme_place]: [Place; 2],
    ) {
        let (is_peppol, is_a_file) =
            (self.format == EInvoiceFormat::Peppol, self.format.is_a_file());
        if id.is_empty() {
            if is_a_file {
                let hint = "write the electronic address at which invoices are received, such as \
                            a Peppol participant";
                self.missing(rule, id_place, hint);
            }
            return;
        }
        let hint = "write the code of its scheme in the list EAS, such as 0088 for a GLN";
        match &**scheme {
            "" => {
                let rule = if rule == "PEPPOL-EN16931-R010" { "BR-63" } else { "BR-62" };
                self.missing(rule, scheme_place, hint);
            }
            code if !CodeList::Endpoints.has(code) => {
                self.wrong("BR-CL-25", (scheme_place, code), "is no scheme of the list EAS", hint);
            }
            code if is_peppol && !CodeList::PeppolEndpoints.has(code) => self.wrong(
                "PEPPOL-EN16931-CL008",
                (scheme_place, code),
                "is no scheme of Peppol participants",
                "write the scheme and the id under which the party is registered in Peppol",
            ),
            code => self.form((id_place, code, id)),
        }
    }

    /// The number of a company, if there is one.
    fn register(&mut self, SchemedId { id, scheme }: &SchemedId, [id_place, place]: [Place; 2]) {
        let hint = "write the ISO 6523 code of the register, such as 0002 for SIRENE, or nothing";
        if id.is_empty() && !scheme.is_empty() {
            let hint = "write the number, or leave the scheme empty too";
            self.missing("PEPPOL-EN16931-R008", id_place, hint);
        } else if !scheme.is_empty() && !CodeList::Registers.has(scheme) {
            let what = "is no register of ISO 6523";
            self.wrong("BR-CL-11", (place, scheme), what, hint);
        } else {
            self.form((id_place, scheme, id));
        }
    }

    /// The form that a scheme of Peppol gives an identifier.
    fn form(&mut self, (place, scheme, id): (Place, &str, &str)) {
        let fault = scheme_fault(scheme, id).filter(|_| self.format == EInvoiceFormat::Peppol);
        if let Some((rule, form)) = fault {
            let what = format!("is not {form}, as scheme {scheme} has it");
            self.wrong(rule, (place, id), &what, "correct the number, or its scheme");
        }
    }

    /// The means of payment, as far as the seller decides it.
    fn payment(&mut self, payment: Option<PaymentInstruction<'_>>) {
        let (means_at, iban_at) =
            (Place::Setting("seller.payment_means"), Place::Setting("seller.iban"));
        let Some(PaymentInstruction { means, iban, mandate, .. }) = payment else {
            let hint = "write iban under [seller], or the code of another payment_means: 57 for a \
                        standing agreement, such as a card on file";
            return self.german(PAYMENT, "", means_at, hint);
        };
        if !CodeList::PaymentMeans.has(means) {
            let hint = "write a code of UNTDID 4461, such as 58 for a SEPA transfer or 57 for a \
                        standing agreement";
            self.wrong("BR-CL-16", (means_at, means), "is no means of payment", hint);
        }
        if TRANSFERS.contains(&means) && iban.is_empty() {
            let hint = "write the account to pay to under [seller], or another payment_means";
            let rule =
                if self.format == EInvoiceFormat::XRechnung { "BR-DE-23-a" } else { "BR-61" };
            self.missing(rule, iban_at, hint);
        }
        if means == SEPA_TRANSFER && !iban.is_empty() && !is_iban(iban) {
            let hint = "write the IBAN as the bank gives it; for other accounts write \
                        payment_means = \"30\"";
            self.wrong("BR-DE-19", (iban_at, iban), "is no IBAN: its check digits are wrong", hint);
        }
        if let Some(name) = self.german.filter(|_| CARDS.contains(&means)) {
            let hint = "write 57, for a standing agreement: prorata does not know the card";
            let what = "asks for the digits of the card";
            self.wrong(name(CARD), (means_at, means), what, hint);
        }
        if let Some(mandate) = mandate.filter(|_| means == SEPA_DEBIT) {
            let hint = "write the SEPA creditor identifier under [seller]";
            self.german(CREDITOR, mandate.creditor_id, Place::Setting("seller.creditor_id"), hint);
        }
    }
}
