//! Listeners, upstreams and settings.

use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement};
use crate::{ListenerRecord, StoreError, Tx};

const LISTENERS: Statement = statement!("listener/list", "list the listeners");
const PUT_LISTENER: Statement = statement!("listener/put", "save a listener");
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
            Ok(ListenerRecord { name: row.get("name")?, address: row.get("address")?, port: row.get("port")? })
        })
    }

    /// Adds a listener or moves it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_listener(&self, listener: &ListenerRecord) -> Result<(), StoreError> {
        let params = named_params! { ":name": listener.name, ":address": listener.address, ":port": listener.port };
        self.change(&PUT_LISTENER, params).map(drop)
    }

    /// The clients that hand on mail for others, in the order given.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn upstreams(&self) -> Result<Vec<String>, StoreError> {
        self.all(&UPSTREAMS, [], |row| row.get("address"))
    }

    /// Makes `addresses` the upstreams, and no others. One given twice is kept once.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for an empty address.
    pub fn replace_upstreams(&self, addresses: &[String]) -> Result<(), StoreError> {
        self.change(&CLEAR_UPSTREAMS, [])?;
        for address in addresses {
            self.change(&ADD_UPSTREAM, named_params! { ":address": address })?;
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
