//! Plural forms: the part of CLDR's rules that whole numbers need.

use serde::Deserialize;

/// The plural forms of CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Plural {
    /// For zero, in languages with a separate form.
    Zero,
    /// For one, and for numbers with the same form.
    One,
    /// For two.
    Two,
    /// For a few: in Polish 2–4, 22–24 and so on.
    Few,
    /// For many: in Polish 5–21, 25–31 and so on.
    Many,
    /// For all other numbers.
    Other,
}

/// The rules of a language, in order. Without a match the form is [`Plural::Other`].
#[derive(Debug, Deserialize)]
#[serde(try_from = "std::collections::BTreeMap<Plural, String>")]
pub(crate) struct PluralRules(Vec<(Plural, Condition)>);

/// Alternatives. All relations of one alternative must hold.
type Condition = Vec<Vec<Relation>>;

/// `i % 100 != 12..14`.
#[derive(Debug)]
struct Relation {
    /// Whether it is about the number itself. The other operands are about decimals, and counts
    /// have none.
    is_of_number: bool,
    modulus: Option<u64>,
    is_equal: bool,
    ranges: Vec<(u64, u64)>,
}

impl PluralRules {
    pub(crate) fn form(&self, count: u64) -> Plural {
        let holds = |condition: &Condition| {
            condition.iter().any(|all| all.iter().all(|relation| relation.holds(count)))
        };
        let found = self.0.iter().find(|(_, condition)| holds(condition));
        found.map_or(Plural::Other, |(form, _)| *form)
    }
}

impl Relation {
    fn holds(&self, count: u64) -> bool {
        let operand = if self.is_of_number { count } else { 0 };
        let operand = self.modulus.map_or(operand, |modulus| operand % modulus);
        let is_within = self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&operand));
        is_within == self.is_equal
    }

    fn parse(text: &str) -> Option<Self> {
        let (left, is_equal, right) = match text.split_once("!=") {
            Some((left, right)) => (left, false, right),
            None => text.split_once('=').map(|(left, right)| (left, true, right))?,
        };
        let (operand, modulus) = match left.split_once('%') {
            Some((operand, modulus)) => (operand, Some(modulus.trim().parse().ok()?)),
            None => (left, None),
        };
        let range = |range: &str| {
            let (from, to) = range.split_once("..").unwrap_or((range, range));
            Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
        };
        Some(Self {
            is_of_number: matches!(operand.trim(), "n" | "i"),
            modulus,
            is_equal,
            ranges: right.split(',').map(range).collect::<Option<_>>()?,
        })
    }
}

impl TryFrom<std::collections::BTreeMap<Plural, String>> for PluralRules {
    type Error = String;

    fn try_from(rules: std::collections::BTreeMap<Plural, String>) -> Result<Self, String> {
        let condition = |text: &str| {
            let all = |all: &str| all.split(" and ").map(Relation::parse).collect();
            text.split(" or ").map(all).collect::<Option<Condition>>()
        };
        let rule = |(form, text): (Plural, String)| {
            condition(&text).map(|condition| (form, condition)).ok_or(text)
        };
        rules.into_iter().map(rule).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(rules: &str, counts: &[u64]) -> Vec<Plural> {
        let rules: PluralRules = toml::from_str(rules).expect("rules");
        counts.iter().map(|count| rules.form(*count)).collect()
    }

    #[test]
    fn one_is_one() {
        let english = r#"one = "i = 1 and v = 0""#;
        assert_eq!(forms(english, &[0, 1, 2]), [Plural::Other, Plural::One, Plural::Other]);
        let french = r#"one = "i = 0,1""#;
        assert_eq!(forms(french, &[0, 1, 2]), [Plural::One, Plural::One, Plural::Other]);
        assert_eq!(forms("", &[1]), [Plural::Other]);
    }

    #[test]
    fn polish_counts_by_the_last_digits() {
        use Plural::{Few, Many, One};
        let polish = r#"
            one = "i = 1 and v = 0"
            few = "v = 0 and i % 10 = 2..4 and i % 100 != 12..14"
            many = "v = 0 and i != 1 and i % 10 = 0..1 or v = 0 and i % 10 = 5..9 or v = 0 and i % 100 = 12..14"
        "#;
        let counts = [0, 1, 2, 5, 11, 12, 22, 101, 104, 112];
        assert_eq!(
            forms(polish, &counts),
            [Many, One, Few, Many, Many, Many, Few, Many, Few, Many]
        );
    }
}
