//! Copies made while the house is in use.

use std::fs;

use rollcall_store::{Kind, NewMessage, Settled, Spool, Store, StoredContent};

use crate::given::{self, T0};
use crate::spool_files::received;

#[tokio::test]
async fn a_copy_opens_and_holds_what_was_committed_when_it_was_made() {
    let (dir, store) = given::store();
    for n in 0..200 {
        store.write_later(move |tx| tx.count_day(&format!("p{n}@x.example"), T0, n, 0).map(drop), |_| {}).await;
    }
    store.settle().await.unwrap();
    let copies = tempfile::tempdir().unwrap();

    store.backup(&copies.path().join("rollcall.db")).await.unwrap();

    let table = "SELECT * FROM address_day ORDER BY key";
    let rows = given::dump(&given::beside(dir.path(), "rollcall.db"), table);
    assert_eq!(rows.len(), 200);
    Store::open(copies.path(), Kind::Real).unwrap().close();
    assert_eq!(given::dump(&given::beside(copies.path(), "rollcall.db"), table), rows);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_while_others_write_is_one_moment_of_it() {
    let (_dir, store) = given::store();
    let writing = store.clone();
    let writer = tokio::spawn(async move {
        for n in 1..=500_u32 {
            let pair = move |tx: &rollcall_store::Tx<'_>| {
                tx.put_setting("left", &n.to_string())?;
                tx.put_setting("right", &n.to_string())
            };
            writing.write(pair).await.unwrap();
        }
    });
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("rollcall.db");

    while !writer.is_finished() {
        store.backup(&copy).await.unwrap();
        let copied = Store::open(copies.path(), Kind::Real).unwrap();
        let (left, right) = copied.read(|tx| Ok((tx.setting("left")?, tx.setting("right")?))).unwrap();
        assert_eq!(left, right);
        copied.close();
    }
    writer.await.unwrap();
    let last = store.read(|tx| tx.setting("left")).unwrap();
    assert_eq!(last.as_deref(), Some("500"), "writes went on");
}

#[tokio::test]
async fn a_copy_leaves_no_other_file_and_only_its_owner_can_read_it() {
    let (_dir, store) = given::store();
    let copies = tempfile::tempdir().unwrap();

    store.backup(&copies.path().join("rollcall.db")).await.unwrap();
    store.backup(&copies.path().join("rollcall.db")).await.unwrap();

    let names: Vec<_> = fs::read_dir(copies.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["rollcall.db"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(copies.path().join("rollcall.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_copy_into_a_folder_that_is_not_there_is_refused() {
    let (dir, store) = given::store();

    let refused = store.backup(&dir.path().join("nowhere").join("rollcall.db")).await;

    assert!(refused.unwrap_err().to_string().contains("write a copy beside"));
}

#[tokio::test]
async fn a_copy_of_the_spool_has_the_content_files_and_can_go_on_with_the_mail() {
    let (_dir, spool) = given::spool();
    let large = given::large_content("m1", 100_000);
    let content = received(&spool, &large);
    spool.admit(NewMessage { content, ..given::message("m1", &["a@x.example"]) }).await.unwrap();
    spool.admit(given::message("m2", &["b@x.example"])).await.unwrap();
    let copies = tempfile::tempdir().unwrap();

    spool.backup(&copies.path().join("spool.db")).await.unwrap();
    for message in given::claim_due(&spool, T0, 10).await.unwrap() {
        let delivered = Settled::Delivered { reply: "250 Ok".to_owned() };
        given::settle(&spool, &message.queue_id, vec![(message.recipients[0].id, delivered)]).await.unwrap();
    }

    let restored = Spool::open(copies.path()).unwrap();
    assert_eq!(given::claim_due(&restored, T0, 10).await.unwrap().len(), 2);
    let StoredContent::File(path) = restored.content("m1").unwrap() else { panic!("it is too large for a row") };
    assert_eq!(fs::read(path).unwrap(), large);
}
