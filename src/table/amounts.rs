//! Reads fields of a [`Row`] that hold money: prices, amounts and percentages.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::remedy::{self, NumberRemedy};
use super::row::{Reported, Row};
use crate::config::DecimalMark;
use crate::value::{Amount, Currency, DecimalError, parse_decimal};

/// No tax rate has more decimals.
const PERCENT_DECIMALS: u32 = 4;

impl Row<'_> {
    /// A number as it is written here, with a point before its decimals. Only the mark of the file is
    /// one; so no number has two meanings.
    fn with_point<'t>(
        &self,
        column: &'static str,
        text: &'t str,
    ) -> Result<Cow<'t, str>, DecimalError> {
        match self.dialect().decimal {
            // A number of billing.toml is one of ours.
            DecimalMark::Comma if !self.is_replaced(column) => {
                let has_point = text.contains('.');
                if has_point { Err(DecimalError::Point) } else { Ok(text.replace(',', ".").into()) }
            }
            DecimalMark::Point | DecimalMark::Comma => Ok(Cow::Borrowed(text)),
        }
    }

    /// What the remedies for a number need to know of its row.
    fn remedy(&self, column: &'static str) -> NumberRemedy<'_> {
        let currency = self.glimpse("currency");
        if self.is_replaced(column) {
            return NumberRemedy { mark: DecimalMark::Point, table: None, currency };
        }
        NumberRemedy { mark: self.dialect().decimal, table: self.table(), currency }
    }

    /// A price: a plain, non-negative decimal with any number of decimals.
    pub(crate) fn unit_amount(&mut self, column: &'static str) -> Result<Decimal, Reported> {
        let text = self.required(column)?;
        match self.with_point(column, text).and_then(|text| parse_decimal(&text)) {
            Ok(amount) if amount.is_sign_negative() && !amount.is_zero() => Err(self.report(
                column,
                text,
                "is negative",
                "a price is 0 or more; credits are lines of their own",
            )),
            Ok(amount) => Ok(amount),
            Err(error) => {
                let hint = self.remedy(column).amount(text, error);
                Err(self.report(column, text, &error.to_string(), &hint))
            }
        }
    }

    /// A credit: a non-negative amount that fits the currency.
    pub(crate) fn credit(
        &mut self,
        column: &'static str,
        currency: Currency,
    ) -> Result<Amount, Reported> {
        let text = self.required(column)?;
        match self.with_point(column, text).and_then(|text| Amount::parse(&text, currency)) {
            Ok(amount) if amount.is_negative() => Err(self.report(
                column,
                text,
                "is negative",
                "credit is 0 or more; what a customer owes is not brought along",
            )),
            Ok(amount) => Ok(amount),
            Err(error) => {
                let hint = self.remedy(column).money(text, error);
                Err(self.report(column, text, &error.to_string(), &hint))
            }
        }
    }

    /// A signed, non-zero amount that fits the currency. Without a currency, which was already
    /// reported, only the form is checked.
    pub(crate) fn money(
        &mut self,
        column: &'static str,
        currency: Option<Currency>,
    ) -> Result<Amount, Reported> {
        let text = self.required(column)?;
        let parsed = self.with_point(column, text).and_then(|text| match currency {
            Some(currency) => Amount::parse(&text, currency).map(Some),
            None => parse_decimal(&text).map(|_| None),
        });
        match parsed {
            Ok(Some(amount)) if amount.is_zero() => {
                Err(self.report(column, text, "is zero", "write an amount, or remove the row"))
            }
            Ok(amount) => amount.ok_or(Reported),
            Err(error) => {
                let hint = self.remedy(column).money(text, error);
                Err(self.report(column, text, &error.to_string(), &hint))
            }
        }
    }

    /// A percentage from 0 to 100, such as 19 or 8.875.
    pub(crate) fn percent(&mut self, column: &'static str) -> Result<Decimal, Reported> {
        let text = self.required(column)?;
        let percent = self.with_point(column, text).and_then(|text| parse_decimal(&text));
        let percent = percent.map(|percent| percent.normalize());
        let (rule, hint) = match percent {
            Ok(percent) if percent.is_sign_negative() => {
                ("is negative".to_owned(), "write a percentage of 0 or more".to_owned())
            }
            Ok(percent) if percent > Decimal::ONE_HUNDRED => {
                ("is more than 100".to_owned(), "write at most 100".to_owned())
            }
            Ok(percent) if percent.scale() > PERCENT_DECIMALS => {
                let error = DecimalError::TooManyDigits { allowed: PERCENT_DECIMALS };
                (error.to_string(), self.remedy(column).percent(text, error))
            }
            Ok(percent) => return Ok(percent),
            Err(error) => (error.to_string(), self.remedy(column).percent(text, error)),
        };
        Err(self.report(column, text, &rule, &hint))
    }

    /// An ISO 4217 code.
    pub(crate) fn currency(&mut self, column: &'static str) -> Result<Currency, Reported> {
        let text = self.required(column)?;
        Currency::from_code(text).ok_or_else(|| {
            self.report(column, text, "is not an ISO 4217 currency", &remedy::currency(text))
        })
    }
}
