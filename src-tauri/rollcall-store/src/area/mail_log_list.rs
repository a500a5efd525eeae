//! The mail log, read: pages, searches, one message, numbers.
//!
//! **Limits.** A search for part of a text looks through [`FAR`] rows a page and says where to go on. Rows are written up to
//! twenty minutes out of order (a slow destination), which a period allows for.

use rollcall_core::Timestamp;
use rusqlite::{Row, named_params};

use crate::record::trace;
use crate::tx::{Statement, statement, unsigned, word};
use crate::{Direction, MailLogCounts, MailLogFilter, MailLogOf, MailLogPage, MailLogRecord, Outcome, StoreError, Tx};

const LIST: Statement = statement!("mail_log/list", "read the mail log");
const FIND: Statement = statement!("mail_log/find", "search the mail log");
const FIND_EXACTLY: Statement = statement!("mail_log/find_exactly", "look something up in the mail log");
const LIST_WAITING: Statement = statement!("mail_log/list_waiting", "list waiting mail");
const LIST_WOULD_REFUSE: Statement = statement!("mail_log/list_would_refuse", "list mail that would be refused");
const LIST_PROBLEMS: Statement = statement!("mail_log/list_problems", "list mail with problems");
const GET: Statement = statement!("mail_log/get", "read a row of the mail log");
const OF_MESSAGE: Statement = statement!("mail_log/of_message", "read a message's rows");
const COUNT_MESSAGE: Statement = statement!("mail_log/count_message", "count a message's recipients");
const COUNT_MESSAGES: Statement = statement!("mail_log/count_messages", "count messages");
const COUNT_WAITING: Statement = statement!("mail_log/count_waiting", "count waiting messages");
const COUNT_PROBLEMS: Statement = statement!("mail_log/count_problems", "count messages with problems");
const FIRST_SINCE: Statement = statement!("mail_log/first_since", "find the beginning of a period");
const FIRST_AFTER: Statement = statement!("mail_log/first_after", "find what follows the beginning of a period");
const LAST_BEFORE: Statement = statement!("mail_log/last_before", "find the end of a period");
const NEWEST: Statement = statement!("mail_log/newest", "find the newest row of the mail log");
const REASONS: Statement = statement!("mail_log/reasons", "count why mail was refused");
const DELIVERY_TIMES: Statement = statement!("mail_log/delivery_times", "count how long mail took");

/// How many rows a search for part of a text looks through before it answers with what it has.
const FAR: i64 = 250_000;
/// A message has at most so many recipients.
const MOST_RECIPIENTS: u32 = 1000;

impl Tx<'_> {
    /// The latest rows that `filter` wants, newest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_log(&self, filter: &MailLogFilter) -> Result<MailLogPage, StoreError> {
        let Some((first, end)) = self.within(filter)? else { return Ok(MailLogPage { rows: Vec::new(), next: None }) };
        let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if let Some(text) = search.filter(|text| is_whole(text)) {
            let written = text.trim_start_matches('<').trim_end_matches('>');
            let page = self.log_page(&FIND_EXACTLY, filter, (first, end), first, Some((written, true)))?;
            if !page.rows.is_empty() || filter.before.is_some() {
                return Ok(page);
            }
        }
        let floor = first.max(end.saturating_sub(FAR));
        match (search, filter.of) {
            (Some(text), _) => self.log_page(&FIND, filter, (first, end), floor, Some((&text.to_lowercase(), false))),
            (None, MailLogOf::Outcome(Outcome::Waiting)) => {
                self.log_page(&LIST_WAITING, filter, (first, end), first, None)
            }
            (None, MailLogOf::WouldRefuse) => self.log_page(&LIST_WOULD_REFUSE, filter, (first, end), first, None),
            (None, MailLogOf::Problems) => self.log_page(&LIST_PROBLEMS, filter, (first, end), first, None),
            (None, MailLogOf::Everything | MailLogOf::Outcome(_)) => {
                self.log_page(&LIST, filter, (first, end), floor, None)
            }
        }
    }

    /// The numbers that `filter`'s period and page leave: the first, and the one behind the last. None when it is empty.
    fn within(&self, filter: &MailLogFilter) -> Result<Option<(i64, i64)>, StoreError> {
        let newest = self.one(&NEWEST, [], |row| Ok((row.get("first")?, row.get("last")?)))?;
        let (Some(oldest), Some(newest)): (Option<i64>, Option<i64>) = newest else { return Ok(None) };
        let first = match filter.from {
            None => oldest,
            Some(from) => {
                let near: Option<i64> =
                    self.one(&FIRST_SINCE, named_params! { ":from": from.0 }, |row| row.get("id"))?;
                let far = || self.maybe(&FIRST_AFTER, named_params! { ":from": from.0 }, |row| row.get("id"));
                match near.map_or_else(far, |id| Ok(Some(id)))? {
                    Some(first) => first,
                    None => return Ok(None),
                }
            }
        };
        let end = match filter.until {
            None => newest + 1,
            Some(until) => {
                let params = named_params! { ":until": until.0 };
                let near: Option<i64> = self.one(&LAST_BEFORE, params, |row| row.get("id"))?;
                near.unwrap_or(newest) + 1
            }
        };
        let end = filter.before.map_or(end, |before| before.min(end));
        Ok((first < end).then_some((first, end)))
    }

    fn log_page(
        &self,
        statement: &Statement,
        filter: &MailLogFilter,
        (first, end): (i64, i64),
        floor: i64,
        search: Option<(&str, bool)>,
    ) -> Result<MailLogPage, StoreError> {
        let outcome = match filter.of {
            MailLogOf::Outcome(outcome) => outcome.word(),
            MailLogOf::Everything | MailLogOf::Problems | MailLogOf::WouldRefuse => "",
        };
        let mut params: Vec<(&str, Box<dyn rusqlite::ToSql>)> = vec![
            (":floor", Box::new(floor)),
            (":before", Box::new(end)),
            (":from", Box::new(filter.from.map_or(i64::MIN, |from| from.0))),
            (":until", Box::new(filter.until.map_or(i64::MAX, |until| until.0))),
            (":outcome", Box::new(outcome)),
            (":reason", Box::new(filter.reason.clone().unwrap_or_default())),
            (":direction", Box::new(filter.direction.map_or("", Direction::word))),
            (":limit", Box::new(filter.limit)),
        ];
        if let Some((text, exactly)) = search {
            params.push((":search", Box::new(text.to_ascii_lowercase())));
            if exactly {
                params.push((":written", Box::new(text.to_owned())));
            }
        }
        let params: Vec<(&str, &dyn rusqlite::ToSql)> =
            params.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        let mut rows = self.all(statement, params.as_slice(), read_numbered)?;
        let is_full = rows.len() >= filter.limit as usize;
        let last = rows.last().map(|(id, _)| *id);
        if filter.of == MailLogOf::Problems && search.is_some() {
            rows.retain(|(_, row)| row.is_problem());
        }
        if filter.of == MailLogOf::WouldRefuse && search.is_some() {
            rows.retain(|(_, row)| row.would_refuse.is_some());
        }
        let next = if is_full { last } else { (floor > first).then_some(floor) };
        Ok(MailLogPage { rows, next: next.filter(|&next| next > first) })
    }

    /// A row with its trace.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_log_row(&self, id: i64) -> Result<Option<MailLogRecord>, StoreError> {
        Ok(self.maybe(&GET, named_params! { ":id": id }, read_numbered)?.map(|(_, row)| row))
    }

    /// Every row of a message with its trace, in the order they were settled.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_log_of(&self, message: &str) -> Result<Vec<(i64, MailLogRecord)>, StoreError> {
        self.all(&OF_MESSAGE, named_params! { ":message": message, ":limit": MOST_RECIPIENTS }, read_numbered)
    }

    /// How many recipients a message has, and how many of them have it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn message_recipients(&self, message: &str) -> Result<(u64, u64), StoreError> {
        self.one(&COUNT_MESSAGE, named_params! { ":message": message }, |row| {
            Ok((unsigned(row, "recipients")?, unsigned(row, "delivered")?))
        })
    }

    /// How many messages there are of each kind, from `from` up to but not including `until`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_log_counts(&self, from: Timestamp, until: Timestamp) -> Result<MailLogCounts, StoreError> {
        let period = named_params! { ":from": from.0, ":until": until.0 };
        Ok(MailLogCounts {
            all: self.total(&COUNT_MESSAGES, period)?,
            waiting: self.total(&COUNT_WAITING, [])?,
            problems: self.total(&COUNT_PROBLEMS, period)?,
        })
    }

    /// How often each reason refused, delayed or ended mail from `from` up to but not including `until`, most often first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_log_reasons(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(String, Outcome, u64)>, StoreError> {
        self.all(&REASONS, named_params! { ":from": from.0, ":until": until.0 }, |row| {
            Ok((row.get("reason")?, word(row, "outcome", Outcome::from_word)?, unsigned(row, "total")?))
        })
    }

    /// How many recipients had their mail within 0.1, 1, 10, 60, 600 and 3,600 seconds, and later, from `from` up to but
    /// not including `until`; each number is of those that the one before does not count.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn delivery_times(&self, from: Timestamp, until: Timestamp) -> Result<[u64; 7], StoreError> {
        let found = self.all(&DELIVERY_TIMES, named_params! { ":from": from.0, ":until": until.0 }, |row| {
            Ok((unsigned(row, "step")?, unsigned(row, "total")?))
        })?;
        let mut times = [0; 7];
        for (step, total) in found {
            if let Some(place) = usize::try_from(step).ok().and_then(|step| times.get_mut(step)) {
                *place = total;
            }
        }
        Ok(times)
    }
}

/// Whether a text is a whole address, a message ID or a queue id rather than part of something.
fn is_whole(text: &str) -> bool {
    let is_queue_id = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let has_host = text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'));
    is_queue_id || (has_host && !text.contains(char::is_whitespace)) || (text.starts_with('<') && text.ends_with('>'))
}

impl MailLogRecord {
    /// What [`MailLogOf::Problems`] means, as the statements say it.
    fn is_problem(&self) -> bool {
        const IN_THE_WAY: [&str; 5] =
            ["server_unreachable", "lost_before_reply", "store_failed", "changed_its_mind", "client_left"];
        self.outcome == Outcome::Failed || IN_THE_WAY.contains(&self.reason.as_str())
    }
}

fn read_numbered(row: &Row<'_>) -> rusqlite::Result<(i64, MailLogRecord)> {
    let at = Timestamp(row.get("at_ms")?);
    let record = MailLogRecord {
        at,
        session: row.get("session")?,
        outcome: word(row, "outcome", Outcome::from_word)?,
        reason: row.get("reason")?,
        sender: row.get("sender")?,
        recipient: row.get("recipient")?,
        client_ip: row.get("client_ip")?,
        client_name: row.get("client_name")?,
        subject: row.get("subject")?,
        size_bytes: row.get::<_, Option<i64>>("size_bytes")?.map(i64::unsigned_abs),
        duration_ms: row.get::<_, i64>("duration_ms")?.unsigned_abs(),
        reply: row.get("reply")?,
        destination_reply: row.get("destination_reply")?,
        destination: row.get("destination")?,
        queue_id: row.get("queue_id")?,
        message: row.get("message")?,
        direction: word(row, "direction", Direction::from_word)?,
        message_id: row.get("message_id")?,
        tls: row.get("tls")?,
        would_refuse: row.get("would_refuse")?,
        began: row.get::<_, Option<i64>>("began_ms")?.map_or(at, Timestamp),
        trace: trace::read(&row.get::<_, Option<String>>("trace")?.unwrap_or_default()),
    };
    Ok((row.get("id")?, record))
}
