//! Worked examples through the public path, CSV in and lines out: the published cases of other
//! billing systems in `tests/cases/`, and every example in the documentation. What the docs show is
//! run, not copied.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use support::Workspace;

/// An example: input, closes, and the lines that come out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    /// Where the figures come from.
    #[serde(rename = "source")]
    _source: Option<String>,
    /// What billing.toml says beside the seller.
    #[serde(default)]
    settings: String,
    accounts: Option<String>,
    prices: String,
    tiers: Option<String>,
    tax_rates: Option<String>,
    discounts: Option<String>,
    adjustments: Option<String>,
    subscriptions: String,
    #[serde(default)]
    changes: String,
    closes: Vec<Close>,
    /// The total of every document, in order.
    totals: Option<Vec<String>>,
    /// The tax of every document, in order.
    taxes: Option<Vec<String>>,
    /// Issue date, kind, quantity and amount of every line, in order.
    lines: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Close {
    as_of: String,
    /// Rows of the log that were not there before.
    #[serde(default)]
    arrives: String,
}

/// A seller who has what every law asks for.
const SELLER: &str = "[seller]\nname = \"S\"\ncity = \"Bristol\"\ntax_id = \"GB123456789\"\n";

const ACCOUNTS: &str = "account_id,name,email,tax_code\na,A,a@a.example,\n";

const CHANGES: &str = "change_id,at,subscription_id,kind,quantity,price_id,policy\n";

#[test]
fn the_published_cases_come_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("the cases").flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "toml"));
    files.sort();
    let examples = files.iter().map(|file| {
        let name = file.file_stem().expect("a name").display().to_string();
        (name, fs::read_to_string(file).expect("a case"))
    });
    assert_all(&examples.collect::<Vec<_>>());
}

#[test]
fn the_examples_of_the_documentation_come_out() {
    let mut examples = Vec::new();
    for (page, fewest) in [("pricing.md", 20), ("taxes.md", 3), ("discounts.md", 2)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
        let text = fs::read_to_string(path).expect(page);
        let found = examples_of(&text);
        assert!(found.len() >= fewest, "{page} has lost its examples");
        examples.extend(found);
    }
    assert_all(&examples);
}

/// The examples of a page, each under the heading it stands below.
fn examples_of(text: &str) -> Vec<(String, String)> {
    let mut heading = "";
    let mut examples = Vec::new();
    for (after, before) in text.split("```toml\n").skip(1).zip(text.split("```toml\n")) {
        heading = before.lines().rev().find(|line| line.starts_with('#')).unwrap_or(heading);
        let body = after.split("```").next().expect("a fence");
        examples.push((heading.to_owned(), body.to_owned()));
    }
    examples
}

fn assert_all(examples: &[(String, String)]) {
    let failures: Vec<String> =
        examples.iter().filter_map(|(name, text)| failure(name, text)).collect();
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        examples.len(),
        failures.join("\n")
    );
}

/// What is wrong with an example, if anything is.
fn failure(name: &str, text: &str) -> Option<String> {
    let example: Example = match toml::from_str(text) {
        Ok(example) => example,
        Err(error) => return Some(format!("{name}: {error}")),
    };
    let Figures { lines, totals, taxes } = run(&example);
    let expected: Vec<String> = example.lines.lines().map(squeezed).collect();
    let expected_totals = example.totals.as_ref().unwrap_or(&totals);
    let expected_taxes = example.taxes.as_ref().unwrap_or(&taxes);
    if lines == expected && totals == *expected_totals && taxes == *expected_taxes {
        return None;
    }
    Some(format!(
        "{name}:\n  expected {expected:#?} {expected_totals:?} {expected_taxes:?}\n  \
         got {lines:#?} {totals:?} {taxes:?}"
    ))
}

fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What came out of all closes.
#[derive(Default)]
struct Figures {
    lines: Vec<String>,
    totals: Vec<String>,
    taxes: Vec<String>,
}

/// Closes as the example says.
fn run(example: &Example) -> Figures {
    let workspace = Workspace::empty();
    workspace.write(
        "input/billing.toml",
        &format!("{}\n{SELLER}\n[pdf]\npacking = \"none\"\n", example.settings),
    );
    let accounts = example.accounts.as_deref().unwrap_or(ACCOUNTS);
    workspace.write("input/accounts.csv", accounts);
    workspace.write("input/prices.csv", &example.prices);
    workspace.write("input/subscriptions.csv", &example.subscriptions);
    let optional = [
        ("price_tiers.csv", &example.tiers),
        ("tax_rates.csv", &example.tax_rates),
        ("discounts.csv", &example.discounts),
        ("adjustments.csv", &example.adjustments),
    ];
    for (name, content) in optional {
        if let Some(content) = content {
            workspace.write(&format!("input/{name}"), content);
        }
    }
    let mut log =
        if example.changes.is_empty() { CHANGES.to_owned() } else { example.changes.clone() };
    let mut figures = Figures::default();
    for close in &example.closes {
        let _ = write!(log, "{}", close.arrives);
        workspace.write("input/changes.csv", &log);
        workspace.close(&close.as_of);
        let folder = close.as_of.replace(':', "");
        let invoices = workspace.rows(&format!("output/{folder}/invoices.csv"));
        figures.totals.extend(invoices.iter().map(|row| row.get("total").to_owned()));
        figures.taxes.extend(invoices.iter().map(|row| row.get("tax").to_owned()));
        for line in workspace.rows(&format!("output/{folder}/invoice_lines.csv")) {
            let number = line.get("invoice_number");
            let invoice = invoices.iter().find(|row| row.get("invoice_number") == number);
            let date = invoice.expect("the line's invoice").get("issue_date");
            let cells = line.cells(["kind", "quantity", "amount"]).join(" ");
            figures.lines.push(format!("{date} {cells}"));
        }
    }
    figures
}
