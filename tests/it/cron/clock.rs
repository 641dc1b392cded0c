//! What the clock decides: what lies after now is refused, words name midnights that have passed, and
//! a check looks as far as the next close.

use prorata::commands;
use prorata::commands::{CheckArgs, CloseArgs, CloseResult, Error, Folders, OpenArgs, PreviewArgs};
use prorata::value::{AsOf, Instant, Moment, Zone};

use crate::support::Workspace;

fn instant(text: &str) -> Instant {
    Moment::parse(text).expect("an instant").at(Zone::UTC)
}

fn places(workspace: &Workspace) -> Folders {
    Folders { input: workspace.path("input"), output: workspace.path("output") }
}

/// A close at `as_of` when the clock says `now`.
fn at(workspace: &Workspace, as_of: &str, now: &str) -> CloseArgs {
    let as_of = AsOf::parse(as_of).expect("an instant, or a word for one");
    CloseArgs::new(places(workspace), as_of, instant(now))
}

/// What it says if it is refused, and the exit code.
fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> (u8, String) {
    let error = result.expect_err("it is refused");
    (error.exit_code(), error.to_string())
}

fn closed(args: &CloseArgs) -> CloseResult {
    commands::close(args).unwrap_or_else(|error| panic!("{}", error.to_string()))
}

/// The sample without PDFs, which no clock decides about.
fn sample() -> Workspace {
    let workspace = Workspace::with_sample();
    let settings = workspace.read("input/billing.toml");
    let settings = settings.replace("[pdf]\n", "[pdf]\npacking = \"none\"\n");
    workspace.write("input/billing.toml", &settings);
    workspace
}

fn check(workspace: &Workspace, as_of: Option<&str>, now: &str) -> Result<String, Error> {
    let as_of = as_of.map(|text| AsOf::parse(text).expect("an instant"));
    commands::check(&CheckArgs {
        places: places(workspace),
        as_of,
        now: instant(now),
        einvoice: None,
    })
}

#[test]
fn what_lies_after_now_is_published_only_if_it_is_meant() {
    let workspace = sample();
    let args = at(&workspace, "2020-06-28T00:00:01Z", "2020-06-28T00:00:00Z");
    let told = "error: --as-of 2020-06-28T00:00:01Z is later than now, 2020-06-28T00:00:00Z: what a \
                close bills cannot be taken back\n\
                hint: check the year and the month; prorata preview looks ahead and publishes \
                nothing; if it is meant, add --ahead";
    assert_eq!(refused(commands::close(&args)), (64, told.to_owned()));
    let CloseArgs { places, as_of, now, lock_wait, format, witness, .. } = args.clone();
    let opening = OpenArgs { places, as_of, now, ahead: false, lock_wait, format, witness };
    assert_eq!(refused(commands::open(&opening)), (64, told.to_owned()));
    assert!(!workspace.path("output/latest").exists());

    // What publishes nothing is never refused for the clock.
    check(&workspace, Some("2020-06-28T00:00:01Z"), "2020-05-28").expect("it looks ahead");
    let preview = PreviewArgs { close: args.clone(), to: None, moved_by_percent: None };
    commands::preview(&preview).expect("it looks ahead");

    let ahead = closed(&CloseArgs { ahead: true, ..args.clone() });
    assert!(ahead.manifest.options.ahead);
    // Asked for again, it is there, and nobody has to say that it is meant.
    assert!(closed(&args).already_published);
    // Asked for and not needed, it is not recorded.
    let needless = CloseArgs { ahead: true, ..at(&workspace, "2020-06-29", "2020-06-29") };
    assert!(!closed(&needless).manifest.options.ahead);

    let other = sample();
    let opened = commands::open(&OpenArgs { places: self::places(&other), ahead: true, ..opening });
    assert!(opened.expect("it is meant").manifest.options.ahead);
}

#[test]
fn the_program_looks_at_the_clock() {
    let workspace = sample();
    let (code, said) = workspace.fail(&["close", "--as-of", "2999-12-31"]);
    assert!(code == 64 && said.contains("is later than now, 20"), "{said}");
    workspace.succeed(&["open", "--as-of", "yesterday"]);
    workspace.succeed(&["close", "--as-of", "today", "--quiet"]);
    assert!(workspace.succeed(&["check"]).contains(", the end of today,"));
    let newest = std::fs::read_to_string(workspace.path("output/latest/manifest.json"));
    assert!(newest.expect("a manifest").contains("\"ahead\": false"));
}

#[test]
fn words_name_midnights_of_the_zone_in_the_settings() {
    let workspace = sample();
    let settings = workspace.read("input/billing.toml");
    let settings = settings.replace("timezone = \"UTC\"", "timezone = \"America/Los_Angeles\"");
    workspace.write("input/billing.toml", &settings);
    // Half an hour to midnight there; in UTC the day has begun.
    let before = "2020-06-28T06:30:00Z";
    for (word, close, as_of) in [
        ("month-start", "2020-06-01", "2020-06-01T07:00:00Z"),
        ("yesterday", "2020-06-26", "2020-06-26T07:00:00Z"),
        ("today", "2020-06-27", "2020-06-27T07:00:00Z"),
    ] {
        let manifest = closed(&at(&workspace, word, before)).manifest;
        assert_eq!([&*manifest.close, &*manifest.as_of], [close, as_of], "{word}");
    }
    assert!(closed(&at(&workspace, "today", "2020-06-27T07:00:00Z")).already_published);
    // A retry after midnight closes the next day.
    let retried = closed(&at(&workspace, "today", "2020-06-28T07:10:00Z")).manifest;
    assert_eq!(retried.close, "2020-06-28");
}

#[test]
fn a_close_far_after_the_one_before_is_to_be_meant() {
    let nights = sample();
    for night in ["2020-06-01", "2020-06-02", "2020-06-03"] {
        closed(&at(&nights, night, "2026-01-01"));
    }
    let far = at(&nights, "2020-08-05", "2026-01-01");
    let told = "error: --as-of 2020-08-05T00:00:00Z is 63 days after the newest close, \
                2020-06-03T00:00:00Z; as closes were so far, 62 are the most\n\
                hint: check the year and the month; if so much is to be caught up, add --catch-up";
    assert_eq!(refused(commands::close(&far)), (64, told.to_owned()));
    closed(&at(&nights, "2020-08-04", "2026-01-01"));
    // One long distance among short ones is not usual.
    let (code, said) = refused(commands::close(&at(&nights, "2020-10-06", "2026-01-01")));
    assert!(code == 64 && said.contains("63 days") && said.contains(" 62 are the most"), "{said}");

    let quarters = sample();
    closed(&at(&quarters, "2020-06-01", "2026-01-01"));
    let second = at(&quarters, "2020-09-01", "2026-01-01");
    assert_eq!(refused(commands::close(&second)).0, 64);
    closed(&CloseArgs { catch_up: true, ..second });
    let (_, said) = refused(commands::close(&at(&quarters, "2021-06-05", "2026-01-01")));
    assert!(said.contains("277 days") && said.contains(" 276 are the most"), "{said}");
    closed(&at(&quarters, "2021-06-04", "2026-01-01"));
}

#[test]
fn a_check_looks_as_far_as_the_end_of_today_and_says_so() {
    let workspace = sample();
    workspace
        .append("input/changes.csv", "c-far,2099-01-01T00:00:00Z,atlas-projects,quantity,2,,,,,");
    let said = check(&workspace, None, "2020-06-10T09:00:00Z").expect("nothing is wrong");
    let told = "  everything up to 2020-06-11T00:00:00Z, the end of today, can be billed\n";
    assert!(said.contains(told), "{said}");
    assert!(said.contains(" rows lie after that: read, and not billed yet\n"), "{said}");
    let asked = check(&workspace, Some("2020-06-10"), "2020-06-10").expect("nothing is wrong");
    assert!(asked.contains("  everything up to 2020-06-10T00:00:00Z can be billed\n"), "{asked}");

    for table in ["accounts", "subscriptions", "changes", "adjustments", "payments", "discounts"] {
        let path = format!("input/{table}.csv");
        let header = workspace.read(&path).lines().next().expect("a header").to_owned();
        workspace.write(&path, &format!("{header}\n"));
    }
    let said = check(&workspace, None, "2020-06-10T09:00:00Z").expect("nothing is wrong");
    assert!(said.contains(told) && !said.contains("after that"), "{said}");
}

#[test]
fn a_check_looks_as_far_as_the_next_close_is_to_be_expected() {
    let workspace = sample();
    for week in ["2020-06-01", "2020-06-08", "2020-06-15"] {
        closed(&at(&workspace, week, "2020-06-16"));
    }
    let said = check(&workspace, None, "2020-06-16T09:00:00Z").expect("nothing is wrong");
    let told = "everything up to 2020-06-22T00:00:00Z, 7 days after the newest close as is usual, \
                can be billed";
    assert!(said.contains(told), "{said}");
    // What is due by then and wrong is found now, in the words of the close; what comes later is not.
    let row = |day: &str| format!("p-{day},2020-06-{day},,INV-2020-99999,1.00,USD,Transfer");
    workspace.append("input/payments.csv", &row("23"));
    check(&workspace, None, "2020-06-16T09:00:00Z").expect("nothing is wrong yet");
    workspace.append("input/payments.csv", &row("21"));
    let found = refused(check(&workspace, None, "2020-06-16T09:00:00Z"));
    assert!(found.1.contains("INV-2020-99999"), "{}", found.1);
    assert_eq!(refused(commands::close(&at(&workspace, "2020-06-22", "2020-06-22"))), found);
}
