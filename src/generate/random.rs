//! Random numbers that are the same on every machine: `SplitMix64` (Steele, Lea and Flood, 2014),
//! with integer arithmetic only.
//!
//! Every account, subscription and story has its own stream, so that each can be drawn
//! independently.

/// The golden ratio as a fraction of 2⁶⁴: the step of `SplitMix64`.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The purpose of a stream.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// The data of an account.
    Account = 1,
    /// One subscription.
    Subscription,
    /// The changes of a subscription.
    Story,
    /// The discounts, adjustments and payments of an account.
    Around,
    /// The order of rows.
    Order,
}

/// A random stream.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// The stream for a seed, a purpose and a number.
    pub(crate) fn of(seed: u64, stream: Stream, number: u64) -> Self {
        let purpose = mix(seed).wrapping_add((stream as u64).wrapping_mul(STEP));
        Self(mix(mix(purpose) ^ mix(number.wrapping_add(STEP))))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number from 0 to below `limit`, which must not be 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(limit);
        u64::try_from(wide >> 64).expect("a share of a number is no larger than it")
    }

    /// A number from `first` to `last`, both included.
    pub(crate) fn between(&mut self, first: i64, last: i64) -> i64 {
        let span = u64::try_from(last - first).expect("a range rises") + 1;
        first + i64::try_from(self.below(span)).expect("it lies in the range")
    }

    /// Returns true in `per_mille` of a thousand cases.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of some things.
    pub(crate) fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        let place = self.below(things.len() as u64);
        &things[usize::try_from(place).expect("it is below a length")]
    }

    /// One of some words.
    pub(crate) fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick::<&str>(words)
    }

    /// A size with a long tail (Pareto, exponent 2): usually 1, at least *n* in one of *n*² cases,
    /// at most `most`.
    pub(crate) fn tail(&mut self, most: u64) -> u64 {
        let share = (self.next() >> 32) + 1;
        ((1 << 32) / share).isqrt().min(most)
    }
}

fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_and_the_mix_are_those_of_splitmix64() {
        // The first numbers of the reference implementation for seed 1234567.
        let mut random = Random(1_234_567);
        let numbers = [random.next(), random.next(), random.next()];
        assert_eq!(
            numbers,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn sizes_have_a_long_tail() {
        let mut random = Random::of(1, Stream::Account, 0);
        let mut sizes: Vec<u64> = (0..10_000).map(|_| random.tail(500)).collect();
        sizes.sort_unstable();
        assert_eq!((sizes[0], sizes[5_000]), (1, 1));
        assert!(sizes[9_999] > 30 && sizes[9_999] <= 500, "{}", sizes[9_999]);
    }
}
