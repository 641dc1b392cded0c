//! What is made when it is first needed and then shared by all threads.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

/// Values by what they are made for.
pub struct Cache<K, V>(RwLock<HashMap<K, Arc<V>>>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Copy + Eq + Hash, V> Cache<K, V> {
    /// The value of a key. Nobody waits while it is made: two threads may make it at once, and the
    /// first to be done is kept.
    pub fn get<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        // A thread that panicked has left whole values: they are only ever put in.
        let values = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = values.get(&key) {
            return Ok(Arc::clone(value));
        }
        drop(values);
        let value = Arc::new(make()?);
        let mut values = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(values.entry(key).or_insert(value)))
    }
}
