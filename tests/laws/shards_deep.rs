//! A published close is made again in shards from what it kept.

use std::path::Path;
use std::time::Duration;

use crate::config;
use crate::pipeline::{CloseArgs, Folders, TableFormat, Witnessing, close};
use crate::register::{PieceStore, Register};
use crate::shards::{KeptBasis, derive_in_turn};
use crate::value::{AsOf, Instant};

#[test]
fn every_file_of_a_close_is_derived_in_shards() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let input = Path::new(env!("CARGO_MANIFEST_DIR")).join("input");
    for as_of in ["2020-06-01", "2020-06-28"] {
        let args = CloseArgs {
            places: Folders { input: input.clone(), output: path("output") },
            as_of: AsOf::parse(as_of).expect("a date"),
            now: Instant::from_unix_seconds(1_800_000_000),
            lock_wait: Duration::ZERO,
            accept_history_change: false,
            bill_from_start: true,
            catch_up: false,
            ahead: false,
            withhold: false,
            shards: None,
            format: TableFormat::Parquet,
            witness: Witnessing::default(),
        };
        close(&args).expect("a close");
    }
    let register = Register::open(&path("output")).expect("a register");
    for (index, close) in register.closes.iter().enumerate() {
        for name in ["restored", "work", "derived"] {
            let _ = std::fs::remove_dir_all(path(name));
            std::fs::create_dir(path(name)).expect("a folder");
        }
        let mut store = PieceStore::new(&register.closes, &path("restored"));
        let inputs = store.restore(close).expect("its inputs");
        let (mut settings, settings_bytes) = config::load(&inputs.folder).expect("settings");
        let look = &mut settings.look;
        for path in look.logo.iter_mut().chain(&mut look.fonts) {
            let name = path.strip_prefix(&inputs.folder).unwrap_or(path).to_owned();
            path.clone_from(inputs.elsewhere.get(&name).unwrap_or(&path.clone()));
        }
        let before = Register { closes: register.closes[..index].to_vec() };
        let kept = KeptBasis { inputs, settings, settings_bytes, before };
        let places = [path("work"), path("derived")];
        let places = [&*places[0], &*places[1]];
        let derived = derive_in_turn(kept, &close.manifest, TableFormat::Parquet, 3, places);
        assert_eq!(derived.expect("it is derived"), close.manifest);
        let left = std::fs::read_dir(path("work")).expect("a folder").count();
        assert_eq!(left, 0, "the round is left");
    }
}
