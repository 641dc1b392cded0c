//! A cache whose values are created on first use and shared by all threads.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

/// Values that depend only on their keys, so any of them may be dropped.
pub(crate) struct Cache<K, V> {
    values: RwLock<HashMap<K, Arc<V>>>,
    most: usize,
}

impl<K: Eq + Hash, V> Cache<K, V> {
    /// Keeps at most `most` values. One more clears the cache, and frequent values soon return.
    pub(crate) fn new(most: usize) -> Self {
        Self { values: RwLock::default(), most }
    }

    /// The value of a key. Threads do not wait for each other: two may create it at once, and the
    /// first result is kept.
    pub(crate) fn get<Q, E>(
        &self,
        key: &Q,
        make: impl FnOnce() -> Result<V, E>,
    ) -> Result<Arc<V>, E>
    where
        K: Borrow<Q>,
        Q: ToOwned<Owned = K> + Eq + Hash + ?Sized,
    {
        // A panic cannot leave a partial value, because values are only inserted.
        let values = self.values.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = values.get(key) {
            return Ok(Arc::clone(value));
        }
        drop(values);
        let value = Arc::new(make()?);
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        if values.len() >= self.most {
            values.clear();
        }
        Ok(Arc::clone(values.entry(key.to_owned()).or_insert(value)))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let cache: Cache<String, usize> = Cache::new(2);
        let get = |key: &str| cache.get(key, || Ok::<_, Infallible>(key.len()));
        let lengths = ["a", "bb", "ccc", "a", "bb"].map(|key| get(key).map_or(0, |it| *it));
        assert_eq!(lengths, [1, 2, 3, 1, 2]);
        assert!(cache.values.read().expect("no thread panicked").len() <= 2);
    }

    #[test]
    fn what_is_kept_is_not_made_again() {
        let cache: Cache<u8, u8> = Cache::new(2);
        let first = cache.get(&1, || Ok::<_, Infallible>(10));
        let again = cache.get(&1, || Err("made again"));
        assert_eq!((first.ok(), again.ok()), (Some(10.into()), Some(10.into())));
    }
}
