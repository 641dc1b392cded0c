//! What was read of the closes, for a run that bills one account several times: each question to the
//! files is asked once.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use super::Charges;
use super::log::AppliedChange;
use crate::model::{Published, Receivable};
use crate::tax::IssuedByNumber;
use crate::value::Instant;

/// The answers by their questions: ids, and instants before which nothing is wanted.
#[derive(Debug, Default)]
pub(super) struct Memo {
    pub(super) charges: Remembered<Vec<(String, Instant)>, Charges>,
    pub(super) issued: Remembered<(Vec<String>, Option<Instant>), IssuedByNumber>,
    pub(super) lines: Remembered<Vec<String>, BTreeMap<String, Vec<Published>>>,
    pub(super) named: Remembered<Vec<String>, BTreeMap<String, Vec<Published>>>,
    pub(super) changes: Remembered<Vec<String>, BTreeMap<String, Vec<AppliedChange>>>,
    pub(super) receivables: Remembered<Vec<String>, Vec<Receivable>>,
}

#[derive(Debug)]
pub(super) struct Remembered<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    /// The known answer, or a new one.
    pub(super) fn get<E>(&self, key: K, read: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known().get(&key) {
            return Ok(answer.clone());
        }
        let answer = read()?;
        known().insert(key, answer.clone());
        Ok(answer)
    }
}

/// The ids of a question.
pub(super) fn key<'i>(ids: impl IntoIterator<Item = &'i &'i str>) -> Vec<String> {
    ids.into_iter().map(|id| (*id).to_owned()).collect()
}
