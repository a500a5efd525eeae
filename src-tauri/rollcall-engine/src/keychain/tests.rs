use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::*;

/// A keychain in the memory of one test thread's tests; they run in processes of many threads, so each has its own.
macro_rules! vault {
    ($name:ident) => {
        static $name: $crate::keychain::tests::Memory = $crate::keychain::tests::Memory::new();
    };
}
pub(crate) use vault;

/// What a keychain holds and how it behaves.
pub(crate) struct Memory {
    items: Mutex<Option<HashMap<String, String>>>,
    pub is_locked: AtomicBool,
    /// It forgets what it is given.
    pub forgets: AtomicBool,
    pub questions: AtomicUsize,
    /// While somebody holds it, no answer comes.
    pub gate: tokio::sync::Mutex<()>,
}

impl Memory {
    pub const fn new() -> Self {
        Self {
            items: Mutex::new(None),
            is_locked: AtomicBool::new(false),
            forgets: AtomicBool::new(false),
            questions: AtomicUsize::new(0),
            gate: tokio::sync::Mutex::const_new(()),
        }
    }

    pub fn names(&self) -> Vec<String> {
        self.items.lock().unwrap().iter().flat_map(HashMap::keys).cloned().collect()
    }

    pub fn empty(&self) -> HashMap<String, String> {
        self.items.lock().unwrap().take().unwrap_or_default()
    }

    pub fn fill(&self, items: HashMap<String, String>) {
        *self.items.lock().unwrap() = Some(items);
    }

    fn asked(&self) -> Result<(), Trouble> {
        self.questions.fetch_add(1, Ordering::SeqCst);
        drop(self.gate.blocking_lock());
        if self.is_locked.load(Ordering::SeqCst) { Err(Trouble::Locked) } else { Ok(()) }
    }
}

impl Vault for &'static Memory {
    fn get(&self, name: &str) -> Result<Option<String>, Trouble> {
        self.asked()?;
        Ok(self.items.lock().unwrap().as_ref().and_then(|items| items.get(name).cloned()))
    }

    fn put(&self, name: &str, text: &str) -> Result<(), Trouble> {
        self.asked()?;
        if !self.forgets.load(Ordering::SeqCst) {
            let mut items = self.items.lock().unwrap();
            items.get_or_insert_default().insert(name.to_owned(), text.to_owned());
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), Trouble> {
        self.asked()?;
        self.items.lock().unwrap().get_or_insert_default().remove(name);
        Ok(())
    }
}

vault!(PLAIN);
vault!(SILENT);

#[tokio::test]
async fn x17_what_was_put_comes_back_and_goes() {
    let keychain = Keychain::of(|| Box::new(&PLAIN), PATIENCE);

    assert_eq!(keychain.get("office").await, Ok(None));
    keychain.put("office", "text").await.unwrap();
    assert_eq!(keychain.get("office").await, Ok(Some("text".to_owned())));
    keychain.remove("office").await.unwrap();
    assert_eq!(keychain.get("office").await, Ok(None));
}

#[tokio::test]
async fn x17_a_silent_keychain_is_not_waited_for_and_what_nobody_waits_for_is_not_begun() {
    let held = SILENT.gate.lock().await;
    let keychain = Keychain::of(|| Box::new(&SILENT), Duration::from_millis(20));

    assert_eq!(keychain.get("office").await, Err(Trouble::Silent));
    assert_eq!(keychain.put("office", "text").await, Err(Trouble::Silent), "behind the first, and given up");
    drop(held);

    let patient = Keychain { patience: PATIENCE, ..keychain };
    assert_eq!(patient.get("office").await, Ok(None), "it was never put");
    assert_eq!(SILENT.questions.load(Ordering::SeqCst), 2);
}
