//! Parses option values. An error message completes the sentence that clap begins.

#[cfg(feature = "generate")]
use chrono::NaiveDate;

use crate::hash::{bytes_of, hexadecimal};
use crate::locale::Locale;
use crate::model::Shard;
use crate::problem::locale_hint;
use crate::publish::PublicKey;
#[cfg(feature = "generate")]
use crate::value::Moment;
use crate::value::{AsOf, Currency};

/// A currency, by its code.
pub(crate) fn currency(text: &str) -> Result<Currency, String> {
    Currency::from_code(text).ok_or_else(|| "it is no currency of ISO 4217".to_owned())
}

/// An Ed25519 public key in hexadecimal digits.
pub(crate) fn public_key(text: &str) -> Result<PublicKey, String> {
    PublicKey::parse(text).ok_or_else(|| "it is no public key of 64 hexadecimal digits".to_owned())
}

/// A SHA-256 in hexadecimal digits.
pub(crate) fn digest(text: &str) -> Result<String, String> {
    let bytes = bytes_of::<32>(text).ok_or("it is no SHA-256 of 64 hexadecimal digits")?;
    Ok(hexadecimal(&bytes))
}

#[cfg(feature = "generate")]
/// A date without a time of day.
pub(crate) fn date(text: &str) -> Result<NaiveDate, String> {
    match Moment::parse(text) {
        Ok(Moment::Date(date)) => Ok(date),
        Ok(Moment::Instant(..)) => Err("it has a time of day; write a date".to_owned()),
        Err(error) => Err(format!("it {error}")),
    }
}

/// A locale, by its tag.
pub(crate) fn locale(text: &str) -> Result<Locale, String> {
    Locale::parse(text).map_err(|error| format!("it {error}; {}", locale_hint(text)))
}

/// A shard and the number of shards.
pub(crate) fn shard(text: &str) -> Result<Shard, &'static str> {
    text.parse()
}

/// A date, an instant, or a midnight that depends on the clock.
pub(crate) fn as_of(text: &str) -> Result<AsOf, String> {
    AsOf::parse(text).map_err(|error| format!("it {error}"))
}
