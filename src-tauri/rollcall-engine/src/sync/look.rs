//! "Test, and show what I would find", before anything is saved (M02, V21).

use std::collections::HashMap;

use rollcall_core::Address;
use rollcall_core::directory::{Entry, Kind, Reading};
use rollcall_directory::{Ask, DirectoryError};

pub use rollcall_directory::{Branch, CertificateSeen};

use super::settings::{SourceSet, SyncSet};
use super::source::check;
use crate::error::EngineError;
use crate::house::House;

/// How many are shown.
const EXAMPLES: usize = 5;
/// So many domains of others are named.
const DOMAINS: usize = 10;

/// What was found, or why nothing was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// Why there is no whole answer.
    pub trouble: Option<String>,
    /// The certificate that is not trusted, if that is why.
    pub certificate: Option<CertificateSeen>,
    /// Entries.
    pub found: u64,
    /// How many of each kind, those that occur.
    pub kinds: Vec<(Kind, u64)>,
    /// With a blocked sign-in.
    pub disabled: u64,
    /// Hidden from the address book.
    pub hidden: u64,
    /// Without an address.
    pub without_mail: u64,
    /// Other addresses.
    pub aliases: u64,
    /// Some of them, of as many kinds as there are.
    pub examples: Vec<Entry>,
    /// Domains that are not ours, the most frequent first.
    pub foreign_domains: Vec<String>,
    /// What was odd.
    pub remarks: Vec<String>,
}

impl House {
    /// Asks a directory for everything and tells what it is; nothing is remembered. Without `source` the one that is set.
    ///
    /// # Errors
    /// Invalid: settings that cannot work. Conflict: none is given and none is set, or its secret is missing.
    pub async fn look_at_directory(
        &self,
        source: Option<SourceSet>,
        secret: Option<String>,
    ) -> Result<Looked, EngineError> {
        if let Some(rollcall_directory::Source::Ldap(settings)) = source.as_ref().map(|one| one.with(String::new()))
            && let Err(rule) = settings.check_name()
        {
            // No password goes to it before a person has looked at its certificate.
            let shown = rollcall_directory::certificate(&settings).await;
            let (trouble, certificate) = shown.map_or_else(|error| (error, None), |seen| (rule, Some(seen)));
            return Ok(Looked { trouble: Some(trouble.to_string()), certificate, ..Looked::default() });
        }
        self.look_for_key().await?;
        let asked = self.unsaved(source, secret)?;
        let ask = Ask { now_ms: self.clock.now().0, cancel: self.stop.child_token(), ..Ask::default() };
        Ok(match asked.read(&ask).await {
            Ok(answer) => {
                let entries = match answer.reading {
                    Reading::Whole(entries) => entries,
                    Reading::Changes { changed, .. } => changed,
                };
                let counted = self.counted(&entries);
                Looked { remarks: answer.remarks, ..counted }
            }
            Err(DirectoryError::Settings(sentence)) => return Err(EngineError::Invalid(sentence)),
            Err(error) => {
                let certificate = match &error {
                    DirectoryError::Certificate { seen, .. } => seen.clone(),
                    _ => None,
                };
                Looked { trouble: Some(error.to_string()), certificate, ..Looked::default() }
            }
        })
    }

    /// The parts of an LDAP directory below `parent`, for whoever chooses a search base.
    ///
    /// # Errors
    /// As [`House::look_at_directory`]; conflict with the directory's sentence where it did not answer.
    pub async fn directory_branches(
        &self,
        source: Option<SourceSet>,
        secret: Option<String>,
        parent: Option<&str>,
    ) -> Result<Vec<Branch>, EngineError> {
        self.look_for_key().await?;
        let rollcall_directory::Source::Ldap(settings) = self.unsaved(source, secret)? else {
            return Err(EngineError::Conflict("Only an LDAP directory is a tree.".to_owned()));
        };
        let found = rollcall_directory::branches(&settings, parent, &self.stop.child_token()).await;
        found.map_err(|error| match error {
            DirectoryError::Settings(sentence) => EngineError::Invalid(sentence),
            error => EngineError::Conflict(error.to_string()),
        })
    }

    /// A source that may not be saved yet, with the secret that is given, or the one that is kept for the same place.
    fn unsaved(
        &self,
        source: Option<SourceSet>,
        secret: Option<String>,
    ) -> Result<rollcall_directory::Source, EngineError> {
        let set = self.store.read(SyncSet::load)?;
        let Some(source) = source else {
            return match (secret, &set.source) {
                (Some(secret), Some(source)) => Ok(source.with(secret)),
                _ => self.source_with_secret(&set),
            };
        };
        check(&source)?;
        let kept = || {
            let is_for_it = set.source.as_ref().is_some_and(|old| old.shares_secret_with(&source));
            if is_for_it { self.secrets.directory() } else { Ok(None) }
        };
        let secret = match secret {
            Some(secret) => Some(secret),
            None => kept().map_err(|error| EngineError::Conflict(error.to_string()))?,
        };
        match secret {
            Some(secret) => Ok(source.with(secret)),
            None => {
                let set = SyncSet { source: Some(source.clone()), ..set };
                match &source {
                    SourceSet::Ldap(ldap) if ldap.bind_dn.is_empty() => Ok(source.with(String::new())),
                    _ => Err(EngineError::Invalid(format!(
                        "Give the password or secret for {} too.",
                        set.source.map(|source| source.name()).unwrap_or_default()
                    ))),
                }
            }
        }
    }

    fn counted(&self, entries: &[Entry]) -> Looked {
        let setup = self.setup();
        let mut foreign: HashMap<String, u64> = HashMap::new();
        for text in entries.iter().flat_map(|entry| entry.primary.iter().chain(&entry.aliases)) {
            let Ok(address) = Address::parse(text) else { continue };
            if setup.homes.primary_of(address.domain().as_str()).is_none() {
                *foreign.entry(address.domain().to_string()).or_default() += 1;
            }
        }
        let mut foreign: Vec<(String, u64)> = foreign.into_iter().collect();
        foreign.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let count = |wanted: &dyn Fn(&Entry) -> bool| entries.iter().filter(|entry| wanted(entry)).count() as u64;
        let kinds = Kind::ALL.into_iter().map(|kind| (kind, count(&|entry| entry.kind == kind)));
        Looked {
            trouble: None,
            certificate: None,
            found: entries.len() as u64,
            kinds: kinds.filter(|(_, count)| *count > 0).collect(),
            disabled: count(&|entry| !entry.is_enabled),
            hidden: count(&|entry| entry.is_hidden),
            without_mail: count(&|entry| entry.primary.is_none()),
            aliases: entries.iter().map(|entry| entry.aliases.len() as u64).sum(),
            examples: examples(entries),
            foreign_domains: foreign.into_iter().take(DOMAINS).map(|(domain, _)| domain).collect(),
            remarks: Vec::new(),
        }
    }
}

/// One of each kind first, then whoever comes.
fn examples(entries: &[Entry]) -> Vec<Entry> {
    let has_mail = |entry: &&Entry| entry.primary.is_some();
    let firsts =
        Kind::ALL.into_iter().filter_map(|kind| entries.iter().filter(has_mail).find(|entry| entry.kind == kind));
    let mut shown: Vec<&Entry> = firsts.take(EXAMPLES).collect();
    for entry in entries.iter().filter(has_mail) {
        if shown.len() < EXAMPLES && !shown.iter().any(|one| one.id == entry.id) {
            shown.push(entry);
        }
    }
    shown.into_iter().cloned().collect()
}
