//! Elements and their texts, through quick-xml, which escapes them.

use chrono::NaiveDate;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use rust_decimal::Decimal;

use crate::value::{Amount, Currency, DecimalText};

/// The usual bytes of a document.
const ROOM: usize = 12 * 1024;

/// An XML document in the making.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
    /// The currency of every amount.
    currency: Currency,
}

impl Xml {
    /// Begins a document with a root element and its namespaces.
    pub(super) fn begin(root: &str, namespaces: &[(&str, &str)], currency: Currency) -> Self {
        let mut xml = Self { writer: Writer::new(Vec::with_capacity(ROOM)), currency };
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        let mut start = BytesStart::new(root);
        start.extend_attributes(namespaces.iter().copied());
        xml.write(Event::Start(start));
        xml
    }

    /// Ends the root element.
    pub(super) fn end(mut self, root: &str) -> Vec<u8> {
        self.close(root);
        self.writer.into_inner()
    }

    fn write(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect("memory takes it");
    }

    fn open(&mut self, name: &str) {
        self.write(Event::Start(BytesStart::new(name)));
    }

    fn close(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// An element with others in it.
    pub(super) fn within(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.open(name);
        write(self);
        self.close(name);
    }

    /// An element with a text. A blank text has none, because empty elements are invalid
    /// (PEPPOL-EN16931-R008), and blanks count as nothing.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.attributed(name, ("", ""), text);
    }

    /// An element with an attribute and a text. An empty attribute is left out, and a blank text
    /// leaves out the element.
    pub(super) fn attributed(&mut self, name: &str, (key, value): (&str, &str), text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let mut start = BytesStart::new(name);
        if !value.is_empty() {
            start.push_attribute((key, value));
        }
        self.write(Event::Start(start));
        self.write(Event::Text(BytesText::new(text)));
        self.close(name);
    }

    /// A date as 2026-01-31.
    pub(super) fn date(&mut self, name: &str, date: NaiveDate) {
        self.text(name, &date.to_string());
    }

    /// A number of units.
    pub(super) fn quantity(&mut self, name: &str, quantity: i64, unit: &str) {
        let digits = DecimalText::of(quantity.unsigned_abs(), 0, quantity < 0);
        self.attributed(name, ("unitCode", unit), digits.as_str());
    }

    /// A number without zeros at its end.
    pub(super) fn decimal(&mut self, name: &str, number: Decimal) {
        self.text(name, &number.to_string());
    }

    /// An amount, with the code of its currency.
    pub(super) fn money(&mut self, name: &str, amount: Amount) {
        let currency = self.currency;
        let digits = amount.decimal_text(currency);
        self.attributed(name, ("currencyID", currency.code()), digits.as_str());
    }

    /// An amount without the code of its currency.
    pub(super) fn bare_money(&mut self, name: &str, amount: Amount) {
        let digits = amount.decimal_text(self.currency);
        self.text(name, digits.as_str());
    }

    /// A price, which may have more decimals than money, with the code of its currency.
    pub(super) fn price(&mut self, name: &str, price: Decimal) {
        let currency = self.currency.code();
        self.attributed(name, ("currencyID", currency), &price.to_string());
    }
}
