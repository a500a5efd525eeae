//! The inbox: notifications and the addresses they name.

use rollcall_core::Timestamp;
use rollcall_core::notification::{Kind, State};
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, word};
use crate::{NamedAddress, NewNotification, NotificationRecord, StoreError, Tx};

const ADD: Statement = statement!("notification/add", "put a notification into the inbox");
const JOIN: Statement = statement!("notification/join", "add to a notification");
const RENUMBER: Statement = statement!("notification/renumber", "add to a notification");
const NAME: Statement = statement!("notification/name", "name an address in a notification");
const UNNAME: Statement = statement!("notification/unname", "take an address out of a notification");
const OPEN: Statement = statement!("notification/open", "look for a notification");
const GET: Statement = statement!("notification/get", "read a notification");
const LIST: Statement = statement!("notification/list", "list the inbox");
const LIST_OPEN: Statement = statement!("notification/list_open", "list what is open in the inbox");
const SETTLED: Statement = statement!("notification/settled", "look for notifications that are dealt with");
const STANDING: Statement = statement!("notification/standing", "list the addresses of a notification");
const COUNT_STANDING: Statement = statement!("notification/count_standing", "count the addresses of a notification");
const NAMED: Statement = statement!("notification/named", "list the addresses of a notification");
const COUNT_NAMED: Statement = statement!("notification/count_named", "count the addresses of a notification");
const WAS_NAMED: Statement = statement!("notification/was_named", "look for an address in the inbox");
const SET_STATE: Statement = statement!("notification/set_state", "mark a notification");
const READ_ALL: Statement = statement!("notification/read_all", "mark the inbox as read");
const SET_POSTED: Statement = statement!("notification/set_posted", "mark a notification as told");
const SET_SHOWN: Statement = statement!("notification/set_shown", "mark a notification as shown");
const LAST_POSTED: Statement = statement!("notification/last_posted", "look when a kind was told");
const PRUNE: Statement = statement!("notification/prune", "forget old notifications");
const REFUSED_SINCE_END: Statement = statement!("address/refused_since_end", "look for ended addresses that get mail");
const KEPT_SINCE: Statement = statement!("mail_log/kept_since", "count the messages that were kept");
const REFUSED_KNOWN: Statement = statement!("evidence/refused_known", "count the refused mail of known senders");

impl Tx<'_> {
    /// Puts a notification into the inbox; gives its number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn add_notification(&self, new: &NewNotification, at: Timestamp) -> Result<i64, StoreError> {
        let params = named_params! {
            ":kind": new.kind.word(),
            ":tag": new.kind.tag(&new.subject),
            ":subject": new.subject,
            ":numbers": written(&new.numbers),
            ":moment_ms": new.moment.map(|at| at.0),
            ":stands_while": new.kind.stands_while(),
            ":made_ms": at.0,
        };
        self.insert(&ADD, params)
    }

    /// Something joins a notification, which is news: it is unread again.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn join_notification(&self, id: i64, new: &NewNotification, at: Timestamp) -> Result<(), StoreError> {
        let params = named_params! {
            ":id": id,
            ":subject": new.subject,
            ":numbers": written(&new.numbers),
            ":moment_ms": new.moment.map(|at| at.0),
            ":changed_ms": at.0,
        };
        self.change(&JOIN, params).map(drop)
    }

    /// The numbers of a notification went on, which is no news.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn renumber_notification(&self, id: i64, numbers: &[u64]) -> Result<(), StoreError> {
        self.change(&RENUMBER, named_params! { ":id": id, ":numbers": written(numbers) }).map(drop)
    }

    /// A notification names an address.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn name_in_notification(&self, id: i64, named: &NamedAddress) -> Result<(), StoreError> {
        let NamedAddress { key, shown, entry } = named;
        self.change(&NAME, named_params! { ":id": id, ":key": key, ":shown": shown, ":entry": entry }).map(drop)
    }

    /// Open notifications of a kind name an address no more.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn unname_in_notifications(&self, kind: Kind, key: &str) -> Result<(), StoreError> {
        self.change(&UNNAME, named_params! { ":kind": kind.word(), ":key": key }).map(drop)
    }

    /// The latest open notification with this tag.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn open_notification(&self, tag: &str) -> Result<Option<NotificationRecord>, StoreError> {
        self.maybe(&OPEN, named_params! { ":tag": tag }, read_notification)
    }

    /// A notification by its number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn notification(&self, id: i64) -> Result<Option<NotificationRecord>, StoreError> {
        self.maybe(&GET, named_params! { ":id": id }, read_notification)
    }

    /// The inbox, newest first; with `before`, those with a smaller number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn notifications(
        &self,
        limit: u32,
        before: Option<i64>,
        unread_only: bool,
    ) -> Result<Vec<NotificationRecord>, StoreError> {
        let before = before.unwrap_or(i64::MAX);
        self.all(
            &LIST,
            named_params! { ":limit": limit, ":before": before, ":unread_only": unread_only },
            read_notification,
        )
    }

    /// What is open in the inbox, newest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn open_notifications(&self, limit: u32) -> Result<Vec<NotificationRecord>, StoreError> {
        self.all(&LIST_OPEN, named_params! { ":limit": limit }, read_notification)
    }

    /// Open notifications none of whose addresses stands any more.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn settled_notifications(&self) -> Result<Vec<i64>, StoreError> {
        self.all(&SETTLED, [], |row| row.get("id"))
    }

    /// The addresses of a notification that still stand, and how many there are: of a kind without such a state all that
    /// it names.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn standing_in_notification(
        &self,
        record: &NotificationRecord,
        limit: u32,
    ) -> Result<(Vec<NamedAddress>, u64), StoreError> {
        let read = |row: &Row<'_>| {
            Ok(NamedAddress { key: row.get("key")?, shown: row.get("shown")?, entry: row.get("entry")? })
        };
        let Some(state) = record.kind.stands_while() else {
            let rows = self.all(&NAMED, named_params! { ":id": record.id, ":limit": limit }, read)?;
            return Ok((rows, self.total(&COUNT_NAMED, named_params! { ":id": record.id })?));
        };
        let rows = self.all(&STANDING, named_params! { ":id": record.id, ":state": state, ":limit": limit }, read)?;
        let count = self.total(&COUNT_STANDING, named_params! { ":id": record.id, ":state": state })?;
        Ok((rows, count))
    }

    /// The latest notification of a kind, made since then, that named an address.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn last_naming(&self, kind: Kind, key: &str, since: Timestamp) -> Result<Option<i64>, StoreError> {
        let params = named_params! { ":kind": kind.word(), ":key": key, ":since": since.0 };
        self.one(&WAS_NAMED, params, |row| row.get("id"))
    }

    /// Marks a notification; true when that changed anything.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mark_notification(&self, id: i64, state: State) -> Result<bool, StoreError> {
        Ok(self.change(&SET_STATE, named_params! { ":id": id, ":state": state.word() })? > 0)
    }

    /// Marks every unread notification as read; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn read_notifications(&self) -> Result<usize, StoreError> {
        self.change(&READ_ALL, [])
    }

    /// A notification is given to the shells.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn post_notification(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        self.change(&SET_POSTED, named_params! { ":id": id, ":at": at.0 }).map(drop)
    }

    /// A notification was shown to somebody; true when it is there.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn show_notification(&self, id: i64, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.change(&SET_SHOWN, named_params! { ":id": id, ":at": at.0 })? > 0)
    }

    /// When a notification of a kind was last given to the shells.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn last_posted(&self, kind: Kind) -> Result<Option<Timestamp>, StoreError> {
        let read = |row: &Row<'_>| Ok(row.get::<_, Option<i64>>("at_ms")?.map(Timestamp));
        self.one(&LAST_POSTED, named_params! { ":kind": kind.word() }, read)
    }

    /// Forgets notifications to which nothing came since `before`; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_notifications(&self, before: Timestamp) -> Result<usize, StoreError> {
        self.change(&PRUNE, named_params! { ":before": before.0 })
    }

    /// The keys of addresses that ended by themselves, for which at least `refused` messages were refused, the last since
    /// `since`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn refused_since_end(&self, refused: u32, since: Timestamp, limit: u32) -> Result<Vec<String>, StoreError> {
        let params = named_params! { ":refused": refused, ":since": since.0, ":limit": limit };
        self.all(&REFUSED_SINCE_END, params, |row| row.get("key"))
    }

    /// How many messages were kept here since then: what an outage held up.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn kept_since(&self, since: Timestamp) -> Result<u64, StoreError> {
        self.total(&KEPT_SINCE, named_params! { ":since": since.0 })
    }

    /// How many of the first `limit` messages that were refused for an address since then came from senders whose mail it
    /// got before, and when the first of them did.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn refused_of_known_senders(
        &self,
        key: &str,
        since: Timestamp,
        limit: u32,
    ) -> Result<(u64, Option<Timestamp>), StoreError> {
        self.one(&REFUSED_KNOWN, named_params! { ":key": key, ":since": since.0, ":limit": limit }, |row| {
            let total: i64 = row.get("total")?;
            Ok((u64::try_from(total).unwrap_or(0), row.get::<_, Option<i64>>("first_ms")?.map(Timestamp)))
        })
    }
}

fn written(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

fn read_notification(row: &Row<'_>) -> rusqlite::Result<NotificationRecord> {
    let at = |column: &str| row.get::<_, Option<i64>>(column).map(|ms| ms.map(Timestamp));
    let numbers: String = row.get("numbers")?;
    Ok(NotificationRecord {
        id: row.get("id")?,
        kind: word(row, "kind", Kind::from_word)?,
        tag: row.get("tag")?,
        subject: row.get("subject")?,
        numbers: numbers.split_whitespace().filter_map(|number| number.parse().ok()).collect(),
        moment: at("moment_ms")?,
        made: Timestamp(row.get("made_ms")?),
        changed: Timestamp(row.get("changed_ms")?),
        posted: at("posted_ms")?,
        shown: at("shown_ms")?,
        state: word(row, "state", State::from_word)?,
    })
}
