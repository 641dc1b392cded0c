//! Sums at the limit of 64 bits: up to it all is billed, beyond it the account is named.

use super::{seats, totals};
use crate::support::Workspace;

const MOST: &str = "92233720368547758.07";

/// Two accounts; the first is billed the most that fits, in one adjustment.
fn at_the_limit() -> Workspace {
    let workspace = seats("arrears", &[]);
    workspace.append("input/accounts.csv", "beta,Beta,b@beta.example");
    workspace.write("input/subscriptions.csv", SUBSCRIPTIONS);
    workspace.append("input/subscriptions.csv", "s2,beta,seat,4,2015-02-20");
    workspace.write("input/adjustments.csv", ADJUSTMENTS);
    workspace
        .append("input/adjustments.csv", &format!("x,acme,2015-02-01,All,USD,{MOST},immediate"));
    workspace
}

const SUBSCRIPTIONS: &str = "subscription_id,account_id,price_id,quantity,started_at\n";
const ADJUSTMENTS: &str = "adjustment_id,account_id,at,description,currency,amount,timing\n";

#[test]
fn what_just_fits_is_billed_paid_and_verified() {
    let workspace = at_the_limit();
    workspace.close("2015-02-01");
    assert_eq!(totals(&workspace, "2015-02-01"), [MOST]);
    workspace.write("input/payments.csv", "payment_id,at,account_id,currency,amount\n");
    workspace.append("input/payments.csv", &format!("p1,2015-02-03,acme,USD,{MOST}"));
    workspace.close("2015-03-01");
    // Nothing is owed any more, so others are billed again.
    workspace.close("2015-03-20");
    assert_eq!(totals(&workspace, "2015-03-20"), ["20.00"]);
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn what_does_not_fit_beside_what_is_owed_is_refused_or_left_out() {
    let workspace = at_the_limit();
    workspace.close("2015-02-01");
    let refused = "error: input/accounts.csv:3: account_id \"beta\" adds 20.00 to what is owed in USD, \
                   which comes to 92233720368547778.07, credits counted like charges: 64 bits hold \
                   92233720368547758.07\n";
    for command in ["close", "check", "preview"] {
        let (code, said) = workspace.fail(&[command, "--as-of", "2015-03-20"]);
        assert_eq!((code, said.starts_with(refused)), (65, true), "{said}");
    }
    let output = workspace.run(&["close", "--as-of", "2015-03-20", "--withhold"]);
    assert_eq!(output.status.code(), Some(10));
    let left_out = workspace.rows("output/2015-03-20/exceptions.csv");
    assert_eq!(left_out[0].cells(["kind", "account_id"]), ["withheld", "beta"]);
}

#[test]
fn as_many_accounts_are_named_as_make_the_sum_too_large() {
    let workspace = at_the_limit();
    workspace.append("input/accounts.csv", "gamma,Gamma,c@gamma.example");
    for account in ["beta", "gamma"] {
        let row = format!("y-{account},{account},2015-02-01,More,USD,-{MOST},immediate");
        workspace.append("input/adjustments.csv", &row);
    }
    let (code, said) = workspace.fail(&["close", "--as-of", "2015-02-01"]);
    assert_eq!((code, said.matches("input/adjustments.csv:").count()), (65, 2), "{said}");
    assert!(
        said.contains("input/adjustments.csv:2: amount \"92233720368547758.07\" adds"),
        "{said}"
    );
    assert!(
        said.contains("input/adjustments.csv:3: amount \"-92233720368547758.07\" adds"),
        "{said}"
    );
}

#[test]
fn a_series_that_goes_on_to_its_end_asks_for_another_pattern() {
    let workspace = seats("advance", &[]);
    workspace.write_key("input/billing.toml", "[invoice]\nfirst_number = 18446744073709551613\n");
    workspace.close("2015-02-15");
    let numbers = workspace.rows("output/2015-02-15/invoices.csv");
    assert_eq!(numbers[1].get("invoice_number"), "INV-2015-18446744073709551614");
    let (code, said) = workspace.fail(&["close", "--as-of", "2015-03-15"]);
    let told = "error: input/billing.toml: invoice.number_format leaves series INV-2015-# too few \
                numbers: they begin at 18446744073709551615 and end at 18446744073709551614\n\
                hint: write another pattern, which begins a new series\n";
    assert_eq!((code, said.as_str()), (78, told));
    let settings = workspace.read("input/billing.toml");
    let settings = settings.replace("18446744073709551613", "1\nnumber_format = \"R-{seq}\"");
    workspace.write("input/billing.toml", &settings);
    workspace.close("2015-03-15");
    assert_eq!(workspace.rows("output/2015-03-15/invoices.csv")[0].get("invoice_number"), "R-1");
}
