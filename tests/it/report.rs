//! `report.html` from the outside: it stands alone, says what the tables say, and moves add up from
//! close to close.

use crate::support::{Workspace, data};

/// The cells of the table with a caption, row by row, as texts.
pub(crate) fn table(page: &str, caption: &str) -> Vec<Vec<String>> {
    let start = page.find(&format!("<caption>{caption}</caption>"));
    let rest = &page[start.unwrap_or_else(|| panic!("no table {caption}"))..];
    let body =
        rest.split_once("<tbody>").expect("a body").1.split_once("</tbody>").expect("its end");
    let rows = body.0.split("</tr>").filter(|row| row.contains("<t"));
    rows.map(|row| row.split("</t").filter(|cell| cell.contains('<')).map(text).collect()).collect()
}

/// A piece of the page without its tags.
fn text(markup: &str) -> String {
    let pieces = markup.split('<').map(|piece| piece.split_once('>').map_or("", |(_, text)| text));
    pieces.collect::<String>().trim().to_owned()
}

fn bridge(workspace: &Workspace, close: &str, currency: &str, since: &str) -> Vec<Vec<String>> {
    let page = workspace.read(&format!("output/{close}/report.html"));
    let rows = table(&page, &format!("Recurring revenue in {currency} since {since}"));
    rows.into_iter().map(|row| row.into_iter().filter(|cell| !cell.is_empty()).collect()).collect()
}

#[test]
fn the_page_stands_alone_and_what_it_names_is_there() {
    let workspace = Workspace::with_sample();
    workspace.close("2020-06-28");
    let page = workspace.read("output/2020-06-28/report.html");
    for foreign in ["<script", "http://", "https://", "src=", "@import", "url(", "/tmp"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    for link in page.split("href=\"").skip(1) {
        let link = link.split('"').next().expect("an end");
        let is_there =
            link.starts_with('#') || workspace.path("output/2020-06-28").join(link).exists();
        assert!(is_there || link == "data:,", "{link}");
    }
    let totals = workspace.read("output/2020-06-28/summary.json");
    let summary: serde_json::Value = serde_json::from_str(&totals).expect("JSON");
    for row in table(&page, "Totals by currency") {
        let of = |key: &str| summary["totals"][&row[0]][key].as_str().expect("a sum").to_owned();
        assert_eq!(row[5].replace(',', "").replace('\u{2212}', "-"), of("total"));
        assert_eq!(row[8].replace(',', ""), of("amount_due"));
    }
}

#[test]
fn names_are_text_and_never_markup() {
    let workspace = Workspace::with_sample();
    let accounts = workspace.read("input/accounts.csv");
    let hostile = accounts.replace("Meridian Health Network", "<script>alert(1)</script>&amp;");
    workspace.write("input/accounts.csv", &hostile);
    workspace.close("2020-06-28");
    let page = workspace.read("output/2020-06-28/report.html");
    assert!(!page.contains("<script"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"));
}

#[test]
fn every_account_moves_as_the_log_says() {
    let workspace = Workspace::with_input(&data("review/input"));
    workspace.close("2024-02-01");
    workspace.append("input/changes.csv", "c8,2024-02-12T00:00:00Z,s-paused,resume,");
    workspace.append("input/changes.csv", "c9,2024-01-11T00:00:00Z,s-late,quantity,1");
    workspace.close("2024-03-01");
    // 9 accounts of 20.00, shrinks' 50.00, a quarter's 6.00 and a year's 120.00 shared by months.
    let rows = bridge(&workspace, "2024-03-01", "USD", "2024-02-01");
    let expected = [
        &["Before", "242.00"][..],
        &["New", "1", "+20.00"],
        &["Reactivation", "0", "0.00"],
        // grows by two seats, big by 198.
        &["Expansion", "2", "+2,000.00"],
        // shrinks by four seats, and what is learned late of late's one.
        &["Contraction", "2", "\u{2212}50.00"],
        // empty holds nothing; gone runs until the end of its period.
        &["Churn", "1", "\u{2212}20.00"],
        &["Now", "12", "2,192.00"],
    ];
    assert_eq!(rows, expected);
    assert_eq!(
        bridge(&workspace, "2024-03-01", "EUR", "2024-02-01")[3],
        ["Expansion", "1", "+2.00"]
    );
    workspace.append("input/changes.csv", "c10,2024-03-05T00:00:00Z,s-empty,quantity,3");
    workspace.close("2024-04-01");
    let rows = bridge(&workspace, "2024-04-01", "USD", "2024-03-01");
    // It goes on from where the last close stood.
    assert_eq!(rows[0], ["Before", "2,192.00"]);
    assert_eq!(rows[1], ["New", "1", "+20.00"], "the trial is over");
    assert_eq!(rows[2], ["Reactivation", "1", "+30.00"]);
    assert_eq!(rows[5], ["Churn", "1", "\u{2212}20.00"], "gone is gone");
}

#[test]
fn a_price_change_for_all_is_no_expansion() {
    let workspace = Workspace::with_input(&data("review/input"));
    let prices = workspace.read("input/prices.csv");
    let old = prices.lines().nth(1).expect("a price").to_owned();
    let (id, rest) = old.split_once(',').expect("columns");
    workspace.append("input/prices.csv", &format!("dearer,{}", rest.replacen("10.00", "11.00", 1)));
    workspace.write(
        "input/price_changes.csv",
        &format!("price_change_id,price_id,new_price_id,from\nrise,{id},dearer,2024-02-01\n"),
    );
    workspace.close("2024-01-31");
    workspace.close("2024-03-01");
    let rows = bridge(&workspace, "2024-03-01", "USD", "2024-01-31");
    let named = |name: &str| rows.iter().find(|row| row[0] == name).cloned().unwrap_or_default();
    // The units held now, at a dearer price; what grew beside is expansion.
    assert_eq!(named("Price change"), ["Price change", "8", "+215.00"]);
    assert_eq!(named("Expansion"), ["Expansion", "2", "+2,000.00"]);
}

#[test]
fn an_empty_close_and_an_opened_register_have_a_page() {
    let workspace = Workspace::with_sample();
    workspace.succeed(&["open", "--as-of", "2020-01-01"]);
    workspace.close("2020-01-02");
    for close in ["2020-01-01", "2020-01-02"] {
        let page = workspace.read(&format!("output/{close}/report.html"));
        assert!(page.contains("Nothing was due"), "{close}");
    }
}
