//! `prorata verify --deep`: whoever forges a close with all its digests is found, whatever the file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use polars::prelude::{
    Column, DataFrame, DataType, NamedFrom as _, ParquetReader, ParquetWriter, SerReader as _,
    Series,
};
use serde_json::Value;

use super::seats;
use crate::support::{Workspace, data, files_below, root, sha256_hex};

/// Edits the files of a close, and makes all digests of the close fit again. `edit` returns the new
/// content of a file. Returns the edited files.
fn forge(
    workspace: &Workspace,
    close: &str,
    mut edit: impl FnMut(&str, &[u8]) -> Option<Vec<u8>>,
) -> Vec<String> {
    let folder = workspace.path(&format!("output/{close}"));
    let mut edited = BTreeMap::new();
    for (name, content) in files_below(&folder) {
        if let Some(forged) = edit(&name, &content).filter(|forged| *forged != content) {
            fs::write(folder.join(&name), &forged).expect("writes");
            edited.insert(name, sha256_hex(&forged));
        }
    }
    let list = fs::read_to_string(folder.join("pdf.sha256")).unwrap_or_default();
    let lines = list.lines().map(|line| {
        let (_, name) = line.split_once("  ").expect("a digest and a name");
        edited.get(name).map_or(line.to_owned(), |digest| format!("{digest}  {name}"))
    });
    let listed: String = lines.map(|line| line + "\n").collect();
    fs::write(folder.join("pdf.sha256"), listed).expect("writes");
    seal(&folder, |_| ());
    edited.into_keys().collect()
}

/// Edits a manifest, and makes its digests fit what is there.
fn seal(folder: &Path, edit: impl FnOnce(&mut Value)) {
    let text = fs::read(folder.join("manifest.json")).expect("a manifest");
    let mut manifest: Value = serde_json::from_slice(&text).expect("JSON");
    for file in manifest["outputs"].as_array_mut().expect("files") {
        let content =
            fs::read(folder.join(file["path"].as_str().expect("a path"))).expect("a file");
        file["sha256"] = sha256_hex(&content).into();
        file["bytes"] = content.len().into();
    }
    edit(&mut manifest);
    let text = serde_json::to_vec_pretty(&manifest).expect("JSON");
    fs::write(folder.join("manifest.json"), &text).expect("writes");
    let digest = format!("{}  manifest.json\n", sha256_hex(&text));
    fs::write(folder.join("manifest.sha256"), digest).expect("writes");
}

/// A table with another text in its last row, in the first of these columns.
fn with_another_text(table: &[u8]) -> Option<Vec<u8>> {
    const COLUMNS: [&str; 9] = [
        "account_name",
        "description",
        "tax_name",
        "method",
        "recipient",
        "ledger_name",
        "product",
        "message",
        "memo",
    ];
    let mut reader = csv::Reader::from_reader(table);
    let header = reader.headers().expect("a header").clone();
    let mut rows: Vec<csv::StringRecord> = reader.records().flatten().collect();
    let place = COLUMNS.iter().find_map(|name| header.iter().position(|it| it == *name))?;
    let last = rows.pop()?;
    let cells = last.iter().enumerate();
    rows.push(cells.map(|(at, cell)| if at == place { "Mallory" } else { cell }).collect());
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    for row in std::iter::once(&header).chain(&rows) {
        writer.write_record(row).expect("writes");
    }
    writer.into_inner().ok()
}

/// State with another value in its first row: of its first column of texts that names something.
fn with_another_value(path: &Path) -> Option<Vec<u8>> {
    let reader = ParquetReader::new(fs::File::open(path).expect("a file"));
    let mut frame: DataFrame = reader.finish().expect("state");
    let name = frame
        .columns()
        .iter()
        .find(|it| *it.dtype() == DataType::String && !it.name().ends_with("digest"))?
        .name()
        .clone();
    let texts = frame.column(&name).expect("a column").str().expect("texts").clone();
    let mut texts: Vec<Option<String>> = texts.iter().map(|text| text.map(str::to_owned)).collect();
    let first = texts.iter_mut().flatten().next()?;
    first.push('\u{2019}');
    frame.with_column(Column::from(Series::new(name, texts))).expect("a column");
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).expect("Parquet");
    Some(bytes)
}

/// What a verification without findings says, with its notes.
fn verified(workspace: &Workspace) -> String {
    let output = workspace.run(&["verify", "--deep"]);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).expect("text");
    assert!(output.status.success(), "{said}");
    said
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|it| it == extension)
}

fn sample() -> Workspace {
    let workspace = Workspace::with_input(&root().join("input"));
    workspace.succeed(&["close", "--as-of", "2020-07-01", "--bill-from-start"]);
    workspace
}

/// The tables and state files of a close.
const FORGED: [&str; 28] = [
    "delivery.csv",
    "exceptions.csv",
    "invoice_lines.csv",
    "invoice_taxes.csv",
    "invoices.csv",
    "journal.csv",
    "payments_applied.csv",
    "receivables.csv",
    "report.html",
    "revenue_schedule.csv",
    "review.csv",
    "summary.json",
    "state/adjustments.parquet",
    "state/changes.parquet",
    "state/credit.parquet",
    "state/credits.parquet",
    "state/deferred.parquet",
    "state/discounts.parquet",
    "state/documents.parquet",
    "state/last_billed.parquet",
    "state/lines.parquet",
    "state/payments.parquet",
    "state/prices.parquet",
    "state/receivables.parquet",
    "state/subscriptions.parquet",
    "state/price_taxes.parquet",
    "state/tax_rates.parquet",
    "state/taxpayers.parquet",
];

#[test]
fn a_forgery_of_any_file_with_all_its_digests_is_found_and_named() {
    let workspace = sample();
    workspace.succeed(&["verify", "--deep"]);
    let folder = workspace.path("output/2020-07-01");
    let mut other = None;
    let forged = forge(&workspace, "2020-07-01", |name, content| {
        let extension = Path::new(name).extension().and_then(|it| it.to_str());
        match extension? {
            // Another customer's invoice.
            "pdf" => other.replace(content.to_vec()).or_else(|| Some(content.to_vec())),
            "csv" => with_another_text(content),
            "parquet" if name.starts_with("state/") => with_another_value(&folder.join(name)),
            "html" => Some([content, b"<!-- forged -->"].concat()),
            "json" if name == "summary.json" => {
                Some(String::from_utf8_lossy(content).replace("2020-07-01T", "2020-07-02T").into())
            }
            _ => None,
        }
    });
    for name in FORGED {
        assert!(forged.contains(&name.to_owned()), "{name} is not forged: {forged:?}");
    }
    assert!(forged.iter().filter(|name| has_extension(name, "pdf")).count() > 5, "{forged:?}");
    // The check of sums alone takes it for true.
    workspace.succeed(&["verify"]);
    let (code, said) = workspace.fail(&["verify", "--deep"]);
    assert_eq!(code, 65, "{said}");
    for name in &forged {
        assert!(said.contains(&format!("2020-07-01/{name}: ")), "{name}: {said}");
    }
    assert!(said.contains("Mallory"), "{said}");
}

/// The e-invoice is the invoice: another amount or another buyer in it is found, wherever it is kept.
#[test]
fn forged_e_invoices_are_found() {
    let closed = |packing: &str, name: &str| {
        let workspace = Workspace::with_input(&data("einvoice/company"));
        workspace.write_key("input/billing.toml", &format!("[pdf]\npacking = \"{packing}\"\n"));
        let accounts = workspace.read("input/accounts.csv");
        workspace.write("input/accounts.csv", &accounts.replace("Stadt Musterstadt", name));
        workspace.succeed(&["close", "--as-of", "2025-02-01", "--bill-from-start"]);
        workspace
    };
    let workspace = closed("files", "Stadt Musterstadt");
    let forged = forge(&workspace, "2025-02-01", |name, content| {
        let xml = has_extension(name, "xml").then(|| String::from_utf8_lossy(content))?;
        let end = "</cbc:PayableAmount>";
        Some(xml.replace(end, &format!("1{end}")).replace("Stadt", "Mallory").into())
    });
    assert!(forged.len() > 10, "{forged:?}");
    workspace.succeed(&["verify"]);
    let (code, said) = workspace.fail(&["verify", "--deep"]);
    assert_eq!(code, 65, "{said}");
    for name in &forged {
        assert!(said.contains(&format!("2025-02-01/{name}: ")), "{name}: {said}");
    }

    let [workspace, other] = ["Stadt Musterstadt", "Mallory"].map(|name| closed("zip", name));
    let archives = forge(&workspace, "2025-02-01", |name, _| {
        let path = other.path(&format!("output/2025-02-01/{name}"));
        name.starts_with("pdf.").then(|| fs::read(path).expect("a file"))
    });
    assert_eq!(archives, ["pdf.sha256", "pdf.zip"]);
    workspace.succeed(&["verify"]);
    let (_, said) = workspace.fail(&["verify", "--deep"]);
    assert!(said.contains("pdf.zip"), "{said}");
}

#[test]
fn a_forged_manifest_is_found() {
    type Edit = fn(&mut Value);
    let edits: [(&str, Edit); 5] = [
        ("counts.accounts is ", |it| it["counts"]["accounts"] = 7.into()),
        ("inputs.1.sha256 is ", |it| it["inputs"][1]["sha256"] = "00".into()),
        ("inputs.2.rows is ", |it| it["inputs"][2]["rows"] = 7.into()),
        ("settings.payment_terms_days is ", |it| it["settings"]["payment_terms_days"] = 7.into()),
        ("withheld", |it| it["withheld"] = vec!["acme"].into()),
    ];
    for (says, edit) in edits {
        let workspace = seats("advance", &[]);
        workspace.close("2015-01-05");
        seal(&workspace.path("output/2015-01-05"), edit);
        workspace.succeed(&["verify"]);
        let (code, said) = workspace.fail(&["verify", "--deep"]);
        assert_eq!(code, 65, "{said}");
        assert!(said.contains("manifest.json: ") && said.contains(says), "{says}: {said}");
    }
}

#[test]
fn a_close_cannot_pretend_to_be_of_a_format_that_keeps_no_inputs() {
    let workspace = seats("advance", &[]);
    workspace.close("2015-01-05");
    workspace.close("2015-02-01");
    let folder = workspace.path("output/2015-02-01");
    fs::remove_dir_all(folder.join("inputs")).expect("gone");
    let text = fs::read(folder.join("manifest.json")).expect("a manifest");
    let mut manifest: Value = serde_json::from_slice(&text).expect("JSON");
    let outputs = manifest["outputs"].as_array_mut().expect("files");
    outputs.retain(|file| !file["path"].as_str().expect("a path").starts_with("inputs/"));
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("writes");
    for (format, says) in [(6, "cannot be derived"), (5, "and the close before it in format 6")] {
        seal(&folder, |manifest| manifest["format"] = format.into());
        workspace.succeed(&["verify"]);
        let (code, said) = workspace.fail(&["verify", "--deep"]);
        assert_eq!(code, 65, "{said}");
        assert!(said.contains("output/2015-02-01") && said.contains(says), "{said}");
    }
}

#[test]
fn forged_inputs_do_not_make_a_close_true() {
    for file in ["inputs/new.zst", "inputs/pieces.parquet"] {
        let workspace = seats("advance", &[]);
        workspace.close("2015-01-05");
        let folder = workspace.path("output/2015-01-05");
        forge(&workspace, "2015-01-05", |name, content| match name {
            _ if name != file => None,
            "inputs/new.zst" => {
                let inputs = zstd::decode_all(content).expect("zstd");
                let inputs = String::from_utf8(inputs).expect("text").replace("Acme", "Ecma");
                Some(zstd::bulk::compress(inputs.as_bytes(), 3).expect("zstd"))
            }
            _ => with_another_value(&folder.join(file)),
        });
        workspace.succeed(&["verify"]);
        let (code, said) = workspace.fail(&["verify", "--deep"]);
        assert_eq!(code, 65, "{said}");
        assert!(said.contains("output/2015-01-05"), "{said}");
    }
}

/// A small grey PNG.
fn logo(grey: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 2, 2);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("memory takes it");
    writer.write_image_data(&[grey; 4]).expect("memory takes it");
    writer.finish().expect("memory takes it");
    bytes
}

/// A close whose PDFs have a logo and a font of the company.
fn with_a_look() -> Workspace {
    let workspace = seats("advance", &["c1,2015-01-10,s1,quantity,12,,"]);
    workspace
        .append("input/billing.toml", "[pdf]\nlogo = \"../logo.png\"\nfonts = [\"extra.otf\"]\n");
    fs::write(workspace.path("logo.png"), logo(9)).expect("writes");
    let font = root().join("input/fonts/NotoSansJP-Regular.ttf");
    fs::copy(font, workspace.path("input/extra.otf")).expect("a font");
    workspace.close("2015-01-05");
    workspace.close("2015-02-01");
    workspace
}

#[test]
fn a_new_address_logo_font_setting_or_program_is_no_difference() {
    let workspace = with_a_look();
    workspace
        .write("input/accounts.csv", "account_id,name,email\nacme,New Name,new@acme.example\n");
    fs::remove_file(workspace.path("logo.png")).expect("gone");
    fs::remove_file(workspace.path("input/extra.otf")).expect("gone");
    workspace.write(
        "input/billing.toml",
        "[seller]\nname = \"Chairs Ltd\"\ncity = \"Bath\"\ntax_id = \"GB123456789\"\n",
    );
    let newest = workspace.path("output/2015-02-01");
    seal(&newest, |manifest| {
        manifest["tool"]["version"] = "0.0.9".into();
        manifest["time_zones"] = "2020a".into();
    });
    let said = verified(&workspace);
    assert!(said.contains("2 derived again"), "{said}");
    assert!(said.contains("time zones 2020a"), "{said}");
}

#[test]
fn a_document_with_a_forged_address_is_found() {
    let [workspace, other] = [with_a_look(), with_a_look()];
    other.write("input/accounts.csv", "account_id,name,email\nacme,Mallory,m@acme.example\n");
    for close in ["2015-01-05", "2015-02-01", "latest"] {
        let path = other.path(&format!("output/{close}"));
        fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path)).expect("gone");
    }
    other.close("2015-01-05");
    other.close("2015-02-01");
    let forged = forge(&workspace, "2015-02-01", |name, _| {
        let path = other.path(&format!("output/2015-02-01/{name}"));
        has_extension(name, "pdf").then(|| fs::read(path).expect("a PDF"))
    });
    assert_eq!(forged.len(), 1);
    workspace.succeed(&["verify"]);
    let (_, said) = workspace.fail(&["verify", "--deep"]);
    let says = format!("output/2015-02-01/{}: line ", forged[0]);
    assert!(said.contains(&says) && said.contains("Mallory"), "{said}");
}

#[test]
fn of_another_rendering_tables_state_and_the_text_of_pdfs_are_compared() {
    for packing in ["files", "zip"] {
        let workspace = seats("advance", &["c1,2015-01-10,s1,quantity,12,,"]);
        workspace.append("input/billing.toml", &format!("[pdf]\npacking = \"{packing}\"\n"));
        workspace.close("2015-01-05");
        let folder = workspace.path("output/2015-01-05");
        let other_bytes = |name: &str, content: &[u8]| {
            let is_look = has_extension(name, "pdf") || has_extension(name, "html");
            is_look.then(|| [content, b"\n"].concat())
        };
        forge(&workspace, "2015-01-05", other_bytes);
        seal(&folder, |manifest| manifest["rendering"] = 5.into());
        let said = verified(&workspace);
        assert!(said.contains("report.html was not compared"), "{said}");
        let has_files = packing == "files";
        assert_eq!(said.contains("the look of PDFs was not compared"), has_files, "{said}");

        // Tables and state are compared all the same.
        let forged = forge(&workspace, "2015-01-05", |name, content| match name {
            "invoices.csv" => with_another_text(content),
            "state/subscriptions.parquet" => with_another_value(&folder.join(name)),
            _ => None,
        });
        assert_eq!(forged.len(), 2);
        let (_, said) = workspace.fail(&["verify", "--deep"]);
        for name in forged {
            assert!(said.contains(&format!("2015-01-05/{name}: ")), "{said}");
        }
    }
}

#[test]
fn pdfs_of_another_rendering_with_another_text_are_found() {
    for packing in ["files", "zip"] {
        let closed = |name: &str| {
            let workspace = seats("advance", &[]);
            workspace.append("input/billing.toml", &format!("[pdf]\npacking = \"{packing}\"\n"));
            workspace.write(
                "input/accounts.csv",
                &format!("account_id,name,email\nacme,{name},a@acme.example\n"),
            );
            workspace.close("2015-01-05");
            workspace
        };
        let (workspace, other) = (closed("Acme"), closed("Mallory"));
        forge(&workspace, "2015-01-05", |name, _| {
            let path = other.path(&format!("output/2015-01-05/{name}"));
            (has_extension(name, "pdf") || name.starts_with("pdf."))
                .then(|| fs::read(path).expect("it"))
        });
        seal(&workspace.path("output/2015-01-05"), |manifest| manifest["rendering"] = 5.into());
        workspace.succeed(&["verify"]);
        let (_, said) = workspace.fail(&["verify", "--deep"]);
        assert!(said.contains("pdf/INV-2015-00001.pdf: line "), "{said}");
        assert!(said.contains("Mallory"), "{said}");
    }
}

/// Version 1 said the same in other words.
#[test]
fn of_an_older_rendering_the_amounts_of_pdfs_are_compared() {
    let closed = |name: &str, quantity: u64| {
        let workspace = seats("advance", &[]);
        let subscriptions = workspace.read("input/subscriptions.csv");
        let other = subscriptions.replace(",seat,10,", &format!(",seat,{quantity},"));
        workspace.write("input/subscriptions.csv", &other);
        let accounts = format!("account_id,name,email\nacme,{name},a@acme.example\n");
        workspace.write("input/accounts.csv", &accounts);
        workspace.close("2015-01-05");
        workspace
    };
    let with_pdfs_of = |other: &Workspace| {
        let workspace = closed("Acme", 10);
        forge(&workspace, "2015-01-05", |name, _| {
            let path = other.path(&format!("output/2015-01-05/{name}"));
            (has_extension(name, "pdf") || name == "pdf.sha256")
                .then(|| fs::read(path).expect("it"))
        });
        seal(&workspace.path("output/2015-01-05"), |manifest| manifest["rendering"] = 1.into());
        workspace
    };
    let said = verified(&with_pdfs_of(&closed("Mallory", 10)));
    assert!(said.contains("the wording of PDFs was not compared"), "{said}");
    let (_, said) = with_pdfs_of(&closed("Acme", 11)).fail(&["verify", "--deep"]);
    assert!(said.contains("pdf/INV-2015-00001.pdf: says "), "{said}");
    assert!(said.contains(", and the inputs do not give that"), "{said}");
}

#[test]
fn a_register_can_be_verified_without_the_inputs_of_today() {
    let workspace = seats("advance", &["c1,2015-01-10,s1,quantity,12,,"]);
    workspace.close("2015-01-05");
    workspace.close("2015-02-01");
    let size = |close: &str| {
        let path = workspace.path(&format!("output/{close}/inputs/new.zst"));
        fs::metadata(path).expect("kept inputs").len()
    };
    assert!(size("2015-02-01") < 32, "the second close has no new pieces");
    fs::remove_dir_all(workspace.path("input")).expect("gone");
    let said = verified(&workspace);
    assert!(said.contains("2 derived again"), "{said}");
    assert!(said.contains("the inputs of today were not compared"), "{said}");
}
