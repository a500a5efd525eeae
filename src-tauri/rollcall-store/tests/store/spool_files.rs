//! Content that is too large for a row.

use std::fs;
use std::io::Write;
use std::path::Path;

use rollcall_store::{NewMessage, Settled, Spool, SpoolContent, StoreError, StoredContent};

use crate::given::{self, T0};

const LARGE: usize = 64 * 1024 + 1;

#[tokio::test]
async fn large_content_is_a_file_until_the_message_is_delivered() {
    let (dir, spool) = given::spool();
    let content = given::large_content("m1", LARGE);
    let message = NewMessage { content: received(&spool, &content), ..given::message("m1", &["a@x.example"]) };
    spool.admit(message).await.unwrap();

    let StoredContent::File(path) = spool.content("m1").unwrap() else { panic!("it is too large for a row") };
    assert_eq!(fs::read(&path).unwrap(), content);
    assert_eq!(files(dir.path()), ["m1.content"], "nothing is left of the file it was received in");
    let claimed = given::claim_due(&spool, T0, 1).await.unwrap();
    assert_eq!(claimed[0].size, LARGE as u64);

    let delivered = Settled::Delivered { reply: "250 Ok".to_owned() };
    given::settle(&spool, "m1", vec![(claimed[0].recipients[0].id, delivered)]).await.unwrap();
    assert_eq!(files(dir.path()), [""; 0]);
}

#[tokio::test]
async fn the_size_decides_where_content_goes_and_not_how_it_came() {
    let (_dir, spool) = given::spool();
    let small = given::large_content("m1", LARGE - 1);
    let large = given::large_content("m2", LARGE);
    let in_memory = SpoolContent::Bytes(large.clone());
    let in_file = received(&spool, &small);
    spool.admit(NewMessage { content: in_file, ..given::message("m1", &["a@x.example"]) }).await.unwrap();
    spool.admit(NewMessage { content: in_memory, ..given::message("m2", &["a@x.example"]) }).await.unwrap();

    assert_eq!(spool.content("m1").unwrap(), StoredContent::Bytes(small));
    let StoredContent::File(path) = spool.content("m2").unwrap() else { panic!("it is too large for a row") };
    assert_eq!(fs::read(path).unwrap(), large);
}

#[tokio::test]
async fn content_that_is_shorter_than_was_said_is_not_taken() {
    let (dir, spool) = given::spool();
    let SpoolContent::File { file, size } = received(&spool, &given::large_content("m1", LARGE)) else { panic!() };
    let content = SpoolContent::File { file, size: size + 1 };

    let refused = spool.admit(NewMessage { content, ..given::message("m1", &["a@x.example"]) }).await;

    assert!(matches!(refused, Err(StoreError::ContentSize { said, found, .. }) if said == found + 1), "{refused:?}");
    assert_eq!(files(dir.path()), [""; 0]);
    assert_eq!(spool.waiting(1, None).unwrap(), []);
}

#[tokio::test]
async fn the_file_of_a_message_that_was_not_taken_goes() {
    let (dir, spool) = given::spool();
    let content = received(&spool, &given::large_content("m1", LARGE));

    let refused = spool.admit(NewMessage { content, ..given::message("m1", &[""]) }).await;

    assert!(matches!(refused, Err(StoreError::Sqlite { .. })), "{refused:?}");
    assert_eq!(files(dir.path()), [""; 0]);
}

#[tokio::test]
async fn a_queue_id_that_is_used_again_does_not_touch_the_first_messages_file() {
    let (_dir, spool) = given::spool();
    let first = given::large_content("first", LARGE);
    let second = given::large_content("second", LARGE);
    let content = received(&spool, &first);
    spool.admit(NewMessage { content, ..given::message("m1", &["a@x.example"]) }).await.unwrap();

    let content = received(&spool, &second);
    let refused = spool.admit(NewMessage { content, ..given::message("m1", &["a@x.example"]) }).await;

    assert!(matches!(refused, Err(StoreError::File { .. })), "{refused:?}");
    let StoredContent::File(path) = spool.content("m1").unwrap() else { panic!("it is too large for a row") };
    assert_eq!(fs::read(path).unwrap(), first);
}

#[tokio::test]
async fn opening_sweeps_what_a_crash_left_and_nothing_else() {
    let (dir, spool) = given::spool();
    let content = received(&spool, &given::large_content("m1", LARGE));
    spool.admit(NewMessage { content, ..given::message("m1", &["a@x.example"]) }).await.unwrap();
    spool.close();
    for left in ["incoming-x7.part", "m0.content", "README.txt"] {
        fs::write(dir.path().join("spool").join(left), "left").unwrap();
    }

    let spool = Spool::open(dir.path()).unwrap();

    assert_eq!(files(dir.path()), ["README.txt", "m1.content"], "what is not ours stays");
    assert!(matches!(spool.content("m1").unwrap(), StoredContent::File(path) if path.exists()));
}

#[tokio::test]
async fn the_file_of_a_message_that_was_given_up_goes_with_the_sweep() {
    let (dir, spool) = given::spool();
    let content = received(&spool, &given::large_content("m1", LARGE));
    spool.admit(NewMessage { content, ..given::message("m1", &["a@x.example"]) }).await.unwrap();
    let id = given::claim_due(&spool, T0, 1).await.unwrap()[0].recipients[0].id;
    let failed = Settled::Failed { reply: "550".to_owned(), keep_until: T0 };
    given::settle(&spool, "m1", vec![(id, failed)]).await.unwrap();
    assert_eq!(files(dir.path()), ["m1.content"]);

    spool.sweep(T0).await.unwrap();

    assert_eq!(files(dir.path()), [""; 0]);
}

/// Content as a session receives it: in a file of the spool.
pub fn received(spool: &Spool, content: &[u8]) -> SpoolContent {
    let mut file = spool.temp_file().unwrap();
    file.write_all(content).unwrap();
    SpoolContent::File { file, size: content.len() as u64 }
}

/// The names in the folder `spool`, A to Z.
fn files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir.join("spool")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
