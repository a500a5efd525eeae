//! "Test destination" (V03): talks to the mail server live, sends no mail, and says what it found in words.
//!
//! **Limits.** That it refuses after the content, or bounces later, only real mail shows: a test says so once it has.

use rollcall_core::truth::{self, Picture, Said, Shown};
use rollcall_core::{Class, DomainName};
use rollcall_net::{Destination, NetError, TlsPolicy};
use rollcall_store::TruthRecord;

use crate::catch_all;
use crate::clock::Stopwatch;
use crate::error::EngineError;
use crate::house::House;
use crate::office::{check_host, check_within_reach};
use crate::setup::Domain;
use crate::survey::{self, Asked, Questions, Survey};
use crate::truths::made_up_name;

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Works, but worth knowing.
    Note,
    /// Mail cannot go there so.
    Bad,
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `look_up`, `connect`, `greeting`, `ehlo`, `starttls`, `sign_in`, `sender`, `valid_recipient`, `made_up_recipient`,
    /// `second_made_up_recipient`, `data`, `lost`.
    pub step: &'static str,
    /// How it went.
    pub verdict: Verdict,
    /// One sentence.
    pub sentence: String,
    /// The literal reply or the system's words.
    pub technical: Option<String>,
    /// Milliseconds it took.
    pub took_ms: u64,
}

/// What a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// True when mail can go there.
    pub usable: bool,
    /// The verdict in words.
    pub sentence: String,
    /// What was done, in order.
    pub steps: Vec<Step>,
}

/// What the words about a survey need beside it.
struct Scene<'a> {
    destination: &'a Destination,
    shown: Shown,
}

impl House {
    /// Tests a destination for `domain`. Nothing is kept of it.
    ///
    /// # Errors
    /// Invalid when host or domain cannot be; conflict when that is Rollcall itself; forbidden when practice would reach
    /// another computer. Whatever the server does is an answer, not an error.
    pub async fn test_destination(&self, destination: Destination, domain: &str) -> Result<Found, EngineError> {
        let host = check_host(&destination.host)?;
        check_within_reach(self.kind, &host)?;
        let domain = DomainName::parse(domain)?.to_string();
        let destination = Destination { host, ..destination };
        self.check_not_ours(&destination, &domain).await?;
        let known = self.known_address(&domain)?;
        let names = [made_up_name(), made_up_name()];
        let questions = Questions { domain: &domain, known: known.as_deref(), names: &names };
        let watch = Stopwatch::start();
        let survey = {
            let _turn = self.truths.turn(3, catch_all::limit(self)).await;
            survey::ask(&self.hostname, &destination, &questions).await
        };
        let setup = self.setup();
        let ours = setup.domains.get(&domain).filter(|ours| ours.destination == destination);
        let shown = ours.map(|ours| self.shown(ours)).unwrap_or_default();
        Ok(found(&Scene { destination: &destination, shown }, &survey, watch.elapsed_ms()))
    }

    /// Tests the destination of a domain of ours and keeps the verdict (V01).
    ///
    /// # Errors
    /// Not found when it is none of ours; the store's.
    pub async fn test_domain(&self, name: &str) -> Result<Found, EngineError> {
        let name = DomainName::parse(name)?.to_string();
        let ours = self.setup().domains.get(&name).cloned();
        let ours = ours.ok_or_else(|| EngineError::NotFound(format!("{name} isn't one of your domains.")))?;
        let known = self.known_address(&name)?;
        let watch = Stopwatch::start();
        let survey = catch_all::test(self, &ours, known.as_deref()).await?;
        let shown = self.shown(&ours);
        Ok(found(&Scene { destination: &ours.destination, shown }, &survey, watch.elapsed_ms()))
    }

    /// What the destination of `domain` is found to be.
    #[must_use]
    pub fn truth_of(&self, domain: &Domain) -> TruthRecord {
        self.truths.of(domain)
    }

    /// Whether the destination of `domain` refuses recipients only after their content, as mail has shown (pitfall 2).
    #[must_use]
    pub fn decides_at_data(&self, domain: &Domain) -> bool {
        self.truths.decides_at_data(domain, self.clock.now())
    }

    /// What mail has shown of the destination of `domain`.
    #[must_use]
    pub fn shown(&self, domain: &Domain) -> Shown {
        self.truths.shown(domain, self.clock.now())
    }

    fn known_address(&self, domain: &str) -> Result<Option<String>, EngineError> {
        Ok(self.store.read(|tx| tx.first_account(domain))?)
    }
}

fn found(scene: &Scene<'_>, survey: &Result<Survey, NetError>, took_ms: u64) -> Found {
    let survey = match survey {
        Ok(survey) => survey,
        Err(error) => return unusable(scene.destination, error, took_ms),
    };
    let mut steps = hello_steps(scene.destination, survey);
    steps.extend(survey.known.as_ref().map(known_step));
    let names = ["made_up_recipient", "second_made_up_recipient"];
    steps.extend(names.into_iter().zip(&survey.strangers).map(|(step, asked)| stranger_step(step, asked)));
    if let Some(error) = &survey.lost {
        let sentence = "It stopped answering when asked about an address.".to_owned();
        let technical = Some(error.chain());
        steps.push(Step { step: "lost", verdict: Verdict::Bad, sentence, technical, took_ms: 0 });
        let sentence = "Your mail server was lost while we asked about an address.".to_owned();
        return Found { usable: false, sentence, steps };
    }
    let known = survey.known.as_ref();
    let picture = truth::picture(known.map(|asked| &asked.said), &survey.of_strangers(), scene.shown);
    steps.extend(data_step(picture));
    let sentence = verdict_words(picture, known.map(|asked| asked.address.as_str()));
    Found { usable: picture != Picture::RefusesUs, sentence, steps }
}

fn hello_steps(destination: &Destination, survey: &Survey) -> Vec<Step> {
    let step = |step, verdict, sentence: &str, technical| Step {
        step,
        verdict,
        sentence: sentence.to_owned(),
        technical,
        took_ms: survey.opened_ms,
    };
    let greeting = Some(survey.greeting.to_string());
    let mut steps = vec![step("greeting", Verdict::Good, "The server answers and speaks SMTP.", greeting)];
    steps.push(match (survey.encrypted, destination.tls) {
        (true, TlsPolicy::Required) => step(
            "starttls",
            Verdict::Good,
            "The connection is encrypted, and the certificate is one this computer trusts.",
            None,
        ),
        (true, _) => step("starttls", Verdict::Good, "The connection is encrypted.", None),
        (false, TlsPolicy::Never) => {
            step("starttls", Verdict::Note, "The connection is not encrypted, as you chose.", None)
        }
        (false, _) => step(
            "starttls",
            Verdict::Note,
            "The connection is not encrypted: the server doesn't offer it, or it failed.",
            None,
        ),
    });
    steps
}

fn known_step(asked: &Asked) -> Step {
    let address = &asked.address;
    let (verdict, sentence) = match (&asked.said, asked.said.reply().class()) {
        (Said::SenderRefused(_), _) => (Verdict::Bad, "It takes no mail from this computer.".to_owned()),
        (_, Class::Success) => (Verdict::Good, format!("It takes mail for {address}.")),
        (_, Class::Permanent) => (Verdict::Bad, format!("It refuses {address}, which is one of your accounts.")),
        _ => (Verdict::Note, format!("It asked us to wait before it says whether {address} exists.")),
    };
    let technical = Some(asked.said.reply().to_string());
    Step { step: "valid_recipient", verdict, sentence, technical, took_ms: asked.took_ms }
}

fn stranger_step(step: &'static str, asked: &Asked) -> Step {
    let (verdict, sentence) = match (&asked.said, asked.said.reply().class()) {
        (Said::SenderRefused(_), _) => (Verdict::Bad, "It takes no mail from this computer."),
        (_, Class::Permanent) => (Verdict::Good, "It refuses a made-up address."),
        (_, Class::Success) => (Verdict::Note, "It says yes to a made-up address."),
        _ => (Verdict::Note, "It asked us to wait before it says whether an address exists."),
    };
    let technical = Some(asked.said.reply().to_string());
    Step { step, verdict, sentence: sentence.to_owned(), technical, took_ms: asked.took_ms }
}

/// What mail has shown of its behaviour after the content; a test sends none.
fn data_step(picture: Picture) -> Option<Step> {
    let sentence = match picture {
        Picture::DecidesAtData => "Mail has shown that it refuses unknown addresses only after the whole message.",
        Picture::BouncesLater => {
            "Mail has shown that it takes messages for unknown addresses and sends them back later."
        }
        Picture::SaysYesToAll => {
            "So far it has refused no address after the whole message, and sent no message back. A test sends no mail, so only real mail shows it."
        }
        _ => return None,
    };
    Some(Step { step: "data", verdict: Verdict::Note, sentence: sentence.to_owned(), technical: None, took_ms: 0 })
}

fn verdict_words(picture: Picture, known: Option<&str>) -> String {
    let known = known.unwrap_or("a known address");
    match picture {
        Picture::KnowsWhoExists => {
            "Your mail server answers and knows who exists. Rollcall can trust its word.".to_owned()
        }
        Picture::SaysYesToAll => {
            "Your mail server answers, but it says yes to every address. Rollcall can't learn from its word alone."
                .to_owned()
        }
        Picture::DecidesAtData => {
            "Your mail server says yes to every address and refuses unknown ones only after the whole message. Rollcall sends it one unknown address at a time."
                .to_owned()
        }
        Picture::BouncesLater => {
            "Your mail server says yes to every address and sends mail for unknown ones back later. Its yes proves nothing, its bounces do."
                .to_owned()
        }
        Picture::AsksToWait => {
            "Your mail server answers, but asks strangers to come again later (greylisting). Test once more in some minutes."
                .to_owned()
        }
        Picture::DefersStrangers => {
            format!("Your mail server takes {known}, but only puts made-up addresses off instead of refusing them. Senders then try for days.")
        }
        Picture::RefusesTheKnown => {
            format!("Your mail server refuses made-up addresses, but also {known}, which is one of your accounts.")
        }
        Picture::RefusesUs => {
            "Your mail server answers, but takes no mail from this computer. Allow this computer there.".to_owned()
        }
    }
}

pub(crate) fn unusable(destination: &Destination, error: &NetError, took_ms: u64) -> Found {
    let (step, sentence) = match error {
        NetError::Resolve { host, .. } => {
            ("connect", format!("The name {host} isn't known. Check its spelling, or use an IP address."))
        }
        NetError::Connect { .. } => {
            ("connect", format!("Nothing answers at {destination}. Is the mail server running, and is the port right?"))
        }
        NetError::Timeout { doing, seconds } => (
            "connect",
            format!(
                "{destination} did not answer within {seconds} s (waiting for {doing}). A firewall may be in between."
            ),
        ),
        NetError::Lost { .. } => {
            ("greeting", format!("{destination} closed the connection. It may not allow this computer."))
        }
        NetError::Protocol { .. } => ("greeting", format!("What answers at {destination} is no mail server.")),
        NetError::Unwelcome { .. } => {
            ("greeting", format!("{destination} doesn't accept mail from this computer. Allow this computer there."))
        }
        NetError::Tls { .. } => (
            "starttls",
            format!("Encryption with {destination} failed. Its certificate may not be one this computer trusts."),
        ),
        NetError::NoSuchDomain { domain } => {
            ("connect", format!("The domain {domain} doesn't exist. Check its spelling."))
        }
        NetError::TakesNoMail { domain } => ("connect", format!("The domain {domain} says that it takes no mail.")),
        NetError::LoopsBack { domain } => {
            ("connect", format!("Mail for {domain} would come back here. Name the mail server instead of the domain."))
        }
        NetError::Busy { .. } => {
            ("connect", format!("All connections to {destination} are in use. Test again in a moment."))
        }
        NetError::Auth { host, .. } => {
            ("sign_in", format!("{host} did not let Rollcall sign in. Check the name and the password."))
        }
        NetError::TlsNotOffered { .. } => {
            ("starttls", format!("{destination} doesn't offer encryption, but you require it."))
        }
    };
    let step =
        Step { step, verdict: Verdict::Bad, sentence: sentence.clone(), technical: Some(error.chain()), took_ms };
    Found { usable: false, sentence, steps: vec![step] }
}
