import type { AddressRow, Evidence, JournalEntry, StateWord, Strength } from "../api/types";
import { count } from "../format/time";
import { plural, type Phrase } from "./plural";

const state: Record<StateWord, string> = {
  watching: "Watching",
  discovered: "Waiting for you",
  user: "User",
  functional: "Functional account",
  alias: "Alias",
  inactive: "Turned off",
  invalid: "Not real",
  never_add: "Never added",
};

const strength = { strong: "Strong", likely: "Likely", weak: "Weak" } as const;

function reason(found: Strength, row: AddressRow): string {
  const clean = `${count(row.clean_count)} clean`;
  switch (found.reason) {
    case "recognised_by_server":
      return `${clean}, recognised`;
    case "threshold_reached":
      return `${clean}, ${plural(row.sender_domains, "sender domain", "sender domains")}`;
    case "one_sender":
      return `${clean}, 1 sender only`;
    case "server_contradicts":
      return `${clean}, your server said no`;
    case "below_threshold":
      return `${clean} so far`;
    default:
      return clean;
  }
}

/** The verdict of the panel: a short statement and the facts behind it. */
function verdict(row: AddressRow): { title: string; text: string } {
  const clean = plural(row.clean_count, "clean message", "clean messages");
  const who = row.suggestion.kind === "person" ? "person" : "functional account";
  switch (row.strength.reason) {
    case "recognised_by_server":
      return {
        title: `Almost certainly a real ${who}.`,
        text: `${clean} delivered. Your server knows the address and refuses made-up ones.`,
      };
    case "server_contradicts":
      return { title: "Perhaps not real.", text: `${clean} delivered, but your server has said it doesn’t know it.` };
    case "one_sender":
      return { title: "Not sure yet.", text: `${clean} delivered, all from one sender domain.` };
    case "below_threshold":
      return { title: "Still watching.", text: `${clean} so far. Mail for it is passed on meanwhile.` };
    default:
      return {
        title: `Probably a real ${who}.`,
        text: `${clean} delivered from ${plural(row.sender_domains, "sender domain", "sender domains")}, none refused.`,
      };
  }
}

function evidenceTitle(seen: Evidence): string {
  if (seen.kind === "refused_by_server") return "Your server doesn’t know it";
  if (seen.kind === "refused_by_us") return "Refused, because it is marked not real";
  if (seen.kind === "taken_for_later") return "Kept here for later";
  if (seen.counted) return "Message delivered";
  return "Automatic message, not counted";
}

function evidenceText(seen: Evidence): string {
  const from = seen.sender === "" ? "an empty sender address" : seen.sender;
  const text = seen.subject === null || seen.subject === "" ? `From ${from}` : `“${seen.subject}” from ${from}`;
  return seen.kind === "taken_for_later" ? `${text}. Your server could not be reached.` : text;
}

/** `robin.alder`, or `3 addresses`. */
function who(entry: JournalEntry): Phrase {
  const first = entry.addresses[0];
  if (entry.count === 1 && first !== undefined) return [{ strong: first.split("@")[0] ?? first }];
  return [{ strong: plural(entry.count, "address", "addresses") }];
}

type Told = (you: string, who: Phrase, one: boolean, first: string | undefined) => Phrase;

/** What each action did, as a sentence. */
const told: Record<string, Told> = {
  create_user: (you, who, one) => [`${you} made `, ...who, one ? " a user" : " users"],
  create_functional: (you, who, one) => [
    `${you} made `,
    ...who,
    one ? " a functional account" : " functional accounts",
  ],
  mark_invalid: (you, who) => [`${you} marked `, ...who, " not real"],
  remove_invalid: (you, who) => [`${you} took `, ...who, " off the Invalid list"],
  set_name: (you, who) => [`${you} named `, ...who],
  undo: (you, who, _one, first) => [`${you} took a decision back`, ...(first === undefined ? [] : [": ", ...who])],
  watching: (_you, who) => ["First mail for ", ...who],
  discovered: (_you, who) => [...who, " found: enough clean mail"],
  suspect: (_you, who) => ["Your server denied ", ...who],
  forgotten: (_you, who) => [...who, " forgotten: no more mail came"],
  add_domain: (you, _who, _one, first) => [`${you} set up `, { strong: first ?? "a domain" }],
  remove_domain: (you, _who, _one, first) => [`${you} removed `, { strong: first ?? "a domain" }],
  set_listener: (you) => [`${you} changed where mail is received`],
  set_upstreams: (you) => [`${you} changed the filters before Rollcall`],
  clear_recipient_cache: (you) => [`${you} had your mail server asked again about addresses`],
  unblock_client: (you) => [`${you} let a blocked client in again`],
  remove_listener: (you) => [`${you} closed a place where mail came in`],
  set_sender_hosts: (you) => [`${you} changed which machines may send out`],
  import_certificate: (you) => [`${you} changed the certificate`],
  set_notifications: (you) => [`${you} switched notifications`],
  skip_time: (you) => [`${you} skipped time`],
  set_outbound: (you) => [`${you} changed how mail goes out`],
  send_again: (you) => [`${you} sent a failed message once more`],
  hold_message: (you) => [`${you} held mail in the queue`],
  release_message: (you) => [`${you} released mail from the queue`],
  delete_message: (you) => [`${you} deleted mail from the queue`],
  set_log_retention: (you) => [`${you} changed how long the mail log is kept`],
  set_licence: (you) => [`${you} changed seats or price`],
  set_password: (you) => [`${you} set the organization administrator’s password`],
  change_password: (you) => [`${you} changed the organization administrator’s password`],
  reset_password: () => ["The organization administrator’s password was taken away"],
  password_locked: () => ["Too many wrong passwords"],
  set_reply_contact: (you) => [`${you} changed whom a refused sender can ask`],
  set_disk_reserve: (you) => [`${you} changed how much room stays free on the disk`],
};

/** A person decided it, in whatever role. */
function byPerson(entry: JournalEntry): boolean {
  return entry.who !== "rollcall";
}

/** Before there were roles, and as Technician, it was whoever looks after this window. */
function whoDecided(entry: JournalEntry): string {
  if (entry.who === "organization_administrator") return "The organization administrator";
  return byPerson(entry) ? "You" : "Rollcall";
}

function journal(entry: JournalEntry): Phrase {
  const you = whoDecided(entry);
  const tell = told[entry.action];
  if (tell === undefined) return [`${you}: ${entry.action.replaceAll("_", " ")}`];
  return tell(you, who(entry), entry.count === 1, entry.addresses[0]);
}

/** Why Rollcall did it, as the engine wrote it down. A person's own decision about an address needs no reason. */
function journalWhy(entry: JournalEntry): string {
  if (entry.undone) return "Taken back";
  if (byPerson(entry) && entry.addresses.length > 0) return "";
  return entry.why.slice(0, 1).toUpperCase() + entry.why.slice(1);
}

export const addresses = {
  byPerson,
  state,
  strength,
  reason,
  verdict,
  evidenceTitle,
  evidenceText,
  journal,
  journalWhy,
  suggestion: {
    person: "Looks like a person",
    functional: "Looks like a functional account",
  },
  suggestionNarrow: (text: string, found: string) => `${text}, ${found.toLowerCase()}`,
  why: "Why we think so",
  history: "History",
  unknownTitle: "Not on any list",
  unknownText: "No mail for it has been accepted, and nobody has added it.",
  noEvidence: "No mail for it has come through yet.",
  moreEvidence: (n: number) => `${plural(n, "more message", "more messages")} of the same kind`,
  names: "Name",
  firstName: "First name",
  surname: "Surname",
  namesHint: "Guessed from the address. The user is created with it.",
  saveNames: "Save name",
  client: (ip: string) => `Brought by ${ip}`,
  copyReply: "Copy the technical reply",
  cached: {
    title: "Asked before",
    answer: { exists: "Your mail server knows this address", unknown: "Your mail server doesn’t know this address" },
    asked: (ago: string) => `Answer from the cache, asked ${ago}.`,
    clear: "Clear",
    clearLabel: "Clear this answer, so that your mail server is asked again",
    cleared: (address: string) => `Your mail server is asked again when mail for ${address} comes.`,
  },
  suspect: (time: string) => `Your mail server said at ${time} that it doesn’t know this address.`,
};
