//! Who works at the practice office, and how much mail each mailbox gets.

use crate::neighbourhood::Desk;

/// The office's domain. Reserved for examples (RFC 2606), so that nothing can ever go out by mistake.
pub const DOMAIN: &str = "fabrikam.example";

/// One mailbox of the office.
#[derive(Debug, Clone, Copy)]
pub struct Mailbox {
    /// The part before the `@`.
    pub local: &'static str,
    /// How people greet whoever reads it.
    pub greeting: &'static str,
    /// What it is written to about.
    pub desk: Desk,
    /// Messages that people write to it in four weeks.
    pub per_four_weeks: u32,
}

impl Mailbox {
    /// The whole address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}@{DOMAIN}", self.local)
    }
}

/// Every mailbox the office has. The busy ones are discovered within the first hours, the quiet ones stay Watching for
/// days or weeks, `mika.rowan` is forgotten between two letters, and `alerts` gets mail from programs only, so it never
/// counts.
pub const MAILBOXES: &[Mailbox] = &[
    mailbox("info", "all", Desk::Enquiries, 380),
    mailbox("sales", "all", Desk::Orders, 440),
    mailbox("jordan.larch", "Jordan", Desk::Orders, 310),
    mailbox("ann.lee", "Ann", Desk::Office, 280),
    mailbox("kim.cedar", "Kim", Desk::Office, 210),
    mailbox("warehouse", "all", Desk::Deliveries, 176),
    mailbox("robin.alder", "Robin", Desk::Deliveries, 120),
    mailbox("invoices-2024", "accounts team", Desk::Invoices, 110),
    mailbox("sam.birch", "Sam", Desk::Invoices, 44),
    mailbox("lee.elm", "Lee", Desk::Office, 18),
    mailbox("jobs", "all", Desk::Applications, 12),
    mailbox("val.willow", "Val", Desk::Enquiries, 5),
    mailbox("noor.hazel", "Noor", Desk::Office, 3),
    mailbox("mika.rowan", "Mika", Desk::Office, 1),
    mailbox("alerts", "all", Desk::Office, 0),
];

const fn mailbox(local: &'static str, greeting: &'static str, desk: Desk, per_four_weeks: u32) -> Mailbox {
    Mailbox { local, greeting, desk, per_four_weeks }
}

/// The mailbox that takes mail for `address`, whatever the case; `postmaster` is read by Sam (RFC 5321 section 4.5.1).
#[must_use]
pub fn find(address: &str) -> Option<&'static Mailbox> {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, DOMAIN));
    if !domain.eq_ignore_ascii_case(DOMAIN) {
        return None;
    }
    let local = if local.eq_ignore_ascii_case("postmaster") { "sam.birch" } else { local };
    MAILBOXES.iter().find(|mailbox| mailbox.local.eq_ignore_ascii_case(local))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_found_in_any_case_and_only_at_the_offices_domain() {
        assert_eq!(find("Ann.Lee@Fabrikam.Example").map(|found| found.local), Some("ann.lee"));
        assert_eq!(find("postmaster").map(|found| found.local), Some("sam.birch"));
        for stranger in ["ann.le@fabrikam.example", "ann.lee@contoso.example", "@fabrikam.example", ""] {
            assert!(find(stranger).is_none(), "{stranger}");
        }
    }

    #[test]
    fn every_mailbox_is_listed_once() {
        let mut locals: Vec<_> = MAILBOXES.iter().map(|mailbox| mailbox.local).collect();

        locals.sort_unstable();
        locals.dedup();

        assert_eq!(locals.len(), MAILBOXES.len());
    }
}
