//! Opening a folder: what is made, what is refused.

use std::fs;

use rollcall_core::AddressState;
use rollcall_core::time::DAY_MS;
use rollcall_store::{Kind, Spool, Store, StoreError};

use crate::given::{self, T0};

#[test]
fn a_folder_opened_as_the_other_kind_is_refused_with_a_sentence() {
    let (dir, store) = given::store();
    store.close();

    let refused = Store::open(dir.path(), Kind::Practice).err().unwrap();

    assert!(matches!(refused, StoreError::WrongKind { found: Kind::Real, wanted: Kind::Practice }));
    assert_eq!(
        refused.to_string(),
        "this folder is a folder for real mail, and it can't be opened as a practice folder; choose another folder"
    );
    Store::open(dir.path(), Kind::Real).unwrap();
}

#[test]
fn the_kind_of_a_folder_cannot_be_changed_in_the_file_either() {
    let (dir, store) = given::store();
    store.close();

    let change = given::beside(dir.path(), "rollcall.db").execute("UPDATE folder SET kind = 'practice'", []);

    assert!(change.unwrap_err().to_string().contains("never changes"));
}

#[test]
fn files_from_a_newer_version_are_refused_with_a_sentence_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    Store::open(dir.path(), Kind::Real).unwrap().close();
    Spool::open(dir.path()).unwrap().close();
    for file in ["rollcall.db", "spool.db"] {
        given::beside(dir.path(), file).pragma_update(None, "user_version", 4711).unwrap();
    }

    let store = Store::open(dir.path(), Kind::Real).err().unwrap();
    let spool = Spool::open(dir.path()).err().unwrap();

    assert!(matches!(store, StoreError::Newer { found: 4711, known: 1.., .. }));
    assert!(matches!(spool, StoreError::Newer { found: 4711, .. }));
    assert!(store.to_string().contains("rollcall.db is from a newer version of Rollcall"), "{store}");
    let version: i64 =
        given::beside(dir.path(), "rollcall.db").pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 4711);
}

#[test]
fn a_file_that_is_no_database_is_called_damaged() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("rollcall.db"), "Dear Sir or Madam, ".repeat(1000)).unwrap();

    let refused = Store::open(dir.path(), Kind::Real).err().unwrap();

    assert!(matches!(refused, StoreError::Damaged { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_damaged_directory_is_noticed_when_the_folder_is_opened() {
    let (dir, store) = given::store();
    let people: Vec<_> =
        (0..500).map(|n| given::address(&format!("p{n}@acme.example"), AddressState::Watching)).collect();
    store.write(move |tx| people.iter().try_for_each(|person| tx.put_address(person))).await.unwrap();
    store.close();
    let file = dir.path().join("rollcall.db");
    let root: u32 = given::beside(dir.path(), "rollcall.db")
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'address'", [], |row| row.get(0))
        .unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let root = root as usize;
    bytes[(root - 1) * 4096..root * 4096].fill(0xEE);
    fs::write(&file, bytes).unwrap();

    let refused = Store::open(dir.path(), Kind::Real).err().unwrap();

    assert!(matches!(refused, StoreError::Damaged { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_folder_of_the_first_release_opens_with_everything_in_it() {
    let dir = tempfile::tempdir().unwrap();
    released(dir.path(), "rollcall.db", include_str!("../fixtures/rollcall-0001.sql"));
    released(dir.path(), "spool.db", include_str!("../fixtures/spool-0001.sql"));

    let store = Store::open(dir.path(), Kind::Real).unwrap();
    let spool = Spool::open(dir.path()).unwrap();

    let ann = store.read(|tx| tx.address("ann@acme.example")).unwrap().unwrap();
    assert_eq!((ann.shown.as_str(), ann.state), ("Ann@acme.example", AddressState::Discovered));
    let (domains, journal) = store.read(|tx| Ok((tx.domains()?, tx.journal(10, None)?))).unwrap();
    let log = given::log(&store, 10, None, None);
    assert_eq!((domains.len(), journal.len(), log.len()), (1, 1, 1));
    let to_prove = spool.to_prove(T0.plus_ms(DAY_MS), 10).unwrap();
    assert_eq!((to_prove.len(), to_prove[0].client), (1, None), "nobody knows whose address it was");
    let waiting = given::claim_due(&spool, T0, 10).await.unwrap();
    assert_eq!(waiting[0].recipients[0].address, "ann@acme.example");
    spool.content(&waiting[0].queue_id).unwrap();
}

#[test]
fn the_schema_of_a_release_never_changes_afterwards() {
    let (now, then) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    Store::open(now.path(), Kind::Real).unwrap().close();
    Spool::open(now.path()).unwrap().close();
    released(then.path(), "rollcall.db", include_str!("../fixtures/rollcall-0001.sql"));
    released(then.path(), "spool.db", include_str!("../fixtures/spool-0001.sql"));
    Store::open(then.path(), Kind::Real).unwrap().close();
    Spool::open(then.path()).unwrap().close();

    for file in ["rollcall.db", "spool.db"] {
        let schema = |dir: &tempfile::TempDir| {
            let sql = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2";
            given::dump(&given::beside(dir.path(), file), sql)
        };
        assert_eq!(schema(&now), schema(&then), "{file}: a change belongs into a new migration");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_enter_the_folder_and_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("office");
    let (store, spool) = (Store::open(&dir, Kind::Real).unwrap(), Spool::open(&dir).unwrap());
    store.write(|tx| tx.put_setting("a", "b")).await.unwrap();
    spool.admit(given::message("m1", &["ann@acme.example"])).await.unwrap();
    let received = spool.temp_file().unwrap();

    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for folder in [&dir, &dir.join("spool")] {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
    for file in ["rollcall.db", "rollcall.db-wal", "rollcall.db-shm", "spool.db", "spool.db-wal", "spool.db-shm"] {
        assert_eq!(mode(&dir.join(file)), 0o600, "{file}");
    }
    assert_eq!(mode(received.path()), 0o600);
}

#[cfg(unix)]
#[test]
fn a_database_that_others_could_read_is_made_private_again() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, store) = given::store();
    store.close();
    let file = dir.path().join("rollcall.db");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();

    Store::open(dir.path(), Kind::Real).unwrap();

    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

/// Writes a database as a release left it.
fn released(dir: &std::path::Path, file: &str, sql: &str) {
    given::beside(dir, file).execute_batch(sql).unwrap();
}
