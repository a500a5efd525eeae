use std::fs;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use super::*;
use crate::keychain::tests::vault;
use crate::keychain::{Keychain, Vault};

const PATIENCE: Duration = Duration::from_secs(5);

/// Without a keychain.
async fn plain(folder: &Path) -> Secrets {
    Secrets::open(folder, Wish::AsTheyAre).await
}

async fn with(folder: &Path, wish: Wish, vault: fn() -> Box<dyn Vault>) -> Secrets {
    Secrets::open_with(folder, wish, Keychain::of(vault, PATIENCE)).await
}

fn has(folder: &Path, name: &str) -> bool {
    folder.join(name).exists()
}

#[tokio::test]
async fn a_password_comes_back_as_it_was_and_no_file_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = plain(folder.path()).await;
    assert_eq!(secrets.outbound(), None);

    secrets.put_outbound("hunter2 hunter2").await.unwrap();
    secrets.put_outbound("correct horse").await.unwrap();

    assert_eq!(plain(folder.path()).await.outbound().as_deref(), Some("correct horse"));
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(5).any(|part| part == b"horse"));
    }
    secrets.forget_outbound().unwrap();
    secrets.forget_outbound().unwrap();
    assert_eq!(secrets.outbound(), None);
}

#[tokio::test]
async fn a_sealed_file_that_was_changed_or_has_another_key_tells_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = plain(folder.path()).await;
    secrets.put_outbound("correct horse").await.unwrap();
    let sealed = fs::read(folder.path().join("secrets.sealed")).unwrap();

    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        fs::write(folder.path().join("secrets.sealed"), changed).unwrap();
        assert_eq!(secrets.outbound(), None, "byte {place}");
    }
    fs::write(folder.path().join("secrets.sealed"), &sealed).unwrap();
    fs::write(folder.path().join("secrets.key"), [7; sealed::KEY_BYTES]).unwrap();
    let other = plain(folder.path()).await;
    assert_eq!(other.outbound(), None);
    assert!(other.outbound_kept().trouble.unwrap().contains("can't be read"));
}

#[tokio::test]
async fn the_directory_s_secret_is_another_one_and_stands_for_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = plain(folder.path()).await;
    secrets.put_directory("battery staple").await.unwrap();

    assert_eq!((secrets.outbound(), secrets.directory()), (None, Ok(Some("battery staple".to_owned()))));
    fs::copy(folder.path().join("secrets.directory"), folder.path().join("secrets.sealed")).unwrap();
    assert_eq!(secrets.outbound(), None);
    secrets.forget_directory().unwrap();
    assert_eq!(secrets.directory(), Ok(None));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    vault!(VAULT);
    let folder = tempfile::tempdir().unwrap();
    plain(folder.path()).await.put_outbound("correct horse").await.unwrap();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("secrets.sealed"), mode("secrets.key")), (0o600, 0o600));

    with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;
    assert_eq!((mode("secrets.sealed"), mode("keychain.names")), (0o600, 0o600));
}

#[tokio::test]
async fn x17_with_a_keychain_no_file_of_the_folder_has_the_key_and_it_is_there_after_a_restart() {
    vault!(VAULT);
    let folder = tempfile::tempdir().unwrap();
    let secrets = with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;
    assert_eq!(VAULT.questions.load(SeqCst), 0, "nobody's keychain is asked before there is a secret");

    secrets.put_directory("battery staple").await.unwrap();

    assert!(!has(folder.path(), "secrets.key"));
    assert_eq!(secrets.directory_kept().place, Some(SecretPlace::Keychain));
    let again = with(folder.path(), Wish::AsTheyAre, || Box::new(&VAULT)).await;
    assert_eq!(again.directory(), Ok(Some("battery staple".to_owned())));
    assert!(again.key_outside().unwrap().is_some(), "for a sealed backup");
    let back = with(folder.path(), Wish::Folder, || Box::new(&VAULT)).await;
    assert_eq!(back.directory_kept().place, Some(SecretPlace::SealedFile));
    assert_eq!(plain(folder.path()).await.directory(), Ok(Some("battery staple".to_owned())));
}

#[tokio::test]
async fn x17_a_key_goes_from_the_folder_to_the_keychain_only_once_that_gives_it_back() {
    vault!(VAULT);
    let folder = tempfile::tempdir().unwrap();
    plain(folder.path()).await.put_directory("battery staple").await.unwrap();
    VAULT.forgets.store(true, SeqCst);
    let kept = with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;
    assert!(has(folder.path(), "secrets.key") && VAULT.names().is_empty());
    assert_eq!(kept.directory_kept().place, Some(SecretPlace::SealedFile));
    VAULT.is_locked.store(true, SeqCst);
    with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;
    assert!(has(folder.path(), "secrets.key"));

    VAULT.forgets.store(false, SeqCst);
    VAULT.is_locked.store(false, SeqCst);
    let moved = with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;

    assert!(!has(folder.path(), "secrets.key") && VAULT.names().len() == 1);
    assert_eq!(moved.directory(), Ok(Some("battery staple".to_owned())));
}

#[tokio::test]
async fn x17_a_move_that_was_cut_short_ends_at_the_next_start() {
    vault!(VAULT);
    let folder = tempfile::tempdir().unwrap();
    plain(folder.path()).await.put_directory("battery staple").await.unwrap();
    let key = fs::read(folder.path().join("secrets.key")).unwrap();
    with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;
    fs::write(folder.path().join("secrets.key"), key).unwrap();

    let after = with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;

    assert!(!has(folder.path(), "secrets.key") && VAULT.names().len() == 1, "no second item");
    assert_eq!(after.directory(), Ok(Some("battery staple".to_owned())));
}

#[tokio::test]
async fn x17_while_the_keychain_is_locked_nothing_is_made_or_overwritten_and_then_all_is_there_again() {
    vault!(VAULT);
    let folder = tempfile::tempdir().unwrap();
    with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await.put_directory("battery staple").await.unwrap();
    let before = fs::read(folder.path().join("secrets.directory")).unwrap();
    VAULT.is_locked.store(true, SeqCst);

    for wish in [Wish::AsTheyAre, Wish::Keychain, Wish::Folder] {
        let locked = with(folder.path(), wish, || Box::new(&VAULT)).await;
        assert_eq!(locked.directory(), Err(Unreadable::Shut(Trouble::Locked)));
        let kept = locked.directory_kept();
        assert!(kept.is_there && kept.trouble.unwrap().contains("is in the keychain, which is locked. Unlock it"));
        assert!(locked.put_directory("another").await.is_err() && locked.put_outbound("another").await.is_err());
        assert!(locked.key_outside().is_err(), "no backup that nobody could read");
        assert_eq!(fs::read(folder.path().join("secrets.directory")).unwrap(), before);
        assert!(!has(folder.path(), "secrets.key") && !has(folder.path(), "secrets.sealed"));
    }

    let secrets = with(folder.path(), Wish::AsTheyAre, || Box::new(&VAULT)).await;
    VAULT.is_locked.store(false, SeqCst);
    secrets.look().await;
    assert_eq!(secrets.directory(), Ok(Some("battery staple".to_owned())));
    assert_eq!(secrets.away(), None);
}

#[tokio::test]
async fn x17_on_another_computer_it_is_said_so_secrets_can_be_given_again_and_none_is_lost_for_good() {
    vault!(VAULT);
    let folder = tempfile::tempdir().unwrap();
    let secrets = with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;
    secrets.put_directory("battery staple").await.unwrap();
    secrets.put_outbound("correct horse").await.unwrap();
    let first = VAULT.empty();

    let there = with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;
    let told = there.directory_kept();
    assert!(!told.is_there && told.trouble.unwrap().contains("sealed for another computer"));
    there.put_directory("given again").await.unwrap();
    assert_eq!(there.directory(), Ok(Some("given again".to_owned())));
    assert_eq!(there.outbound(), None);

    // The first keychain is back: what it sealed opens again, and has one key with the other.
    let both = first.into_iter().chain(VAULT.empty()).collect();
    VAULT.fill(both);
    let again = with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;
    assert_eq!(again.outbound().as_deref(), Some("correct horse"));
    assert_eq!(again.directory(), Ok(Some("given again".to_owned())));
}

#[tokio::test]
async fn x17_without_a_keychain_that_answers_the_key_is_in_the_folder() {
    vault!(VAULT);
    VAULT.is_locked.store(true, SeqCst);
    let folder = tempfile::tempdir().unwrap();
    let secrets = with(folder.path(), Wish::Keychain, || Box::new(&VAULT)).await;

    secrets.put_directory("battery staple").await.unwrap();

    assert!(has(folder.path(), "secrets.key") && !has(folder.path(), "keychain.names"));
    assert_eq!(plain(folder.path()).await.directory(), Ok(Some("battery staple".to_owned())));
}

#[tokio::test]
async fn x17_a_key_that_is_missing_is_not_taken_for_none() {
    let folder = tempfile::tempdir().unwrap();
    plain(folder.path()).await.put_directory("battery staple").await.unwrap();
    let key = fs::read(folder.path().join("secrets.key")).unwrap();
    fs::remove_file(folder.path().join("secrets.key")).unwrap();

    let secrets = plain(folder.path()).await;
    assert_eq!((secrets.directory(), secrets.away()), (Err(Unreadable::Lost), Some(Unreadable::Lost)));

    fs::write(folder.path().join("secrets.key"), key).unwrap();
    secrets.look().await;
    assert_eq!(secrets.directory(), Ok(Some("battery staple".to_owned())));
}

#[tokio::test]
async fn x17_a_key_that_was_cut_short_or_cannot_be_read_keeps_no_mail_out_and_is_said() {
    let folder = tempfile::tempdir().unwrap();
    plain(folder.path()).await.put_outbound("correct horse").await.unwrap();
    let key = folder.path().join("secrets.key");
    let whole = fs::read(&key).unwrap();

    fs::write(&key, &whole[..7]).unwrap();
    let short = plain(folder.path()).await;
    assert_eq!((short.outbound(), short.away()), (None, Some(Unreadable::Lost)));
    short.put_outbound("given again").await.unwrap();
    assert_eq!(plain(folder.path()).await.outbound().as_deref(), Some("given again"));

    let whole = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    fs::create_dir(&key).unwrap();
    let unreadable = plain(folder.path()).await;
    assert!(matches!(unreadable.away(), Some(Unreadable::Folder(_))));
    assert!(unreadable.put_outbound("another").await.is_err(), "nothing is written over");
    fs::remove_dir(&key).unwrap();
    fs::write(&key, whole).unwrap();
    unreadable.look().await;
    assert_eq!(unreadable.outbound().as_deref(), Some("given again"), "it goes on when it can be read again");
}
