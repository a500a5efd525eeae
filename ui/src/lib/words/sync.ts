import type { EntryKind, SyncCause, SyncOutcome, SyncProblemKind, SyncSource, SyncVerb } from "../api/types";
import { count } from "../format/time";
import { plural } from "./plural";

const people = (n: number): string => plural(n, "person", "people");
const accounts = (n: number): string => plural(n, "account", "accounts");
const entries = (n: number): string => plural(n, "entry", "entries");
const verb = (n: number, one: string, many: string): string => (n === 1 ? one : many);

const kind: Record<EntryKind, string> = {
  person: "Person",
  shared_mailbox: "Shared mailbox",
  resource: "Room or equipment",
  distribution_group: "Distribution list",
  security_group: "Security group",
  public_folder: "Public folder",
  contact: "Contact",
};

const kinds: Record<EntryKind, (n: number) => string> = {
  person: people,
  shared_mailbox: (n) => plural(n, "shared mailbox", "shared mailboxes"),
  resource: (n) => plural(n, "room or device", "rooms and devices"),
  distribution_group: (n) => plural(n, "distribution list", "distribution lists"),
  security_group: (n) => plural(n, "security group", "security groups"),
  public_folder: (n) => plural(n, "public folder", "public folders"),
  contact: (n) => plural(n, "contact", "contacts"),
};

/** How often, in words. */
const every = (hours: number): string =>
  ({ 0: "Never", 1: "Every hour", 24: "Once a day" })[hours] ?? `Every ${hours} hours`;

export const sync = {
  title: "Sync",
  kind,
  kinds,
  every,
  hours: [1, 3, 6, 12, 24, 0] as const,
  sourceName: (source: SyncSource): string => (source.kind === "entra" ? "Microsoft Entra" : "Active Directory / LDAP"),
  actions: {
    now: "Sync now",
    stop: "Stop",
    preview: "Preview next run",
    change: "Change…",
    turnOff: "Turn sync off…",
    pause: "Pause sync",
    forget: "Forget this directory…",
    help: "Show the list of keys",
    check: "Check the connection…",
  },
  none: {
    lead: "If you have a directory, let it decide who exists: new people appear by themselves, and nobody who leaves is forgotten.",
    turnsOff: "Turning on sync turns discovery off.",
    turnsOffText: "Nothing that was found is lost. Discovery goes on where it stopped when you turn sync off.",
    ldap: "Active Directory / LDAP",
    ldapText: "A server in your office: Windows Server, Samba, OpenLDAP.",
    entra: "Microsoft Entra",
    entraText: "Microsoft 365: Exchange Online, Azure AD.",
    facts: {
      needs: "You need",
      takes: "It takes",
      changes: "It changes",
    },
    ldapFacts: {
      needs: "the server’s name and an account that may read it",
      takes: "about 2 minutes",
      changes: "nothing, before you have seen the preview",
    },
    entraFacts: {
      needs: "an administrator of Microsoft 365, once, to register Rollcall",
      takes: "about 10 minutes, with every step shown",
      changes: "nothing, before you have seen the preview",
    },
    connect: "Connect…",
    connectTo: (name: string) => `Connect ${name}`,
    other: "No directory?",
    csv: "Import a CSV file",
  },
  waiting: {
    title: (name: string) => `${name} is connected, and sync is not on yet`,
    text: "Nothing has changed. Look at what the first run would do, then turn it on.",
    goOn: "Look at the preview…",
  },
  banner: {
    title: "Discovery is off while sync is on.",
    text: (waiting: number) =>
      `Your directory decides who exists. Mail to any other address is refused, ${
        waiting === 0
          ? "and nothing is guessed any more."
          : `and the ${plural(waiting, "address", "addresses")} under Discovered ${verb(waiting, "stays as it is", "stay as they are")}.`
      }`,
  },
  paused: {
    title: "Sync is paused.",
    text: "Everybody stays as they are, and discovery is on again. Sync now still works.",
    on: "Turn on again…",
  },
  source: {
    connected: "Connected",
    running: "Running",
    paused: "Paused",
    trouble: "Not in step",
    asks: "Stopped to ask",
    what: (parts: string[]) => (parts.length === 0 ? "Nothing is included." : `${sentence(parts)}.`),
    people: "people with a mailbox",
    disabled: "blocked sign-ins",
    functional: "shared mailboxes, rooms, lists",
    security: "security groups",
    hidden: "hidden entries",
    runs: "Runs",
    next: "Next run",
    nextAt: (at: string, minutes: number) =>
      minutes < 1 ? `${at}, any moment` : minutes < 120 ? `${at}, in ${minutes} min` : at,
    nextNone: "Only by hand",
    inStep: "In step",
    inStepOf: (n: number) => accounts(n),
    last: (n: number) => `Last ${plural(n, "run", "runs")}`,
    noRuns: "No run yet",
    lastGood: (at: string) => `Last good run ${at}`,
    secretEnds: (days: number) =>
      days <= 0
        ? "The client secret has ended. Sync can’t sign in until it gets a new one."
        : `The client secret ends in ${plural(days, "day", "days")}.`,
    certificateEnds: (days: number) =>
      days <= 0
        ? "The certificate for Microsoft Entra has ended. Sync can’t sign in until it gets a new one."
        : `The certificate for Microsoft Entra ends in ${plural(days, "day", "days")}.`,
    serverEnds: (days: number) =>
      days <= 0
        ? "The server’s certificate has ended. Renew it on the server."
        : `The server’s certificate ends in ${plural(days, "day", "days")}. Renew it on the server.`,
    newSecret: "Give a new one…",
    places: {
      keychain: "The password is sealed in the data folder. Its key is in this computer’s keychain.",
      sealed_file: "The password is sealed in the data folder. Its key is in a file beside it: no keychain is used.",
    },
  },
  failed: {
    title: "The last run failed. Nothing was changed.",
    times: (n: number) => `${plural(n, "run", "runs")} in a row did not get through.`,
    people: "People stay as they are until it works again.",
    again: "Try again",
  },
  guard: {
    title: (n: number) => `Sync stopped to ask: it would put ${accounts(n)} aside`,
    text: "Nothing was changed. So many at once is more often a mistake in the directory than the truth.",
    look: "Look at them",
    accept: (n: number) => `Put ${count(n)} aside`,
    keep: "Keep everyone",
    keepText:
      "Keep everyone makes them yours: sync never takes them off again. If the directory is at fault, mend it; the next run asks anew.",
    kept: (n: number) => `${accounts(n)} ${verb(n, "stays", "stay")}, whatever the directory says.`,
    no: "Leave them",
    confirmTitle: (n: number) => `Put ${accounts(n)} aside?`,
    confirmText:
      "They become inactive, and their mail is handled as for inactive accounts. For 14 days nothing is deleted, and whoever comes back into the directory is active again.",
  },
  problems: {
    title: "Needs a decision",
    notes: "Left out",
    technical: "Technical details",
    none: "Nothing to decide.",
    more: (n: number) => `and ${plural(n, "more", "more")}`,
    titles: {
      two_owners: (what: string) => `${what} belongs to two entries`,
      foreign_domain: (what: string) => `${what} isn’t one of your domains`,
      no_seat: (what: string) => `No seat is left for ${what}`,
      alias_by_hand: (what: string) => `${what} is an alias you made by hand`,
      own_account: (what: string) => `${what} is an account of its own here`,
      kept_out: (what: string) => `${what} stays out`,
      disabled: (what: string) => `${what} can’t sign in, and gets mail`,
      made_by_hand: (what: string) => `${what} left the directory`,
      unreadable: (what: string) => `${what} can’t be read as an address`,
    } satisfies Record<SyncProblemKind, (what: string) => string>,
    several: (n: number) => plural(n, "address", "addresses"),
    settled: "Settled. It is carried out with the next run.",
    blocked: (n: number) => `${accounts(n)} can’t sign in, and get mail`,
    blockedText:
      "A blocked sign-in says nothing about mail: shared mailboxes are blocked too, and so are people who left. Their mail is delivered until you decide.",
    allFunctional: "Make all functional",
    allInactive: "Refuse all their mail",
    allKeep: "Leave all as they are",
    eachOf: "One by one",
    settledAll: (n: number) => `${accounts(n)} settled.`,
    seats: "See seats",
    addDomain: "Add the domain",
  },
  run: {
    title: "Last run",
    when: (at: string, took: string) => `${at}, took ${took}`,
    running: "Running now",
    progress: (n: number) => (n === 0 ? "Asking the directory" : `${entries(n)} so far`),
    filters: {
      all: (n: number) => `All ${count(n)}`,
      add: (n: number) => `${count(n)} added`,
      update: (n: number) => `${count(n)} changed`,
      missing: (n: number) => `${count(n)} leaving`,
      delete: (n: number) => `${count(n)} deleted`,
      problem: (n: number) => plural(n, "problem", "problems"),
    },
    filterLabel: "Show only",
    list: "What the last run did",
    nothing: "Nothing had to change.",
    nothingOf: "Nothing of this sort.",
    never: "No run yet.",
    more: (shown: number, total: number) => `The first ${count(shown)} of ${count(total)}.`,
    verb: { add: "Added", update: "Changed", missing: "Leaving", delete: "Deleted" } satisfies Record<SyncVerb, string>,
    willVerb: { add: "Adds", update: "Changes", missing: "Puts aside", delete: "Deletes" } satisfies Record<
      SyncVerb,
      string
    >,
    undo: "Undo this run",
    exempt: "Leave alone",
    exemptLabel: (name: string) => `Leave ${name} alone from now on`,
    exempted: (n: number) => `Sync leaves ${entries(n)} alone from now on.`,
    started: "The directory is being asked.",
    stopped: "Stopped. Nothing was changed.",
    entryOpen: (local: string) => `${local}: show under People`,
  },
  history: {
    title: "Runs",
    asTable: "Show as table",
    asBars: "Show as bars",
    when: "When",
    outcome: "How it ended",
    cause: "Why",
    took: "Took",
    add: "Added",
    update: "Changed",
    missing: "Leaving",
    problems: "Problems",
    outcomes: {
      done: "Done",
      previewed: "Only looked",
      stopped: "Stopped to ask",
      failed: "Failed",
      cancelled: "Stopped by hand",
    } satisfies Record<SyncOutcome, string>,
    causes: { schedule: "By schedule", now: "Sync now", preview: "Preview" } satisfies Record<SyncCause, string>,
    bar: (at: string, outcome: string, problems: number) =>
      problems === 0 ? `${at}: ${outcome}` : `${at}: ${outcome}, ${plural(problems, "problem", "problems")}`,
    summary: (n: number, good: number) => `${count(good)} of the last ${plural(n, "run", "runs")} went well`,
    show: (at: string) => `Show the run of ${at}`,
  },
  leaving: {
    title: "Leaving",
    text: "No longer in the directory. They are inactive, and nobody is deleted before the day that stands here.",
    until: (day: string) => `until ${day}`,
    asks: "14 days are over: keep or delete?",
    keep: "Keep",
    keepLabel: (name: string) => `Keep ${name}`,
    remove: "Delete",
    removeLabel: (name: string) => `Delete ${name}`,
    kept: (n: number, first: string) =>
      n === 1 ? `${first} stays, whatever the directory says.` : `${accounts(n)} stay, whatever the directory says.`,
    keepAll: (n: number) => `Keep all ${count(n)}`,
  },
  exempt: {
    title: "Left alone",
    text: "Sync never touches these, whatever the directory says of them.",
    again: "Sync again",
    againLabel: (name: string) => `Sync ${name} again`,
    done: (name: string) => `${name} is synced again from the next run on.`,
    none: "Nothing is left alone.",
  },
  observed: {
    title: (n: number, name: string) =>
      `${plural(n, "address gets", "addresses get")} mail but ${verb(n, "isn’t", "aren’t")} in ${name}`,
    text: "Public folders and scanners are often among them. Add them here, or in your directory.",
  },
  off: {
    title: "Your directory decides",
    text: (name: string, n: number) =>
      n === 0
        ? `${name} sync is on, so we don’t guess.`
        : `${name} sync is on, so we don’t guess. The last ${plural(n, "address", "addresses")} found ${verb(n, "is", "are")} kept.`,
    show: (n: number) => (n === 1 ? "Show it" : `Show the ${count(n)}`),
    hide: "Hide them",
    go: "Go to Sync",
    frozen: "Kept as found",
    list: "Addresses found before sync was turned on",
    seen: (clean: number, at: string) => `${plural(clean, "clean message", "clean messages")}, last ${at}`,
    settings: "Off while sync is on.",
    settingsText: "These settings come back when you turn sync off.",
  },
  turnOff: {
    title: "Turn sync off?",
    text: "Everybody stays as they are. Discovery comes back on, and what waits there has as much time left as it had.",
    keep: "Keep it on",
    act: "Turn sync off",
    done: "Sync is off. Everybody stays as they are, and discovery is on again.",
    forgetTitle: (name: string) => `Forget ${name}?`,
    forgetText:
      "Its address and password are deleted here. Everybody stays as they are, and names and addresses are yours to change.",
    forgetKeep: "Keep it",
    forget: "Forget it",
    forgotten: "The directory is forgotten. Everybody stays as they are.",
  },
  setup: {
    titleLdap: "Connect Active Directory or LDAP",
    titleEntra: "Connect Microsoft Entra",
    steps: ["Connect", "Who to include", "Preview"],
    stepOf: (n: number, of: number, name: string) => `Step ${n} of ${of}: ${name}`,
    next: "Continue",
    test: "Test and show what I would find",
    testing: "Asking the directory",
    turnOn: "Turn on sync",
    save: "Save",
    saved: "Saved. The next run uses it.",
    on: (sentence: string) => `Sync is on. ${sentence}`,
    runs: "How often",
    nothingYet: "Nothing changes before the last button.",
  },
  ldap: {
    host: "Server",
    hostHint: "Its name, like dc1.fabrikam.example.",
    encrypted: "Encrypted",
    encryptedOn: (port: string) => `LDAPS on port ${port}: passwords and people are read by nobody else.`,
    startTls: "StartTLS on port 389 instead",
    clear: "In clear: the password can be read on the way. Only for a test.",
    port: "Port",
    needsName: "If using SSL it MUST be a hostname in the Host field for a certificate to attach correctly.",
    account: "Account",
    accountHint:
      "Any account that may read: rollcall@fabrikam.example, FABRIKAM\\rollcall, or its full name in the directory.",
    password: "Password",
    passwordKept: "Kept. Type one to change it.",
    base: "Where to look",
    baseHint: "The part of the directory that holds your people. Empty: all of it.",
    browse: "Pick from the directory",
    browsing: "Reading the directory",
    tree: "The directory",
    treeHint: "Arrow keys move, Enter takes one.",
    top: "The whole directory",
    noBranches: "The directory shows no branches to this account. Type where to look.",
    advanced: "More settings",
    filter: "Only entries that match",
    filterHint: "An LDAP filter, like (department=Sales). Empty: everything that may get mail.",
    caFile: "Certificate authority",
    caHint: "When your office has an authority of its own.",
    caChoose: "Choose a file…",
    caOther: "Choose another…",
    caTaken: (name: string) => `${name} is believed, besides those this computer trusts.`,
    caKept: "Your own authority",
    caDrop: "Take it out",
    caNone: (name: string) => `${name} has no certificate in it. Choose a .pem, .crt or .cer file.`,
  },
  certificate: {
    title: "The server’s certificate isn’t trusted",
    text: "Look at it before you trust it. The account’s password was not sent.",
    byAddress: "With an address instead of a name no certificate fits",
    names: "For",
    issuer: "Issued by",
    until: "Valid until",
    fingerprint: "Fingerprint (SHA-256)",
    trust: "Trust this one",
    choose: "Choose a file…",
    trusted: "Trusted from now on. You are told 30 days before it ends.",
    pinned: "A certificate that you looked at is trusted.",
    unpin: "Trust it no more",
  },
  entra: {
    tenant: "Tenant",
    tenantHint: "Directory (tenant) ID or a domain of it, from the app’s Overview page.",
    client: "Application (client) ID",
    clientHint: "From the same page.",
    proof: "What proves Rollcall",
    secret: "Client secret",
    certificate: "Certificate",
    secretHint: "The Value, not the Secret ID. Microsoft shows it once.",
    secretKept: "Kept. Paste one to change it.",
    ends: "Ends on",
    endsHint: "As Microsoft shows it; you are reminded 30 days before.",
    pem: "Certificate with its private key (PEM)",
    pemChoose: "Choose a file…",
    pemTaken: (name: string) => `${name} is taken.`,
    pemHint: "The certificate without the key goes to Microsoft, under Certificates & secrets.",
    cloud: "Cloud",
    clouds: {
      global: "Worldwide",
      us: "US Government (GCC High)",
      dod: "US Government (DoD)",
      china: "China (21Vianet)",
    },
    help: "Show me how to get these",
    helpTitle: "Register Rollcall with Microsoft, once",
    helpWho: "You need somebody who may grant admin consent: a Privileged Role Administrator or Global Administrator.",
    steps: [
      {
        title: "Open the registrations",
        text: "entra.microsoft.com › Identity › Applications › App registrations › New registration.",
      },
      {
        title: "Register",
        text: "Name: Rollcall. Supported account types: “Accounts in this organizational directory only”. Leave Redirect URI empty. Register.",
      },
      {
        title: "Copy the two IDs",
        text: "On Overview: “Application (client) ID” and “Directory (tenant) ID”. They go into the two fields here.",
      },
      {
        title: "Give it three permissions",
        text: "API permissions › Add a permission › Microsoft Graph › Application permissions. Tick these three, then Add permissions:",
      },
      {
        title: "Grant consent",
        text: "On the same page: “Grant admin consent for …” › Yes. Each of the three lines shows a green tick then.",
      },
      {
        title: "Make a secret",
        text: "Certificates & secrets › Client secrets › New client secret. Expires: 24 months. Add, then copy the Value at once.",
      },
    ],
    permissions: [
      { name: "User.Read.All", text: "people, their addresses, whether they can sign in" },
      { name: "Group.Read.All", text: "lists and groups that have an address" },
      { name: "OrgContact.Read.All", text: "contacts that your office keeps" },
    ],
    permissionsNote: "They only read. Rollcall can change nothing in your directory.",
    copy: (name: string) => `Copy ${name}`,
  },
  look: {
    found: (n: number) => `Found ${entries(n)}`,
    kinds: "By kind",
    examples: "Five of them",
    facts: (disabled: number, hidden: number, without: number, aliases: number): string[] => [
      ...(aliases > 0 ? [`${plural(aliases, "other address", "other addresses")} come with them`] : []),
      ...(disabled > 0 ? [`${plural(disabled, "sign-in is", "sign-ins are")} blocked`] : []),
      ...(hidden > 0 ? [`${count(hidden)} hidden from the address book`] : []),
      ...(without > 0 ? [`${count(without)} without an address, left out`] : []),
    ],
    foreign: (domains: string[]) =>
      `Not your ${domains.length === 1 ? "domain" : "domains"}, so left out: ${domains.slice(0, 4).join(", ")}${domains.length > 4 ? ` and ${domains.length - 4} more` : ""}.`,
    aliases: (n: number) => (n === 0 ? "" : `+ ${plural(n, "alias", "aliases")}`),
    remarks: "Remarks",
  },
  options: {
    include: "Who to include",
    active_users: "People",
    active_usersText: "Whoever has an address and may sign in. Each uses a seat.",
    disabled_accounts: "Accounts whose sign-in is blocked",
    disabled_accountsText: "People who left, and mailboxes nobody signs in to.",
    functional_accounts: "Shared mailboxes, rooms and lists",
    functional_accountsText: "Functional accounts: they use no seat.",
    security_groups: "Security groups with an address",
    security_groupsText: "Functional accounts as well.",
    hidden: "Also what is hidden from the address book",
    hiddenText: "Hidden mailboxes still get mail.",
    how: "What a run may do",
    add: "Add who is new",
    addText: "Never more people than there are seats.",
    update: "Change names and addresses that changed",
    updateText: "Role, kind and route stay as you set them.",
    delete: "Delete who has been gone for 14 days",
    deleteText: "Off: you are asked about each. Nobody is deleted at once, and never many without asking.",
    blocked: "Mail for blocked sign-ins",
    blockedText: "A blocked sign-in says nothing about mail.",
    disabled_people: "People",
    disabled_functional: "Shared mailboxes and other functional accounts",
    mail: { deliver: "Deliver", reject: "Refuse" },
  },
  preview: {
    title: "What the next run would do",
    first: "What the first run would do",
    reading: "Asking the directory. Nothing changes.",
    nothing: "Nothing: everybody is in step.",
    same: (n: number, matched: number) =>
      matched > 0 ? `${count(matched)} match people you have already.` : `${count(n)} are as they are here.`,
    add: (n: number, users: number, left: number | null) =>
      `${count(n)} ${verb(n, "is", "are")} new${users > 0 ? ` and ${verb(users, "uses", "use")} ${plural(users, "seat", "seats")}${left === null ? "" : ` of ${count(left)} left`}` : ", no seat needed"}.`,
    update: (n: number) => `${count(n)} ${verb(n, "changes", "change")}: names or addresses.`,
    missing: (n: number) =>
      `${count(n)} you have ${verb(n, "isn’t", "aren’t")} there. They are put aside for 14 days; you can keep them.`,
    deleted: (n: number) =>
      `${count(n)} ${verb(n, "has", "have")} been gone for 14 days and ${verb(n, "is", "are")} deleted.`,
    leftOut: (n: number) => `${count(n)} ${verb(n, "is", "are")} left out.`,
    problems: (n: number) => `${plural(n, "problem needs", "problems need")} you, after the run.`,
    stop: "This run would stop and change nothing.",
    list: "Every change",
    seatsShort: (n: number) => `${plural(n, "person waits", "people wait")} for a seat and get mail meanwhile.`,
    tick: (name: string) => `Tick ${name}`,
    exempt: (n: number) => `Leave ${count(n)} alone`,
    run: "Run it now",
    refresh: "Ask again",
  },
};

/** `People, shared mailboxes and lists`, with a capital. */
function sentence(parts: string[]): string {
  const last = parts.at(-1) ?? "";
  const text = parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
