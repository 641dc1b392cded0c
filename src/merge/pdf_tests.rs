use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::error::Damage;
use super::fixture_tests::{COUNTS, Shards, damage, staging};
use super::*;
use crate::hash::hexadecimal;
use crate::publish::{Made, PublishError, Staging};

const ARCHIVE: &str = "pdf.zip";
const LIST: &str = "pdf.sha256";

/// Documents that stand for PDFs: section, place, and content.
type Pdf = (u8, u64, String);

fn pdfs(count: u64) -> Vec<Pdf> {
    let of = |section: u8| {
        (0..count / (1 + u64::from(section))).map(move |place| {
            (section, place, format!("{section} {place} {}", "x".repeat((place % 50) as usize)))
        })
    };
    of(0).chain(of(1)).collect()
}

fn path((section, place, _): &Pdf) -> String {
    format!("{}/{place}.pdf", ["pdf", "receipts"][usize::from(*section)])
}

fn made(pdf: &Pdf) -> Made<()> {
    let content = pdf.2.clone().into_bytes();
    let digest = Sha256::digest(&content).into();
    Made { path: path(pdf), content, digest, rest: () }
}

fn line(pdf: &Pdf) -> String {
    format!("{}  {}\n", hexadecimal(&Sha256::digest(&pdf.2)), path(pdf))
}

/// Writes the PDFs of a shard, packed or as files, and lists them.
fn write(staging: &mut Staging, pdfs: &[Pdf], is_packed: bool) {
    let written = if is_packed {
        staging.write_archive(ARCHIVE, pdfs, |_, pdf| Ok::<_, PublishError>(made(pdf)))
    } else {
        staging.write_many(pdfs, |_, pdf| Ok::<_, PublishError>(made(pdf)))
    };
    written.expect("writes");
    let mut runs = RunsWriter::begin(staging, "pdf").expect("begins");
    let lines: Vec<String> = pdfs.iter().map(line).collect();
    let lengths: Vec<u32> =
        lines.iter().map(|line| u32::try_from(line.len()).expect("short")).collect();
    let keys = pdfs.iter().map(|(section, place, _)| MergeKey::document(*section, *place));
    runs.write(keys, (lines.concat().as_bytes(), &lengths)).expect("writes");
    staging.end_files(runs.files());
}

fn shards(pdfs: &[Pdf], count: usize, is_packed: bool) -> Shards {
    Shards::of(count, |shard, staging| {
        let own = pdfs.iter().filter(|(_, place, _)| place * 7 / 3 % count as u64 == shard as u64);
        write(staging, &own.cloned().collect::<Vec<Pdf>>(), is_packed);
    })
}

fn merged_archive(shards: &Shards) -> Result<[Vec<u8>; 2], MergeError> {
    let folder = shards.merged(|shards, staging| {
        merge_pdf_archive(shards, "pdf", [ARCHIVE, LIST], |_, path| path.to_owned(), staging)
    })?;
    Ok([ARCHIVE, LIST].map(|file| std::fs::read(folder.path().join(file)).expect("is written")))
}

fn archive_of(pdfs: &[Pdf]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut staging = staging(folder.path());
    staging
        .write_archive(ARCHIVE, pdfs, |_, pdf| Ok::<_, PublishError>(made(pdf)))
        .expect("writes");
    let bytes = std::fs::read(folder.path().join(ARCHIVE)).expect("is written");
    staging.keep();
    bytes
}

#[test]
fn a_merged_archive_is_that_of_all_documents() {
    for pdfs in [pdfs(0), pdfs(1), pdfs(700)] {
        let (expected, lines) = (archive_of(&pdfs), pdfs.iter().map(line).collect::<String>());
        for count in COUNTS {
            let [archive, list] = merged_archive(&shards(&pdfs, count, true)).expect("is merged");
            assert!(archive == expected && list == lines.as_bytes(), "of {count} shards");
        }
    }
}

#[test]
fn an_archive_of_many_files_has_the_records_of_zip64() {
    let pdfs: Vec<Pdf> = (0..66_000).map(|place| (0, place, String::new())).collect();
    let [archive, _] = merged_archive(&shards(&pdfs, 3, true)).expect("is merged");
    assert!(archive == archive_of(&pdfs));
    assert!(archive[archive.len() - 100..].windows(4).any(|it| it == b"PK\x06\x06"));
}

#[test]
fn an_archive_with_other_files_than_listed_is_refused() {
    let pdfs = pdfs(20);
    let shown = format!("1/{ARCHIVE}");
    let replace = |with: &[Pdf]| {
        let shards = shards(&pdfs, 2, true);
        std::fs::write(shards.path(1, ARCHIVE), archive_of(with)).expect("writes");
        let (path, damage) = damage(merged_archive(&shards));
        assert!(path.ends_with(&shown), "{path}");
        damage
    };
    let own: Vec<Pdf> = pdfs.iter().filter(|pdf| pdf.1 * 7 / 3 % 2 == 1).cloned().collect();
    let first = path(&own[0]);
    assert_eq!(replace(&own[1..]), Damage::Other(first));
    assert_eq!(replace(&own[..own.len() - 1]), Damage::Other(path(&own[own.len() - 1])));
    let more: Vec<Pdf> = own.iter().cloned().chain([(0, 99, String::new())]).collect();
    assert_eq!(replace(&more), Damage::Rest);
    let mut changed = own.clone();
    changed[0].2 = "another content".to_owned();
    assert_eq!(replace(&changed), Damage::Digest);
    let gone = shards(&pdfs, 2, true);
    std::fs::remove_file(gone.path(1, ARCHIVE)).expect("is there");
    assert_eq!(damage(merged_archive(&gone)).1, Damage::Missing);
}

fn merged_files(shards: &Shards) -> Result<tempfile::TempDir, MergeError> {
    shards.merged(|shards, staging| {
        let into_folders = |key: &MergeKey, path: &str| {
            let (folder, name) = path.split_once('/').expect("has a folder");
            format!("{folder}/{:04}/{name}", key.place().expect("has a place") / 100)
        };
        merge_pdf_files(shards, "pdf", LIST, into_folders, staging)
    })
}

#[test]
fn files_are_taken_to_their_final_folders_and_stay_with_their_shards() {
    let pdfs = pdfs(250);
    let shards = shards(&pdfs, 3, false);
    let merged = merged_files(&shards).expect("is merged");
    let list = std::fs::read_to_string(merged.path().join(LIST)).expect("is written");
    assert_eq!(list.lines().count(), pdfs.len());
    let read = |path: &Path| std::fs::read_to_string(path).expect("is there");
    for (pdf, line) in pdfs.iter().zip(list.lines()) {
        let (_, listed) = line.split_once("  ").expect("is a list");
        assert_eq!(read(&merged.path().join(listed)), pdf.2);
        let folder = format!("/{:04}/{}.pdf", pdf.1 / 100, pdf.1);
        assert!(listed.ends_with(&folder), "{listed}");
        let stays = (0..3).filter(|shard| shards.path(*shard, &path(pdf)).exists()).count();
        assert_eq!(stays, 1);
    }
    let file = (0..3).map(|shard| shards.path(shard, "pdf/7.pdf")).find(|it| it.exists());
    std::fs::remove_file(file.expect("is one")).expect("is there");
    assert_eq!(damage(merged_files(&shards)).1, Damage::Missing);
}
