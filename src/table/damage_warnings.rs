//! Warnings about ids that a spreadsheet may have damaged.

use std::collections::HashMap;

use super::damage::{Damage, KEPT, PlacedId, damage, is_long, is_rounded, without_zeros};
use super::findings::Warning;

/// The warnings for the odd ids of a file. `line_of` finds the other ids.
pub(crate) fn warnings(
    file: &str,
    odd: &[PlacedId<'_>],
    line_of: impl Fn(&str) -> Option<u64>,
) -> Vec<Warning> {
    let zeros = pairs(odd, without_zeros, Damage::LeadingZeros, line_of);
    let rounded = pairs(odd, |id| &id[..KEPT.min(id.len())], Damage::Rounded, |_| None);
    let mut warnings: Vec<Warning> = [(zeros, Damage::LeadingZeros), (rounded, Damage::Rounded)]
        .into_iter()
        .filter_map(|(pairs, damage)| warning(file, &pairs, damage))
        .collect();
    let mut long = odd.iter().filter(|(id, _)| is_long(id));
    let first = long.clone().next();
    if let Some((id, line)) = first
        && warnings.len() < 2
        && long.all(|(id, _)| is_rounded(id))
    {
        warnings.push(Warning(format!(
            "{file}: every id of more than {KEPT} digits ends with zeros, such as {id:?} on line \
             {line}; {}, so that two ids may have become one",
            Damage::Rounded
        )));
    }
    warnings
}

/// Pairs of ids, where a spreadsheet may have turned one into the other. Both ids of a pair have
/// the same key.
fn pairs<'a>(
    odd: &[PlacedId<'a>],
    key: impl Fn(&'a str) -> &'a str,
    wanted: Damage,
    line_of: impl Fn(&str) -> Option<u64>,
) -> Vec<(PlacedId<'a>, PlacedId<'a>)> {
    let mut known: HashMap<&str, PlacedId<'_>> = HashMap::new();
    let mut pairs = Vec::new();
    for (id, line) in odd {
        let bare = key(id);
        let usual = if bare == *id { None } else { line_of(bare).map(|line| (bare, line)) };
        let before = usual.or_else(|| known.get(bare).copied());
        match before {
            Some(other) if damage(id, other.0) == Some(wanted) => pairs.push((other, (*id, *line))),
            _ => {
                known.insert(bare, (*id, *line));
            }
        }
    }
    pairs
}

fn warning(file: &str, pairs: &[(PlacedId<'_>, PlacedId<'_>)], damage: Damage) -> Option<Warning> {
    let ((one, one_line), (other, other_line)) = pairs.first()?;
    let more = match pairs.len() - 1 {
        0 => String::new(),
        more => format!(", as do {more} more"),
    };
    let differ = match damage {
        Damage::LeadingZeros => "differ only by leading zeros",
        Damage::Rounded => "differ only behind their 15th digit",
    };
    Some(Warning(format!(
        "{file}: the ids {one:?} on line {one_line} and {other:?} on line {other_line} {differ}{more}; \
         {damage}, so make sure that they are two"
    )))
}
