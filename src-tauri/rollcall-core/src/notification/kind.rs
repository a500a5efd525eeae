//! The kinds of the catalogue, how loud each is, and what its buttons do.

/// What a notification is about; the numbers are those of the design's catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// N1 for one, N2 for several: addresses that wait for a decision.
    NewAddresses,
    /// N3: 3 days and 1 day before addresses end.
    Ending,
    /// N4: addresses that ended still get mail from senders they know.
    Wanted,
    /// N5: the rule made addresses other names of accounts.
    AliasesAdded,
    /// N6: the rule made users.
    UsersAdded,
    /// Mail that is kept for an ended address is dropped within a day (X06).
    HeldMailEnds,
    /// The days in which nothing was refused are over (X16).
    ShadowEnded,
    /// N7: what the week brought.
    ThisWeek,
    /// D15: the weekly notice. It counts once it was shown (X05).
    Weekly,
    /// T10: nobody decided in time.
    Ended,
    /// T6, T7, T23: the mail server says that addresses do not exist.
    Doubted,
    /// T5: an address sends mail while its own is refused.
    SentButRefused,
    /// Held: no seat is left for users that a rule would make.
    NoSeat,
    /// N8: the mail server does not answer.
    ServerAway,
    /// N9: it answers again. Takes the place of N8.
    ServerBack,
    /// N18: nine in ten seats are used, or all.
    Seats,
    /// N19: the mail server says yes to every address.
    SaysYes,
    /// Mail that was kept could not be delivered.
    Undelivered,
    /// Clients were blocked for guessing addresses.
    Blocked,
    /// Something happened to the Organization Administrator's password.
    Access,
    /// N15: the sync failed, or asks the same, two runs in a row.
    SyncProblem,
    /// N16: a run of the sync stopped, because it would have put many aside.
    SyncStopped,
    /// N17: the directory lets us in no more.
    SyncSignIn,
    /// T17: accounts left the directory 14 days ago, and somebody should decide.
    SyncLeft,
}

/// How loud a notification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Only in the notification centre.
    Quiet,
    /// A banner.
    Normal,
    /// A banner that may break quiet hours.
    Urgent,
}

/// Where a notification stands in the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Nobody looked at it.
    Unread,
    /// Somebody did.
    Read,
    /// What it is about is decided.
    DealtWith,
    /// A later one took its place, or it is not true any more.
    Withdrawn,
}

/// What a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Makes the address a user.
    MakeUser,
    /// Makes it a functional account.
    MakeFunctional,
    /// Refuses its mail from now on.
    MarkInvalid,
    /// Does for each address what its suggestion says.
    AddAsSuggested,
    /// Gives the addresses a week more.
    GiveWeek,
    /// Takes back what was done by itself.
    Undo,
    /// Takes the address in again, as suggested.
    MakeReal,
    /// Leaves it as it is.
    KeepRefusing,
    /// Tries now what waits.
    TryNow,
    /// Keeps everybody whom a run of the sync would have put aside.
    KeepEveryone,
}

impl Kind {
    /// Every kind, in the order in which settings show them.
    pub const ALL: [Self; 24] = [
        Self::NewAddresses,
        Self::Ending,
        Self::Weekly,
        Self::Ended,
        Self::Wanted,
        Self::AliasesAdded,
        Self::UsersAdded,
        Self::ThisWeek,
        Self::Doubted,
        Self::SentButRefused,
        Self::NoSeat,
        Self::HeldMailEnds,
        Self::Seats,
        Self::ServerAway,
        Self::ServerBack,
        Self::SaysYes,
        Self::Undelivered,
        Self::Blocked,
        Self::ShadowEnded,
        Self::Access,
        Self::SyncProblem,
        Self::SyncStopped,
        Self::SyncSignIn,
        Self::SyncLeft,
    ];

    /// The word used in SQL, JSON and TypeScript.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NewAddresses => "new_addresses",
            Self::Ending => "ending",
            Self::Wanted => "wanted",
            Self::AliasesAdded => "aliases_added",
            Self::UsersAdded => "users_added",
            Self::ThisWeek => "this_week",
            Self::Weekly => "weekly",
            Self::Ended => "ended",
            Self::Doubted => "doubted",
            Self::SentButRefused => "sent_but_refused",
            Self::NoSeat => "no_seat",
            Self::ServerAway => "server_away",
            Self::ServerBack => "server_back",
            Self::Seats => "seats",
            Self::SaysYes => "says_yes",
            Self::Undelivered => "undelivered",
            Self::Blocked => "blocked",
            Self::Access => "access",
            Self::HeldMailEnds => "held_mail_ends",
            Self::ShadowEnded => "shadow_ended",
            Self::SyncProblem => "sync_problem",
            Self::SyncStopped => "sync_stopped",
            Self::SyncSignIn => "sync_sign_in",
            Self::SyncLeft => "sync_left",
        }
    }

    /// The kind for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What settings call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NewAddresses => "New addresses",
            Self::Ending => "Addresses that end soon",
            Self::Weekly => "Weekly notice",
            Self::Ended => "Addresses that ended",
            Self::Wanted => "Ended addresses that still get mail",
            Self::AliasesAdded => "Aliases added by themselves",
            Self::UsersAdded => "Users added by themselves",
            Self::ThisWeek => "What the week brought",
            Self::Doubted => "Addresses your mail server doesn’t know",
            Self::SentButRefused => "Addresses that send but are refused",
            Self::NoSeat => "Addresses that wait for a seat",
            Self::Seats => "Seats nearly or all used",
            Self::ServerAway => "Mail server doesn’t answer",
            Self::ServerBack => "Mail server is back",
            Self::SaysYes => "Mail server says yes to everyone",
            Self::Undelivered => "Kept mail that could not be delivered",
            Self::Blocked => "Clients that guess addresses",
            Self::HeldMailEnds => "Kept mail that is dropped soon",
            Self::ShadowEnded => "Watching that is over",
            Self::Access => "Organization Administrator’s password",
            Self::SyncProblem => "Sync that fails or asks",
            Self::SyncStopped => "Sync that stopped to ask",
            Self::SyncSignIn => "Directory that wants a sign-in",
            Self::SyncLeft => "Accounts that left the directory",
        }
    }

    /// How loud it is.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::AliasesAdded | Self::ThisWeek | Self::ServerBack | Self::Blocked => Level::Quiet,
            Self::ServerAway | Self::SyncStopped => Level::Urgent,
            Self::NewAddresses
            | Self::Ending
            | Self::Wanted
            | Self::UsersAdded
            | Self::Weekly
            | Self::Ended
            | Self::Doubted
            | Self::SentButRefused
            | Self::NoSeat
            | Self::Seats
            | Self::SaysYes
            | Self::Undelivered
            | Self::HeldMailEnds
            | Self::ShadowEnded
            | Self::SyncProblem
            | Self::SyncSignIn
            | Self::SyncLeft
            | Self::Access => Level::Normal,
        }
    }

    /// What a later one about the same thing has too: it takes the place of the earlier one on the screen. `subject` is
    /// the mail server or domain, where it is about one.
    #[must_use]
    pub fn tag(self, subject: &str) -> String {
        match self {
            Self::ServerAway | Self::ServerBack => format!("server:{subject}"),
            Self::SaysYes => format!("says_yes:{subject}"),
            _ => self.word().to_owned(),
        }
    }

    /// In which stack a desktop that has stacks keeps it.
    #[must_use]
    pub const fn thread(self) -> &'static str {
        match self {
            Self::ServerAway | Self::ServerBack | Self::SaysYes => "server",
            Self::Undelivered | Self::Blocked => "mail",
            Self::SyncProblem | Self::SyncStopped | Self::SyncSignIn | Self::SyncLeft => "sync",
            Self::Seats | Self::NoSeat | Self::ShadowEnded | Self::Access => "office",
            _ => "addresses",
        }
    }

    /// The state of an address as long as there is something to decide about it: once none of the addresses is in it, the
    /// notification is dealt with.
    #[must_use]
    pub const fn stands_while(self) -> Option<&'static str> {
        match self {
            Self::NewAddresses | Self::Ending | Self::NoSeat => Some("discovered"),
            Self::Wanted | Self::Ended | Self::SentButRefused | Self::HeldMailEnds => Some("invalid"),
            Self::AliasesAdded => Some("alias"),
            Self::UsersAdded => Some("user"),
            _ => None,
        }
    }

    /// Whether a later one makes the earlier one untrue, so that it is withdrawn from the inbox too.
    #[must_use]
    pub const fn replaces(self) -> bool {
        matches!(
            self,
            Self::Ending
                | Self::Weekly
                | Self::ThisWeek
                | Self::Seats
                | Self::SaysYes
                | Self::ServerAway
                | Self::ServerBack
                | Self::SyncProblem
                | Self::SyncStopped
                | Self::SyncSignIn
                | Self::SyncLeft
        )
    }

    /// Whether there is at most one a day (X12). An outage and its end are told when they happen.
    #[must_use]
    pub const fn is_once_a_day(self) -> bool {
        !matches!(self, Self::ServerAway | Self::ServerBack)
    }
}

impl Level {
    /// The word used in JSON and TypeScript.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Normal => "normal",
            Self::Urgent => "urgent",
        }
    }
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Unread, Self::Read, Self::DealtWith, Self::Withdrawn];

    /// The word used in SQL, JSON and TypeScript.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Read => "read",
            Self::DealtWith => "dealt_with",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether there still is something to do about it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Unread | Self::Read)
    }
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::MakeUser,
        Self::MakeFunctional,
        Self::MarkInvalid,
        Self::AddAsSuggested,
        Self::GiveWeek,
        Self::Undo,
        Self::MakeReal,
        Self::KeepRefusing,
        Self::TryNow,
        Self::KeepEveryone,
    ];

    /// The word used in JSON, TypeScript and on the session bus.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::MakeUser => "make_user",
            Self::MakeFunctional => "make_functional",
            Self::MarkInvalid => "mark_invalid",
            Self::AddAsSuggested => "add_as_suggested",
            Self::GiveWeek => "give_week",
            Self::Undo => "undo",
            Self::MakeReal => "make_real",
            Self::KeepRefusing => "keep_refusing",
            Self::TryNow => "try_now",
            Self::KeepEveryone => "keep_everyone",
        }
    }

    /// The action for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}
