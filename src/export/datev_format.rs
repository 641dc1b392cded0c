//! The record layout of DATEV's booking batch: header version 700, format version 13.
//!
//! Source: developer.datev.de, "DATEV-Format", Header and Buchungsstapel. Texts have quotation
//! marks, in the header even when empty; numbers and dates have none.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// The number of columns of a booking.
pub(crate) const COLUMN_COUNT: usize = 125;

/// The indexes of the used columns.
pub(crate) mod place {
    /// Umsatz.
    pub(crate) const AMOUNT: usize = 0;
    /// S or H, seen from Konto.
    pub(crate) const SIDE: usize = 1;
    /// WKZ Umsatz.
    pub(crate) const CURRENCY: usize = 2;
    /// Kurs.
    pub(crate) const RATE: usize = 3;
    /// Basis-Umsatz.
    pub(crate) const BASE_AMOUNT: usize = 4;
    /// WKZ Basis-Umsatz.
    pub(crate) const BASE_CURRENCY: usize = 5;
    /// Konto.
    pub(crate) const ACCOUNT: usize = 6;
    /// Gegenkonto.
    pub(crate) const CONTRA_ACCOUNT: usize = 7;
    /// BU-Schlüssel.
    pub(crate) const TAX_KEY: usize = 8;
    /// Belegdatum, day and month.
    pub(crate) const DATE: usize = 9;
    /// Belegfeld 1.
    pub(crate) const NUMBER: usize = 10;
    /// Buchungstext.
    pub(crate) const TEXT: usize = 13;
    /// EU-Land u. UStID (Bestimmung).
    pub(crate) const VAT_ID: usize = 39;
    /// Festschreibung.
    pub(crate) const LOCKED: usize = 113;
    /// Fälligkeit.
    pub(crate) const DUE_DATE: usize = 116;
}

/// The titles of all columns.
pub(crate) fn columns() -> Vec<String> {
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

/// The first line of a file; texts already have their quotation marks.
pub(crate) struct DatevHeader {
    /// Seventeen digits: date, time, milliseconds.
    pub(crate) created: String,
    /// Beraternummer.
    pub(crate) consultant: u32,
    /// Mandantennummer.
    pub(crate) client: u32,
    /// The first day of the fiscal year.
    pub(crate) fiscal_year: NaiveDate,
    /// The digits of a general ledger account.
    pub(crate) account_length: u32,
    /// The first day of the batch.
    pub(crate) from: NaiveDate,
    /// The last day of the batch.
    pub(crate) until: NaiveDate,
    /// The name of the batch.
    pub(crate) label: String,
    /// The currency of the books.
    pub(crate) currency: String,
    /// The chart of accounts; may be empty.
    pub(crate) chart: String,
}

impl fmt::Display for DatevHeader {
    /// Thirty-one fields. After the label come empty initials, kind 1 (financial accounting),
    /// purpose 0, not locked, and the currency.
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

/// Two decimals after a comma, for any currency.
pub(crate) fn written(amount: Decimal) -> String {
    format!("{amount:.2}").replace('.', ",")
}

/// A text in quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Belegfeld 1 does not accept a full stop, and numbers have no slash, so a slash replaces it.
pub(crate) fn to_belegfeld(number: &str) -> String {
    number.replace('.', "/")
}

/// Reverses [`to_belegfeld`].
pub(crate) fn from_belegfeld(text: &str) -> String {
    text.replace('/', ".")
}

/// A VAT number in DATEV's form: country and number without blanks.
pub(crate) fn vat_id(tax_id: &str) -> Option<String> {
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
