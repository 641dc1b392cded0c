//! Elements and their texts, through quick-xml, which escapes them.

use chrono::{Datelike as _, NaiveDate};
use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use rust_decimal::Decimal;

use crate::value::{Amount, Currency, DecimalText, date_text};

/// Why writing does not fail.
const MEMORY: &str = "memory takes it";

/// The usual bytes of a document.
const ROOM: usize = 12 * 1024;

/// An XML document in the making.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
    /// A start tag with an attribute: its room is used again for the next.
    tag: String,
    /// The currency of every amount.
    currency: Currency,
}

impl Xml {
    /// Begins a document with a root element and its namespaces.
    pub(super) fn begin(root: &str, namespaces: &[(&str, &str)], currency: Currency) -> Self {
        let mut xml = Self {
            writer: Writer::new(Vec::with_capacity(ROOM)),
            tag: String::with_capacity(128),
            currency,
        };
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
        self.writer.write_event(event).expect(MEMORY);
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
        if value.is_empty() {
            self.open(name);
        } else {
            self.tag.clear();
            for part in [name, " ", key, "=\"", &*escape(value), "\""] {
                self.tag.push_str(part);
            }
            let start = BytesStart::from_content(&*self.tag, name.len());
            self.writer.write_event(Event::Start(start)).expect(MEMORY);
        }
        self.write(Event::Text(BytesText::new(text)));
        self.close(name);
    }

    /// A date as 2026-01-31.
    pub(super) fn date(&mut self, name: &str, date: NaiveDate) {
        match date_text(date) {
            Some(text) => self.text(name, str::from_utf8(&text).expect("digits are ASCII")),
            None => self.text(name, &date.to_string()),
        }
    }

    /// A date as 20260131, which CII calls its format 102.
    pub(super) fn compact_date(&mut self, name: &str, date: NaiveDate) {
        let number = i64::from(date.year()) * 10_000 + i64::from(date.month() * 100 + date.day());
        let digits = DecimalText::whole(number.unsigned_abs());
        self.attributed(name, ("format", "102"), digits.as_str());
    }

    /// A number of units.
    pub(super) fn quantity(&mut self, name: &str, quantity: i64, unit: &str) {
        let digits = DecimalText::of(quantity.unsigned_abs(), 0, quantity < 0);
        self.attributed(name, ("unitCode", unit), digits.as_str());
    }

    /// A number without zeros at its end.
    pub(super) fn decimal(&mut self, name: &str, number: Decimal) {
        self.number(name, ("", ""), number);
    }

    fn number(&mut self, name: &str, attribute: (&str, &str), number: Decimal) {
        let (digits, decimals) = (number.mantissa(), number.scale() as usize);
        match u64::try_from(digits.unsigned_abs()) {
            Ok(magnitude) => {
                let text = DecimalText::of(magnitude, decimals, digits < 0);
                self.attributed(name, attribute, text.as_str());
            }
            Err(_) => self.attributed(name, attribute, &number.to_string()),
        }
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
        self.number(name, ("currencyID", currency), price);
    }
}
