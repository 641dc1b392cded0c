//! What customers read: documents that share a change, texts in their language, and nothing that only
//! the seller understands.

use crate::support::{Workspace, pdf_text};

/// A company that bills 10 seats for March in advance and adds four on 8 March.
fn split_by_a_note(language: &str) -> Workspace {
    let workspace = Workspace::empty();
    workspace.write(
        "input/billing.toml",
        "timezone = \"UTC\"\n[seller]\nname = \"Fernwood\"\n[invoice]\ncredit_notes = \"separate\"\n",
    );
    workspace.write(
        "input/accounts.csv",
        &format!("account_id,name,email,locale\nacme,Acme,pay@acme.example,{language}\n"),
    );
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval,on_increase,on_decrease\n\
         seats,Seats,USD,20,month,immediate,immediate\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns1,acme,seats,10,2026-03-01\n",
    );
    workspace.write("input/changes.csv", "change_id,subscription_id,at,kind,quantity\n");
    workspace.close("2026-03-02");
    workspace.write(
        "input/changes.csv",
        "change_id,subscription_id,at,kind,quantity\nc-0012,s1,2026-03-08,quantity,14\n",
    );
    workspace
}

fn text(workspace: &Workspace, file: &str) -> String {
    pdf_text(&std::fs::read(workspace.path(&format!("output/{file}"))).expect("a PDF"))
        .replace(['\u{a0}', '\n'], " ")
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
}

#[test]
fn a_change_that_two_documents_share_is_whole_on_both() {
    let workspace = split_by_a_note("en");
    workspace.close("2026-03-09");
    let note = text(&workspace, "2026-03-09/pdf/CN-2026-00001.pdf");
    let invoice = text(&workspace, "2026-03-09/pdf/INV-2026-00002.pdf");
    let [credit, charge] = ["\u{2212}154.84", "216.77"];
    for document in [&note, &invoice] {
        has(document, &["8 Mar 2026: from 10 to 14 Seats", credit, charge, "Net effect", "61.93"]);
        has(document, &["See also", "billed before"]);
        assert!(!document.contains("c-0012") && !document.contains("paid before"), "{document}");
    }
    has(&note, &["Remaining time on 14 × Seats after 8 Mar 2026 (invoice INV-2026-00002)"]);
    has(&invoice, &["Unused time on 10 × Seats after 8 Mar 2026 (credit note CN-2026-00001)"]);
    // The first invoice was open: the note pays a part of it.
    has(
        &note,
        &["Left to pay: invoice INV-2026-00001 USD 45.16 · invoice INV-2026-00002 USD 216.77"],
    );
    has(&invoice, &["Left to pay: invoice INV-2026-00001 USD 45.16"]);
    // The sums are those of each document alone.
    has(&note, &["USD 154.84"]);
    has(&invoice, &["USD 216.77"]);
}

#[test]
fn a_credit_note_is_no_payment_on_a_receipt_in_any_language() {
    let workspace = split_by_a_note("de");
    workspace.close("2026-03-09");
    workspace.write(
        "input/payments.csv",
        "payment_id,at,amount,currency,account_id,invoice_number,method\n\
         p1,2026-03-10,45.16,USD,acme,INV-2026-00001,Visa\n\
         p2,2026-03-10,216.77,USD,acme,INV-2026-00002,Visa\n",
    );
    workspace.close("2026-03-11");
    let receipt = text(&workspace, "2026-03-11/receipts/INV-2026-00001.pdf");
    has(&receipt, &["45,16 USD", "bezahlt am 10. März 2026 · Visa"]);
    has(&receipt, &["Rechnungskorrektur CN-2026-00001 · 8. März 2026"]);
    has(&receipt, &["154,84 USD durch Rechnungskorrektur CN-2026-00001 gutgeschrieben"]);
    assert!(!receipt.contains("Credit note"), "{receipt}");
    // The receipt of the second one is printed from the register, and still shows the whole change.
    let second = text(&workspace, "2026-03-11/receipts/INV-2026-00002.pdf");
    has(
        &second,
        &["Nicht genutzte Zeit für 10 × Seats ab 8. März 2026 (Rechnungskorrektur CN-2026-00001)"],
    );
    let rows = workspace.read("output/2026-03-11/delivery.csv");
    assert!(rows.contains("45,16 USD"), "{rows}");
}

/// Two subscriptions that look the same, one with a label, a discount and a tax note in German, and a
/// line of zero.
fn of_many_texts() -> Workspace {
    let workspace = Workspace::empty();
    workspace.write(
        "input/billing.toml",
        "timezone = \"UTC\"\n[seller]\nname = \"Fernwood\"\ncity = \"Linz\"\ncountry = \"AT\"\ntax_id = \"ATU12345678\"\n\
         payment = { en = \"We charge your card.\", de = \"Wir belasten Ihre Karte.\" }\n",
    );
    workspace.write(
        "input/accounts.csv",
        "account_id,name,email,locale,address_line1,city,postal_code,country,tax_id\n\
         acme,Acme,pay@acme.example,de,Hauptstr. 1,München,80331,DE,DE123456789\n\
         zen,Zen,pay@zen.example,en,1 Long Lane,Leeds,LS1 4AP,GB,GB999999973\n",
    );
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval,tax_code\n\
         seats,Seats,EUR,20,month,rc\nfree,Support,EUR,0,month,rc\n",
    );
    workspace.write(
        "input/tax_rates.csv",
        "code,name,percent,treatment,note,note_de\n\
         rc,VAT,0,reverse_charge,Reverse charge,Steuerschuldnerschaft des Leistungsempfängers\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at,label\n\
         s1,acme,seats,2,2026-03-01,\ns2,acme,seats,2,2026-03-01,\ns3,acme,seats,2,2026-03-01,Berlin\n\
         s4,acme,free,1,2026-03-01,\ns5,zen,seats,2,2026-03-01,\n",
    );
    workspace.write(
        "input/discounts.csv",
        "discount_id,name,starts_at,account_id,percent,duration,name_de\n\
         d1,Spring,2026-01-01,acme,10,forever,Frühling\nd2,Spring,2026-01-01,zen,10,forever,Frühling\n",
    );
    workspace.write("input/changes.csv", "change_id,subscription_id,at,kind,quantity\n");
    workspace
}

#[test]
fn texts_are_in_the_language_of_the_reader_and_lines_can_be_told_apart() {
    let workspace = of_many_texts();
    workspace.close("2026-03-02");
    let german = text(&workspace, "2026-03-02/pdf/INV-2026-00001.pdf");
    has(&german, &["Wir belasten Ihre Karte.", "Steuerschuldnerschaft des Leistungsempfängers"]);
    has(
        &german,
        &["Seats (1)", "Seats (2)", "Seats (Berlin)", "Frühling (10 % Rabatt): Seats (Berlin)"],
    );
    has(&german, &["80331 München", "Deutschland"]);
    for other in ["Spring", "We charge", "Support", " DE "] {
        assert!(!german.contains(other), "{other:?} is in\n{german}");
    }
    let english = text(&workspace, "2026-03-02/pdf/INV-2026-00002.pdf");
    has(
        &english,
        &[
            "We charge your card.",
            "Seats 2 20.00",
            "Spring (10% off): Seats \u{2212}4.00",
            "Leeds LS1 4AP United Kingdom",
        ],
    );
    assert!(!english.contains("Seats (1)"), "{english}");
    // Tables keep the texts of the input, and every line.
    let lines = workspace.read("output/2026-03-02/invoice_lines.csv");
    assert!(lines.contains("Spring (10% off): Seats") && !lines.contains("Frühling"), "{lines}");
    assert!(lines.contains("Support"), "{lines}");
    workspace.succeed(&["verify", "--deep", "--output", "output"]);
}

#[test]
fn lines_of_zero_are_shown_if_wanted() {
    let workspace = of_many_texts();
    let settings = workspace.read("input/billing.toml");
    workspace.write("input/billing.toml", &format!("{settings}[pdf]\nzero_lines = true\n"));
    workspace.close("2026-03-02");
    has(&text(&workspace, "2026-03-02/pdf/INV-2026-00001.pdf"), &["Support"]);
}

#[test]
fn sums_are_printed_once() {
    let workspace = split_by_a_note("en");
    let invoice = text(&workspace, "2026-03-02/pdf/INV-2026-00001.pdf");
    has(&invoice, &["Amount due"]);
    assert!(!invoice.contains("Subtotal") && !invoice.contains("Total"), "{invoice}");
}

#[test]
fn translations_of_one_note_must_agree() {
    let workspace = of_many_texts();
    let rates = workspace.read("input/tax_rates.csv");
    let other = "rc2,VAT,0,reverse_charge,Reverse charge,Der Kunde schuldet die Steuer\n";
    workspace.write("input/tax_rates.csv", &format!("{rates}{other}"));
    let (code, output) = workspace.fail(&["close", "--as-of", "2026-03-02"]);
    assert_eq!(code, 65, "{output}");
    has(&output, &["tax_rates.csv:3: note_de", "translates the note of line 2 in other words"]);
}

/// Two customers: one with references and an order a subscription, one with nothing.
fn of_references() -> Workspace {
    let workspace = Workspace::empty();
    workspace.write(
        "input/billing.toml",
        "timezone = \"UTC\"\n[seller]\nname = \"Fernwood\"\n[invoice]\npayment_terms = \"day 15\"\n",
    );
    workspace.write(
        "input/accounts.csv",
        "account_id,name,email,locale,purchase_order,buyer_reference,reference,memo,copies,payment_terms\n\
         acme,Acme,pay@acme.example,de,PO-1,Leitweg 7,V-2026/3,\"Danke!\nBis bald.\",cfo@acme.example ; a@b.example,eom+30\n\
         zen,Zen,pay@zen.example,en,,,,,,\n",
    );
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval\nseats,Seats,EUR,20,month\ndesks,Desks,EUR,5,month\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at,label,purchase_order\n\
         s1,acme,seats,2,2026-03-01,,\ns2,acme,desks,2,2026-03-01,Berlin,PO-2\n\
         s3,zen,seats,2,2026-03-01,,PO-9\ns4,zen,desks,2,2026-03-01,,PO-9\n",
    );
    workspace.write("input/changes.csv", "change_id,subscription_id,at,kind,quantity\n");
    workspace
}

#[test]
fn documents_name_orders_and_references_and_say_their_terms() {
    let workspace = of_references();
    workspace.close("2026-03-02");
    let german = text(&workspace, "2026-03-02/pdf/INV-2026-00001.pdf");
    has(&german, &["Bestellung PO-1", "Ihr Zeichen Leitweg 7", "Unser Zeichen V-2026/3"]);
    has(&german, &["Desks (Berlin, Bestellung PO-2)", "Danke!", "Bis bald."]);
    has(&german, &["fällig am 30. Apr. 2026", "30 Tage nach Monatsende"]);
    assert!(!german.contains("Seats ("), "{german}");
    // All lines share an order, so the document has it and no line repeats it.
    let english = text(&workspace, "2026-03-02/pdf/INV-2026-00002.pdf");
    has(&english, &["Order PO-9", "day 15 of the next month", "due 15 Apr 2026"]);
    assert!(!english.contains("order PO-9") && !english.contains("ref."), "{english}");
    let orders: Vec<String> = workspace
        .rows("output/2026-03-02/invoices.csv")
        .iter()
        .map(|row| row.cells(["purchase_order", "buyer_reference", "reference"]).join("|"))
        .collect();
    assert_eq!(orders, ["PO-1|Leitweg 7|V-2026/3", "PO-9||"]);
    let rows = workspace.rows("output/2026-03-02/delivery.csv");
    assert_eq!(rows[0].get("copies"), "cfo@acme.example;a@b.example");
    assert_eq!(rows[1].get("copies"), "");
}

#[test]
fn a_receipt_has_the_order_and_no_memo_and_an_invoice_keeps_its_due_date() {
    let workspace = of_references();
    workspace.close("2026-03-02");
    let accounts = workspace.read("input/accounts.csv").replace("eom+30", "5");
    workspace.write("input/accounts.csv", &accounts);
    workspace.write(
        "input/payments.csv",
        "payment_id,at,amount,currency,account_id\np1,2026-03-10,10.00,EUR,acme\n",
    );
    workspace.close("2026-03-11");
    let owed = workspace.rows("output/2026-03-11/receivables.csv");
    assert_eq!(owed[0].get("due_date"), "2026-04-30");
    workspace.write(
        "input/payments.csv",
        "payment_id,at,amount,currency,account_id\np1,2026-03-10,10.00,EUR,acme\np2,2026-03-12,40.00,EUR,acme\n",
    );
    workspace.close("2026-03-13");
    let receipt = text(&workspace, "2026-03-13/receipts/INV-2026-00001.pdf");
    has(&receipt, &["Bestellung PO-1", "Desks (Berlin, Bestellung PO-2)"]);
    assert!(!receipt.contains("Danke"), "{receipt}");
}
