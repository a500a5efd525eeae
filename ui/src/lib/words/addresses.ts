import type { AddressRow, StateWord, Strength, Suggestion } from "../api/types";
import { localOf } from "../format/address";
import { count } from "../format/time";
import { evidenceText, evidenceTitle } from "./evidence";
import { byPerson, journal, journalWhy } from "./journal";
import { plural } from "./plural";

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

/** What Rollcall would do with it. The account of an alias is named without its domain. */
function suggestion(found: Suggestion): string {
  switch (found.kind) {
    case "person":
      return "Looks like a person";
    case "functional":
      return "Looks like a functional account";
    case "alias":
      return `Looks like an alias of ${localOf(found.of ?? "")}`;
    case "unlikely":
      return "Probably nobody’s";
  }
}

/** What speaks for the same inbox (behaviour 3.7). */
const aliasWhy: Record<string, string> = {
  same_name: "The same name in another of your domains.",
  tagged: "The same address with a tag.",
  written: "The same name, written differently.",
  full_name: "First name and surname are the same.",
  initial: "The first letter and the surname fit.",
  first_name: "The first name fits, and nobody else has it.",
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
  if (row.suggestion.kind === "unlikely")
    return {
      title: "Probably nobody’s.",
      text: `Your server refused it before it began to say yes to every address. ${clean} taken since. “Add as suggested” leaves it here.`,
    };
  const who = { person: "person", functional: "functional account", alias: "inbox", unlikely: "address" }[
    row.suggestion.kind
  ];
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
  suggestion,
  aliasWhy,
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
