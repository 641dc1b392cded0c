//! The record layout of DATEV's booking batch: header version 700, format version 13.
//!
//! Source: developer.datev.de, "DATEV-Format", Header and Buchungsstapel. Texts are in quotation
//! marks, also empty ones in the header; numbers and dates are not.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// How many columns a booking has.
pub const COLUMN_COUNT: usize = 125;

/// Where the columns are that are filled.
pub mod place {
    /// Umsatz.
    pub const AMOUNT: usize = 0;
    /// S or H, seen from Konto.
    pub const SIDE: usize = 1;
    /// WKZ Umsatz.
    pub const CURRENCY: usize = 2;
    /// Kurs.
    pub const RATE: usize = 3;
    /// Basis-Umsatz.
    pub const BASE_AMOUNT: usize = 4;
    /// WKZ Basis-Umsatz.
    pub const BASE_CURRENCY: usize = 5;
    /// Konto.
    pub const ACCOUNT: usize = 6;
    /// Gegenkonto.
    pub const CONTRA_ACCOUNT: usize = 7;
    /// BU-Schlüssel.
    pub const TAX_KEY: usize = 8;
    /// Belegdatum, day and month.
    pub const DATE: usize = 9;
    /// Belegfeld 1.
    pub const NUMBER: usize = 10;
    /// Buchungstext.
    pub const TEXT: usize = 13;
    /// EU-Land u. UStID (Bestimmung).
    pub const VAT_ID: usize = 39;
    /// Festschreibung.
    pub const LOCKED: usize = 113;
    /// Fälligkeit.
    pub const DUE_DATE: usize = 116;
}

/// The titles of all columns.
pub fn columns() -> Vec<String> {
    let mut columns: Vec<String> = FIRST.split(';').map(str::to_owned).collect();
    for number in 1..=8 {
        columns.push(format!("Beleginfo - Art {number}"));
        columns.push(format!("Beleginfo - Inhalt {number}"));
    }
    columns.extend(MIDDLE.split(';').map(str::to_owned));
    for number in 1..=20 {
        columns.push(format!("Zusatzinformation - Art {number}"));
        columns.push(format!("Zusatzinformation- Inhalt {number}"));
    }
    columns.extend(LAST.split(';').map(str::to_owned));
    columns
}

const FIRST: &str = "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;\
    Basis-Umsatz;WKZ Basis-Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;\
    Belegfeld 1;Belegfeld 2;Skonto;Buchungstext;Postensperre;Diverse Adressnummer;\
    Geschäftspartnerbank;Sachverhalt;Zinssperre;Beleglink";

const MIDDLE: &str = "KOST1 - Kostenstelle;KOST2 - Kostenstelle;Kost-Menge;\
    EU-Land u. UStID (Bestimmung);EU-Steuersatz (Bestimmung);Abw. Versteuerungsart;\
    Sachverhalt L+L;Funktionsergänzung L+L;BU 49 Hauptfunktionstyp;BU 49 Hauptfunktionsnummer;\
    BU 49 Funktionsergänzung";

const LAST: &str = "Stück;Gewicht;Zahlweise;Forderungsart;Veranlagungsjahr;\
    Zugeordnete Fälligkeit;Skontotyp;Auftragsnummer;Buchungstyp;USt-Schlüssel (Anzahlungen);\
    EU-Land (Anzahlungen);Sachverhalt L+L (Anzahlungen);EU-Steuersatz (Anzahlungen);\
    Erlöskonto (Anzahlungen);Herkunft-Kz;Buchungs GUID;KOST-Datum;SEPA-Mandatsreferenz;\
    Skontosperre;Gesellschaftername;Beteiligtennummer;Identifikationsnummer;Zeichnernummer;\
    Postensperre bis;Bezeichnung SoBil-Sachverhalt;Kennzeichen SoBil-Buchung;Festschreibung;\
    Leistungsdatum;Datum Zuord. Steuerperiode;Fälligkeit;Generalumkehr (GU);Steuersatz;Land;\
    Abrechnungsreferenz;BVV-Position;EU-Land u. UStID (Ursprung);EU-Steuersatz (Ursprung);\
    Abw. Skontokonto";

/// The first line of a file; texts are in their quotation marks already.
pub struct DatevHeader {
    /// Seventeen digits: date, time, milliseconds.
    pub created: String,
    /// Beraternummer.
    pub consultant: u32,
    /// Mandantennummer.
    pub client: u32,
    /// The first day of the fiscal year.
    pub fiscal_year: NaiveDate,
    /// Digits of a general ledger account.
    pub account_length: u32,
    /// The first day of the batch.
    pub from: NaiveDate,
    /// The last day of the batch.
    pub until: NaiveDate,
    /// What the batch is called.
    pub label: String,
    /// The currency of the books.
    pub currency: String,
    /// The chart of accounts; may be empty.
    pub chart: String,
}

impl fmt::Display for DatevHeader {
    /// Thirty-one fields: after the label no initials, kind 1 (financial accounting), purpose 0,
    /// not locked, the currency.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |date: NaiveDate| date.format("%Y%m%d").to_string();
        write!(
            f,
            "\"EXTF\";700;21;\"Buchungsstapel\";13;{};;\"RE\";\"\";\"\";{};{};{};{};{};{};{};\"\";\
             1;0;0;{};;\"\";;;{};;;\"\";\"\"",
            self.created,
            self.consultant,
            self.client,
            day(self.fiscal_year),
            self.account_length,
            day(self.from),
            day(self.until),
            self.label,
            self.currency,
            self.chart,
        )
    }
}

/// Two decimals after a comma, whatever the currency.
pub fn written(amount: Decimal) -> String {
    format!("{amount:.2}").replace('.', ",")
}

/// A text in quotation marks.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Belegfeld 1 takes no full stop, and numbers have no slash: one stands for the other.
pub fn to_belegfeld(number: &str) -> String {
    number.replace('.', "/")
}

/// What [`to_belegfeld`] was given.
pub fn from_belegfeld(text: &str) -> String {
    text.replace('/', ".")
}

/// A VAT number as DATEV takes it: country and number without blanks.
pub fn vat_id(tax_id: &str) -> Option<String> {
    let id: String = tax_id.chars().filter(|c| !c.is_whitespace()).collect();
    let is_vat = (4..=15).contains(&id.len())
        && id.bytes().take(2).all(|it| it.is_ascii_uppercase())
        && id.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    is_vat.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vat_numbers_are_those_of_the_union() {
        assert_eq!(vat_id("ATU 123 45678").as_deref(), Some("ATU12345678"));
        for other in ["", "12-3456789", "DE", "US 00-0000000", "DE1234567890123456"] {
            assert_eq!(vat_id(other), None, "{other}");
        }
    }

    #[test]
    fn amounts_have_two_decimals_after_a_comma() {
        assert_eq!(written(Decimal::new(1500, 0)), "1500,00");
        assert_eq!(written(Decimal::new(5, 2)), "0,05");
        assert_eq!(written(Decimal::new(123_456_789_012, 2)), "1234567890,12");
    }

    #[test]
    fn places_are_where_the_titles_are() {
        let columns = columns();
        assert_eq!(columns.len(), COLUMN_COUNT);
        for (place, title) in [
            (place::AMOUNT, "Umsatz (ohne Soll/Haben-Kz)"),
            (place::CONTRA_ACCOUNT, "Gegenkonto (ohne BU-Schlüssel)"),
            (place::NUMBER, "Belegfeld 1"),
            (place::TEXT, "Buchungstext"),
            (place::VAT_ID, "EU-Land u. UStID (Bestimmung)"),
            (place::LOCKED, "Festschreibung"),
            (place::DUE_DATE, "Fälligkeit"),
        ] {
            assert_eq!(columns[place], title);
        }
    }
}
