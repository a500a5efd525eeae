//! Who gets the weekly report and what it is about (D11, D12, D13), and how letters of our own are signed.
//!
//! **Limits.** These contacts are people of the office or of whoever looks after it. Whom a refused sender can ask is
//! another setting (X20).

use rollcall_core::access::Role;
use rollcall_core::new_accounts::Wanted;
use rollcall_core::{Address, Timestamp, welcome};
use rollcall_store::{StoreError, Tx};

use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;
use crate::setup::Setup;

/// The settings that hold what is reported on: `off`, or anything else for on.
const USERS: &str = "report_new_users";
const ALIASES: &str = "report_new_aliases";
const ADMINISTRATOR: &str = "include_admin_contact";
/// The setting that holds the address that letters come from; empty for the postmaster of the first domain.
const SENDER: &str = "letter_sender";
/// The settings that hold the office's own welcome; empty for ours.
const WELCOME_SUBJECT: &str = "welcome_subject";
const WELCOME_TEXT: &str = "welcome_text";
/// The most characters of a contact's name.
const LONGEST_NAME: usize = 100;

/// Somebody who looks after the office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// Name; may be empty.
    pub name: String,
    /// E-mail address; may be empty.
    pub email: String,
    /// Gets what the week brought by e-mail too (C22).
    pub copy: bool,
}

/// What is reported, to whom, and how letters look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reporting {
    /// What is reported on.
    pub wanted: Wanted,
    /// The Technician's contact.
    pub technical: Contact,
    /// The Organization Administrator's contact.
    pub administrator: Contact,
    /// The address that letters come from, if the operator gave one.
    pub sender: Option<String>,
    /// The subject of a welcome.
    pub welcome_subject: String,
    /// The text of a welcome.
    pub welcome_text: String,
}

impl Reporting {
    /// Reads it all.
    pub(crate) fn load(tx: &Tx<'_>) -> Result<Self, StoreError> {
        let is_on = |name| Ok::<_, StoreError>(tx.setting(name)?.as_deref() != Some("off"));
        let text = |name, shipped: &str| {
            Ok::<_, StoreError>(tx.setting(name)?.filter(|text| !text.is_empty()).unwrap_or_else(|| shipped.to_owned()))
        };
        Ok(Self {
            wanted: Wanted { users: is_on(USERS)?, aliases: is_on(ALIASES)?, administrator: is_on(ADMINISTRATOR)? },
            technical: contact(tx, Role::Technician)?,
            administrator: contact(tx, Role::OrganizationAdministrator)?,
            sender: tx.setting(SENDER)?.filter(|sender| !sender.is_empty()),
            welcome_subject: text(WELCOME_SUBJECT, welcome::SUBJECT)?,
            welcome_text: text(WELCOME_TEXT, welcome::TEXT)?,
        })
    }

    /// The contact of a role.
    #[must_use]
    pub const fn contact(&self, role: Role) -> &Contact {
        match role {
            Role::Technician => &self.technical,
            Role::OrganizationAdministrator => &self.administrator,
        }
    }

    /// The address that letters come from; `None` while there is no domain.
    #[must_use]
    pub fn sender_of(&self, setup: &Setup) -> Option<String> {
        let postmaster = || setup.domains.keys().next().map(|domain| format!("postmaster@{domain}"));
        self.sender.clone().or_else(postmaster)
    }
}

impl House {
    /// What is reported, to whom, and how letters look.
    ///
    /// # Errors
    /// The store's.
    pub fn reporting(&self) -> Result<Reporting, EngineError> {
        Ok(self.store.read(Reporting::load)?)
    }

    /// When and why the latest letter could not be sent; `None` where it was.
    ///
    /// # Errors
    /// The store's.
    pub fn letter_trouble(&self) -> Result<Option<(Timestamp, String)>, EngineError> {
        Ok(self.store.read(|tx| tx.letter_trouble())?)
    }

    /// Says what is reported on.
    ///
    /// # Errors
    /// The store's.
    pub async fn set_reports(&self, wanted: Wanted) -> Result<(), EngineError> {
        let said = |on: bool| if on { "on" } else { "off" };
        let Wanted { users, aliases, administrator } = wanted;
        let why = format!(
            "report on new users {}, on new aliases {}, to the administrator's contact too {}",
            said(users),
            said(aliases),
            said(administrator)
        );
        let settings = [(USERS, said(users)), (ALIASES, said(aliases)), (ADMINISTRATOR, said(administrator))];
        let settings = settings.map(|(name, value)| (name, value.to_owned()));
        self.settle_reporting("set_reports", why, settings.to_vec()).await
    }

    /// Says who the contact of a role is. Without an e-mail address there is no copy.
    ///
    /// # Errors
    /// Invalid: a name that is too long or has control characters, what is no address, a copy without an address.
    pub async fn set_contact(&self, role: Role, contact: Contact) -> Result<(), EngineError> {
        let (name, email) = (contact.name.trim().to_owned(), contact.email.trim().to_owned());
        let invalid = |sentence: &str| Err(EngineError::Invalid(sentence.to_owned()));
        if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return invalid("A contact's name has at most 100 characters on one line.");
        }
        if !email.is_empty() {
            Address::parse(&email)?;
        } else if contact.copy {
            return invalid("Give an e-mail address, or no copy can be sent.");
        }
        let copy = if contact.copy { "on" } else { "off" };
        let who = if role == Role::Technician { "technical contact" } else { "administrator's contact" };
        let why = match email.as_str() {
            "" => format!("the {who} has no e-mail address"),
            email => format!("the {who} is {email}, copy by e-mail {copy}"),
        };
        let [name_key, email_key, copy_key] = keys(role);
        let settings = vec![(name_key, name), (email_key, email), (copy_key, copy.to_owned())];
        self.settle_reporting("set_contact", why, settings).await
    }

    /// Says which address letters come from; empty for the postmaster of the first domain.
    ///
    /// # Errors
    /// Invalid: what is no address, or one of a domain that isn't ours.
    pub async fn set_letter_sender(&self, sender: &str) -> Result<(), EngineError> {
        let sender = sender.trim().to_owned();
        if !sender.is_empty() {
            let address = Address::parse(&sender)?;
            let domain = address.domain().as_str();
            if self.setup().homes.primary_of(domain).is_none() {
                let sentence = format!("Letters can't come from {sender}: {domain} isn't one of your domains.");
                return Err(EngineError::Invalid(sentence));
            }
        }
        let why = match sender.as_str() {
            "" => "letters come from the postmaster of the first domain".to_owned(),
            sender => format!("letters come from {sender}"),
        };
        self.settle_reporting("set_letter_sender", why, vec![(SENDER, sender)]).await
    }

    /// Gives welcomes the office's own words; empty ones are ours again.
    ///
    /// # Errors
    /// Invalid: too long, or a subject of several lines.
    pub async fn set_welcome(&self, subject: &str, text: &str) -> Result<(), EngineError> {
        let (subject, text) = (subject.trim().to_owned(), text.trim().to_owned());
        let invalid = |sentence: String| Err(EngineError::Invalid(sentence));
        if subject.chars().count() > welcome::LONGEST_SUBJECT || subject.chars().any(char::is_control) {
            return invalid(format!("A subject has at most {} characters on one line.", welcome::LONGEST_SUBJECT));
        }
        if text.chars().count() > welcome::LONGEST_TEXT {
            return invalid(format!("A welcome has at most {} characters.", welcome::LONGEST_TEXT));
        }
        let why = "welcomes have another text".to_owned();
        // What is ours is not kept, so that a better one reaches whoever never changed it.
        let kept = |text: String, shipped: &str| if text == shipped.trim() { String::new() } else { text };
        let settings =
            vec![(WELCOME_SUBJECT, kept(subject, welcome::SUBJECT)), (WELCOME_TEXT, kept(text, welcome::TEXT))];
        self.settle_reporting("set_welcome", why, settings).await
    }

    async fn settle_reporting(
        &self,
        action: &'static str,
        why: String,
        settings: Vec<(&'static str, String)>,
    ) -> Result<(), EngineError> {
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                for (name, value) in &settings {
                    tx.put_setting(name, value)?;
                }
                note(tx, action, why, now)
            })
            .await?;
        self.bus.stale(&[Tag::Setup, Tag::Journal]);
        Ok(())
    }
}

/// The settings that hold a contact: name, e-mail address, copy.
const fn keys(role: Role) -> [&'static str; 3] {
    match role {
        Role::Technician => ["technical_contact_name", "technical_contact_email", "technical_contact_copy"],
        Role::OrganizationAdministrator => ["admin_contact_name", "admin_contact_email", "admin_contact_copy"],
    }
}

fn contact(tx: &Tx<'_>, role: Role) -> Result<Contact, StoreError> {
    let [name, email, copy] = keys(role);
    Ok(Contact {
        name: tx.setting(name)?.unwrap_or_default(),
        email: tx.setting(email)?.unwrap_or_default(),
        copy: tx.setting(copy)?.as_deref() == Some("on"),
    })
}
