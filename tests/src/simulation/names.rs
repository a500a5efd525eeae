//! Invented names. Every domain is reserved for examples (RFC 2606).

/// The office's own domain.
pub const HOME: &str = "northfield.example";
/// Its second domain: one of its own, with names that belong to people of the first.
pub const SECOND: &str = "northfield.test";

/// First names, each of one person only, so that `ann@` is nobody else's.
pub const FIRST: &[&str] = &[
    "ada", "amir", "ann", "anton", "bea", "boris", "carla", "chen", "clara", "dario", "deniz", "dora", "eike", "elif",
    "emil", "enzo", "fatma", "felix", "fiona", "franz", "gesa", "greta", "hana", "hugo", "ida", "igor", "ines", "ivan",
    "jana", "jonas", "julia", "kaya", "kemal", "lars", "lena", "leon", "luca", "magda", "malik", "mara", "mila",
    "nadia", "nils", "nora", "olga", "omar", "paul", "petra", "quinn", "rania", "ralf", "rosa", "samir", "selma",
    "tara", "theo", "ugo", "vera", "wanda", "yusuf",
];

/// Surnames.
pub const LAST: &[&str] = &[
    "abel", "adler", "arslan", "bauer", "berg", "bianchi", "brandt", "brook", "castro", "cohen", "conti", "dietz",
    "duarte", "ebert", "engel", "farrell", "fischer", "foster", "gallo", "garcia", "graf", "grant", "hansen", "hayes",
    "heller", "horvat", "ivers", "jansen", "jung", "kaiser", "keller", "kovac", "krause", "lang", "larsen", "lehmann",
    "lopez", "marino", "mason", "meier", "moreau", "nagel", "novak", "olsen", "otto", "palmer", "peters", "ricci",
    "romano", "sauer", "schulz", "silva", "sommer", "stein", "tanner", "urban", "vogel", "wagner", "weber", "zimmer",
];

/// Mailboxes that several people read.
pub const SHARED: &[&str] = &[
    "info",
    "sales",
    "support",
    "accounts",
    "billing",
    "hr",
    "jobs",
    "orders",
    "purchasing",
    "service",
    "marketing",
    "press",
    "reception",
    "training",
    "quality",
    "it",
    "dispatch",
    "warehouse",
    "scanner",
    "events",
    "payroll",
    "invoices",
    "helpdesk",
    "logistics",
];

/// First halves of other firms' names.
pub const FIRM: &[&str] = &[
    "alder", "amber", "beacon", "birch", "blue", "cedar", "clear", "cobalt", "copper", "coral", "delta", "east", "elm",
    "falcon", "fern", "flint", "forge", "garnet", "granite", "harbor", "hazel", "iron", "ivy", "jade", "juniper",
    "kestrel", "lake", "laurel", "linden", "maple",
];

/// Second halves.
pub const TRADE: &[&str] = &["logistics", "metal", "print", "software", "foods", "legal"];

/// What people write about.
pub const SUBJECTS: &[&str] = &[
    "Meeting on Tuesday",
    "Offer 4411",
    "Question about the invoice",
    "Draft for review",
    "Delivery next week",
    "Thank you",
    "Order 20931",
    "Short call?",
    "Documents attached",
    "Re: planning",
    "Contract",
    "Photos",
];
