import type { CauseWord, StateWord } from "../api/types";
import { plural } from "./plural";

/** `2 users and 1 alias were created this week`; empty where nothing happened. */
function created(users: number, aliases: number): string {
  const parts = [
    users > 0 ? plural(users, "user", "users") : null,
    aliases > 0 ? plural(aliases, "alias", "aliases") : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return "";
  return `${parts.join(" and ")} ${users + aliases === 1 ? "was" : "were"} created this week`;
}

const cause: Record<CauseWord, string> = {
  operator: "By hand",
  threshold: "After enough clean mail",
  outbound: "It sent mail from inside",
  expiry: "Nobody decided in time",
  same_name: "Same name at another domain",
  directory: "From the directory",
};

/** What became of what was made, where it is no longer that. */
const now: Record<StateWord, string> = {
  watching: "now only watched",
  discovered: "waits for a decision again",
  user: "a user now",
  functional: "a functional account now",
  alias: "an alias now",
  inactive: "switched off now",
  invalid: "marked not real now",
  never_add: "never added now",
};

/** The weekly report (D11, D12). */
export const reports = {
  title: "Weekly report",
  created,
  told: (users: number, aliases: number, waiting: number) =>
    `${created(users, aliases)}.${waiting === 0 ? "" : ` ${plural(waiting, "address waits", "addresses wait")} for you to decide.`}`,
  week: (from: string, until: string) => `${from} to ${until}`,
  pick: "Week",
  waiting: (n: number) =>
    n === 0 ? "Nothing waited for a decision." : `${plural(n, "address", "addresses")} waited for a decision.`,
  users: "New users",
  aliases: "New aliases",
  cause,
  who: {
    technician: "By the technician",
    organization_administrator: "By the administrator",
  } as Record<string, string>,
  otherName: (owner: string) => `other name of ${owner}`,
  gone: "on no list any more",
  now,
  functionalThis: (address: string) => `Make functional: ${address}`,
  more: (n: number) => `Show ${n} more`,
  show: (address: string) => `Show ${address}`,
  empty: "No report yet",
  emptyText:
    "Once a week, at the time of the weekly notice, the users and aliases of that week are listed here. A week without any has no report.",
  settings: "What is reported",
};

/** Settings › Reports and contacts. */
export const reporting = {
  heading: "The weekly report",
  users: "New users",
  usersText: "Once a week: everyone who became a user since the last time, and why.",
  aliases: "New aliases",
  aliasesText: "The same for other names of your users.",
  administrator: "Tell the administrator too",
  administratorText: {
    on: "Windows signed in as organization administrator are told as well.",
    off: "Only windows of the technician are told.",
  },
  saved: "What is reported is changed.",
  soFar: "Reports so far",
  soFarText: "Each one stays, with where its addresses stand today.",
  look: "Look",
  contacts: "Contacts",
  contactsText: "Who looks after this office. Senders whose mail is refused don’t see these.",
  roles: { technician: "Technical contact", organization_administrator: "Administrator’s contact" },
  rolesText: {
    technician: "Gets the weekly notice of discovered addresses and the report.",
    organization_administrator: "Gets the report, while the administrator is told too.",
  },
  name: "Name",
  email: "E-mail address",
  copy: "Send a copy by e-mail",
  badEmail: "An e-mail address looks like it@fabrikam.example.",
  copyNeeds: "Give an e-mail address, or no copy can be sent.",
  contactSaved: {
    technician: "The technical contact is saved.",
    organization_administrator: "The administrator’s contact is saved.",
  },
  letters: "Letters from Rollcall",
  lettersText:
    "Copies and welcomes go out like other mail: to your own mail server, or the way your office’s mail goes out. A letter that can’t be delivered comes back to nobody.",
  sender: "From",
  senderHint: (now: string | null) =>
    now === null ? "An address of one of your domains." : `An address of one of your domains. Empty: ${now}.`,
  senderSaved: (now: string) => `Letters come from ${now} now.`,
  trouble: (when: string) => `The last letter was not sent (${when}).`,
  outgoing: "Outgoing mail",
  welcome: "Welcome",
  welcoming: (domains: string) => `New users of ${domains} who can sign in get this the next morning after seven.`,
  welcomingNone: "Nobody gets it yet: the rule of each domain says whether new users who can sign in are welcomed.",
  rules: "Rules",
  subject: "Subject",
  text: "Text",
  textHint:
    "{name}, {address} and {contact} are filled in: the user’s first name and address, and the technical contact.",
  welcomeSaved: "The welcome is saved.",
  shipped: "Use the shipped text",
  shippedBack: "The shipped text is back.",
};
