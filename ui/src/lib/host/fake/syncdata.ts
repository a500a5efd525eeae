import type {
  EntryRow,
  Leaving,
  Sync,
  SyncChange,
  SyncPreview,
  SyncProblem,
  SyncRun,
  SyncSource,
} from "../../api/types";
import { at, DAY, HOUR, MINUTE, NOW } from "./data";

const OFFICE = "fabrikam.example";

export const entry = (name: string, kind: EntryRow["kind"] = "person", aliases = 0): EntryRow => {
  const local = name.toLowerCase().replaceAll(" ", ".");
  return {
    id: `id-${local}`,
    kind,
    name,
    address: `${local}@${OFFICE}`,
    aliases,
    place: kind === "person" ? `${local}@fabrikam.onmicrosoft.example` : `CN=${name},OU=Office,DC=fabrikam,DC=example`,
  };
};

export const entra: SyncSource = {
  kind: "entra",
  name: "Microsoft Entra",
  ldap: null,
  entra: {
    tenant: OFFICE,
    client_id: "11111111-2222-3333-4444-555555555555",
    login_url: "https://login.microsoftonline.com",
    graph_url: "https://graph.microsoft.com",
    ca_pem: null,
    credential: "secret",
  },
  has_secret: true,
  secret_place: "keychain",
  secret_trouble: null,
  certificate_expires_ms: null,
  secret_expires_ms: NOW + 21 * DAY,
};

export const ldap: SyncSource = {
  kind: "ldap",
  name: "dc1.fabrikam.example",
  ldap: {
    host: "dc1.fabrikam.example",
    port: 636,
    security: "ldaps",
    bind_dn: "rollcall@fabrikam.example",
    search_base: "DC=fabrikam,DC=example",
    filter: null,
    ca_pem: null,
    trusted_sha256: null,
  },
  entra: null,
  has_secret: true,
  secret_place: "keychain",
  secret_trouble: null,
  certificate_expires_ms: NOW + 12 * DAY,
  secret_expires_ms: null,
};

export const options: Sync["options"] = {
  active_users: true,
  disabled_accounts: true,
  functional_accounts: true,
  security_groups: false,
  hidden: true,
  add: true,
  update: true,
  delete: false,
  disabled_people: "deliver",
  disabled_functional: "deliver",
};

const change = (
  verb: SyncChange["verb"],
  name: string,
  reason: string,
  local: string,
  kind: SyncChange["kind"] = "person",
): SyncChange => ({
  verb,
  entry_id: `id-${local}`,
  kind,
  name,
  address: `${local}@${OFFICE}`,
  reason,
  addresses: [`${local}@${OFFICE}`],
});

export const changes: SyncChange[] = [
  change("add", "Ira Acacia", "Added as a user, uses 1 seat.", "ira.acacia"),
  change("add", "Meeting Room 2", "Added as a functional account, no seat.", "room2", "resource"),
  change("update", "Lee Elm", "Name changed from “L. Elm”.", "lee.elm"),
  change("update", "Nic Rowan", "New alias n.rowan@fabrikam.example.", "nic.rowan"),
  change("update", "Val Willow", "Main address changed, the old one is kept as an alias.", "val.willow"),
  change("missing", "Jo Juniper", "No longer in the directory. Kept until 26 Nov.", "jo.juniper"),
];

export const problems: SyncProblem[] = [
  {
    kind: "two_owners",
    sentence:
      "The directory lists it for both Sam Birch and Kim Cedar. Its mail still goes to your server as before. Choose who it belongs to here, or mend it in the directory.",
    address: `sales@${OFFICE}`,
    domain: null,
    count: 1,
    entries: [entry("Sam Birch"), entry("Kim Cedar")],
    choices: [
      { choice: "directory", entry: "id-sam.birch", label: "Sam Birch" },
      { choice: "directory", entry: "id-kim.cedar", label: "Kim Cedar" },
      { choice: "keep", entry: null, label: "Leave it as it is" },
    ],
  },
  {
    kind: "foreign_domain",
    sentence: "2 addresses there are left out. If it is yours, add the domain first.",
    address: null,
    domain: "fabrikam-old.example",
    count: 2,
    entries: [],
    choices: [],
  },
];

export const blocked = (local: string): SyncProblem => ({
  kind: "disabled",
  sentence: "Its sign-in is blocked, and it had 12 messages this month. Often that is a shared mailbox.",
  address: `${local}@${OFFICE}`,
  domain: null,
  count: 1,
  entries: [entry(`${local.charAt(0).toUpperCase()}${local.slice(1)}`)],
  choices: [
    { choice: "functional", entry: null, label: "Make it functional" },
    { choice: "inactive", entry: null, label: "Refuse its mail" },
    { choice: "keep", entry: null, label: "Leave it as it is" },
  ],
});

export const leaving: Leaving[] = [
  {
    address: `jo.juniper@${OFFICE}`,
    name: "Jo Juniper",
    since_ms: at(0, 14, 5),
    until_ms: at(-14, 14, 5),
    asks: false,
  },
  { address: `jo.fir@${OFFICE}`, name: "Jo Fir", since_ms: at(17, 14, 5), until_ms: at(3, 14, 5), asks: true },
];

export const exempt: EntryRow[] = [entry("Test Account"), entry("All Staff", "distribution_group")];

export function run(id: number, started_ms: number, more: Partial<SyncRun> = {}): SyncRun {
  return {
    id,
    started_ms,
    took_ms: 6_000,
    cause: "schedule",
    who: "rollcall",
    outcome: "done",
    sentence: "Nothing had to change.",
    found: 49,
    add: 0,
    update: 0,
    missing: 0,
    delete: 0,
    problems: 0,
    rows_written: 0,
    entry: null,
    ...more,
  };
}

/** A day of runs, the latest first. */
export function runs(): SyncRun[] {
  const last = run(124, at(0, 14, 5), {
    sentence: "2 added, 3 changed, 1 leaving.",
    add: 2,
    update: 3,
    missing: 1,
    problems: 1,
    rows_written: 8,
    entry: 131,
  });
  const before = Array.from({ length: 23 }, (_, place) =>
    run(123 - place, last.started_ms - (place + 1) * HOUR, place === 5 ? { problems: 1 } : {}),
  );
  before[9] = run(114, last.started_ms - 10 * HOUR, {
    outcome: "failed",
    sentence: "The directory didn’t answer in time.",
    found: 0,
  });
  return [last, ...before];
}

export const preview: SyncPreview = {
  add: 6,
  update: 3,
  missing: 3,
  delete: 0,
  problems: problems.slice(0, 1),
  problems_total: 1,
  same: 39,
  matched: 42,
  found: 54,
  left_out: 5,
  new_users: 5,
  seats_left: 8,
  would_stop: null,
  first: true,
  changes,
  changes_total: changes.length,
  remarks: [],
};

export const shown = (word: Sync["state"]["word"], more: Partial<Sync["state"]> = {}): Sync["state"] => ({
  word,
  holds_discovery: false,
  entries: null,
  sentence: null,
  would_lose: null,
  ...more,
});

export const nothing: Sync = {
  state: shown("never_set"),
  source: null,
  hours: 0,
  options,
  accepted: false,
  last_run: null,
  last_good_ms: null,
  next_run_ms: null,
  failures: 0,
  in_step: 0,
  leaving: [],
  leaving_total: 0,
  problems: [],
  problems_total: 0,
  exempt: [],
  known_by: ["operator", "mail_server"],
};

export const soon = NOW + 23 * MINUTE;
