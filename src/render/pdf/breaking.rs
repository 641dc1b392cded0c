//! Finds line breaks at spaces and between ideographs. A word without them breaks where the parts of
//! an address meet.

/// The position to break a line that has no room for `next`; never at its start. A word that is too
/// long is cut at its end if it has no parts.
pub(super) fn break_before(line: &str, next: char) -> usize {
    let following = line.char_indices().skip(1);
    let mut previous = line.chars().next();
    let (mut best, mut between_parts) = (None, None);
    for (index, character) in following.chain([(line.len(), next)]) {
        if previous.is_some_and(|before| may_break(before, character)) {
            best = Some(index);
        }
        if previous.is_some_and(|before| is_between_parts(before, character)) {
            between_parts = Some(index);
        }
        previous = Some(character);
    }
    best.or(between_parts).unwrap_or(line.len())
}

/// Whether parts of an e-mail address, a domain or a path meet here.
fn is_between_parts(before: char, after: char) -> bool {
    let joins = |character| matches!(character, '@' | '.');
    (joins(after) && !joins(before)) || (matches!(before, '-' | '_' | '/' | '+') && after != before)
}

/// Whether a line may end between two characters.
pub(super) fn may_break(before: char, after: char) -> bool {
    let closes =
        matches!(after, '、' | '。' | '，' | '．' | '」' | '』' | '）' | '】' | '・' | 'ー');
    let opens = matches!(before, '「' | '『' | '（' | '【');
    let ideographs = is_ideograph(before) || is_ideograph(after);
    before == ' ' || after == ' ' || (ideographs && !closes && !opens)
}

/// Scripts written without spaces.
pub(super) const fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
}
