//! Runs one target: the corpus, the seeds, and then mutations of them.

use std::any::Any;
use std::cell::Cell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use super::mutate::{Random, mutated, shrunk};

/// An input that takes longer than this, each time it is tried, is a finding.
const LONGEST: Duration = Duration::from_secs(30);

/// So often: a disk that is busy with something else is none.
const SLOW_TRIES: u32 = 3;

/// What fails is made smaller for so long.
const SHRINKING: Duration = Duration::from_secs(20);

/// One that has not come back after this is reported by ending the whole test.
const GIVEN_UP: Duration = Duration::from_mins(5);

/// More memory than this no input of some kilobytes may take.
const MOST_KILOBYTES: u64 = 2 << 20;

/// Says what is wrong with what an input led to; panics where that did.
pub(crate) type Check<'a> = &'a dyn Fn(&[u8]) -> Result<(), String>;

/// Tries a target: so many mutations, or as many as `PRORATA_FUZZ_SECONDS` have room for. What it fails on is shrunk and printed; a file with those bytes belongs in
/// `tests/data/fuzz_corpus/<name>/` with the correction.
pub(crate) fn fuzz(name: &str, seeds: &[Vec<u8>], mutations: u64, check: Check<'_>) {
    keep_quiet_about_panics();
    let guard = Guard::watch(name);
    let corpus = files(&corpus(name));
    for bytes in corpus.iter().chain(seeds) {
        report(name, "as it is", bytes, check, &guard);
    }
    let seeds = [&corpus, seeds].concat();
    let mut random = Random(number("PRORATA_FUZZ_SEED", 1));
    let until = Instant::now() + Duration::from_secs(number("PRORATA_FUZZ_SECONDS", 0));
    let mut tried = 0_u64;
    while tried < mutations || Instant::now() < until {
        tried += 1;
        report(name, &tried.to_string(), &mutated(&seeds, &mut random), check, &guard);
    }
    let peak = peak_kilobytes();
    assert!(peak < MOST_KILOBYTES, "{name}: took {peak} kB");
    eprintln!("{name}: {tried} mutations of {} seeds", seeds.len());
}

fn report(name: &str, which: &str, bytes: &[u8], check: Check<'_>, guard: &Guard) {
    let Err(failure) = attempt(bytes, check, guard) else { return };
    // Nobody waits for the smallest of all inputs, least of all where each takes its time.
    let until = Instant::now() + SHRINKING;
    let fails = |bytes: &[u8]| Instant::now() < until && attempt(bytes, check, guard).is_err();
    let least = shrunk(bytes.to_vec(), fails);
    let failure = attempt(&least, check, guard).err().unwrap_or(failure);
    panic!("{name}, mutation {which}: {failure}\ninput: b\"{}\"", least.escape_ascii());
}

fn attempt(bytes: &[u8], check: Check<'_>, guard: &Guard) -> Result<(), String> {
    for _ in 0..SLOW_TRIES {
        let started = Instant::now();
        guard.begin(bytes);
        QUIET.set(true);
        let result = catch_unwind(AssertUnwindSafe(|| check(bytes)));
        QUIET.set(false);
        guard.end();
        let result = result.unwrap_or_else(|panic| Err(words(&*panic)));
        if result.is_err() || started.elapsed() < LONGEST {
            return result;
        }
    }
    Err(format!("took longer than {LONGEST:?}, {SLOW_TRIES} times"))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panicked: {}", text.unwrap_or("without words"))
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// A panic that is caught is told once, when it has been shrunk.
fn keep_quiet_about_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let told = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                told(info);
            }
        }));
    });
}

type Running = Arc<Mutex<Option<(Instant, Vec<u8>)>>>;

/// Ends the test if an input does not come back.
struct Guard(Running);

impl Guard {
    fn watch(name: &str) -> Self {
        let running = Running::default();
        let (watched, name) = (Arc::downgrade(&running), name.to_owned());
        std::thread::spawn(move || {
            while let Some(running) = watched.upgrade() {
                let now = running.lock().unwrap_or_else(PoisonError::into_inner).clone();
                drop(running);
                if let Some((_, bytes)) = now.filter(|(since, _)| since.elapsed() > GIVEN_UP) {
                    eprintln!("{name}: does not end\ninput: b\"{}\"", bytes.escape_ascii());
                    std::process::abort();
                }
                std::thread::sleep(Duration::from_secs(1));
            }
        });
        Self(running)
    }

    fn begin(&self, bytes: &[u8]) {
        let running = Some((Instant::now(), bytes.to_vec()));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = running;
    }

    fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// What Linux notes as this process's largest resident size; 0 where nobody notes it.
fn peak_kilobytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}

fn number(variable: &str, default: u64) -> u64 {
    let text = std::env::var(variable).unwrap_or_default();
    text.parse().unwrap_or(default)
}

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/fuzz_corpus").join(name)
}

/// The files of a folder, by name; none if there is no such folder.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a readable file")).collect()
}
