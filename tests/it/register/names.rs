//! Names are said whole, whatever they are: with words in them that the sentences have themselves, in
//! every language, with pairs and with net lines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use crate::support::{Workspace, pdf_text};

const LANGUAGES: [&str; 9] = ["de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt"];

/// Where one name of the input begins to be another.
#[derive(Clone, Debug)]
struct Names {
    product: String,
    other_product: String,
    percentage: String,
    amount: String,
    adjustment: String,
}

impl Names {
    fn all(&self) -> [&str; 5] {
        [&self.product, &self.other_product, &self.percentage, &self.amount, &self.adjustment]
    }

    /// Names that no sentence and no other name has.
    fn plain() -> Self {
        let name = |name: &str| name.to_owned();
        Self {
            product: name("Qaa"),
            other_product: name("Qbb"),
            percentage: name("Qcc"),
            amount: name("Qdd"),
            adjustment: name("Qee"),
        }
    }
}

/// The words between the places of sentences in all languages, and a few traps.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/languages");
    let mut words: Vec<String> = LANGUAGES
        .iter()
        .flat_map(|language| {
            let texts = fs::read_to_string(folder.join(format!("{language}.toml")));
            let (_, lines) = texts.expect("a language").split_once("unused_line").map_or_else(
                || panic!("{language} says nothing of lines"),
                |(before, after)| (before.to_owned(), after.to_owned()),
            );
            let lines: Vec<String> = lines.lines().take(20).map(str::to_owned).collect();
            lines.into_iter().flat_map(|line| pieces(&line))
        })
        .collect();
    let traps = [
        " instead of ",
        " (5% off)",
        " off): ",
        ": ",
        " from 3 June",
        "3 Jun 2020",
        "25%",
        " × ",
        "; the ",
        "2 ",
        "“",
        "” of ",
        " after 9 Jun 2020",
        "statt",
        " (10 % Rabatt): ",
        ", corrects invoice INV-1",
    ];
    words.extend(traps.map(str::to_owned));
    words.retain(|word| word.chars().count() < 20 && !word.trim().is_empty());
    words.sort();
    words.dedup();
    words
});

/// The words of a sentence between its places.
fn pieces(line: &str) -> Vec<String> {
    let quoted = line.split('"').skip(1).step_by(2);
    let pieces =
        quoted.flat_map(|text| text.split('{').map(|it| it.rsplit('}').next().unwrap_or("")));
    pieces.map(str::to_owned).collect()
}

/// Short enough for one line of a document.
fn name(first: char) -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(&**WORDS), 1..4);
    words.prop_map(move |words| {
        let name: String = std::iter::once(first).chain(words.concat().chars()).take(26).collect();
        name.trim().to_owned()
    })
}

fn names() -> impl Strategy<Value = Names> {
    let five = (name('P'), name('O'), name('H'), name('F'), name('G'));
    five.prop_map(|(product, other_product, percentage, amount, adjustment)| Names {
        product,
        other_product,
        percentage,
        amount,
        adjustment,
    })
}

fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A company with an account in each language, after a close and one that follows late rows.
fn closed(names: &Names, lines: &str) -> Workspace {
    let workspace = Workspace::empty();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir(workspace.path("input/fonts")).expect("a folder");
    let font = "input/fonts/NotoSansJP-Regular.ttf";
    fs::copy(root.join(font), workspace.path(font)).expect("the font is there");
    workspace.write(
        "input/billing.toml",
        &format!(
            "timezone = \"UTC\"\n[seller]\nname = \"X\"\ncity = \"Y\"\ntax_id = \"DE1\"\n\
             [invoice]\nproration_lines = \"{lines}\"\n\
             [pdf]\nfonts = [\"fonts/NotoSansJP-Regular.ttf\"]\n"
        ),
    );
    let [product, other_product, percentage, amount, adjustment] = names.all().map(cell);
    workspace.write(
        "input/prices.csv",
        &format!(
            "price_id,product,currency,unit_amount,interval\n\
             p,{product},EUR,30.00,month\no,{other_product},EUR,60.00,month\n"
        ),
    );
    let mut tables = [
        ("accounts", "account_id,name,email,locale".to_owned()),
        ("subscriptions", "subscription_id,account_id,price_id,quantity,started_at".to_owned()),
        ("changes", "change_id,at,subscription_id,kind,quantity,price_id".to_owned()),
        ("adjustments", "adjustment_id,account_id,at,currency,amount,description".to_owned()),
        (
            "discounts",
            "discount_id,name,account_id,percent,amount,currency,starts_at,duration".to_owned(),
        ),
    ];
    for language in LANGUAGES {
        for ((_, rows), row) in tables.iter_mut().zip([
            format!("\n{language},X,x@example.com,{language}"),
            format!("\ns-{language},{language},p,3,2020-05-01"),
            format!(
                "\nc-{language},2020-05-11,s-{language},quantity,2,\n\
                 o-{language},2020-05-21,s-{language},price,2,o"
            ),
            format!("\ng-{language},{language},2020-05-15,EUR,12.50,{adjustment}"),
            format!(
                "\nd-{language},{percentage},{language},25,,,2020-05-01,forever\n\
                 e-{language},{amount},{language},,5.00,EUR,2020-05-01,forever"
            ),
        ]) {
            rows.push_str(&row);
        }
    }
    for (table, rows) in &tables {
        workspace.write(&format!("input/{table}.csv"), &format!("{rows}\n"));
    }
    workspace.succeed(&["close", "--as-of", "2020-06-02", "--bill-from-start"]);
    for language in LANGUAGES {
        workspace.append(
            "input/changes.csv",
            &format!("l-{language},2020-05-06,s-{language},quantity,5,"),
        );
        workspace
            .append("input/subscriptions.csv", &format!("t-{language},{language},p,2,2020-05-10"));
    }
    workspace.close("2020-07-02");
    workspace
}

/// The English descriptions of all lines.
fn descriptions(workspace: &Workspace) -> Vec<String> {
    let closes = ["2020-06-02", "2020-07-02"].into_iter();
    let rows =
        closes.flat_map(|close| workspace.rows(&format!("output/{close}/invoice_lines.csv")));
    rows.map(|row| row.get("description").to_owned()).collect()
}

/// The text of all documents of each account without blanks, where lines may be broken.
fn documents(workspace: &Workspace) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for close in ["2020-06-02", "2020-07-02"] {
        for row in workspace.rows(&format!("output/{close}/invoices.csv")) {
            let path = format!("output/{close}/pdf/{}.pdf", row.get("invoice_number"));
            let bytes = fs::read(workspace.path(&path)).expect("a PDF");
            let text = texts.entry(row.get("account_id").to_owned()).or_default();
            text.push_str(&without_blanks(&pdf_text(&bytes)));
        }
    }
    texts
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The words of a language between the name of a discount and the line it reduces.
fn after_discount(language: &str) -> String {
    let path = format!("{}/assets/languages/{language}.toml", env!("CARGO_MANIFEST_DIR"));
    let texts = fs::read_to_string(path).expect("a language");
    let line = texts.lines().find(|line| line.starts_with("discount_line")).expect("discounts");
    let (_, after) = line.split_once("{discount}").expect("a place for the name");
    let (after, _) = after.split_once("{line}").expect("a place for the line");
    without_blanks(&after.replace("{off}", "25%"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 8, ..ProptestConfig::default() })]

    #[test]
    fn names_are_said_whole(names in names(), lines in prop::sample::select(vec!["pairs", "net"])) {
        let workspace = closed(&names, lines);
        // In tables, sentences are those of plain names with these names in their place.
        let plain = Names::plain();
        let expected = descriptions(&closed(&plain, lines)).into_iter().map(|said| {
            let pairs = plain.all().into_iter().zip(names.all());
            pairs.fold(said, |said, (plain, name)| said.replace(plain, name))
        });
        prop_assert_eq!(descriptions(&workspace), expected.collect::<Vec<_>>());
        for (language, text) in documents(&workspace) {
            for name in names.all() {
                prop_assert!(text.contains(&without_blanks(name)), "{language}: {name}\n{text}");
            }
            let said = without_blanks(&names.percentage) + &after_discount(&language);
            prop_assert!(text.contains(&said), "{language}: {said}\n{text}");
        }
    }
}
