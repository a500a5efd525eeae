//! A small source of numbers that come in the same order for the same seed, so that a practice office can be told again.
//!
//! **Limits.** `SplitMix64` (Steele, Lea and Flood, 2014) spreads well and is easily guessed. Nothing secret comes from
//! here.

/// Numbers from a seed.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Starts at `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Starts at a point of its own for each `branch` of `seed`, so that one hour's mail does not depend on the hours
    /// before it.
    #[must_use]
    pub fn branch(seed: u64, branch: u64) -> Self {
        Self(seed ^ Self(branch).number())
    }

    /// The next number, all 64 bits of it.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, and without, `end`; 0 when `end` is 0.
    pub const fn below(&mut self, end: u32) -> u32 {
        (((self.number() >> 32) * end as u64) >> 32) as u32
    }

    /// One of `choices`.
    ///
    /// # Panics
    /// When there is nothing to choose from.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u32) as usize]
    }

    /// The index of one of `weights`, the heavier the likelier; 0 when all are 0.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let mut rest = self.below(weights.clone().sum());
        for (index, weight) in weights.enumerate() {
            if rest < weight {
                return index;
            }
            rest -= weight;
        }
        0
    }

    /// A whole number that is `millionths / 1_000_000` in the long run.
    pub const fn round(&mut self, millionths: u64) -> u64 {
        let up = (self.below(1_000_000) as u64) < millionths % 1_000_000;
        millionths / 1_000_000 + up as u64
    }

    /// `choices` in another order.
    pub fn shuffle<T>(&mut self, choices: &mut [T]) {
        for last in (1..choices.len()).rev() {
            choices.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_the_published_algorithm() {
        let mut random = Random::new(1_234_567);

        let first: Vec<u64> = (0..3).map(|_| random.number()).collect();

        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn a_weight_of_zero_is_never_drawn_and_the_others_in_proportion() {
        let mut random = Random::new(7);
        let mut drawn = [0_u32; 3];

        for _ in 0..4_000 {
            drawn[random.weighted([1, 0, 3].into_iter())] += 1;
        }

        assert_eq!(drawn[1], 0);
        assert!((900..1_100).contains(&drawn[0]), "{drawn:?}");
    }

    #[test]
    fn rounding_keeps_the_sum_in_the_long_run() {
        let mut random = Random::new(7);

        let sum: u64 = (0..10_000).map(|_| random.round(1_250_000)).sum();

        assert!((12_300..12_700).contains(&sum), "{sum}");
    }

    #[test]
    fn shuffling_loses_nothing() {
        let mut cards: Vec<u32> = (0..30).collect();

        Random::new(3).shuffle(&mut cards);

        assert!(!cards.is_sorted());
        cards.sort_unstable();
        assert_eq!(cards, (0..30).collect::<Vec<_>>());
    }
}
