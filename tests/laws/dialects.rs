//! A company bills the same whatever the dialect of its tables: delimiter, decimal mark, quotes, line
//! ends, encoding, and names of columns and words. Shards and runs about one account read the same
//! too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use csv::{QuoteStyle, Terminator, WriterBuilder};
use encoding_rs::{ISO_8859_15, WINDOWS_1252};
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::{cases, invent};
use crate::config::{self, TextEncoding};
use crate::input::Loaded;
use crate::model::Shard;
use crate::pipeline::{CloseArgs, Folders, close};
use crate::table::{Part, TableReader};
use crate::value::{AsOf, Instant};

const TABLES: [&str; 10] = [
    "tax_rates",
    "accounts",
    "account_changes",
    "prices",
    "price_tiers",
    "subscriptions",
    "changes",
    "discounts",
    "adjustments",
    "payments",
];

/// The columns whose numbers have a decimal mark.
const NUMBERS: [&str; 4] = ["unit_amount", "flat_amount", "amount", "percent"];

/// The columns whose words are not ids.
const WORDS: [&str; 15] = [
    "column",
    "interval",
    "scheme",
    "billing",
    "on_increase",
    "on_decrease",
    "on_cancel",
    "kind",
    "policy",
    "duration",
    "timing",
    "behavior",
    "treatment",
    "country",
    "price_id",
];

/// How one table is written.
#[derive(Clone, Debug)]
struct Written {
    delimiter: u8,
    has_decimal_comma: bool,
    encoding: TextEncoding,
    quotes_all: bool,
    has_carriage_returns: bool,
    /// A bit for each column, by its position: whether it has another name, and other words.
    renamed: u32,
    reworded: u32,
}

fn written() -> impl Strategy<Value = Written> {
    let encodings = [
        TextEncoding::Utf8,
        TextEncoding::Windows1252,
        TextEncoding::Iso8859_1,
        TextEncoding::Iso8859_15,
        TextEncoding::Utf16,
    ];
    (
        prop::sample::select(b",;|\t".to_vec()),
        prop::sample::select(encodings.to_vec()),
        (any::<bool>(), any::<bool>(), any::<bool>()),
        (any::<u32>(), any::<u32>()),
    )
        .prop_map(|(delimiter, encoding, (comma, quotes, returns), (renamed, reworded))| {
            Written {
                delimiter,
                has_decimal_comma: comma,
                encoding,
                quotes_all: quotes,
                has_carriage_returns: returns,
                renamed,
                reworded,
            }
        })
}

/// The table in its dialect, and the lines of billing.toml that say so.
fn rewritten(table: &str, text: &str, how: &Written) -> (Vec<u8>, [String; 3]) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> =
        reader.headers().expect("a header").iter().map(ToOwned::to_owned).collect();
    let has = |bits: u32, place: usize| bits >> (place % 32) & 1 == 1;
    let is_own_id = |name: &str| table == "prices" && name == "price_id";
    let mut columns = String::new();
    let mut header = Vec::new();
    for (place, name) in names.iter().enumerate() {
        if has(how.renamed, place) {
            let theirs = format!("Größe, {name}; \"{place}|");
            let _ = writeln!(columns, "{name} = {}", toml::Value::String(theirs.clone()));
            header.push(theirs);
        } else {
            header.push(name.clone());
        }
    }
    let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut writer = WriterBuilder::new()
        .delimiter(how.delimiter)
        .quote_style(if how.quotes_all { QuoteStyle::Always } else { QuoteStyle::Necessary })
        .terminator(if how.has_carriage_returns {
            Terminator::CRLF
        } else {
            Terminator::Any(b'\n')
        })
        .from_writer(Vec::new());
    writer.write_record(&header).expect("memory");
    for record in reader.records() {
        let record = record.expect("a row");
        let cells = names.iter().zip(&record).enumerate().map(|(place, (name, cell))| {
            if NUMBERS.contains(&name.as_str()) && how.has_decimal_comma {
                return cell.replace('.', ",");
            }
            let is_word = WORDS.contains(&name.as_str()) && !is_own_id(name);
            let is_nothing = cell.is_empty() && name != "account_id";
            if has(how.reworded, place) && (is_word || is_nothing) {
                words.entry(name.clone()).or_default().insert(cell.to_owned());
                return word(cell);
            }
            cell.to_owned()
        });
        writer.write_record(cells).expect("memory");
    }
    let text = String::from_utf8(writer.into_inner().expect("memory")).expect("text");
    let (bytes, encoding) = encoded(&text, how.encoding);
    let file = format!(
        "{table} = {{ delimiter = {}, decimal = \"{}\", encoding = \"{}\" }}\n",
        toml::Value::String(char::from(how.delimiter).to_string()),
        if how.has_decimal_comma { "," } else { "." },
        encoding.name(),
    );
    let columns = format!("[input.columns.{table}]\n{columns}");
    let words = words.iter().map(|(column, words)| {
        let lines = words.iter().map(|ours| {
            let [theirs, ours] = [word(ours), ours.clone()].map(toml::Value::String);
            format!("{theirs} = {ours}\n")
        });
        format!("[input.values.\"{table}.{column}\"]\n{}", lines.collect::<String>())
    });
    (bytes, [file, columns, words.collect()])
}

/// What a word is called in the file. None of ours is called so.
fn word(ours: &str) -> String {
    if ours.is_empty() { "ohne".to_owned() } else { format!("«{ours}; \"é\"»") }
}

/// The bytes, in UTF-16 if the encoding has not all letters.
fn encoded(text: &str, encoding: TextEncoding) -> (Vec<u8>, TextEncoding) {
    let by = match encoding {
        TextEncoding::Utf8 => return (text.into(), encoding),
        TextEncoding::Windows1252 => WINDOWS_1252,
        TextEncoding::Iso8859_15 => ISO_8859_15,
        TextEncoding::Iso8859_1 if text.chars().all(|c| u32::from(c) < 256) => {
            return (text.chars().map(|c| u8::try_from(c).expect("Latin-1")).collect(), encoding);
        }
        TextEncoding::Iso8859_1 | TextEncoding::Utf16 => return in_utf_16(text),
    };
    let (bytes, _, is_lossy) = by.encode(text);
    if is_lossy { in_utf_16(text) } else { (bytes.into_owned(), encoding) }
}

fn in_utf_16(text: &str) -> (Vec<u8>, TextEncoding) {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    // Some in one order of bytes, some in the other.
    let is_big = text.len().is_multiple_of(2);
    let bytes = |unit: u16| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    (units.flat_map(bytes).collect(), TextEncoding::Utf16)
}

/// Writes the same company in a dialect.
fn translate(from: &Path, to: &Path, dialects: &[Written]) {
    fs::create_dir(to).expect("a folder");
    let mut settings = fs::read_to_string(from.join("billing.toml")).expect("settings");
    let mut sections = [const { String::new() }; 3];
    for (table, how) in TABLES.iter().zip(dialects) {
        let name = format!("{table}.csv");
        let Ok(text) = fs::read_to_string(from.join(&name)) else { continue };
        let (bytes, lines) = rewritten(table, &text, how);
        fs::write(to.join(&name), bytes).expect("a table");
        for (section, lines) in sections.iter_mut().zip(lines) {
            section.push_str(&lines);
        }
    }
    let [files, columns, words] = sections;
    let _ = write!(settings, "\n[input.files]\n{files}\n{columns}\n{words}");
    fs::write(to.join("billing.toml"), settings).expect("settings");
}

fn company(seed: u64, to: &Path) {
    invent(9, seed, 4, to);
    let path = to.join("billing.toml");
    let settings = fs::read_to_string(&path).expect("settings");
    fs::write(path, settings.replace("packing = \"files\"", "packing = \"none\""))
        .expect("settings");
}

/// Everything that is read from an input folder, in small pieces: as a whole, in shards and for each
/// account.
fn read(input: &Path) -> Vec<String> {
    const PIECE: usize = 300;
    let (settings, _) = config::load(input).expect("settings");
    let read = |shard, part| {
        let reader = TableReader { chunk_bytes: PIECE, shard, part, ..TableReader::new(input) };
        let loaded = reader.load(&settings).expect("files");
        assert_eq!(loaded.problems.kept(), []);
        loaded
    };
    let shards = Shard::all(1).chain(Shard::all(3));
    let mut loaded: Vec<Loaded> = shards.map(|shard| read(shard, Part::All)).collect();
    let accounts: Vec<String> =
        loaded[0].book.accounts.iter().map(|account| account.id.to_string()).collect();
    loaded.extend(accounts.into_iter().map(|id| read(Shard::WHOLE, Part::Account(id))));
    loaded.into_iter().map(said).collect()
}

/// What was read. The index of the rates is in no order.
fn said(mut loaded: Loaded) -> String {
    let taxes = std::mem::take(&mut loaded.book.taxes);
    format!("{:?} {:?} {:?}", loaded.book, taxes.rates(), loaded.warnings)
}

/// The tables and the state of a close.
fn billed(input: &Path, output: &Path) -> BTreeMap<String, Vec<u8>> {
    let places = Folders { input: input.to_owned(), output: output.to_owned() };
    let as_of = AsOf::parse("2024-05-01").expect("a moment");
    let args = CloseArgs::new(places, as_of, Instant::from_unix_seconds(1_800_000_000));
    close(&CloseArgs { bill_from_start: true, ..args }).expect("a close");
    let close = output.join("2024-05-01");
    let mut files = BTreeMap::new();
    for folder in [close.clone(), close.join("state")] {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let name = entry.file_name().into_string().expect("a name");
            if entry.path().is_file() && !name.starts_with("manifest.") {
                files.insert(name, fs::read(entry.path()).expect("a file"));
            }
        }
    }
    files
}

proptest! {
    #![proptest_config(Config { cases: cases().cases.div_ceil(60), ..cases() })]

    #[test]
    fn every_dialect_says_the_same(
        seed in 1_u64..1000,
        dialects in prop::collection::vec(written(), TABLES.len()),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let [plain, other] = ["plain", "other"].map(|name| folder.path().join(name));
        company(seed, &plain);
        translate(&plain, &other, &dialects);
        prop_assert!(read(&other) == read(&plain));
        let outputs = ["by plain", "by other"].map(|name| folder.path().join(name));
        let [one, two] = outputs;
        let (one, two) = (billed(&plain, &one), billed(&other, &two));
        prop_assert!(one.len() > 15 && one.keys().eq(two.keys()));
        for (name, bytes) in &one {
            prop_assert!(two[name] == *bytes, "{} differs", name);
        }
    }
}
