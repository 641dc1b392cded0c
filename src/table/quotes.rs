//! Finds cells that need quotes, sixteen bytes at a time. A million invoices have fifty million
//! cells, and almost none of them need quotes.

/// Whether a cell needs quotes, by the rules of the csv crate. Some of its last bytes are checked
/// twice.
pub(crate) fn needs_quotes(cell: &[u8]) -> bool {
    let Some(last) = cell.last_chunk() else { return has_mark(&block_of(cell)) };
    let (blocks, _) = cell.as_chunks();
    has_mark(last) || blocks.iter().any(has_mark)
}

/// All bytes of a cell shorter than sixteen, some of them twice.
fn block_of(cell: &[u8]) -> [u8; 16] {
    let (first, last) = if let (Some(first), Some(last)) =
        (cell.first_chunk::<8>(), cell.last_chunk::<8>())
    {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (cell.first_chunk::<4>(), cell.last_chunk::<4>()) {
        (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
    } else {
        (cell.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte)), 0)
    };
    (u128::from(first) | (u128::from(last) << 64)).to_le_bytes()
}

/// Whether a block contains a byte that would end a cell. There is no branch, so the processor
/// compares all bytes at once.
fn has_mark(block: &[u8; 16]) -> bool {
    let has = |mark: u8| block.iter().fold(0, |found, byte| found | u8::from(*byte == mark));
    has(b',') | has(b'"') | has(b'\n') | has(b'\r') != 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_mark_is_found_wherever_it_is(
            mut cell in prop::collection::vec(prop::sample::select(b"ab-;!\x0b\x0c\xac".to_vec()), 0..70),
            mark in prop::sample::select(b",\"\n\r".to_vec()),
            place: prop::sample::Index,
        ) {
            prop_assert!(!needs_quotes(&cell));
            if !cell.is_empty() {
                let place = place.index(cell.len());
                cell[place] = mark;
                prop_assert!(needs_quotes(&cell));
            }
        }
    }
}
