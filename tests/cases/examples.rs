//! Worked examples through the public path, CSV in and lines out: the published cases of other
//! billing systems in `tests/data/published/`, and every example in the documentation. What the docs
//! show is run, not copied.

use std::fmt::Write as _;
use std::fs;

use libtest_mimic::{Failed, Trial};
use serde::Deserialize;

use crate::name_of;
use crate::support::{Workspace, data, root};

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
    /// The due date of every document, in order.
    due: Option<Vec<String>>,
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

/// Pages with examples, and the fewest that each has.
const PAGES: [(&str, usize); 4] =
    [("documents.md", 2), ("pricing.md", 20), ("taxes.md", 3), ("discounts.md", 2)];

/// One trial a published case, one an example of the documentation, and one a page.
pub(crate) fn trials() -> Vec<Trial> {
    let entries = fs::read_dir(data("published")).expect("the published cases");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "toml"));
    let published = files.into_iter().map(|file| {
        let name = format!("published::{}", name_of(&file));
        Trial::test(name, move || check(&fs::read_to_string(&file)?))
    });
    let mut trials: Vec<Trial> = published.collect();
    for (page, fewest) in PAGES {
        let text = fs::read_to_string(root().join("docs").join(page)).expect(page);
        let examples = examples_of(&text);
        let count = examples.len();
        trials.extend(examples.into_iter().map(|(line, example)| {
            Trial::test(format!("docs::{page}:{line}"), move || check(&example))
        }));
        trials.push(Trial::test(format!("docs::{page} has its examples"), move || {
            if count >= fewest {
                Ok(())
            } else {
                Err(format!("{count} of {fewest} are left").into())
            }
        }));
    }
    trials
}

/// The examples of a page, each with the line that it begins on.
fn examples_of(text: &str) -> Vec<(usize, String)> {
    let mut examples = Vec::new();
    let mut rest = text.split("```toml\n");
    let mut line = 1 + rest.next().map_or(0, |before| before.matches('\n').count());
    for part in rest {
        let body = part.split("```").next().expect("a fence");
        examples.push((line, body.to_owned()));
        line += 1 + part.matches('\n').count();
    }
    examples
}

/// Runs an example; an error says how it comes out.
fn check(text: &str) -> Result<(), Failed> {
    let example: Example = toml::from_str(text)?;
    let Figures { lines, totals, taxes, due } = run(&example);
    let expected: Vec<String> = example.lines.lines().map(squeezed).collect();
    let expected_totals = example.totals.as_ref().unwrap_or(&totals);
    let expected_taxes = example.taxes.as_ref().unwrap_or(&taxes);
    let expected_due = example.due.as_ref().unwrap_or(&due);
    let sums_match = totals == *expected_totals && taxes == *expected_taxes;
    if lines == expected && sums_match && due == *expected_due {
        return Ok(());
    }
    let expected =
        format!("expected {expected:#?} {expected_totals:?} {expected_taxes:?} {expected_due:?}");
    Err(format!("{expected}\ngot {lines:#?} {totals:?} {taxes:?} {due:?}").into())
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
    due: Vec<String>,
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
        figures.due.extend(invoices.iter().map(|row| row.get("due_date").to_owned()));
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
