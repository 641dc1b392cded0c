//! Words that programs write for an empty field. As values they would be printed as names or taken
//! for tax numbers: see docs/files.md.

use super::column::Column;

/// Where a word is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// In every column, regardless of billing.toml.
    Always,
    /// In every column.
    Everywhere,
    /// Except in ids, descriptions and notes, where people may write it.
    Values,
}

/// Words for an empty field, all from one kind of program.
#[derive(Debug)]
pub(crate) struct Null {
    words: &'static [&'static str],
    /// Whether case matters: Nan is a town in Thailand, but no program writes it.
    is_exact: bool,
    reach: Reach,
    /// The rule that the word breaks, as the end of a sentence.
    pub(crate) rule: &'static str,
    /// How to make an export leave the field empty.
    how: &'static str,
}

/// The words. docs/files.md has the same table.
const NULLS: [Null; 9] = [
    Null {
        words: &[r"\N"],
        is_exact: true,
        reach: Reach::Always,
        rule: "is what PostgreSQL and MySQL write where there is no value",
        how: "COPY … WITH (FORMAT csv) and COALESCE(column, '') do that",
    },
    Null {
        words: &["null", "(null)", "[null]", "<null>"],
        is_exact: false,
        reach: Reach::Everywhere,
        rule: "is what databases show where there is no value",
        how: "COALESCE(column, '') does that",
    },
    Null {
        words: &["NaN", "nan", "NAN", "NaT", "<NA>"],
        is_exact: true,
        reach: Reach::Everywhere,
        rule: "is what pandas writes where there is no value",
        how: "to_csv(…, na_rep='') does that",
    },
    Null {
        words: &["undefined"],
        is_exact: false,
        reach: Reach::Everywhere,
        rule: "is what JavaScript writes where there is no value",
        how: "value ?? '' does that",
    },
    Null {
        words: &["n/a", "#n/a", "#n/a n/a"],
        is_exact: false,
        reach: Reach::Everywhere,
        rule: "stands for no value",
        how: "IFNA(cell, \"\") does that in a spreadsheet",
    },
    Null {
        words: &["#null!", "#ref!", "#value!", "#name?", "#div/0!", "#num!"],
        is_exact: false,
        reach: Reach::Everywhere,
        rule: "is the error of a formula in a spreadsheet",
        how: "IFERROR(cell, \"\") does that",
    },
    Null {
        words: &["none"],
        is_exact: false,
        reach: Reach::Values,
        rule: "is what Python writes where there is no value",
        how: "\"\" if value is None else value does that",
    },
    Null {
        words: &["nil"],
        is_exact: true,
        reach: Reach::Values,
        rule: "is what Ruby and Go write where there is no value",
        how: "value.to_s does that in Ruby",
    },
    Null {
        words: &["-", "--", "–", "—", "n.a."],
        is_exact: false,
        reach: Reach::Values,
        rule: "stands for no value",
        how: "nothing is printed then",
    },
];

/// The longest word, with some blanks around it.
pub(crate) const LONGEST: usize = 16;

/// Whether a field may be such a word, judged by its first byte. Few fields qualify, so few are
/// compared.
pub(crate) const MAY_BEGIN: [bool; 256] = {
    let mut may = [false; 256];
    // The last two begin dashes and the no-break space.
    let first = b"\\nNuU-#(<[ \t\xe2\xc2";
    let mut place = 0;
    while place < first.len() {
        may[first[place] as usize] = true;
        place += 1;
    }
    may
};

/// A column whose fields are compared with the words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Check {
    /// The number of the column among the known ones.
    pub(crate) number: usize,
    /// Its position in a record.
    pub(crate) place: usize,
    pub(crate) column: Column,
    reach: Reach,
}

impl Check {
    /// The check of a column. In a `literal` column the words are values.
    pub(crate) fn of((number, place): (usize, usize), column: Column, is_literal: bool) -> Self {
        let reach = match column.name {
            _ if is_literal => Reach::Always,
            "description" | "note" | "code" | "tax_code" | "invoice_number" | "credits_invoice" => {
                Reach::Everywhere
            }
            name if name.ends_with("_id") && name != "tax_id" => Reach::Everywhere,
            _ => Reach::Values,
        };
        Self { number, place, column, reach }
    }

    /// The word that a field equals, if any.
    pub(crate) fn find(&self, field: &[u8]) -> Option<&'static Null> {
        let field = str::from_utf8(field).ok()?;
        if field == "none" && WITH_NONE.contains(&self.column.name) {
            return None;
        }
        let text = field.trim();
        NULLS.iter().find(|null| null.reach <= self.reach && null.is(text))
    }

    /// The remedy for a word in a table, whose exports may go on writing it if the table is a file.
    pub(crate) fn hint(&self, null: &Null, word: &str, (table, is_file): (&str, bool)) -> String {
        let Column { name, required } = self.column;
        let what = if required {
            "write the value, or leave the field empty if there may be none"
        } else {
            "leave the field empty"
        };
        let mut hint = format!("{what}: {}", null.how);
        if is_file {
            let word = toml::Value::String(word.to_owned());
            let of_table =
                format!("; billing.toml does that with {word} = \"\" under [input.values.{table}]");
            hint.push_str(&of_table);
        }
        if WITH_NONE.contains(&name) {
            hint.push_str("; if the word is meant, write none");
        } else if null.reach != Reach::Always && is_text(name) {
            let literal = format!("literal = [\"{table}.{name}\"] under [input] in billing.toml");
            hint.push_str("; if the word is meant, write ");
            hint.push_str(&literal);
        }
        hint
    }
}

/// Columns that accept "none" as a word.
const WITH_NONE: [&str; 4] = ["on_increase", "on_decrease", "policy", "einvoice"];

/// Whether a column may hold any text, so that the word may be intended.
fn is_text(column: &str) -> bool {
    const TEXTS: [&str; 24] = [
        "name",
        "email",
        "billing_email",
        "address_line1",
        "address_line2",
        "city",
        "region",
        "postal_code",
        "country",
        "tax_id",
        "product",
        "unit_label",
        "description",
        "note",
        "code",
        "tax_code",
        "invoice_number",
        "credits_invoice",
        "method",
        "buyer_reference",
        "label",
        "memo",
        "purchase_order",
        "reference",
    ];
    column.ends_with("_id") || TEXTS.contains(&column)
}

impl Null {
    fn is(&self, text: &str) -> bool {
        self.words
            .iter()
            .any(|word| if self.is_exact { *word == text } else { word.eq_ignore_ascii_case(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::column::optional;

    fn is_null(column: &'static str, text: &str) -> bool {
        Check::of((0, 0), optional(column), false).find(text.as_bytes()).is_some()
    }

    #[test]
    fn every_word_passes_the_first_look() {
        for word in NULLS.iter().flat_map(|null| null.words) {
            for word in [(*word).to_owned(), word.to_uppercase(), format!(" {word} ")] {
                assert!(
                    word.len() <= LONGEST && MAY_BEGIN[usize::from(word.as_bytes()[0])],
                    "{word}"
                );
            }
        }
    }

    #[test]
    fn the_documentation_has_every_word() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checks.md");
        let page = std::fs::read_to_string(page).expect("the page").to_lowercase();
        for word in NULLS.iter().flat_map(|null| null.words).filter(|word| **word != "#n/a n/a") {
            assert!(page.contains(&format!("`{}`", word.to_lowercase())), "{word}");
        }
    }

    #[test]
    fn words_are_refused_where_they_cannot_be_meant() {
        for word in [r"\N", "NULL", "Null", " null ", "NaN", "n/a", "N/A", "undefined", "#REF!"] {
            for column in ["name", "note", "account_id", "tax_id", "quantity"] {
                assert!(is_null(column, word), "{column} {word}");
            }
        }
        for word in ["None", "NONE", "-", "—", "nil", "n.a."] {
            for column in ["name", "city", "email", "tax_id", "started_at", "amount"] {
                assert!(is_null(column, word), "{column} {word}");
            }
            for column in ["note", "description", "account_id", "tax_code", "invoice_number"] {
                assert!(!is_null(column, word), "{column} {word}");
            }
        }
    }

    #[test]
    fn what_looks_like_a_word_and_is_none_passes() {
        for text in ["Nan", "Nulle", "Nonesuch", "-1", "NA", "N", "\\", "non", "undefine"] {
            assert!(!is_null("name", text), "{text}");
        }
        assert!(!is_null("on_increase", "none") && is_null("on_increase", "None"));
    }

    #[test]
    fn a_literal_column_takes_every_word_but_that_of_databases() {
        let check = Check::of((0, 0), optional("name"), true);
        assert!(check.find(b"None").is_none() && check.find(b"NULL").is_none());
        assert!(check.find(br"\N").is_some());
    }
}
