//! What a terminal shows and nothing else does: the bar, and colours unless they are not wanted.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::process::Command;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::{Workspace, lock};

/// A terminal of our own: the end that shows, and the end that a program writes to.
fn terminal() -> (File, File) {
    let shown = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&shown).and_then(|()| unlockpt(&shown)).expect("it is ours");
    let name = ptsname(&shown, Vec::new()).expect("it has a name");
    let name = name.to_str().expect("it is ASCII");
    let written = OpenOptions::new().read(true).write(true).open(name).expect("it is there");
    (shown.into(), written)
}

/// What a terminal showed until the program had ended.
fn show(mut command: Command, (mut shown, written): (File, File)) -> String {
    let mut child = command.spawn().expect("it starts");
    // The command has ends of its own; without these the terminal is closed when the child ends.
    drop((command, written));
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = shown.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..count]);
    }
    child.wait().expect("it ends");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn end(of: &File) -> File {
    of.try_clone().expect("another handle")
}

/// What stderr shows of a run that waits for a second.
fn waiting(more: &[&str], terminal_name: &str) -> String {
    let workspace = Workspace::with_sample();
    let _held = lock(&workspace);
    let waits = ["close", "--as-of", "2020-06-28", "--lock-wait", "1"];
    let mut command = workspace.command(&[&waits, more].concat());
    let (shown, written) = terminal();
    command.env("TERM", terminal_name).stderr(end(&written));
    show(command, (shown, written))
}

#[test]
fn a_terminal_shows_how_far_the_run_is() {
    let shown = waiting(&[], "xterm");
    assert!(shown.contains("\r\x1b[Kwaiting "), "{shown:?}");
    // The bar is gone before anything else is said.
    assert!(shown.contains("\r\x1b[Kerror: output/.lock is in use"), "{shown:?}");
}

#[test]
fn where_no_bar_belongs_there_is_none() {
    for (more, terminal) in
        [(&["--quiet"][..], "xterm"), (&["--log-format", "json"], "xterm"), (&[], "dumb")]
    {
        let shown = waiting(more, terminal);
        assert!(!shown.contains('\x1b') && shown.contains("in use by"), "{more:?} {shown:?}");
    }
}

#[test]
fn help_has_colours_on_a_terminal_unless_they_are_not_wanted() {
    let workspace = Workspace::empty();
    let help = |no_color: &str| {
        let mut command = workspace.command(&["--help"]);
        let (shown, written) = terminal();
        command.env("TERM", "xterm").env("NO_COLOR", no_color).stdout(end(&written));
        show(command, (shown, written))
    };
    assert!(help("").contains("\x1b["));
    assert!(!help("1").contains('\x1b'));
}
