//! `state/deferred.parquet`: billed revenue that is not yet earned. It grows with products and
//! months, not with customers.

use std::path::Path;

use crate::model::{Deferred, DeferredKey};
use crate::table::parquet::{ColumnsError, StateColumns, StateTable};
use crate::value::{Amount, Currency, Month};

/// The file's name in a close.
pub(crate) const FILE: &str = "state/deferred.parquet";

impl Deferred {
    pub(crate) fn to_parquet(&self) -> Result<Vec<u8>, ColumnsError> {
        let rows: Vec<(&DeferredKey, &Amount)> =
            self.amounts().iter().filter(|(_, amount)| !amount.is_zero()).collect();
        StateColumns::of(&rows)
            .word("currency", |(key, _)| Some(key.currency.code()))
            .word_for("month", |(key, _)| Some(key.month), |month| month.to_string())
            .word("product", |(key, _)| Some(&key.product))
            .number("amount_minor", |(_, amount)| amount.minor())
            .to_parquet()
    }

    pub(crate) fn read(close: &Path) -> Result<Self, ColumnsError> {
        let table = StateTable::read(&close.join(FILE))?;
        let (currencies, months) = (table.texts("currency")?, table.texts("month")?);
        let (products, amounts) = (table.texts("product")?, table.numbers("amount_minor")?);
        let mut deferred = Self::default();
        for row in 0..table.height() {
            let (Some(currency), Some(month)) =
                (Currency::from_code(currencies[row]), Month::parse(months[row]))
            else {
                return Err(table.damaged(format!("row {row} has no currency or no month")));
            };
            let key = DeferredKey { currency, month, product: products[row].into() };
            let amount = Amount::from_minor(amounts[row]);
            let fits = deferred.add(key, amount);
            fits.ok_or_else(|| table.damaged(format!("row {row} does not fit 64 bits")))?;
        }
        Ok(deferred)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::deferred::tests::{deferred, key};

    #[test]
    fn what_is_written_is_read_back_without_what_is_nothing() {
        let kept = [("JPY", "2020-06", "Seats", 1500), ("USD", "2020-07", "Größe \"L\"", -5)];
        let mut written = deferred(&kept);
        written.add(key("USD", "2020-08", "Seats"), Amount::ZERO).expect("fits");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("state")).expect("a folder");
        let bytes = written.to_parquet().expect("encodes");
        std::fs::write(folder.path().join(FILE), bytes).expect("writes");
        assert_eq!(Deferred::read(folder.path()).expect("reads"), deferred(&kept));
    }

    #[test]
    fn an_empty_register_has_nothing_and_a_lost_file_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(Deferred::read(folder.path()).is_err());
        std::fs::create_dir(folder.path().join("state")).expect("a folder");
        let bytes = Deferred::default().to_parquet().expect("encodes");
        std::fs::write(folder.path().join(FILE), bytes).expect("writes");
        assert_eq!(Deferred::read(folder.path()).expect("reads"), Deferred::default());
    }
}
