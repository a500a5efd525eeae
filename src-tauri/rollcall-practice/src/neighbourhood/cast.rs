//! Who writes to the practice office. All names are invented, all domains reserved for examples (RFC 2606).

use std::net::Ipv4Addr;

use super::Desk;

/// A computer that sends mail.
#[derive(Debug, PartialEq, Eq)]
pub struct Host {
    /// What it calls itself in EHLO.
    pub name: &'static str,
    /// The loopback address it speaks from, where the system lets it; so the log tells the neighbours apart.
    pub ip: Ipv4Addr,
}

/// A person or a desk at another firm.
#[derive(Debug)]
pub struct Correspondent {
    /// As in From.
    pub name: &'static str,
    /// Address, also the reverse-path.
    pub address: &'static str,
    /// Where their mail comes from.
    pub host: &'static Host,
    /// What they write about.
    pub desks: &'static [Desk],
}

/// A list that sends the same to many.
#[derive(Debug)]
pub struct Newsletter {
    /// As in From.
    pub name: &'static str,
    /// Address in From.
    pub address: &'static str,
    /// Where bounces would go.
    pub reverse_path: &'static str,
    /// `List-Id` (RFC 2919).
    pub list_id: &'static str,
    /// Where its mail comes from.
    pub host: &'static Host,
    /// The weekday it comes on, Monday is 1.
    pub weekday: i8,
    /// Mailboxes that once signed up.
    pub readers: &'static [&'static str],
    /// One subject an issue, in turn.
    pub subjects: &'static [&'static str],
}

/// A program that writes by itself (RFC 3834).
#[derive(Debug)]
pub struct Machine {
    /// As in From.
    pub name: &'static str,
    /// Address in From.
    pub address: &'static str,
    /// Null for notices and bounces (RFC 5321 section 4.5.5).
    pub reverse_path: &'static str,
    /// `auto-generated` or `auto-replied`.
    pub auto_submitted: &'static str,
    /// Where its mail comes from.
    pub host: &'static Host,
    /// The mailbox it writes to.
    pub to: &'static str,
    /// Messages an hour in millionths.
    pub per_hour: u64,
    /// Subject; `{n}` is a number.
    pub subject: &'static str,
    /// What it says.
    pub body: &'static str,
}

const CONTOSO: Host = host("mx1.contoso.example", 21);
const NORTHWIND: Host = host("mail.northwind.example", 22);
const ADATUM: Host = host("smtp.adatum.example", 23);
const WOODGROVE: Host = host("mta3.woodgrove.example", 24);
const LITWARE: Host = host("mail.litware.example", 25);
const WINGTIP: Host = host("out4.wingtip.example", 26);
const WIDEWORLD: Host = host("mx.wideworld.example", 27);
const PROSEWARE: Host = host("mail.proseware.example", 28);
const LISTS: Host = host("n17.letterbox.example", 41);
const GARDEN: Host = host("lists.garden.example", 42);
const WATCHTOWER: Host = host("alerts.watchtower.example", 51);
/// Where the names are guessed from.
pub const LUCKY: Host = host("mail.lucky.example", 66);

const fn host(name: &'static str, last: u8) -> Host {
    Host { name, ip: Ipv4Addr::new(127, 0, 0, last) }
}

/// People and desks at other firms.
pub const CORRESPONDENTS: &[Correspondent] = &[
    partner("Contoso Orders", "orders@contoso.example", &CONTOSO, &[Desk::Orders, Desk::Deliveries]),
    partner("Theo Brandt", "theo.brandt@contoso.example", &CONTOSO, &[Desk::Office, Desk::Orders]),
    partner("Contoso Accounts", "accounts@contoso.example", &CONTOSO, &[Desk::Invoices]),
    partner("Northwind Planning", "plan@northwind.example", &NORTHWIND, &[Desk::Deliveries]),
    partner("Northwind Billing", "billing@northwind.example", &NORTHWIND, &[Desk::Invoices]),
    partner("Mara Quill", "mara.quill@northwind.example", &NORTHWIND, &[Desk::Office, Desk::Deliveries]),
    partner("Adatum Purchasing", "buyer@adatum.example", &ADATUM, &[Desk::Orders, Desk::Enquiries]),
    partner("Ines Falk", "ines.falk@adatum.example", &ADATUM, &[Desk::Office, Desk::Enquiries]),
    partner("Woodgrove Bank", "service@woodgrove.example", &WOODGROVE, &[Desk::Invoices]),
    partner("Peter Oduya", "peter.oduya@woodgrove.example", &WOODGROVE, &[Desk::Office]),
    partner("Litware Office", "office@litware.example", &LITWARE, &[Desk::Orders, Desk::Enquiries]),
    partner("Hana Sato", "hana.sato@litware.example", &LITWARE, &[Desk::Office, Desk::Deliveries]),
    partner("Nia Osei", "nia.osei@wingtip.example", &WINGTIP, &[Desk::Enquiries, Desk::Applications]),
    partner("Bruno Keller", "b.keller@wingtip.example", &WINGTIP, &[Desk::Enquiries, Desk::Orders]),
    partner("Tove Lind", "tove.lind@wingtip.example", &WINGTIP, &[Desk::Applications, Desk::Office]),
    partner("Proseware Talent", "talent@proseware.example", &PROSEWARE, &[Desk::Applications]),
];

/// Writes to Jordan Larch at an address that never existed, and wonders why nobody answers.
pub const MISSPELLER: Correspondent = partner("Casey Fir", "c.fir@wideworld.example", &WIDEWORLD, &[Desk::Office]);
/// The address as Casey has it.
pub const MISSPELT: &str = "jordon.larch@fabrikam.example";

const fn partner(
    name: &'static str,
    address: &'static str,
    host: &'static Host,
    desks: &'static [Desk],
) -> Correspondent {
    Correspondent { name, address, host, desks }
}

/// Lists that mailboxes of the office once signed up for.
pub const NEWSLETTERS: &[Newsletter] = &[
    Newsletter {
        name: "Warehouse Weekly",
        address: "news@warehouseweekly.example",
        reverse_path: "bounces@letterbox.example",
        list_id: "Warehouse Weekly <weekly.warehouseweekly.example>",
        host: &LISTS,
        weekday: 2,
        readers: &["info", "warehouse", "robin.alder"],
        subjects: &[
            "Racking inspections: what changes in spring",
            "Five loading docks that save ten minutes a truck",
            "Forklift batteries, tested for two years",
            "Pallet prices fall for the third month",
        ],
    },
    Newsletter {
        name: "Harbour Chamber of Commerce",
        address: "bulletin@harbourchamber.example",
        reverse_path: "bounces@letterbox.example",
        list_id: "Members' bulletin <bulletin.harbourchamber.example>",
        host: &LISTS,
        weekday: 4,
        readers: &["info", "ann.lee", "sam.birch"],
        subjects: &[
            "Members' bulletin: breakfast on the pier",
            "Members' bulletin: new customs forms",
            "Members' bulletin: apprentices wanted, apprentices found",
            "Members' bulletin: the bridge closes for repairs",
        ],
    },
    Newsletter {
        name: "The Office Garden",
        address: "letters@garden.example",
        reverse_path: "owner-letters@garden.example",
        list_id: "The Office Garden <letters.garden.example>",
        host: &GARDEN,
        weekday: 5,
        readers: &["kim.cedar", "lee.elm"],
        subjects: &[
            "Plants that forgive a dry week",
            "What to do with the dark corner",
            "Repotting without a mess",
            "A fern for every meeting room",
        ],
    },
];

/// Programs that write by themselves. None of it counts as evidence.
pub const MACHINES: &[Machine] = &[
    Machine {
        name: "Watchtower",
        address: "no-reply@watchtower.example",
        reverse_path: "no-reply@watchtower.example",
        auto_submitted: "auto-generated",
        host: &WATCHTOWER,
        to: "alerts",
        per_hour: 1_000_000,
        subject: "Hourly check {n}: all 14 services answer",
        body: "All 14 services answered within 200 ms.\nNothing to do.\n",
    },
    Machine {
        name: "Northwind Tracking",
        address: "tracking@northwind.example",
        reverse_path: "",
        auto_submitted: "auto-generated",
        host: &NORTHWIND,
        to: "warehouse",
        per_hour: 150_000,
        subject: "Shipment NW-{n} has left the depot",
        body: "Your shipment has left our depot and should reach you on the next working day.\nThis notice was written by a program; replies aren't read.\n",
    },
    Machine {
        name: "Ines Falk",
        address: "ines.falk@adatum.example",
        reverse_path: "",
        auto_submitted: "auto-replied",
        host: &ADATUM,
        to: "jordan.larch",
        per_hour: 40_000,
        subject: "Out of office: Re: Quote {n}",
        body: "I'm out of the office and read mail again on Monday.\nFor orders write to buyer@adatum.example.\n",
    },
    Machine {
        name: "Mail Delivery System",
        address: "mailer-daemon@litware.example",
        reverse_path: "",
        auto_submitted: "auto-replied",
        host: &LITWARE,
        to: "sales",
        per_hour: 30_000,
        subject: "Undelivered mail returned to sender ({n})",
        body: "This is the mail system at mail.litware.example.\nYour message could not be delivered:\n\n<old.desk@litware.example>: 550 5.1.1 User unknown\n",
    },
];

/// Names that a spammer tries. None of them has a mailbox.
pub const GUESSES: &[&str] = &[
    "john",
    "mary",
    "admin",
    "administrator",
    "sales1",
    "sales2",
    "info1",
    "office",
    "contact",
    "test",
    "ceo",
    "accounting",
    "billing",
    "hr",
    "support",
    "root",
    "jsmith",
    "j.smith",
    "david",
    "lisa",
    "a.lee",
    "anne.lee",
    "ann.leee",
    "kim.ceder",
    "kimcedar",
    "robin.adler",
    "sam.burch",
    "samuel.birch",
    "lee.helm",
    "warehous",
    "invoices",
    "invoices-2023",
    "job",
    "noor.hassel",
];

/// The reverse-path of whoever guesses names.
pub const GUESSER: &str = "win@lucky.example";
/// Tried once in a while to find out whether the relay takes mail for anybody.
pub const FOREIGN: &str = "relay-test@elsewhere.example";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::mailboxes;

    #[test]
    fn no_guessed_or_misspelt_name_has_a_mailbox() {
        for guess in GUESSES.iter().map(|local| format!("{local}@{}", mailboxes::DOMAIN)).chain([MISSPELT.to_owned()]) {
            assert!(mailboxes::find(&guess).is_none(), "{guess}");
        }
    }

    #[test]
    fn every_reader_of_a_list_or_a_machine_has_a_mailbox() {
        let readers =
            NEWSLETTERS.iter().flat_map(|list| list.readers).chain(MACHINES.iter().map(|machine| &machine.to));

        for local in readers {
            assert!(mailboxes::find(local).is_some(), "{local}");
        }
    }

    #[test]
    fn every_desk_has_correspondents_from_several_firms() {
        for mailbox in mailboxes::MAILBOXES {
            let firms: BTreeSet<_> = CORRESPONDENTS
                .iter()
                .filter(|correspondent| correspondent.desks.contains(&mailbox.desk))
                .map(|correspondent| correspondent.host.name)
                .collect();

            assert!(firms.len() >= 2, "{:?}: {firms:?}", mailbox.desk);
        }
    }
}
