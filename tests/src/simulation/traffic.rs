//! What is written on a day. Pure: each day comes from the seed alone, whatever came before.

mod everyday;
mod unwanted;

use rollcall_practice::Random;

use super::letter::{Letter, Nature, Way};
use super::names::SUBJECTS;
use super::plan::DAY;
use super::world::World;

/// The letters of day `day`, in the order of their hours.
#[must_use]
pub fn of_day(world: &World, day: u32) -> Vec<Letter> {
    let mut letters = Vec::new();
    let outbound = everyday::outbound(world, day);
    let mut pen = Pen::new(world, day, 1);
    everyday::people(&mut pen, &mut letters);
    everyday::answers(&mut pen, &mut letters);
    everyday::shops(&mut pen, &mut letters);
    everyday::lists(&mut pen, &mut letters);
    everyday::programs(&mut pen, &mut letters);
    let mut pen = Pen::new(world, day, 2);
    unwanted::spam(&mut pen, &mut letters);
    unwanted::guesses(&mut pen, &mut letters);
    unwanted::forged(&mut pen, &mut letters);
    letters.extend(outbound);
    letters.sort_by_key(|letter| letter.hour);
    letters
}

/// Writes the letters of one day.
struct Pen<'a> {
    world: &'a World,
    day: u32,
    random: Random,
    serial: u32,
    branch: u32,
}

impl<'a> Pen<'a> {
    fn new(world: &'a World, day: u32, branch: u32) -> Self {
        let random = Random::branch(world.seed, u64::from(day) << 8 | u64::from(branch));
        Self { world, day, random, serial: 0, branch }
    }

    /// How many of `weekly_tenths` a week fall on this day, at the world's volume: on a weekend one in twenty.
    fn share(&mut self, weekly_tenths: u32) -> u64 {
        let share = if self.day % 7 >= 5 { 25_000 } else { 190_000 };
        self.random.round(u64::from(weekly_tenths) * share / 10 * u64::from(self.world.volume) / 100)
    }

    /// An hour of the day at which people write.
    fn hour(&mut self) -> u32 {
        self.day * DAY + 7 + self.random.weighted([2_u32, 5, 9, 9, 7, 4, 6, 8, 8, 6, 3, 1].into_iter()) as u32
    }

    fn letter(&mut self, nature: Nature, sender: &str, to: Vec<String>) -> Letter {
        self.serial += 1;
        let id = format!("{}.{}.{}@{}", self.day, self.branch, self.serial, domain_of(sender));
        let subject = (*self.random.pick(SUBJECTS)).to_owned();
        let (hour, sender) = (self.hour(), sender.to_owned());
        Letter { hour, way: Way::Filter, nature, sender, to, id, subject, answers: None, report: None }
    }
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("elsewhere.example", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_about_a_hundred_and_fifty_thousand_messages() {
        let world = World::new(5, 52, 100);

        let sum: usize = (0..28).map(|day| of_day(&world, day).len()).sum();

        assert!((100_000..200_000).contains(&(sum * 13)), "{}", sum * 13);
    }

    #[test]
    fn a_day_is_told_the_same_twice_and_no_two_messages_have_one_id() {
        let world = World::new(5, 8, 100);
        let ids = |day| of_day(&world, day).into_iter().map(|letter| letter.id).collect::<Vec<_>>();

        let mut all: Vec<String> = (0..14).flat_map(ids).collect();

        assert_eq!(ids(3), ids(3));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn every_week_has_an_attack_and_every_letter_its_day() {
        let world = World::new(9, 8, 20);
        for week in 0..8 {
            let letters: Vec<Letter> = (week * 7..week * 7 + 7).flat_map(|day| of_day(&world, day)).collect();

            assert!(letters.iter().filter(|letter| letter.nature == Nature::Guess).count() >= 20, "week {week}");
            assert!(letters.iter().all(|letter| (week * 7..week * 7 + 7).contains(&(letter.hour / DAY))));
        }
    }
}
