//! Signals that end a process, sent at named steps and at any instant.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::Workspace;

/// Spawns a run that waits at a step, and tells when it does.
fn paused_at(mut command: Command, step: &str) -> (Child, BufReader<std::process::ChildStderr>) {
    command.env("PRORATA_PAUSE_AT", step).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut line = String::new();
    said.read_line(&mut line).expect("it is read");
    assert_eq!(line, format!("paused at {step}\n"));
    (child, said)
}

/// Sends a signal to a run.
pub(crate) fn send(child: &Child, signal: Signal) {
    let id = i32::try_from(child.id()).expect("it is a process");
    // It fails only if the run has ended.
    let _ = kill_process(Pid::from_raw(id).expect("it is not 0"), signal);
}

fn no_staging_in(workspace: &Workspace) -> bool {
    let entries = std::fs::read_dir(workspace.path("output")).into_iter().flatten().flatten();
    entries.into_iter().all(|it| !it.file_name().to_string_lossy().starts_with(".staging"))
}

/// How often a step is tried. A run pauses at a step for half a second: where the machine is so busy
/// that a signal comes later than that, the run is past the step, and that is seen.
const TRIES: usize = 20;

/// What a run had said after the step, and what it ended with.
struct Stopped {
    workspace: Workspace,
    rest: String,
    status: ExitStatus,
}

/// The command, with no signal ignored. The tests themselves may run under `nohup`, or in the
/// background of a shell, where a signal that they ignore is ignored by what they start.
fn heeding(command: &Command) -> Command {
    let mut heeding = Command::new("env");
    heeding.arg("--default-signal").arg(command.get_program()).args(command.get_args());
    heeding.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        heeding.current_dir(folder);
    }
    heeding
}

/// Sends signals to a run that waits at a step of a close of `base`, until one comes in time.
fn stopped_at(
    base: &Workspace,
    step: &str,
    signals: &[Signal],
    is_in_time: impl Fn(&Stopped) -> bool,
) -> Stopped {
    for _ in 0..TRIES {
        let workspace = base.again();
        let command = heeding(&workspace.command(&["close", "--as-of", "2020-06-28"]));
        let (mut child, mut said) = paused_at(command, step);
        for signal in signals {
            send(&child, *signal);
        }
        let mut rest = String::new();
        said.read_to_string(&mut rest).expect("it is read");
        let status = child.wait().expect("it ends");
        let stopped = Stopped { workspace, rest, status };
        if is_in_time(&stopped) {
            return stopped;
        }
    }
    panic!("{step}: no signal had an effect, {TRIES} times");
}

/// The sample after its first close.
fn closed_once() -> Workspace {
    let workspace = Workspace::with_latin_sample();
    workspace.close("2020-06-01");
    workspace
}

#[test]
fn before_the_close_is_decided_on_nothing_is_left_and_the_code_says_why() {
    let base = closed_once();
    let before = base.files("output");
    let steps = ["input-read", "staging-created", "many", "invoices.csv", "synced"];
    for (number, step) in steps.into_iter().chain(["manifest-written"]).enumerate() {
        let (signal, code, name) = if number % 2 == 0 {
            (Signal::TERM, 143, "SIGTERM")
        } else {
            (Signal::INT, 130, "SIGINT")
        };
        let is_in_time = |stopped: &Stopped| !stopped.status.success();
        let Stopped { workspace, rest, status } = stopped_at(&base, step, &[signal], is_in_time);
        assert_eq!(status.code(), Some(code), "{step}: {rest}");
        let expected =
            format!("error: stopped by {name}\nhint: nothing was published; run it again\n");
        assert!(rest.ends_with(&expected), "{step}: {rest}");
        assert!(workspace.files("output") == before, "{step}: something was left");
        assert!(no_staging_in(&workspace), "{step}: a folder was left");
        workspace.close("2020-06-28");
    }
}

/// Every signal that ends a process, but SIGKILL, faults of the program, and those that are ignored.
#[test]
fn every_other_signal_leaves_nothing_either() {
    let base = closed_once();
    let before = base.files("output");
    let named = [
        (Signal::HUP, "SIGHUP"),
        (Signal::QUIT, "SIGQUIT"),
        (Signal::ALARM, "SIGALRM"),
        (Signal::USR1, "SIGUSR1"),
        (Signal::USR2, "SIGUSR2"),
        (Signal::XCPU, "SIGXCPU"),
        (Signal::PROF, "SIGPROF"),
        (Signal::VTALARM, "SIGVTALRM"),
    ];
    for (signal, name) in named {
        let is_in_time = |stopped: &Stopped| !stopped.status.success();
        let Stopped { workspace, rest, status } =
            stopped_at(&base, "invoices.csv", &[signal], is_in_time);
        assert_eq!(status.code(), Some(128 + signal.as_raw()), "{name}: {rest}");
        let expected =
            format!("error: stopped by {name}\nhint: nothing was published; run it again\n");
        assert!(rest.ends_with(&expected), "{name}: {rest}");
        assert!(workspace.files("output") == before, "{name}: something was left");
        assert!(no_staging_in(&workspace), "{name}: a folder was left");
    }
}

/// A closed terminal sends SIGHUP twice, and a service manager SIGHUP beside SIGTERM.
#[test]
fn a_second_signal_of_a_machine_does_not_stop_the_tidying_up() {
    let base = closed_once();
    for signals in [[Signal::TERM, Signal::HUP], [Signal::HUP, Signal::USR1]] {
        let is_in_time = |stopped: &Stopped| !stopped.status.success();
        let Stopped { workspace, rest, status } =
            stopped_at(&base, "staging-created", &signals, is_in_time);
        let codes = signals.map(|signal| Some(128 + signal.as_raw()));
        assert!(codes.contains(&status.code()), "{status}: {rest}");
        assert!(no_staging_in(&workspace), "a folder was left");
    }
}

/// `nohup` starts a run that ignores SIGHUP.
#[test]
fn a_signal_that_the_parent_ignores_is_ignored() {
    let workspace = closed_once();
    let mut command = Command::new("bash");
    let binary = env!("CARGO_BIN_EXE_prorata");
    let script = format!("trap '' HUP; exec '{binary}' close --as-of 2020-06-28");
    command.args(["-c", &script]).current_dir(workspace.path("."));
    let (mut child, mut said) = paused_at(command, "staging-created");
    send(&child, Signal::HUP);
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("it is read");
    assert!(child.wait().expect("it ends").success(), "{rest}");
}

#[test]
fn after_that_the_run_goes_on_to_its_end() {
    let base = closed_once();
    for step in ["decided", "renamed", "latest-made", "published"] {
        let Stopped { workspace, rest, status } =
            stopped_at(&base, step, &[Signal::TERM], |_| true);
        assert_eq!((status.code(), &*rest), (Some(0), ""), "{step}");
        workspace.succeed(&["verify"]);
    }
}

/// A run that tidies up removes its folder; one that a second signal ends leaves it. Two signals of
/// one kind may become one, so they are of two kinds.
#[test]
fn a_second_signal_does_not_wait_and_the_next_run_tidies_up() {
    let base = closed_once();
    let is_in_time = |stopped: &Stopped| !no_staging_in(&stopped.workspace);
    let signals = [Signal::INT, Signal::TERM];
    let Stopped { workspace, rest, status } =
        stopped_at(&base, "staging-created", &signals, is_in_time);
    assert!([Some(130), Some(143)].contains(&status.code()), "{status}: {rest}");
    workspace.close("2020-06-28");
    assert!(no_staging_in(&workspace));
}

/// Whether the status is one of a run that was told to stop. Before the run minds signals, they
/// end it as they end any program.
fn is_stopped(status: ExitStatus, signal: Signal) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    let number = signal.as_raw();
    status.code() == Some(128 + number) || status.signal() == Some(number)
}

#[test]
fn at_any_instant_there_is_a_whole_close_or_none() {
    let base = closed_once();
    let started = Instant::now();
    base.again().close("2020-06-28");
    let usual = started.elapsed();
    // The first comes as soon as the run starts, however fast the machine is.
    let (mut stopped, sent) = (0, 24);
    for number in 0..sent {
        let signal = if number % 2 == 0 { Signal::TERM } else { Signal::INT };
        let workspace = base.again();
        let mut command = heeding(&workspace.command(&["close", "--as-of", "2020-06-28"]));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        std::thread::sleep(usual * number / sent);
        send(&child, signal);
        let status = child.wait().expect("it ends");
        let is_published = workspace.path("output/2020-06-28").exists();
        assert!(no_staging_in(&workspace), "{number}: a folder was left");
        assert_eq!(is_published, status.success(), "{number}: {status}");
        assert!(is_published || is_stopped(status, signal), "{number}: {status}");
        stopped += u32::from(!is_published);
        workspace.close("2020-06-28");
        workspace.succeed(&["verify"]);
    }
    assert!(stopped > 0, "no run was stopped in time");
}

/// What is invented is all there or not at all, too.
#[test]
fn generate_leaves_no_half_of_a_company() {
    let workspace = Workspace::empty();
    let mut command = workspace.command(&["generate", "--accounts", "2000000", "--to", "company"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    while !workspace.path("company/accounts.csv").exists() {
        assert!(
            child.try_wait().expect("it is ours").is_none(),
            "it ended before it wrote anything"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    send(&child, Signal::TERM);
    assert_eq!(child.wait().expect("it ends").code(), Some(143));
    let left = std::fs::read_dir(workspace.path("company")).expect("a folder").count();
    assert_eq!(left, 0);
}
