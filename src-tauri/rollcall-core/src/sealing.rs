//! Where the key is that seals the office's secrets, and where it should go (X17).
//!
//! **Invariant.** While something is sealed and its key may come back, no step makes another one.
//!
//! **Limits.** One key a folder. What a keychain is and how it is asked, the engine knows.

/// Where secrets are wanted by whoever opens the folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wish {
    /// Where they are; new ones in the folder. A keychain is asked only if the folder says that it has the key.
    #[default]
    AsTheyAre,
    /// In the keychain, if there is one that answers.
    Keychain,
    /// In the folder; a key in the keychain is fetched from there.
    Folder,
}

/// What the keychain says of the key that the folder knows to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keychain {
    /// The folder knows of none.
    NotNamed,
    /// It has it.
    Holds,
    /// It answers, and has none of that name: another computer's, another account's, or emptied.
    Empty,
    /// It is locked, not there, or silent.
    Shut,
}

/// What is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// A file with the key.
    pub key_file: bool,
    /// What the keychain says.
    pub keychain: Keychain,
    /// Something that is sealed.
    pub sealed: bool,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is no key and nothing to open: one is made with the first secret.
    Begin,
    /// The key in the folder.
    UseFile,
    /// The key in the keychain.
    UseKeychain,
    /// The key goes from the folder to the keychain, if that takes it.
    ToKeychain,
    /// The key goes from the keychain to the folder.
    ToFolder,
    /// The key is in a keychain that cannot be asked now. Nothing is made, nothing overwritten.
    Wait,
    /// The key is nowhere: secrets have to be given again.
    Lost,
}

/// What to do with what is found. A file with the key counts before a keychain: it comes from a backup, or from a move
/// that was cut short.
#[must_use]
pub const fn step(found: Found, wish: Wish) -> Step {
    match (found.key_file, found.keychain, wish) {
        (true, _, Wish::Keychain) => Step::ToKeychain,
        (true, _, Wish::AsTheyAre | Wish::Folder) => Step::UseFile,
        (false, Keychain::Holds, Wish::Folder) => Step::ToFolder,
        (false, Keychain::Holds, Wish::AsTheyAre | Wish::Keychain) => Step::UseKeychain,
        (false, _, _) if !found.sealed => Step::Begin,
        (false, Keychain::Shut, _) => Step::Wait,
        (false, Keychain::Empty | Keychain::NotNamed, _) => Step::Lost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WISHES: [Wish; 3] = [Wish::AsTheyAre, Wish::Keychain, Wish::Folder];

    fn found(key_file: bool, keychain: Keychain, sealed: bool) -> Found {
        Found { key_file, keychain, sealed }
    }

    #[test]
    fn x17_a_new_folder_begins_whatever_is_wished() {
        for wish in WISHES {
            assert_eq!(step(found(false, Keychain::NotNamed, false), wish), Step::Begin);
        }
    }

    #[test]
    fn x17_a_key_in_the_folder_goes_to_the_keychain_only_where_that_is_wished() {
        let kept = found(true, Keychain::NotNamed, true);

        assert_eq!(step(kept, Wish::AsTheyAre), Step::UseFile);
        assert_eq!(step(kept, Wish::Keychain), Step::ToKeychain);
        assert_eq!(step(kept, Wish::Folder), Step::UseFile);
    }

    #[test]
    fn x17_a_key_in_the_keychain_is_used_there_by_everybody_who_does_not_want_it_back() {
        let kept = found(false, Keychain::Holds, true);

        assert_eq!(step(kept, Wish::AsTheyAre), Step::UseKeychain);
        assert_eq!(step(kept, Wish::Keychain), Step::UseKeychain);
        assert_eq!(step(kept, Wish::Folder), Step::ToFolder);
    }

    #[test]
    fn x17_a_locked_keychain_is_waited_for_and_never_replaced() {
        for wish in WISHES {
            assert_eq!(step(found(false, Keychain::Shut, true), wish), Step::Wait);
        }
    }

    #[test]
    fn x17_a_folder_that_was_carried_to_another_computer_has_lost_its_key() {
        for wish in WISHES {
            assert_eq!(step(found(false, Keychain::Empty, true), wish), Step::Lost);
            assert_eq!(step(found(false, Keychain::NotNamed, true), wish), Step::Lost);
        }
    }

    #[test]
    fn x17_a_file_with_the_key_counts_whatever_a_keychain_says() {
        for keychain in [Keychain::NotNamed, Keychain::Holds, Keychain::Empty, Keychain::Shut] {
            assert_eq!(step(found(true, keychain, true), Wish::AsTheyAre), Step::UseFile);
            assert_eq!(step(found(true, keychain, true), Wish::Keychain), Step::ToKeychain);
        }
    }
}
