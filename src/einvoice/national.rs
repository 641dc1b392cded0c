//! The rules that Peppol BIS Billing 3 has for sellers of some countries.

use super::document::{Party, PaymentInstruction};
use super::flaw::{Flaw, Place};
use crate::model::EInvoiceFormat;

/// Both parties of an e-invoice.
pub(super) struct Parties<'a> {
    pub(super) format: EInvoiceFormat,
    pub(super) seller: &'a Party<'a>,
    pub(super) buyer: &'a Party<'a>,
}

/// The Dutch registers of companies and of public bodies.
const DUTCH: [&str; 2] = ["0106", "0190"];
/// The means of payment that Dutch and Danish sellers may state.
const DUTCH_MEANS: [&str; 6] = ["30", "48", "49", "57", "58", "59"];
const DANISH_MEANS: [&str; 11] = ["1", "10", "31", "42", "48", "49", "50", "58", "59", "93", "97"];
/// Danish means of payment for which prorata has no columns.
const DANISH_FORMS: [&str; 4] = ["31", "42", "50", "93"];

/// What the country of the seller asks of both parties.
pub(super) fn needs_of_country(
    parties: &Parties<'_>,
    payment: Option<PaymentInstruction<'_>>,
) -> Vec<Flaw> {
    let mut needs = Vec::new();
    if parties.format != EInvoiceFormat::Peppol {
        return needs;
    }
    let Parties { seller, buyer, .. } = *parties;
    let means = payment.map_or("", |payment| payment.means);
    let is_inland = seller.country_code == buyer.country_code;
    match country_of_rules(seller) {
        "NL" => {
            needs.extend(address("NL-R-002", seller, &SELLER_ADDRESS));
            needs.extend(register("NL-R-003", seller, &DUTCH, "seller.legal_id_scheme"));
            if is_inland {
                needs.extend(address("NL-R-004", buyer, &BUYER_ADDRESS));
                let column = Place::Account("legal_id_scheme");
                needs.extend(register_at("NL-R-005", buyer, &DUTCH, column));
            }
            needs.extend(means_of("NL-R-008", means, &DUTCH_MEANS));
        }
        "DK" => {
            needs.extend(register("DK-R-014", seller, &["0184"], "seller.legal_id_scheme"));
            let allowed: Vec<&str> =
                DANISH_MEANS.into_iter().filter(|it| !DANISH_FORMS.contains(it)).collect();
            needs.extend(means_of("DK-R-005", means, &allowed));
        }
        "IT" => needs.extend(address("IT-R-002", seller, &SELLER_ADDRESS)),
        "NO" => needs.extend(vat_form(
            "NO-R-001",
            seller,
            |number| digits(number, "NO", "MVA") == Some(9),
            "is not NO, 9 digits and MVA",
        )),
        "SE" => needs.extend(vat_form(
            "SE-R-001",
            seller,
            |number| digits(number, "SE", "") == Some(12),
            "is not SE and 12 digits",
        )),
        "IS" => {
            needs.extend(register("IS-R-002", seller, &["0196"], "seller.legal_id_scheme"));
            needs.extend(address("IS-R-003", seller, &SELLER_ADDRESS));
            if is_inland {
                let column = Place::Account("legal_id_scheme");
                needs.extend(register_at("IS-R-004", buyer, &["0196"], column));
                needs.extend(address("IS-R-005", buyer, &BUYER_ADDRESS));
            }
        }
        "GR" => needs.push(Flaw {
            place: Place::Setting("seller.country_code"),
            rule: "GR-R-001-1",
            value: "GR".to_owned(),
            what: "asks for invoice numbers and marks of the Greek platform myDATA, which prorata \
                   does not make"
                .to_owned(),
            hint: "choose another e-invoice, such as facturx".to_owned(),
        }),
        _ => {}
    }
    needs
}

/// The country whose rules hold. Those of Norway and Italy hold for sellers with a VAT number of
/// theirs, wherever they are.
fn country_of_rules<'a>(seller: &Party<'a>) -> &'a str {
    match seller.vat_id.get(..2) {
        Some("NO") => "NO",
        Some("IT") => "IT",
        _ => seller.country_code,
    }
}

/// The places of street, town and postal code.
type AddressPlaces = [Place; 3];

const SELLER_ADDRESS: AddressPlaces = [
    Place::Setting("seller.address_line1"),
    Place::Setting("seller.city"),
    Place::Setting("seller.postal_code"),
];
const BUYER_ADDRESS: AddressPlaces =
    [Place::Account("address_line1"), Place::Account("city"), Place::Account("postal_code")];

fn address(rule: &'static str, party: &Party<'_>, places: &AddressPlaces) -> Vec<Flaw> {
    let address = party.address;
    let texts = [address.line1(), address.city(), address.postal_code()];
    let missing = texts.iter().zip(places).filter(|(text, _)| text.trim().is_empty());
    let hint = format!("the rules of {} ask for street, town and postal code", party.country_code);
    missing.map(|(_, place)| flaw(*place, rule, "", "is empty", &hint)).collect()
}

fn register(
    rule: &'static str,
    party: &Party<'_>,
    schemes: &[&str],
    setting: &'static str,
) -> Option<Flaw> {
    register_at(rule, party, schemes, Place::Setting(setting))
}

fn register_at(
    rule: &'static str,
    party: &Party<'_>,
    schemes: &[&str],
    place: Place,
) -> Option<Flaw> {
    let scheme = &*party.legal.scheme;
    let is_right = !party.legal.id.is_empty() && schemes.contains(&scheme);
    let hint = format!(
        "write legal_id, and {} as legal_id_scheme: the rules of {} ask for them",
        schemes.join(" or "),
        party.country_code
    );
    (!is_right).then(|| flaw(place, rule, scheme, "is not that of the national register", &hint))
}

fn means_of(rule: &'static str, means: &str, allowed: &[&str]) -> Option<Flaw> {
    let is_wrong = !means.is_empty() && !allowed.contains(&means);
    let hint = format!("write one of {}", allowed.join(", "));
    let what = "is no means of payment that sellers of this country may state";
    is_wrong.then(|| flaw(Place::Setting("seller.payment_means"), rule, means, what, &hint))
}

fn vat_form(
    rule: &'static str,
    seller: &Party<'_>,
    is_right: impl Fn(&str) -> bool,
    what: &str,
) -> Option<Flaw> {
    let number = if seller.vat_id.is_empty() { seller.tax_registration } else { &seller.vat_id };
    let hint = "write the VAT number in this form";
    let is_wrong = !number.is_empty() && !is_right(number);
    is_wrong.then(|| flaw(Place::Setting("seller.tax_id"), rule, number, what, hint))
}

/// The number of digits between a prefix and a suffix, if there is nothing else.
fn digits(number: &str, prefix: &str, suffix: &str) -> Option<usize> {
    let digits = number.strip_prefix(prefix)?.strip_suffix(suffix)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits.len())
}

fn flaw(place: Place, rule: &'static str, value: &str, what: &str, hint: &str) -> Flaw {
    Flaw { place, rule, value: value.to_owned(), what: what.to_owned(), hint: hint.to_owned() }
}
