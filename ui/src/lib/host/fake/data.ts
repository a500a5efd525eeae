import type {
  AddressRow,
  AddressWeek,
  BlockedClient,
  CachedAnswer,
  CertificateRow,
  Evidence,
  JournalEntry,
  ListenerRow,
  StateWord,
} from "../../api/types";
import { SENDERS, SUBJECTS } from "./maildata";

/** Thursday 12 November 2026, 14:40, local: the moment of all pictures. */
export const NOW = new Date(2026, 10, 12, 14, 40, 0).getTime();
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const OFFICE = "fabrikam.example";

/** Local time `days` before the picture's day. */
export function at(days: number, hour: number, minute: number): number {
  return new Date(2026, 10, 12 - days, hour, minute, 0).getTime();
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** First and last name of `kim.cedar`, as the engine guesses them. */
export function guess(address: string): {
  kind: "person" | "functional";
  first_name: string | null;
  surname: string | null;
  of: null;
  why: null;
} {
  const local = address.split("@")[0] ?? address;
  const names = local.split(".");
  if (names.length === 2 && names.every((name) => /^[a-z]{2,}$/.test(name))) {
    return {
      kind: "person",
      first_name: capital(names[0] ?? ""),
      surname: capital(names[1] ?? ""),
      of: null,
      why: null,
    };
  }
  return { kind: "functional", first_name: null, surname: null, of: null, why: null };
}

export function row(local: string, state: StateWord, change: Partial<AddressRow> = {}): AddressRow {
  const address = local.includes("@") ? local : `${local}@${OFFICE}`;
  const suggestion = guess(address);
  const user = state === "user";
  return {
    address,
    state,
    role: user ? "silent" : null,
    is_administrator: false,
    kind: null,
    aliases: 0,
    invalid_reason: state === "invalid" ? "manual" : null,
    source: "mail",
    first_name: user ? suggestion.first_name : null,
    surname: user ? suggestion.surname : null,
    clean_count: 3,
    sender_domains: 2,
    first_seen_ms: at(20, 9, 12),
    last_seen_ms: at(0, 13, 20),
    discovered_ms: state === "watching" ? null : at(9, 10, 0),
    changed_ms: at(8, 11, 8),
    suspect_ms: null,
    refused_count: 0,
    notices: 0,
    ends_ms: null,
    can_wait_until_ms: null,
    held_until_ms: null,
    pinned: false,
    made_by: user || state === "functional" ? "operator" : null,
    owner: null,
    suggestion,
    strength: { verdict: "strong", reason: "recognised_by_server" },
    ...change,
  };
}

const strong = { verdict: "strong", reason: "recognised_by_server" } as const;
const likely = { verdict: "likely", reason: "threshold_reached" } as const;
const oneSender = { verdict: "weak", reason: "one_sender" } as const;
const contradicted = { verdict: "weak", reason: "server_contradicts" } as const;
const soFar = { verdict: "weak", reason: "below_threshold" } as const;

export function discovered(): AddressRow[] {
  const found = (local: string, days: number, change: Partial<AddressRow>): AddressRow =>
    row(local, "discovered", {
      discovered_ms: at(days, 10, 48),
      changed_ms: at(days, 10, 48),
      notices: Math.floor((days + 2) / 7),
      ends_ms: at(days > 17 ? -4 : days > 10 ? -11 : -18, 9, 0),
      ...change,
    });
  const alias = (of: string, why: string): Partial<AddressRow> => ({
    suggestion: { kind: "alias", first_name: null, surname: null, of: `${of}@${OFFICE}`, why },
  });
  return [
    found("jordan.larch", 3, { clean_count: 4, strength: strong, last_seen_ms: at(0, 14, 21), sender_domains: 3 }),
    found("warehouse", 3, { clean_count: 9, strength: strong, last_seen_ms: at(0, 12, 2), sender_domains: 5 }),
    found("sam.birch@fabrikam-shop.example", 11, {
      clean_count: 3,
      strength: likely,
      last_seen_ms: at(1, 17, 31),
      ...alias("sam.birch", "same_name"),
    }),
    found("alex.hazel", 12, { clean_count: 5, strength: strong, last_seen_ms: at(0, 9, 44), sender_domains: 3 }),
    found("k.cedar", 13, {
      clean_count: 3,
      strength: likely,
      last_seen_ms: at(2, 8, 5),
      sender_domains: 2,
      ...alias("kim.cedar", "initial"),
    }),
    found("invoices-2026", 18, { clean_count: 3, sender_domains: 1, strength: oneSender, last_seen_ms: at(4, 16, 12) }),
    found("jordon.larch", 19, {
      clean_count: 3,
      strength: contradicted,
      suspect_ms: at(1, 11, 5),
      last_seen_ms: at(1, 11, 5),
    }),
  ];
}

export function watching(): AddressRow[] {
  const seen = (local: string, clean: number, days: number): AddressRow =>
    row(local, "watching", {
      clean_count: clean,
      sender_domains: 1,
      strength: soFar,
      first_seen_ms: at(days, 9, 3),
      last_seen_ms: at(Math.max(0, days - 1), 15, 40),
      discovered_ms: null,
    });
  return [
    seen("lou.hawthorn", 2, 4),
    seen("scanner", 2, 6),
    seen("press", 1, 2),
    seen("ali.rowan", 1, 1),
    seen("hr", 2, 9),
  ];
}

const PEOPLE =
  "kim.cedar robin.alder sam.birch lee.elm morgan.oakes nic.rowan toni.maple val.willow jo.juniper pat.poplar ash.spruce dana.yew fern.linden hollis.beech rae.chestnut drew.walnut sky.hemlock kit.laurel mika.sorrel tate.fir blair.acacia casey.olive devon.plane ellis.teak frankie.myrtle gray.ebony harper.locust indy.medlar jules.quince kai.rosewood lane.sumac mel.tamarind nova.viburnum onyx.wisteria perry.yarrow quinn.zelkova reese.banyan sage.catalpa terry.dogwood uma.elder vic.fig wren.ginkgo".split(
    " ",
  );

export function users(): AddressRow[] {
  return PEOPLE.map((local, place) =>
    row(local, "user", {
      role: place % 3 === 0 ? "silent" : "end",
      is_administrator: place === 2,
      source: place % 4 === 2 ? "manual" : place % 7 === 4 ? "csv" : "mail",
      made_by: place % 5 === 3 ? "rule" : "operator",
      suspect_ms: place === 4 ? at(1, 3, 20) : null,
      clean_count: 3 + ((place * 7) % 40),
      last_seen_ms:
        place < 10
          ? NOW - (10 + place * 33) * MINUTE
          : at(1 + Math.floor(place / 6), 16 - (place % 7), (place * 13) % 60),
      changed_ms: at(10 + place * 2, 11, 8),
      discovered_ms: at(14 + place * 2, 10, 0),
      first_seen_ms: at(30 + place * 2, 9, 0),
    }),
  );
}

export function others(): AddressRow[] {
  const functional = ["info", "sales", "accounts", "support", "jobs", "orders"].map((local, place) =>
    row(local, "functional", {
      kind: ([null, "shared_mailbox", null, "distribution_group", "ex_employee", null] as const)[place] ?? null,
      clean_count: 12 + place * 5,
      sender_domains: 6,
      source: place === 3 ? "manual" : "mail",
      last_seen_ms: at(place % 3, 12, 7 * place),
    }),
  );
  const invalid = ["j0rdan.larch", "jon.larch", "office2", "webmaster1", "promo", "test", "admin2"].map(
    (local, place) =>
      row(local, "invalid", {
        invalid_reason: place === 3 ? "bounced" : place === 5 ? "expired" : "manual",
        refused_count: place * 4,
        clean_count: 1,
        changed_ms: place === 5 ? at(3, 9, 0) : at(2 + place * 3, 11, 20),
        strength: oneSender,
        sender_domains: 1,
      }),
  );
  const aliases = [
    ["r.alder", "robin.alder", "rule"],
    ["lee.elm@fabrikam-shop.example", "lee.elm", "rule"],
    ["reception", "kim.cedar", "operator"],
  ].map(([local = "", owner = "", made_by = ""]) =>
    row(local, "alias", { owner: `${owner}@${OFFICE}`, made_by, clean_count: 5, last_seen_ms: at(2, 10, 15) }),
  );
  const inactive = [
    row("jo.fir", "inactive", {
      source: "directory",
      made_by: "directory",
      first_name: "Jo",
      surname: "Fir",
      changed_ms: at(3, 14, 5),
      last_seen_ms: at(5, 9, 30),
    }),
  ];
  const never = ["old.staff", "fax"].map((local) => row(local, "never_add", { last_seen_ms: at(4, 8, 30) }));
  return [...functional, ...invalid, ...aliases, ...inactive, ...never];
}

/** Many invented addresses, for scrolling and paging. */
export function many(count: number): AddressRow[] {
  return Array.from({ length: count }, (_, place) =>
    row(`guest${String(place).padStart(5, "0")}`, "discovered", {
      clean_count: 3 + (place % 9),
      sender_domains: 1 + (place % 4),
      strength: place % 5 === 0 ? oneSender : place % 3 === 0 ? likely : strong,
      discovered_ms: NOW - (place + 1) * 11 * MINUTE,
    }),
  );
}

export function evidenceOf(found: AddressRow): Evidence[] {
  const seen: Evidence[] = [];
  const lines = (reply: string): string[] => [
    `>> RCPT TO:<${found.address}>`,
    `<< 250 2.1.5 Recipient OK`,
    `<< ${reply}`,
  ];
  for (let place = 0; place < Math.min(found.clean_count, 12); place += 1) {
    seen.push({
      at_ms: found.last_seen_ms - place * 21 * HOUR,
      kind: "delivered",
      is_reply: place === 1 && found.clean_count > 3,
      counted: true,
      not_counted_because: null,
      sender: SENDERS[place % Math.max(1, found.sender_domains)] ?? "plan@northwind.example",
      subject: SUBJECTS[(place + found.address.length) % SUBJECTS.length] ?? null,
      client_ip: `203.0.113.${10 + place}`,
      lines: lines("250 2.6.0 Queued for delivery"),
    });
  }
  if (found.clean_count > 3) {
    seen.splice(2, 0, {
      ...(seen[1] as Evidence),
      is_reply: false,
      counted: false,
      not_counted_because: "auto_submitted",
      subject: "Out of office",
      at_ms: found.last_seen_ms - 30 * HOUR,
    });
  }
  if (found.clean_count === 4 || found.clean_count === 5) {
    seen.splice(2, 0, {
      ...(seen[1] as Evidence),
      kind: "sent",
      is_reply: false,
      sender: found.address,
      subject: "Delivery slots",
      at_ms: found.last_seen_ms - 28 * HOUR,
      lines: [],
    });
  }
  if (found.suspect_ms !== null) {
    seen.unshift({
      at_ms: found.suspect_ms,
      kind: "refused_by_server",
      is_reply: false,
      counted: false,
      not_counted_because: null,
      sender: "plan@northwind.example",
      subject: null,
      client_ip: "203.0.113.9",
      lines: [`>> RCPT TO:<${found.address}>`, "<< 550 5.1.1 User unknown in local recipient table"],
    });
  }
  if (found.state === "invalid" && found.refused_count > 0) {
    seen.unshift({
      at_ms: found.changed_ms + DAY,
      kind: "refused_by_us",
      is_reply: false,
      counted: false,
      not_counted_because: null,
      sender: "promo@offers.example",
      subject: null,
      client_ip: "198.51.100.7",
      lines: [],
    });
  }
  return seen;
}

export function weeks(): AddressWeek[] {
  const found = [4, 9, 17, 26, 31, 35, 39, 44, 48, 52, 57, 62];
  const decided = [0, 3, 8, 15, 22, 29, 33, 38, 43, 47, 50, 55];
  return found.map((total, place) => ({
    end_ms: NOW - (11 - place) * 7 * DAY,
    found: total,
    decided: decided[place] ?? 0,
  }));
}

export function journal(): JournalEntry[] {
  const entry = (
    number: number,
    at_ms: number,
    action: string,
    names: string[],
    why: string,
    who = "operator",
    undoable = false,
  ): JournalEntry => ({
    entry: number,
    at_ms,
    who,
    action,
    why,
    addresses: names.map((name) => (name.includes(".example") ? name : `${name}@${OFFICE}`)).slice(0, 5),
    count: names.length,
    undoable,
    undone: false,
  });
  return [
    entry(118, at(0, 13, 52), "create_functional", ["orders"], "9 clean messages", "operator", true),
    entry(117, at(0, 11, 8), "create_user", ["robin.alder"], "3 clean messages in 30 days", "operator", true),
    entry(116, at(0, 11, 8), "mark_invalid", ["jon.larch", "office2"], "Marked by the operator", "operator", true),
    entry(115, at(0, 9, 47), "discovered", ["jordan.larch"], "3 clean messages in 30 days", "rollcall"),
    entry(
      114,
      at(1, 11, 5),
      "suspect",
      ["jordon.larch"],
      "550 5.1.1 User unknown in local recipient table",
      "rollcall",
    ),
    entry(113, at(2, 16, 31), "set_name", ["kim.cedar"], "Named by the operator", "operator", true),
    entry(112, at(3, 10, 48), "discovered", ["warehouse"], "3 clean messages in 30 days", "rollcall"),
    entry(111, at(9, 10, 2), "add_domain", ["fabrikam.example"], "Set up by the operator"),
  ];
}

/** A second listener: the office's printers hand in their scans. */
export const printers: ListenerRow = {
  name: "printers",
  role: "submission",
  tls: "none",
  address: "10.0.4.2",
  port: 2587,
  bound: "10.0.4.2:2587",
  fault: null,
};

/** As made at the first start. */
export const certificate: CertificateRow = {
  subject: "CN=relay.fabrikam.example",
  names: ["relay.fabrikam.example"],
  issuer: "CN=relay.fabrikam.example",
  self_signed: true,
  not_after_ms: NOW + 3_560 * 86_400_000,
  fingerprint: Array.from({ length: 32 }, (_, at) =>
    ((at * 37 + 11) % 256).toString(16).toUpperCase().padStart(2, "0"),
  ).join(":"),
};

/** What the mail server said of addresses lately. */
export function cachedAnswers(): [string, CachedAnswer][] {
  const unknown = { answer: "unknown" as const, reply: "550 5.1.1 User unknown" };
  const exists = { answer: "exists" as const, reply: "250 2.1.5 Recipient OK" };
  return [
    [`office2@${OFFICE}`, { ...unknown, at_ms: NOW - 50 * MINUTE }],
    [`jordon.larch@${OFFICE}`, { ...unknown, at_ms: NOW - 70 * MINUTE }],
    [`jordan.larch@${OFFICE}`, { ...exists, at_ms: NOW - 3 * HOUR }],
  ];
}

/** Clients that guess addresses. */
export function blocked(): BlockedClient[] {
  return [
    { address: "203.0.113.66", until_ms: NOW + 41 * MINUTE, invalid: 10 },
    { address: "2001:db8:77:1::", until_ms: NOW + 52 * MINUTE, invalid: 12 },
  ];
}
