//! Whether the sender of mail that was given up is told (3.4, RFC 5321 section 6.1, RFC 3461 section 4.1).
//!
//! **Invariant.** Nobody is told who was not shown to be the sender: a report to a forged address is backscatter. Only SPF
//! for the MAIL FROM domain, or a DKIM signature of that domain that verifies, shows it; or that a host of the office
//! sent the mail.
//!
//! **Limits.** Machine-made and list mail is no reason for silence: a list's reverse-path is there for reports. Only the null
//! reverse-path is (RFC 5321 section 4.5.5).

use std::net::IpAddr;

use crate::address::{Address, DomainName};
use crate::delivery::LIFETIME_MS;
use crate::time::{HOUR_MS, MINUTE_MS, Timestamp};

/// How the reverse-path was shown to be the sender's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Proof {
    /// Nobody looked, or name servers did not answer.
    #[default]
    Unknown,
    /// It was not.
    Missing,
    /// SPF passed for its domain.
    Spf,
    /// A passing DKIM signature is of its domain.
    Dkim,
    /// A host of the office sent it.
    Office,
}

impl Proof {
    /// Every proof.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::Missing, Self::Spf, Self::Dkim, Self::Office];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Missing => "none",
            Self::Spf => "spf",
            Self::Dkim => "dkim",
            Self::Office => "office",
        }
    }

    /// The proof for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proof| proof.word() == word)
    }
}

/// What SPF says of a MAIL FROM domain and a client (RFC 7208 section 2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spf {
    /// Nobody asked: the client is not known, or no record of the world can name it.
    NotJudged,
    /// There is no record.
    None,
    /// The domain does not say.
    Neutral,
    /// The client may send for the domain.
    Pass,
    /// It may not.
    Fail,
    /// It should not.
    SoftFail,
    /// The record was not found out in time.
    TempError,
    /// The record cannot be read.
    PermError,
}

/// How the check of a DKIM signature ended (RFC 6376 section 3.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verified {
    /// It is good.
    Pass,
    /// It is not, or cannot be checked.
    Fail,
    /// Its key was not found out in time.
    TempError,
}

/// A DKIM signature that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Who signed: `d=`, as written.
    pub domain: String,
    /// What came out.
    pub verified: Verified,
}

/// What SPF and DKIM together show about `reverse_path`. [`Proof::Unknown`] asks to look again later.
#[must_use]
pub fn proof(reverse_path: &str, spf: Spf, signatures: &[Signature]) -> Proof {
    let Ok(address) = Address::parse(reverse_path) else { return Proof::Missing };
    let ended = |how: Verified| {
        let mut ours = signatures.iter().filter(|one| is_aligned(&one.domain, address.domain()));
        ours.any(|one| one.verified == how)
    };
    if spf == Spf::Pass {
        Proof::Spf
    } else if ended(Verified::Pass) {
        Proof::Dkim
    } else if spf == Spf::TempError || ended(Verified::TempError) {
        Proof::Unknown
    } else {
        Proof::Missing
    }
}

/// Relaxed alignment as in DMARC (RFC 7489 section 3.1.1): both names belong to one organisational domain, which is one
/// label more than the public suffix. The list is compiled in, private suffixes included, so that neighbours at a host
/// of many (`a.github.io`, `b.github.io`) do not vouch for each other.
#[must_use]
pub fn is_aligned(signer: &str, sender: &DomainName) -> bool {
    DomainName::parse(signer).is_ok_and(|signer| organisation(signer.as_str()) == organisation(sender.as_str()))
}

/// The registrable domain that a name belongs to. A public suffix has none above it and stands for itself.
#[must_use]
pub fn organisation(name: &str) -> &str {
    psl::domain_str(name).unwrap_or(name)
}

/// Whether an SPF record can name this client: an address of a private network is in no record of the world, and often
/// not the client's own but that of the router between.
#[must_use]
pub fn spf_applies(client: IpAddr) -> bool {
    match client.to_canonical() {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let is_shared = first == 100 && second & 0xc0 == 64; // RFC 6598
            !(ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified() || is_shared)
        }
        IpAddr::V6(ip) => {
            !(ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local())
        }
    }
}

/// When to look for a proof again after name servers did not answer: after as long as the mail has waited, a minute at
/// least and an hour at most. `None` once the mail has no time left.
#[must_use]
pub fn look_again(arrived: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let waited = now.since_ms(arrived);
    (waited < LIFETIME_MS).then(|| now.plus_ms(waited.clamp(MINUTE_MS, HOUR_MS)))
}

/// What decides about a report on one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The reverse-path; empty when it is null.
    pub reverse_path: &'a str,
    /// `NOTIFY=` of the recipient, in upper case.
    pub notify: Option<&'a str>,
    /// How the reverse-path was shown to be the sender's own.
    pub proof: Proof,
    /// The sender was told of this recipient before: the operator tried once more.
    pub was_told: bool,
    /// The report would leave the office.
    pub outbound: bool,
    /// Mail leaves the office at all.
    pub goes_out: bool,
}

/// Whether the sender is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// It gets a report.
    Send,
    /// It does not.
    Silent(Silence),
}

/// Why a sender is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Silence {
    /// The reverse-path is null: a report is never reported (RFC 5321 section 6.1).
    NullReversePath,
    /// `NOTIFY=` does not ask for it (RFC 3461 section 4.1).
    NotWanted,
    /// It was told before.
    ToldBefore,
    /// Nothing proves that it sent the mail (3.4).
    Unproved,
    /// Name servers did not answer as long as the mail waited, so nobody knows.
    NotChecked,
    /// The reverse-path is nothing that mail can be sent to.
    NoAddress,
    /// Outgoing mail is switched off.
    OutwardOff,
}

impl Silence {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::NullReversePath,
        Self::NotWanted,
        Self::ToldBefore,
        Self::Unproved,
        Self::NotChecked,
        Self::NoAddress,
        Self::OutwardOff,
    ];

    /// The word used in the trace and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NullReversePath => "null_reverse_path",
            Self::NotWanted => "not_wanted",
            Self::ToldBefore => "told_before",
            Self::Unproved => "unproved",
            Self::NotChecked => "not_checked",
            Self::NoAddress => "no_address",
            Self::OutwardOff => "outward_off",
        }
    }
}

/// Whether the sender is told that its mail went to a next hop that reports nothing itself (RFC 3461 section 5.2.2). Only
/// the office's own senders are: a stranger's mail goes to our own mail server, and success is no reason to write to
/// somebody who may be forged.
#[must_use]
pub fn may_report_relayed(facts: &Facts<'_>) -> bool {
    let wants = facts.notify.is_some_and(|notify| notify.split(',').any(|word| word == "SUCCESS"));
    let way = facts.goes_out || !facts.outbound;
    wants && way && facts.proof == Proof::Office && Address::parse(facts.reverse_path).is_ok()
}

/// Whether the sender of a recipient that was given up, refused or out of time, gets a report.
#[must_use]
pub fn may_report(facts: &Facts<'_>) -> Telling {
    let wants = facts.notify.is_none_or(|notify| notify.split(',').any(|word| word == "FAILURE"));
    let silence = match facts.proof {
        _ if facts.reverse_path.is_empty() => Silence::NullReversePath,
        _ if !wants => Silence::NotWanted,
        _ if facts.was_told => Silence::ToldBefore,
        Proof::Missing => Silence::Unproved,
        Proof::Unknown => Silence::NotChecked,
        Proof::Spf | Proof::Dkim | Proof::Office => match Address::parse(facts.reverse_path) {
            Err(_) => Silence::NoAddress,
            Ok(_) if facts.outbound && !facts.goes_out => Silence::OutwardOff,
            Ok(_) => return Telling::Send,
        },
    };
    Telling::Silent(silence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Telling::{Send, Silent};

    const SENDER: &str = "kim@fabrikam.example";

    fn facts(proof: Proof) -> Facts<'static> {
        Facts { reverse_path: SENDER, notify: None, proof, was_told: false, outbound: true, goes_out: true }
    }

    #[test]
    fn b34_only_a_proved_sender_that_wants_to_know_and_can_be_reached_is_told() {
        let spf = facts(Proof::Spf);
        for (facts, expected) in [
            (spf, Send),
            (facts(Proof::Dkim), Send),
            (facts(Proof::Office), Send),
            (facts(Proof::Missing), Silent(Silence::Unproved)),
            (facts(Proof::Unknown), Silent(Silence::NotChecked)),
            (Facts { reverse_path: "", ..spf }, Silent(Silence::NullReversePath)),
            (Facts { reverse_path: "", ..facts(Proof::Missing) }, Silent(Silence::NullReversePath)),
            (Facts { reverse_path: "kim@[192.0.2.7]", ..facts(Proof::Office) }, Silent(Silence::NoAddress)),
            (Facts { notify: Some("NEVER"), ..spf }, Silent(Silence::NotWanted)),
            (Facts { notify: Some("SUCCESS,DELAY"), ..spf }, Silent(Silence::NotWanted)),
            (Facts { notify: Some("DELAY,FAILURE"), ..spf }, Send),
            (Facts { was_told: true, ..spf }, Silent(Silence::ToldBefore)),
            (Facts { goes_out: false, ..spf }, Silent(Silence::OutwardOff)),
            (Facts { goes_out: false, ..facts(Proof::Missing) }, Silent(Silence::Unproved)),
            (Facts { goes_out: false, outbound: false, ..spf }, Send),
        ] {
            assert_eq!(may_report(&facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn rfc3461_5_2_2_only_the_offices_own_senders_are_told_that_mail_was_handed_on_and_only_if_they_asked() {
        let own = Facts { notify: Some("SUCCESS,FAILURE"), ..facts(Proof::Office) };
        assert!(may_report_relayed(&own));
        assert!(may_report_relayed(&Facts { outbound: false, goes_out: false, ..own }));
        for silent in [
            Facts { proof: Proof::Spf, ..own },
            Facts { notify: Some("FAILURE"), ..own },
            Facts { notify: Some("NEVER"), ..own },
            Facts { notify: None, ..own },
            Facts { reverse_path: "", ..own },
            Facts { goes_out: false, ..own },
        ] {
            assert!(!may_report_relayed(&silent), "{silent:?}");
        }
    }

    #[test]
    fn b34_spf_or_an_aligned_signature_proves_the_sender_and_nothing_else_does() {
        let signed = |domain: &str, verified| vec![Signature { domain: domain.to_owned(), verified }];
        for (spf, signatures, expected) in [
            (Spf::Pass, vec![], Proof::Spf),
            (Spf::Fail, signed("fabrikam.example", Verified::Pass), Proof::Dkim),
            (Spf::NotJudged, signed("MAIL.Fabrikam.example", Verified::Pass), Proof::Dkim),
            (Spf::NotJudged, signed("evil.example", Verified::Pass), Proof::Missing),
            (Spf::NotJudged, signed("fabrikam.example", Verified::Fail), Proof::Missing),
            (Spf::NotJudged, signed("fabrikam.example", Verified::TempError), Proof::Unknown),
            (Spf::NotJudged, signed("evil.example", Verified::TempError), Proof::Missing),
            (Spf::TempError, vec![], Proof::Unknown),
            (Spf::TempError, signed("fabrikam.example", Verified::Pass), Proof::Dkim),
            (Spf::None, vec![], Proof::Missing),
            (Spf::Neutral, vec![], Proof::Missing),
            (Spf::SoftFail, vec![], Proof::Missing),
            (Spf::PermError, vec![], Proof::Missing),
        ] {
            assert_eq!(proof(SENDER, spf, &signatures), expected, "{spf:?} {signatures:?}");
        }
        assert_eq!(proof("", Spf::Pass, &[]), Proof::Missing, "nobody is named");
    }

    #[test]
    fn names_are_aligned_within_one_organisation() {
        let aligned = |signer: &str, sender: &str| is_aligned(signer, &DomainName::parse(sender).unwrap());

        assert!(aligned("example.co.uk", "bounce.mail.example.co.uk"));
        assert!(aligned("news.example.co.uk", "bounce.example.co.uk"));
        assert!(aligned("xn--mller-kva.example", "müller.example"));
        for (signer, sender) in [
            ("other.co.uk", "example.co.uk"),
            ("co.uk", "example.co.uk"),
            ("evil.github.io", "victim.github.io"),
            ("evil.github.io", "github.io"),
            ("evilexample.com", "example.com"),
            ("", "example.com"),
            ("xn--55qx5d.cn", "a.xn--55qx5d.cn"),
        ] {
            assert!(!aligned(signer, sender), "{signer} {sender}");
        }
    }

    #[test]
    fn a_client_of_a_private_network_is_in_no_spf_record() {
        for ip in ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.0.1", "100.64.0.1", "::1", "fd00::1", "fe80::1"] {
            assert!(!spf_applies(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["192.0.2.7", "100.128.0.1", "2001:db8::7", "::ffff:192.0.2.7"] {
            assert!(spf_applies(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn name_servers_that_do_not_answer_are_asked_again_at_growing_times_until_the_mail_has_no_time_left() {
        let again = |now: i64| look_again(Timestamp(0), Timestamp(now)).map(|at| at.0 - now);

        assert_eq!(again(0), Some(MINUTE_MS));
        assert_eq!(again(10 * MINUTE_MS), Some(10 * MINUTE_MS));
        assert_eq!(again(30 * HOUR_MS), Some(HOUR_MS));
        assert_eq!(again(LIFETIME_MS), None);
    }

    #[test]
    fn every_proof_and_every_silence_has_a_word_of_its_own() {
        let words: std::collections::BTreeSet<&str> = Silence::ALL.into_iter().map(Silence::word).collect();

        assert_eq!(words.len(), Silence::ALL.len());
        assert!(Proof::ALL.into_iter().all(|proof| Proof::from_word(proof.word()) == Some(proof)));
    }
}
