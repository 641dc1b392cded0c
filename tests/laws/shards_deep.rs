//! A published close is made again in shards from what it kept.

use std::path::Path;

use crate::pipeline::{CloseArgs, Folders, TableFormat, close};
use crate::register::{PieceStore, Register};
use crate::shards::{KeptBasis, derive_in_turn};
use crate::value::{AsOf, Instant};

#[test]
fn every_file_of_a_close_is_derived_in_shards() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let input = Path::new(env!("CARGO_MANIFEST_DIR")).join("input");
    for as_of in ["2020-06-01", "2020-06-28"] {
        let places = Folders { input: input.clone(), output: path("output") };
        let as_of = AsOf::parse(as_of).expect("a date");
        let args = CloseArgs::new(places, as_of, Instant::from_unix_seconds(1_800_000_000));
        let args = CloseArgs { bill_from_start: true, format: TableFormat::Parquet, ..args };
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
        let (settings, settings_bytes) = inputs.settings().expect("settings");
        let before = Register::of(register.closes[..index].to_vec());
        let kept = KeptBasis { inputs, settings, settings_bytes, before };
        let places = [path("work"), path("derived")];
        let places = [&*places[0], &*places[1]];
        let derived = derive_in_turn(kept, &close.manifest, TableFormat::Parquet, 3, places);
        assert_eq!(derived.expect("it is derived"), close.manifest);
        let left = std::fs::read_dir(path("work")).expect("a folder").count();
        assert_eq!(left, 0, "the round is left");
    }
}
