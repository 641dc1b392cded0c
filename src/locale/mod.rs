//! Languages and formats: how an account reads numbers, dates and sentences.
//!
//! A locale has a BCP 47 tag. A program takes the formats from Unicode's CLDR into
//! `assets/locales`. The sentences are in `assets/languages`. Both are part of the program and read
//! once. Values are exact: this module rounds nothing. It writes nothing that programs read.

mod address;
mod country;
mod date_pattern;
mod dates;
mod formats;
mod language;
mod numbers;
mod plural;
mod tag;
mod template;
mod texts;

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub(crate) use self::country::code_of as country_code_of;
use self::formats::Formats;
pub(crate) use self::plural::Plural;
pub(crate) use self::tag::UnknownLocale;
pub(crate) use self::template::Fill;
pub(crate) use self::texts::Texts;
use crate::value::{Amount, Currency};

/// A language as one country writes it. It is a small index into shared data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Locale(u16);

impl Default for Locale {
    /// International English.
    fn default() -> Self {
        Self::parse("en").expect("English is spoken here")
    }
}

impl Locale {
    /// Reads a tag: a language, or a language and a country. Case does not matter.
    pub(crate) fn parse(tag: &str) -> Result<Self, UnknownLocale> {
        tag::find(tag).map(Self).ok_or(UnknownLocale)
    }

    /// Every tag: each language, followed by its countries.
    pub(crate) fn known_tags() -> impl Iterator<Item = &'static str> {
        tag::known()
    }

    /// The tag in its usual spelling: `de-CH`.
    pub(crate) fn tag(self) -> &'static str {
        tag::tag(self.0)
    }

    /// The language alone: `de`.
    pub(crate) fn language(self) -> &'static str {
        self.tag().split('-').next().unwrap_or_default()
    }

    /// All texts of invoices in this language, and its formats. A font must have these characters.
    pub(crate) fn wording(self) -> [&'static str; 2] {
        let source = &tag::SOURCES[tag::source_of(self.tag())];
        [source.texts, source.formats]
    }

    /// The lines of a postal address, as its country writes them, with the country in this language
    /// if the address has its code. From street and number; floor, suite or care of; town; state,
    /// province or county; postal code; country. `country_code` is the ISO code of the country, if it is
    /// known otherwise.
    pub(crate) fn address(self, parts: [&str; 6], country_code: &str) -> Vec<String> {
        address::lines(parts, country_code, tag::source_of(self.tag()))
    }

    /// An amount with exactly the digits of the currency, and with the currency. The sign is used
    /// in the country of the currency, because it is unambiguous there; otherwise the code is used.
    pub(crate) fn amount(self, amount: Amount, currency: Currency) -> String {
        numbers::amount(self.formats(), amount, currency)
    }

    /// The same, for writing into a longer text.
    pub(crate) fn amount_shown(self, amount: Amount, currency: Currency) -> impl Fill {
        Shown(move |text: &mut String| {
            numbers::write_amount(text, self.formats(), amount, currency)
        })
    }

    /// An amount with exactly the currency's digits, without the currency.
    pub(crate) fn money(self, amount: Amount, currency: Currency) -> String {
        numbers::money(self.formats(), amount.decimal_text(currency).as_str())
    }

    /// The price of one unit, with at least the digits of the currency.
    pub(crate) fn unit_price(self, price: Decimal, currency: Currency) -> String {
        numbers::unit_price(self.formats(), price, currency)
    }

    /// The decimal separator of an amount.
    pub(crate) fn money_point(self) -> &'static str {
        &self.formats().money_decimal
    }

    /// A rate without trailing zeros: `19%`, `5,5 %`.
    pub(crate) fn percent(self, rate: Decimal) -> String {
        numbers::percent(self.formats(), rate)
    }

    /// A number of units: `1,250,000`.
    pub(crate) fn quantity(self, units: u64) -> String {
        numbers::grouped(self.formats(), &units.to_string())
    }

    /// A plain decimal, such as `-1234.50`, in this format.
    pub(crate) fn number(self, plain: &str) -> String {
        numbers::grouped(self.formats(), plain)
    }

    /// A calculation such as `3 × 20.00 = 60.00`, with its numbers in this format.
    pub(crate) fn arithmetic(self, plain: &str) -> String {
        numbers::arithmetic(self.formats(), plain)
    }

    /// A date in full.
    pub(crate) fn date(self, date: NaiveDate) -> String {
        self.formats().date.format(&self.formats().months, [date, date])
    }

    /// The same, for writing into a longer text.
    pub(crate) fn date_shown(self, date: NaiveDate) -> impl Fill {
        let Formats { date: pattern, months, .. } = self.formats();
        Shown(move |text: &mut String| pattern.write(text, months, [date, date]))
    }

    /// A date without its year, where the year is known.
    pub(crate) fn day(self, date: NaiveDate) -> String {
        self.formats().day.format(&self.formats().months, [date, date])
    }

    /// The first and the last day of a period. A common month or year is written once.
    pub(crate) fn period(self, first: NaiveDate, last: NaiveDate) -> String {
        dates::period(self.formats(), first, last)
    }

    /// The texts of invoices in this language.
    pub(crate) fn texts(self) -> Texts {
        Texts::of(self)
    }

    /// The plural form for a count.
    pub(crate) fn plural(self, count: u64) -> Plural {
        self.formats().plural.form(count)
    }

    fn formats(self) -> &'static Formats {
        formats::of(self.0)
    }
}

/// A value that is written by a function.
struct Shown<F>(F);

impl<F: Fn(&mut String) -> fmt::Result> Fill for Shown<F> {
    fn fill(&self, text: &mut String) {
        self.0(text).expect("a string takes everything");
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod examples {
    #[test]
    fn example_of_parse() {
        use crate::locale::Locale;
        assert_eq!(Locale::parse("de-ch").unwrap().tag(), "de-CH");
        assert_eq!(Locale::parse("de-DE").unwrap().language(), "de");
        assert_eq!(Locale::parse("de-XX").unwrap_err().to_string(), "is not a locale known here");
    }

    #[test]
    fn example_of_amount() {
        use crate::locale::Locale;
        use crate::value::{Amount, Currency};
        let dollars = Currency::from_code("USD").unwrap();
        let text = |tag| Locale::parse(tag).unwrap().amount(Amount::from_minor(123_450), dollars);
        assert_eq!(text("en"), "USD\u{a0}1,234.50");
        assert_eq!(text("en-US"), "$1,234.50");
        assert_eq!(text("de"), "1.234,50\u{a0}USD");
    }

    #[test]
    fn example_of_money() {
        use crate::locale::Locale;
        use crate::value::{Amount, Currency};
        let dollars = Currency::from_code("USD").unwrap();
        let text = |tag| Locale::parse(tag).unwrap().money(Amount::from_minor(-123_450), dollars);
        assert_eq!(text("en"), "\u{2212}1,234.50");
        assert_eq!(text("de-CH"), "\u{2212}1’234.50");
    }

    #[test]
    fn example_of_unit_price() {
        use crate::locale::Locale;
        use crate::value::{Currency, parse_decimal};
        let euro = Currency::from_code("EUR").unwrap();
        let text = |price| Locale::parse("de").unwrap().unit_price(price, euro);
        assert_eq!(text(parse_decimal("10").unwrap()), "10,00");
        assert_eq!(text(parse_decimal("0.0015").unwrap()), "0,0015");
    }

    #[test]
    fn example_of_arithmetic() {
        use crate::locale::Locale;
        let german = Locale::parse("de").unwrap();
        assert_eq!(german.arithmetic("3 × 1000.50 = 3001.50"), "3 × 1.000,50 = 3.001,50");
    }

    #[test]
    fn example_of_date() {
        use crate::locale::Locale;
        let date = "2020-06-09".parse().unwrap();
        assert_eq!(Locale::parse("en").unwrap().date(date), "9 Jun 2020");
        assert_eq!(Locale::parse("ja").unwrap().date(date), "2020年6月9日");
    }

    #[test]
    fn example_of_period() {
        use crate::locale::Locale;
        let date = |text: &str| text.parse().unwrap();
        let days = |a, b| Locale::parse("en").unwrap().period(date(a), date(b));
        assert_eq!(days("2020-06-19", "2020-06-27"), "19–27 Jun 2020");
        assert_eq!(days("2020-06-27", "2020-07-27"), "27 Jun – 27 Jul 2020");
        assert_eq!(days("2020-12-27", "2021-01-27"), "27 Dec 2020 – 27 Jan 2021");
        assert_eq!(days("2020-06-19", "2020-06-19"), "19 Jun 2020");
    }
}
