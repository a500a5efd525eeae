//! Seats and what users cost (X08, N18). Users use a seat; functional accounts and aliases do not (3.1).

use crate::money::Currency;

/// What a user costs a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// In the currency's smallest unit.
    pub minor: u64,
    /// In which money.
    pub currency: Currency,
}

/// What the office's licence says; absent where nothing is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Licence {
    /// How many users there may be.
    pub total: Option<u64>,
    /// What each costs.
    pub price: Option<Price>,
}

/// How many seats are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    /// Users.
    pub used: u64,
    /// How many there may be; `None` without an end.
    pub total: Option<u64>,
}

/// How full the seats are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Below 90 %, or without an end.
    #[default]
    Roomy,
    /// 90 % or more.
    Nearly,
    /// No seat is left.
    Full,
}

impl Seats {
    /// Seats left; `None` without an end. Nothing creates a user by itself when there are none (3.1, Held).
    #[must_use]
    pub const fn left(self) -> Option<u64> {
        match self.total {
            Some(total) => Some(total.saturating_sub(self.used)),
            None => None,
        }
    }

    /// How much of the seats is used, in whole percent rounded down; over 100 when there are too many users.
    #[must_use]
    pub fn percent(self) -> Option<u64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some(u64::try_from(u128::from(self.used) * 100 / u128::from(total)).unwrap_or(u64::MAX))
    }

    /// How full they are.
    #[must_use]
    pub fn level(self) -> Level {
        match (self.left(), self.percent()) {
            (Some(0), _) => Level::Full,
            (_, Some(90..)) => Level::Nearly,
            _ => Level::Roomy,
        }
    }
}

/// What was told of the seats, after a look at them; the second is true when the present level is told now (N18: once
/// each, and again only after there was room in between).
#[must_use]
pub fn tell(told: Level, seats: Seats) -> (Level, bool) {
    match seats.level() {
        Level::Roomy => (Level::Roomy, false),
        level if level > told => (level, true),
        _ => (told, false),
    }
}

/// What creating users would mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// How many were asked about.
    pub asked: u64,
    /// How many of them would be new users.
    pub new_users: u64,
    /// The seats with them.
    pub after: Seats,
    /// What they cost a month, where the price is known.
    pub cost: Option<Price>,
}

/// What `new_users` of `asked` mean for the seats and for the bill (X08).
#[must_use]
pub fn forecast(seats: Seats, licence: Licence, asked: u64, new_users: u64) -> Forecast {
    let after = Seats { used: seats.used.saturating_add(new_users), total: licence.total };
    let cost = licence.price.map(|price| Price { minor: price.minor.saturating_mul(new_users), ..price });
    Forecast { asked, new_users, after, cost }
}

impl Forecast {
    /// By how many users the seats would not be enough.
    #[must_use]
    pub fn over_by(self) -> u64 {
        self.after.total.map_or(0, |total| self.after.used.saturating_sub(total))
    }

    /// "These 7 would be 7 new paid users (≈ +€21.00 a month)."
    #[must_use]
    pub fn sentence(self) -> String {
        let users = match (self.asked, self.new_users) {
            (_, 0) => return "No new paid user.".to_owned(),
            (1, _) => "This would be 1 new paid user".to_owned(),
            (asked, 1) => format!("Of these {asked}, 1 would be a new paid user"),
            (asked, new) if asked == new => format!("These {asked} would be {new} new paid users"),
            (asked, new) => format!("Of these {asked}, {new} would be new paid users"),
        };
        let cost =
            self.cost.map_or_else(String::new, |cost| format!(" (≈ +{} a month)", cost.currency.amount(cost.minor)));
        format!("{users}{cost}.{}", self.too_many())
    }

    fn too_many(self) -> String {
        match (self.over_by(), self.after.total) {
            (0, _) | (_, None) => String::new(),
            (1, Some(total)) => format!(" That is 1 more than your {total} seats."),
            (over, Some(total)) => format!(" That is {over} more than your {total} seats."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(used: u64, total: u64) -> Seats {
        Seats { used, total: Some(total) }
    }

    fn licence(total: Option<u64>, price: Option<u64>) -> Licence {
        let currency = Currency::parse("EUR").expect("euros");
        Licence { total, price: price.map(|minor| Price { minor, currency }) }
    }

    #[test]
    fn seats_have_an_end_only_where_the_office_says_so() {
        let endless = Seats { used: 7, total: None };
        assert_eq!((endless.left(), endless.percent(), endless.level()), (None, None, Level::Roomy));

        assert_eq!(
            (seats(42, 50).left(), seats(42, 50).percent(), seats(42, 50).level()),
            (Some(8), Some(84), Level::Roomy)
        );
        assert_eq!(
            (seats(45, 50).left(), seats(45, 50).percent(), seats(45, 50).level()),
            (Some(5), Some(90), Level::Nearly)
        );
        assert_eq!(
            (seats(52, 50).left(), seats(52, 50).percent(), seats(52, 50).level()),
            (Some(0), Some(104), Level::Full)
        );
        assert_eq!((seats(0, 0).left(), seats(0, 0).percent(), seats(0, 0).level()), (Some(0), None, Level::Full));
        assert_eq!(seats(8, 9).level(), Level::Roomy, "88.9 % is less than 90 %");
    }

    #[test]
    fn n18_each_level_is_told_once_and_again_only_after_there_was_room() {
        let mut told = Level::Roomy;
        let mut news = Vec::new();
        for used in [44, 45, 46, 45, 50, 51, 50, 46, 50, 44, 45, 50] {
            let (now, is_news) = tell(told, seats(used, 50));
            told = now;
            if is_news {
                news.push(used);
            }
        }
        assert_eq!(news, [45, 50, 45, 50]);
    }

    #[test]
    fn n18_seats_that_fill_at_once_are_told_as_full_only() {
        assert_eq!(tell(Level::Roomy, seats(50, 50)), (Level::Full, true));
        assert_eq!(tell(Level::Full, seats(46, 50)), (Level::Full, false));
    }

    #[test]
    fn x08_the_sentence_says_how_many_and_what_they_cost() {
        let sentence = |used, licence: Licence, asked, new| {
            forecast(Seats { used, total: licence.total }, licence, asked, new).sentence()
        };
        let priced = licence(Some(50), Some(300));

        assert_eq!(sentence(42, priced, 7, 7), "These 7 would be 7 new paid users (≈ +€21.00 a month).");
        assert_eq!(sentence(42, priced, 9, 7), "Of these 9, 7 would be new paid users (≈ +€21.00 a month).");
        assert_eq!(sentence(42, priced, 9, 1), "Of these 9, 1 would be a new paid user (≈ +€3.00 a month).");
        assert_eq!(sentence(42, priced, 1, 1), "This would be 1 new paid user (≈ +€3.00 a month).");
        assert_eq!(sentence(42, priced, 3, 0), "No new paid user.");
        assert_eq!(sentence(42, licence(None, None), 7, 7), "These 7 would be 7 new paid users.");
        assert_eq!(
            sentence(45, licence(Some(50), None), 7, 7),
            "These 7 would be 7 new paid users. That is 2 more than your 50 seats."
        );
    }

    #[test]
    fn x08_the_numbers_are_exact() {
        let found = forecast(seats(45, 50), licence(Some(50), Some(299)), 9, 7);

        assert_eq!((found.after.used, found.over_by()), (52, 2));
        assert_eq!(found.cost.map(|cost| cost.minor), Some(2093));
        let none = forecast(seats(60, 50), licence(Some(50), Some(299)), 4, 0);
        assert_eq!(none.sentence(), "No new paid user.");
    }
}
