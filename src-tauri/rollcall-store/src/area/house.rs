//! Listeners, upstreams and settings.

use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, word};
use crate::{ListenerRecord, ListenerRole, ListenerTls, SenderHostRecord, Speaks, StoreError, Tx, UpstreamRecord};

const LISTENERS: Statement = statement!("listener/list", "list the listeners");
const PUT_LISTENER: Statement = statement!("listener/put", "save a listener");
const REMOVE_LISTENER: Statement = statement!("listener/remove", "remove a listener");
const SENDER_HOSTS: Statement = statement!("sender_host/list", "list the machines that may send out");
const CLEAR_SENDER_HOSTS: Statement = statement!("sender_host/clear", "forget the machines that may send out");
const ADD_SENDER_HOST: Statement = statement!("sender_host/add", "save a machine that may send out");
const UPSTREAMS: Statement = statement!("upstream/list", "list the upstreams");
const CLEAR_UPSTREAMS: Statement = statement!("upstream/clear", "forget the upstreams");
const ADD_UPSTREAM: Statement = statement!("upstream/add", "save an upstream");
const SETTING: Statement = statement!("setting/get", "read a setting");
const PUT_SETTING: Statement = statement!("setting/put", "save a setting");

impl Tx<'_> {
    /// Every listener, A to Z.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn listeners(&self) -> Result<Vec<ListenerRecord>, StoreError> {
        self.all(&LISTENERS, [], |row: &Row<'_>| {
            Ok(ListenerRecord {
                name: row.get("name")?,
                address: row.get("address")?,
                port: row.get("port")?,
                role: word(row, "role", ListenerRole::from_word)?,
                tls: word(row, "tls", ListenerTls::from_word)?,
            })
        })
    }

    /// Adds a listener or changes it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_listener(&self, listener: &ListenerRecord) -> Result<(), StoreError> {
        let params = named_params! {
            ":name": listener.name,
            ":address": listener.address,
            ":port": listener.port,
            ":role": listener.role.word(),
            ":tls": listener.tls.word(),
        };
        self.change(&PUT_LISTENER, params).map(drop)
    }

    /// Takes a listener away; true if it was there.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remove_listener(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.change(&REMOVE_LISTENER, named_params! { ":name": name })? > 0)
    }

    /// The machines that may send out, in the order given.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn sender_hosts(&self) -> Result<Vec<SenderHostRecord>, StoreError> {
        self.all(&SENDER_HOSTS, [], |row: &Row<'_>| {
            Ok(SenderHostRecord { network: row.get("network")?, note: row.get("note")? })
        })
    }

    /// Makes `hosts` the machines that may send out, and no others. A network given twice is kept once.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for an empty network.
    pub fn replace_sender_hosts(&self, hosts: &[SenderHostRecord]) -> Result<(), StoreError> {
        self.change(&CLEAR_SENDER_HOSTS, [])?;
        for host in hosts {
            self.change(&ADD_SENDER_HOST, named_params! { ":network": host.network, ":note": host.note })?;
        }
        Ok(())
    }

    /// The clients that hand on mail for others, in the order given.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn upstreams(&self) -> Result<Vec<UpstreamRecord>, StoreError> {
        self.all(&UPSTREAMS, [], |row: &Row<'_>| {
            Ok(UpstreamRecord { network: row.get("address")?, speaks: word(row, "speaks", Speaks::from_word)? })
        })
    }

    /// Makes `upstreams` the upstreams, and no others. One given twice is kept once.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for an empty address.
    pub fn replace_upstreams(&self, upstreams: &[UpstreamRecord]) -> Result<(), StoreError> {
        self.change(&CLEAR_UPSTREAMS, [])?;
        for UpstreamRecord { network, speaks } in upstreams {
            self.change(&ADD_UPSTREAM, named_params! { ":address": network, ":speaks": speaks.word() })?;
        }
        Ok(())
    }

    /// The value of a setting, if somebody set it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.maybe(&SETTING, named_params! { ":name": name }, |row| row.get("value"))
    }

    /// Sets a setting.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.change(&PUT_SETTING, named_params! { ":name": name, ":value": value }).map(drop)
    }
}
