//! `prorata history` and `prorata explain`.

use crate::support::Workspace;

fn closed() -> Workspace {
    let workspace = Workspace::with_sample();
    workspace.close("2020-05-31");
    workspace.close("2020-06-28");
    workspace
}

#[test]
fn history_lists_an_accounts_documents_over_all_closes() {
    let workspace = closed();
    let table = workspace.succeed(&["history", "--account", "kumu-atlas"]);
    let expected = "\
number          date        period                   currency  total  credit used    due  file
INV-2020-00007  2020-05-27  2020-05-27 – 2020-06-27  USD       70.00         0.00  70.00  output/2020-05-31/pdf/INV-2020-00007.pdf
INV-2020-00019  2020-06-27  2020-06-19 – 2020-07-27  USD       20.05         0.00  20.05  output/2020-06-28/pdf/INV-2020-00019.pdf
";
    assert_eq!(table, expected);
    let json = workspace.succeed(&["history", "--account", "kumu-annual", "--format", "json"]);
    let entries: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    let kinds: Vec<&str> = entries.iter().filter_map(|entry| entry["kind"].as_str()).collect();
    assert_eq!(kinds, ["invoice", "invoice", "credit"]);
    let csv = workspace.succeed(&["history", "--account", "kumu-atlas", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 3);
    let (code, message) = workspace.fail(&["history", "--account", "nobody"]);
    assert_eq!(code, 66);
    assert!(message.contains("the register has no account nobody"), "{message}");
}

#[test]
fn explain_gives_the_words_and_the_arithmetic_of_every_line() {
    let workspace = closed();
    let text = workspace.succeed(&["explain", "INV-2020-00019"]);
    for part in [
        "Invoice INV-2020-00019 of 2020-06-27, for Atlas Mapping Co-op (kumu-atlas)",
        "2. Unused time on 3 × Private projects after 19 Jun 2020   -14.93 USD",
        "because of change c-0001",
        "3 × 20.00 = 60.00 a month; 666,540 of 2,678,400 seconds were left; \
         60.00 × 666,540 ÷ 2,678,400 = 14.93, given back",
        "20.00 a month; 666,360 of 2,678,400 seconds were left; \
         20.00 × 666,360 ÷ 2,678,400 = 4.98",
        "Total 20.05 USD; 20.05 is due on 2020-07-11",
    ] {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
    let (code, _) = workspace.fail(&["explain", "INV-2020-99999"]);
    assert_eq!(code, 66);
}
