//! The smallest parsers: decimals, moments, zones, patterns of invoice numbers.

use chrono::NaiveDate;

use super::harness::fuzz;
use crate::config::NumberFormat;
use crate::problem::zone_hint;
use crate::value::{Amount, Currency, Moment, Zone, parse_decimal};

/// Tries a parser of texts.
fn fuzz_text(
    name: &'static str,
    mutations: u64,
    seeds: &[&str],
    check: fn(&str) -> Result<(), String>,
) {
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    fuzz(name, &seeds, mutations, &|bytes| check(&String::from_utf8_lossy(bytes)));
}

fn agree<T: PartialEq + std::fmt::Debug>(one: &T, other: &T) -> Result<(), String> {
    if one == other { Ok(()) } else { Err(format!("{one:?} is read back as {other:?}")) }
}

#[test]
fn decimals() {
    let seeds = ["20.00", "-14.93", "0.000001", "79228162514264337593543950335", "-0", "1,234.50"];
    fuzz_text("decimals", 200, &seeds, |text| {
        if let Ok(decimal) = parse_decimal(text) {
            agree(&Ok(decimal), &parse_decimal(&decimal.to_string()))?;
        }
        for code in ["USD", "JPY", "KWD"] {
            let currency = Currency::from_code(code).ok_or("a currency")?;
            if let Ok(amount) = Amount::parse(text, currency) {
                let written = amount.to_decimal_string(currency);
                agree(&Ok(amount), &Amount::parse(&written, currency))?;
            }
        }
        Ok(())
    });
}

#[test]
fn moments() {
    let seeds = [
        "2020-06-19",
        "2020-06-19T06:51:00Z",
        "2020-06-19T08:51:00.25+02:00",
        "2011-12-30",
        "1970-01-01",
        "2999-12-31T23:59:59-12:00",
    ];
    fuzz_text("moments", 5_000, &seeds, |text| {
        let Ok(moment) = Moment::parse(text) else { return Ok(()) };
        for name in ["UTC", "Pacific/Apia", "Australia/Lord_Howe", "America/Sao_Paulo"] {
            let zone: Zone = name.parse().map_err(|_| "a zone")?;
            let instant = moment.at(zone);
            let written = Moment::parse(&zone.rfc3339(instant));
            // Midnight in an eastern zone of the first day that is understood lies before it.
            if let Ok(written) = written {
                agree(&instant, &written.at(zone))?;
            }
        }
        Ok(())
    });
}

#[test]
fn zones() {
    let seeds = ["Europe/Berlin", "UTC", "new york", "Etc/GMT+12", "Pacific/Apia", "PST"];
    fuzz_text("zones", 100, &seeds, |text| {
        if zone_hint(text).is_empty() {
            return Err("no hint".to_owned());
        }
        let Ok(zone) = text.parse::<Zone>() else { return Ok(()) };
        for (year, month, day) in [(1970, 1, 1), (2011, 12, 30), (2024, 3, 31), (2999, 12, 31)] {
            let date = NaiveDate::from_ymd_opt(year, month, day).ok_or("a date")?;
            let midnight = zone.midnight(date);
            if zone.date(midnight) < date {
                return Err(format!("{midnight} is not yet {date}"));
            }
        }
        Ok(())
    });
}

#[test]
fn number_formats() {
    let seeds = ["INV-{year}-{seq:05}", "{currency}{seq}", "A.{seq:018}", "{seq:0}", "{{seq}}"];
    fuzz_text("number_formats", 1_000, &seeds, |text| {
        let Ok(format) = NumberFormat::parse(text) else { return Ok(()) };
        agree(&Ok(format.clone()), &NumberFormat::parse(&format.to_string()))?;
        let usd = Currency::from_code("USD").ok_or("a currency")?;
        let number = format.number(2024, usd, u64::MAX);
        let is_file_name = !number.is_empty() && !number.contains(['/', '\\', '\0']);
        if is_file_name { Ok(()) } else { Err(format!("{number:?} is no file name")) }
    });
}
