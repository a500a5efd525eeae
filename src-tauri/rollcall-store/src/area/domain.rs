//! Domains we relay for.

use rollcall_core::freeze::Freeze;
use rollcall_core::rule::{AliasRule, Basis, OnExpiry, OnOutbound, OnReached};
use rollcall_core::terms::Unknown;
use rollcall_core::{Role, Rule, Timestamp};
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, word};
use crate::{DomainRecord, StoreError, TickRecord, TlsPolicy, Tx};

const LIST: Statement = statement!("domain/list", "list the domains");
const PUT: Statement = statement!("domain/put", "save a domain");
const PUT_RULE: Statement = statement!("domain/put_rule", "save the rule of a domain");
const FREEZES: Statement = statement!("freeze/list", "read when clocks stood");
const OPEN_FREEZE: Statement = statement!("freeze/open", "stop the clocks of a domain");
const CLOSE_FREEZE: Statement = statement!("freeze/close", "let the clocks of a domain go on");
const LAST_TICK: Statement = statement!("weekly_tick/last", "read the last weekly tick");
const ADD_TICK: Statement = statement!("weekly_tick/add", "note a weekly tick");
const REMOVE: Statement = statement!("domain/remove", "remove a domain");
const NOTE_STRANGER_REFUSED: Statement =
    statement!("domain/note_stranger_refused", "note that an invented recipient was refused");

impl Tx<'_> {
    /// Every domain, A to Z.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn domains(&self) -> Result<Vec<DomainRecord>, StoreError> {
        self.all(&LIST, [], read_domain)
    }

    /// Adds a domain or replaces what is known of it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for a port 0 or a rule outside its range.
    pub fn put_domain(&self, domain: &DomainRecord) -> Result<(), StoreError> {
        let params = named_params! {
            ":name": domain.name,
            ":host": domain.host,
            ":port": domain.port,
            ":tls": domain.tls.word(),
            ":need": domain.rule.need,
            ":window_days": domain.rule.window_days,
            ":stranger_refused_ms": domain.stranger_refused.map(|at| at.0),
        };
        self.change(&PUT, params)?;
        self.put_rule(&domain.name, domain.rule).map(drop)
    }

    /// Gives a domain another rule; false for an unknown domain.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for a rule outside its ranges.
    pub fn put_rule(&self, name: &str, rule: Rule) -> Result<bool, StoreError> {
        let params = named_params! {
            ":name": name,
            ":need": rule.need,
            ":window_days": rule.window_days,
            ":basis": rule.evidence.word(),
            ":settle_minutes": rule.settle_minutes,
            ":per_sender_domain": rule.per_sender_domain,
            ":on_reached": rule.on_reached.word(),
            ":notices": rule.notices,
            ":on_expiry": rule.on_expiry.word(),
            ":outbound": rule.outbound.word(),
            ":alias_rule": rule.alias.word(),
            ":unknown_when_off": rule.unknown_when_off.word(),
            ":new_role": rule.role.word(),
            ":welcome": rule.welcome,
        };
        Ok(self.change(&PUT_RULE, params)? > 0)
    }

    /// When the clocks of each domain stood, by its name.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn freezes(&self) -> Result<Vec<(String, Freeze)>, StoreError> {
        self.all(&FREEZES, [], |row| {
            let until = row.get::<_, Option<i64>>("until_ms")?.map(Timestamp);
            Ok((row.get("domain")?, Freeze { from: Timestamp(row.get("from_ms")?), until }))
        })
    }

    /// The clocks of a domain stand from `at` (T15); nothing happens if they do already.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn freeze(&self, domain: &str, at: Timestamp) -> Result<(), StoreError> {
        self.change(&OPEN_FREEZE, named_params! { ":domain": domain, ":at": at.0 }).map(drop)
    }

    /// The clocks of a domain go on at `at` (T19).
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn thaw(&self, domain: &str, at: Timestamp) -> Result<(), StoreError> {
        self.change(&CLOSE_FREEZE, named_params! { ":domain": domain, ":at": at.0 }).map(drop)
    }

    /// The latest weekly tick that was carried out.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn last_tick(&self) -> Result<Option<Timestamp>, StoreError> {
        self.one(&LAST_TICK, [], |row| Ok(row.get::<_, Option<i64>>("at_ms")?.map(Timestamp)))
    }

    /// A weekly tick was carried out.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn add_tick(&self, tick: &TickRecord) -> Result<(), StoreError> {
        let params = named_params! {
            ":at": tick.at.0,
            ":missed": tick.missed,
            ":done": tick.done.map(|at| at.0),
            ":due": tick.due,
            ":holiday": tick.holiday,
        };
        self.change(&ADD_TICK, params).map(drop)
    }

    /// Takes a domain away; true if it was there.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remove_domain(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.change(&REMOVE, named_params! { ":name": name })? > 0)
    }

    /// The domain's destination refused an invented recipient at `at`. Nothing happens for an unknown domain.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn note_stranger_refused(&self, domain: &str, at: Timestamp) -> Result<(), StoreError> {
        self.change(&NOTE_STRANGER_REFUSED, named_params! { ":name": domain, ":at": at.0 }).map(drop)
    }
}

fn read_rule(row: &Row<'_>) -> rusqlite::Result<Rule> {
    Ok(Rule {
        evidence: word(row, "basis", Basis::from_word)?,
        need: row.get("need")?,
        window_days: row.get("window_days")?,
        settle_minutes: row.get("settle_minutes")?,
        per_sender_domain: row.get("per_sender_domain")?,
        on_reached: word(row, "on_reached", OnReached::from_word)?,
        notices: row.get("notices")?,
        on_expiry: word(row, "on_expiry", OnExpiry::from_word)?,
        outbound: word(row, "outbound", OnOutbound::from_word)?,
        alias: word(row, "alias_rule", AliasRule::from_word)?,
        unknown_when_off: word(row, "unknown_when_off", Unknown::from_word)?,
        role: word(row, "new_role", Role::from_word)?,
        welcome: row.get("welcome")?,
    })
}

fn read_domain(row: &Row<'_>) -> rusqlite::Result<DomainRecord> {
    Ok(DomainRecord {
        name: row.get("name")?,
        host: row.get("host")?,
        port: row.get("port")?,
        tls: word(row, "tls", TlsPolicy::from_word)?,
        rule: read_rule(row)?,
        stranger_refused: row.get::<_, Option<i64>>("stranger_refused_ms")?.map(Timestamp),
    })
}
