import type { DryRun, DryRunHow } from "../api/types";
import { count } from "../format/time";
import { plural } from "./plural";

const addresses = (n: number): string => plural(n, "address", "addresses");

/** A rule that is tried before it is saved (X09). */
export const dryRun = {
  heading: "If you save this",
  nowHeading: "For what waits now",
  nothing: "Nothing changes for the addresses that wait now.",
  users: (n: number) => `${addresses(n)} ${n === 1 ? "becomes a user" : "become users"} with the next clean message.`,
  usersAtEnd: (n: number, first: string) =>
    `${addresses(n)} ${n === 1 ? "becomes a user" : "become users"} if nobody decides${n === 1 ? "" : ", the first"}: ${first}.`,
  listed: (n: number) => `${addresses(n)} ${n === 1 ? "waits" : "wait"} for you with the next clean message.`,
  ends: (n: number, first: string) =>
    `Mail for ${addresses(n)} stops if nobody decides${n === 1 ? "" : ", the first"}: ${first}.`,
  stay: (n: number) => `${addresses(n)} would have ended and ${n === 1 ? "stays" : "stay"} on the list.`,
  forgotten: (n: number) => `${addresses(n)} ${n === 1 ? "is" : "are"} no longer watched: the last message is too old.`,
  sameNames: (n: number) =>
    `${plural(n, "name is", "names are")} at another of your domains too. Set aliases first, or each becomes a user of its own.`,
  pastHeading: "The last 30 days under this rule",
  past: (preset: string | null, users: number, bogus: number) => {
    const rule = preset === null ? "With this rule" : `With ${preset}`;
    if (users === 0) return `${rule} no user would have been created.`;
    const made = `${rule} you would have created ${plural(users, "user", "users")}`;
    if (bogus === 0) return `${made}, all of them plausible.`;
    return `${made}, ${bogus === users ? (users === 1 ? "and it is bogus" : "all of them bogus") : `${count(bogus)} of them bogus`}.`;
  },
  others: (listed: number, ended: number, aliases: number): string[] =>
    [
      listed > 0 ? `${addresses(listed)} listed for you` : "",
      ended > 0 ? `mail for ${count(ended)} stopped` : "",
      aliases > 0 ? `${plural(aliases, "alias", "aliases")} added` : "",
    ].filter((text) => text !== ""),
  andOthers: (text: string) => `Also: ${text}.`,
  since: (day: string) => `What every rule needs is written down since ${day}. Before that, something may be missing.`,
  list: "Show the list",
  loading: "Trying the rule on recorded mail",
  failed: "The rule could not be tried.",
  notSaved: (n: number) => `${plural(n, "change", "changes")} not saved`,
  /** One line for the bar that saves. */
  short: (found: DryRun): string => {
    const { users, users_at_end, ends } = found.switch;
    const soon = users.count + users_at_end.count;
    const parts = [
      soon > 0 ? `${addresses(soon)} to become ${soon === 1 ? "a user" : "users"}` : "",
      ends.count > 0 ? `${count(ends.count)} to end` : "",
    ].filter((text) => text !== "");
    const now = parts.length === 0 ? "Nothing that waits changes at once." : `${parts.join(", ")}.`;
    return `${now} In the last 30 days: ${plural(found.would_create.count, "user", "users")} created, ${count(found.bogus.count)} bogus.`;
  },
  oldRule: "Mail goes by the saved rule until you save.",
  discard: "Discard",
  tryPresets: "Try a preset on past mail…",
  title: "Tried on the last 30 days",
  about: "What a rule would have made of the mail that really came. Nothing changes by looking.",
  which: "Rule to try",
  yours: "The rule you are editing",
  none: "It would have done nothing.",
  more: (n: number) => `And ${count(n)} more.`,
  groups: {
    bogus: "Users that are probably bogus",
    users: "Users",
    listed: "Listed for you",
    ended: "Mail stopped",
    aliases: "Aliases added",
    same: "Names at another domain too",
    added: "Users you don’t have now",
    removed: "Users you have now and would not have",
  },
  how: {
    rcpt: "at the server’s yes",
    messages: "enough clean messages",
    sent: "it sent mail",
    expiry: "nobody decided",
  } satisfies Record<DryRunHow, string>,
  why: (why: string, of: string | null): string => {
    switch (why) {
      case "refused":
        return "your server refused it later";
      case "bounced":
        return "its mail came back";
      case "not_real":
        return "you said it isn’t real";
      case "suspect":
        return "your server contradicts it";
      case "alias":
        return of === null ? "an alias" : `an alias of ${of}`;
      case "functional":
        return "a functional account";
      default:
        return "looks guessed or mistyped";
    }
  },
  leave: {
    title: "Leave without saving?",
    text: (n: number) =>
      `${plural(n, "change", "changes")} of the rule ${n === 1 ? "is" : "are"} not saved. Mail goes by the rule that was saved last.`,
    stay: "Stay here",
    discard: "Discard and leave",
    save: "Save and leave",
  },
};
