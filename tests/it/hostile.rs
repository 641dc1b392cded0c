//! Input that is made to exhaust or deceive the program: it is refused, in the time and memory of a
//! small run.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Workspace, data};

/// A small, valid input folder.
fn small() -> Workspace {
    Workspace::with_input(&data("errors/base"))
}

/// The header of the log, and a subscription that begins on 1 January 2020.
const CHANGES: &str = "change_id,at,subscription_id,kind,quantity\n";

#[test]
fn of_many_problems_all_are_counted_and_a_bounded_number_is_kept() {
    const ROWS: usize = 20_000;
    let workspace = small();
    let mut changes = CHANGES.to_owned();
    for row in 0..ROWS {
        let _ = writeln!(changes, "c{row},yesterday,olive-seats,quantity,many");
    }
    workspace.write("input/changes.csv", &changes);
    let (code, said) = workspace.fail(&["close", "--as-of", "2020-07-01"]);
    assert_eq!(code, 65);
    assert!(said.contains("    20000 × input/changes.csv: at is not a date or time\n"), "{said}");
    assert!(said.contains("    20000 × input/changes.csv: quantity is not a whole number\n"));
    let end = "the first 50 are shown; the first 1000 of each kind are in output/problems.csv\n\
               40000 problems; nothing was published\n";
    assert!(said.ends_with(end), "{said}");
    let listed = workspace.rows("output/problems.csv");
    assert_eq!(listed.len(), 2_000);
    assert_eq!(listed[1_999].cells(["line", "column"]), ["1001", "quantity"]);
}

#[test]
fn accounts_beyond_the_kept_problems_are_withheld_too() {
    let workspace = small();
    let mut accounts = "account_id,name,email,tax_id,timezone\n".to_owned();
    for account in 0..1_500 {
        let _ = writeln!(accounts, "a{account},A,a@a.example,,Mars/Base");
    }
    accounts.push_str("acc-olive,Olive Studio,hello@olive.example,,UTC\n");
    accounts.push_str("acc-pine,Pine Works,office@pine.example,,Europe/Berlin\n");
    workspace.write("input/accounts.csv", &accounts);
    let output = workspace.run(&["close", "--as-of", "2020-07-01", "--withhold"]);
    assert_eq!(output.status.code(), Some(10));
    let withheld = workspace.rows("output/2020-07-01/exceptions.csv");
    let withheld = withheld.iter().filter(|row| row.get("kind") == "withheld");
    assert_eq!(withheld.count(), 1_500);
}

/// One subscription with a change in each minute of its year.
fn many_changes(count: usize, max_lines: usize) -> Workspace {
    let workspace = Workspace::empty();
    workspace.write(
        "input/billing.toml",
        &format!(
            "[seller]\nname = \"S\"\n[invoice]\nmax_lines = {max_lines}\n[pdf]\npacking = \"none\"\n"
        ),
    );
    workspace.write("input/accounts.csv", "account_id,name,email\na,A,a@a.example\n");
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval,on_increase,on_decrease\n\
         p,P,EUR,1000.00,year,next_invoice,next_invoice\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns,a,p,3,2020-01-01\n",
    );
    let mut changes = CHANGES.to_owned();
    for number in 0..count {
        let (day, hour, minute) = (number / 1440 + 1, number / 60 % 24, number % 60);
        let quantity = 4 + number % 7;
        let _ = writeln!(
            changes,
            "c{number},2020-03-{day:02}T{hour:02}:{minute:02}:00Z,s,quantity,{quantity}"
        );
    }
    workspace.write("input/changes.csv", &changes);
    workspace
}

#[test]
fn changes_of_one_period_cost_in_proportion_to_their_number() {
    let took = |count: usize| {
        let workspace = many_changes(count, 1_000_000);
        let began = Instant::now();
        workspace.succeed(&["check", "--as-of", "2021-01-01"]);
        began.elapsed()
    };
    let (some, many) = (took(4_000), took(32_000));
    // Eight times as many would take 64 times as long, if each were compared with all others.
    assert!(many < some * 24 + Duration::from_secs(1), "{some:?}, {many:?}");
}

#[test]
fn a_document_has_the_allowed_number_of_lines_and_not_one_more() {
    // Two lines a change, and the new year.
    let workspace = many_changes(50, 101);
    workspace.succeed(&["close", "--as-of", "2021-01-01", "--bill-from-start"]);
    assert_eq!(workspace.rows("output/2021-01-01/invoice_lines.csv").len(), 102);
    let workspace = many_changes(50, 100);
    let (code, said) = workspace.fail(&["close", "--as-of", "2021-01-01", "--bill-from-start"]);
    let told = "error: input/accounts.csv:2: account_id \"a\" has an invoice of \
                2021-01-01T00:00:00Z in EUR with 101 lines; the limit is 100\n\
                hint: look for repeated rows in changes.csv; if they are right, raise \
                invoice.max_lines in billing.toml\n";
    assert_eq!((code, said.starts_with(told)), (65, true), "{said}");
    // A register may be opened with more, because another system made that document.
    workspace.succeed(&["open", "--as-of", "2021-01-01"]);
}

/// Characters that a terminal obeys: the start of an escape sequence, and a change of direction.
const OBEYED: [char; 3] = ['\u{1b}', '\u{9b}', '\u{202e}'];

fn is_harmless(text: &str) -> bool {
    !text.contains(OBEYED)
}

/// A close whose names, products, methods and descriptions command the terminal, as an earlier
/// version or another hand may have written them.
fn commanding() -> Workspace {
    let workspace = Workspace::with_latin_sample();
    workspace.close("2020-06-28");
    for (table, columns) in [
        ("invoices.csv", &["account_name"][..]),
        ("invoice_lines.csv", &["account_name", "product", "description", "price_detail"]),
        ("receivables.csv", &["account_name"]),
        ("payments_applied.csv", &["method"]),
    ] {
        let path = workspace.path("output/2020-06-28").join(table);
        let mut reader = csv::Reader::from_path(&path).expect("a table");
        let header = reader.headers().expect("a header").clone();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&header).expect("a header");
        for record in reader.records() {
            let record = record.expect("a record");
            let cells = header.iter().zip(record.iter()).map(|(name, cell)| {
                let bad = if columns.contains(&name) { BAD } else { "" };
                format!("{cell}{bad}")
            });
            writer.write_record(cells.collect::<Vec<String>>()).expect("a record");
        }
        fs::write(path, writer.into_inner().expect("memory")).expect("a table");
    }
    workspace
}

/// It names the window, clears it, turns the text around and forges a line.
const BAD: &str = "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\ny";

#[test]
fn names_cannot_command_the_terminal() {
    let workspace = commanding();
    let invoices = workspace.rows("output/2020-06-28/invoices.csv");
    let mut answers = Vec::new();
    for invoice in &invoices {
        let [number, account] = invoice.cells(["invoice_number", "account_id"]);
        answers.push(workspace.succeed(&["explain", number]));
        for command in ["statement", "history"] {
            answers.push(workspace.succeed(&[command, "--account", account]));
            let json = workspace.succeed(&[command, "--account", account, "--format", "json"]);
            serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
            answers.push(json);
        }
    }
    answers.push(workspace.succeed(&["owed"]));
    let json = workspace.succeed(&["owed", "--format", "json"]);
    let owed: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let name = owed["accounts"][0]["account_name"].as_str().expect("a name");
    assert!(name.contains('\u{1b}') && name.contains('\u{202e}'), "{name:?}: data are as they are");
    answers.push(json);
    for answer in &answers {
        assert!(is_harmless(answer), "{answer:?}");
    }
    let shown = answers.concat();
    assert!(shown.contains("\\u{1b}]0;x\\u{7}\\u{9b}2J\\u{202e}\\u{a}y"), "{shown}");
    // A program that reads CSV gets the data.
    assert!(!is_harmless(&workspace.succeed(&["owed", "--format", "csv"])));
}

#[test]
fn messages_and_logs_cannot_command_the_terminal() {
    let hostile = "a\u{1b}[2J\u{202e}\u{9b}b";
    for format in ["human", "json"] {
        for prepare in [
            (|it, bad| it.append("input/changes.csv", &format!("{bad},x,{bad},{bad},,,,,,")))
                as fn(&Workspace, &str),
            |it, bad| it.append("input/accounts.csv", &format!("z,{bad},{bad},{bad},{bad},{bad}")),
            |it, bad| it.append("input/billing.toml", &format!("\n[colour]\n'{bad}' = 1")),
            |it, bad| it.append("input/billing.toml", &format!("logo = '{bad}.png'")),
            |it, bad| it.write(&format!("input/{bad}"), ""),
        ] {
            let workspace = small();
            prepare(&workspace, hostile);
            let mut arguments = vec!["close", "--as-of", "2020-07-01", "--log-format", format];
            arguments.extend(["-vv", "--output"]);
            let elsewhere = format!("out{hostile}");
            arguments.push(&elsewhere);
            let output = workspace.run(&arguments);
            let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
            assert!(is_harmless(&said), "{said:?}");
            if format == "json" && !output.status.success() {
                let mut lines = said.lines().filter(|line| line.starts_with('{'));
                assert!(lines.all(|it| serde_json::from_str::<serde_json::Value>(it).is_ok()));
            }
        }
    }
    let output = small().run(&["close", hostile]);
    assert!(is_harmless(&String::from_utf8(output.stderr).expect("UTF-8")));
}

#[test]
fn an_address_with_controls_is_no_address() {
    for column in ["email", "billing_email"] {
        for bad in ["ap\u{1b}[2J@a.example", "ap\u{202e}@a.example", "ap@a..example"] {
            let workspace = small();
            let rest = if column == "email" { format!("{bad},") } else { format!(",{bad}") };
            let accounts = format!(
                "account_id,name,email,billing_email\nacc-olive,Olive,{rest}\n\
                                    acc-pine,Pine,p@pine.example,\n"
            );
            workspace.write("input/accounts.csv", &accounts);
            let (code, said) = workspace.fail(&["check", "--as-of", "2020-07-01"]);
            assert_eq!(code, 65);
            assert!(said.contains(&format!("input/accounts.csv:2: {column} \"ap")), "{said}");
            assert!(said.contains("is not an e-mail address"), "{said}");
        }
    }
}

#[test]
fn pipes_devices_and_folders_are_refused_before_they_are_read() {
    let workspace = small();
    workspace.append("input/billing.toml", "logo = \"logo.png\"\nfonts = [\"font.ttf\"]");
    let font = crate::support::root().join("assets/fonts/NotoSans-Regular.ttf");
    fs::copy(font, workspace.path("input/font.ttf")).expect("a font");
    fs::write(workspace.path("input/logo.png"), dot()).expect("a logo");
    for (file, code) in [
        ("billing.toml", 78),
        ("accounts.csv", 66),
        ("changes.csv", 66),
        ("payments.csv", 66),
        ("logo.png", 78),
        ("font.ttf", 78),
    ] {
        let path = workspace.path("input").join(file);
        let before = fs::read(&path).ok();
        for (kind, what) in
            [("pipe", "a named pipe"), ("device", "a device"), ("folder", "a folder")]
        {
            let _ = fs::remove_file(&path);
            match kind {
                "pipe" => {
                    let made = Command::new("mkfifo").arg(&path).status().expect("mkfifo");
                    assert!(made.success());
                }
                "device" => symlink("/dev/zero", &path).expect("a link"),
                _ => fs::create_dir(&path).expect("a folder"),
            }
            let mut run = workspace.command(&["close", "--as-of", "2020-07-01"]);
            let output = within(Duration::from_mins(1), run.stderr(Stdio::piped()));
            let said = String::from_utf8(output.stderr).expect("UTF-8");
            assert_eq!(output.status.code(), Some(code), "{file} as {kind}: {said}");
            let told = format!("error: input/{file}: is {what}, not a file\nhint: ");
            assert!(said.starts_with(&told), "{file} as {kind}: {said}");
            let _ = fs::remove_dir(&path);
        }
        let _ = fs::remove_file(&path);
        if let Some(before) = before {
            fs::write(&path, before).expect("the file again");
        }
    }
    // Everything is there again.
    workspace.close("2020-07-01");
}

/// A logo of one black point.
fn dot() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    let written = encoder.write_header().and_then(|mut it| it.write_image_data(&[0]));
    written.expect("a picture");
    bytes
}

/// Runs a command that must end soon.
fn within(time: Duration, command: &mut Command) -> Output {
    let mut process = command.spawn().expect("it starts");
    let end = Instant::now() + time;
    while process.try_wait().expect("it can be waited for").is_none() {
        if Instant::now() > end {
            process.kill().expect("it can be ended");
            panic!("it hangs");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    process.wait_with_output().expect("its output")
}

#[test]
fn files_have_a_largest_size() {
    for (file, mib, otherwise) in [
        // A file of NUL characters is no setting, no image and no font.
        ("billing.toml", 1, "is not TOML"),
        ("logo.png", 16, "is neither PNG nor JPEG"),
        ("font.ttf", 64, "is not a TrueType or OpenType font"),
    ] {
        let workspace = small();
        match file {
            "logo.png" => workspace.append("input/billing.toml", "logo = \"logo.png\""),
            "font.ttf" => workspace.append("input/billing.toml", "fonts = [\"font.ttf\"]"),
            _ => {}
        }
        let path = workspace.path("input").join(file);
        let open = fs::OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let open = open.expect("a file");
        for (bytes, rule) in [(mib << 20, otherwise), ((mib << 20) + 1, "which is the limit")] {
            open.set_len(bytes).expect("a large file");
            let (code, said) = workspace.fail(&["close", "--as-of", "2020-07-01"]);
            assert_eq!((code, said.contains(rule)), (78, true), "{file} of {bytes}: {said}");
        }
    }
}

#[test]
fn a_link_to_nothing_is_no_missing_table() {
    let workspace = small();
    symlink("nowhere", workspace.path("input/payments.csv")).expect("a link");
    let (code, said) = workspace.fail(&["close", "--as-of", "2020-07-01"]);
    let told = "error: input/payments.csv: is a link to a file that is not there\n";
    assert_eq!((code, said.starts_with(told)), (66, true), "{said}");
}

#[test]
fn a_lack_of_threads_is_an_error_with_a_remedy() {
    let workspace = small();
    let mut command = workspace.command(&["close", "--as-of", "2020-07-01"]);
    // No system has so much memory for the stack of a thread.
    command.env("RUST_MIN_STACK", "70000000000000");
    let output = command.output().expect("it starts");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(71), "{said}");
    assert!(said.contains("error: no further thread can be started: "), "{said}");
    assert!(said.contains("\nhint: raise the limit of processes"), "{said}");
    assert!(!workspace.path("output").exists());
}

#[test]
fn missing_files_of_a_close_are_damage_with_the_hint_to_restore() {
    for file in ["manifest.sha256", "state/subscriptions.parquet", "state/credit.parquet"] {
        let workspace = small();
        workspace.close("2020-06-15");
        workspace.remove(&format!("output/2020-06-15/{file}"));
        for command in ["close", "check"] {
            let (code, said) = workspace.fail(&[command, "--as-of", "2020-07-01"]);
            let told = format!(
                "error: output/2020-06-15/{file}: is missing\n\
                 hint: the close is damaged; restore it from a backup\n"
            );
            assert_eq!((code, said), (65, told), "{command}");
        }
    }
}

#[test]
fn a_state_file_that_cannot_be_read_or_mapped_is_no_bug() {
    let workspace = small();
    workspace.close("2020-06-15");
    let path = workspace.path("output/2020-06-15/state/credit.parquet");
    fs::remove_file(&path).expect("it was there");
    fs::create_dir(&path).expect("a folder");
    let (code, said) = workspace.fail(&["owed"]);
    assert_eq!((code, said.contains("a bug")), (74, false), "{said}");
}
