//! The currencies of the company, and its dollar prices in each.

/// A currency.
#[derive(Debug)]
pub(crate) struct DrawnCurrency {
    /// ISO 4217.
    pub(crate) code: &'static str,
    /// The end of price ids.
    pub(crate) suffix: &'static str,
    /// The decimals of ISO 4217.
    digits: usize,
    /// The price list's amount for 100 dollars.
    per_hundred_dollars: i64,
}

/// The currencies with prices; the first is for customers from other countries.
pub(crate) const CURRENCIES: [DrawnCurrency; 8] = [
    currency("USD", "usd", 2, 100),
    currency("EUR", "eur", 2, 90),
    currency("GBP", "gbp", 2, 80),
    currency("JPY", "jpy", 0, 15_000),
    currency("KWD", "kwd", 3, 30),
    currency("INR", "inr", 2, 8_000),
    currency("PLN", "pln", 2, 400),
    currency("BRL", "brl", 2, 500),
];

const fn currency(
    code: &'static str,
    suffix: &'static str,
    digits: usize,
    per_hundred_dollars: i64,
) -> DrawnCurrency {
    DrawnCurrency { code, suffix, digits, per_hundred_dollars }
}

/// The index of a currency in [`CURRENCIES`].
pub(crate) fn place_of(code: &str) -> usize {
    CURRENCIES.iter().position(|currency| currency.code == code).expect("a currency of the list")
}

impl DrawnCurrency {
    /// An amount given in ten-thousandths of a dollar. It has the currency's digits, and more only
    /// if needed.
    pub(crate) fn amount(&self, ten_thousandths: i64) -> String {
        let scaled = ten_thousandths * self.per_hundred_dollars;
        assert_eq!(scaled % 100, 0, "an amount that {} can say exactly", self.code);
        let (sign, size) = if scaled < 0 { ("-", -scaled / 100) } else { ("", scaled / 100) };
        let fraction = format!("{:04}", size % 10_000);
        let needed = fraction.trim_end_matches('0').len().max(self.digits);
        let point = if needed == 0 { "" } else { "." };
        format!("{sign}{}{point}{}", size / 10_000, &fraction[..needed])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        let amount = |code, ten_thousandths| CURRENCIES[place_of(code)].amount(ten_thousandths);
        assert_eq!(amount("USD", 864_000), "86.40");
        assert_eq!(amount("JPY", 90_000), "1350");
        assert_eq!(amount("KWD", 90_000), "2.700");
        assert_eq!(amount("USD", 120), "0.012");
        assert_eq!(amount("EUR", -150_000), "-13.50");
    }
}
