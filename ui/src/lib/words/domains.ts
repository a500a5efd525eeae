import type { Destination, InactiveWord, TagDelimiter, UnknownWord } from "../api/types";
import { plural } from "./plural";

const unknown: Record<UnknownWord, string> = {
  learn: "Learn",
  ask: "Ask only",
  reject: "Refuse",
};

const unknownText: Record<UnknownWord, string> = {
  learn: "Your mail server is asked. What it takes is delivered, and new addresses show up under Discovered.",
  ask: "Your mail server is asked. What it takes is delivered, and nothing is learned.",
  reject: "Nobody is asked. Only addresses on your lists get mail, so list them first.",
};

const summary: Record<UnknownWord, string> = {
  learn: "Unknown addresses are learned.",
  ask: "The mail server alone decides on unknown addresses.",
  reject: "Unknown addresses are refused.",
};

const tags: Record<TagDelimiter, string> = { "+": "kim+x", "-": "kim-x", none: "None" };

const tagsText: Record<TagDelimiter, string> = {
  "+": "kim+news is mail for kim. The text after the + is a tag.",
  "-": "kim-news is mail for kim. The text after the first - is a tag.",
  none: "kim+news and kim are two addresses.",
};

const inactive: Record<InactiveWord, string> = {
  reject: "Refused. The sender’s server gets this line:",
  deliver: "Delivered as before.",
};

const place = ({ host, port }: Destination) => `${host}:${port}`;

/** Settings, Mail server: what is settled for the addresses of one domain. */
export const domains = {
  rules: "Rules for its addresses",
  summary,
  alsoNames: (count: number) => `${plural(count, "other name", "other names")}.`,
  place,
  unknown: "Mail to an unknown address",
  unknownChoices: unknown,
  unknownText,
  unknownRefused: "If your mail server doesn’t know the address, the sender’s server gets this line:",
  closedRefused: "The sender’s server gets this line:",
  exampleNew: (domain: string) => `new@${domain}`,
  exampleLeft: (domain: string) => `left@${domain}`,
  unknownSaved: (domain: string, word: UnknownWord) => `${domain}: ${summary[word]}`,
  waits: "New addresses wait",
  waitsText: "For four hours the sender is asked to try again, so that you can decide first.",
  waitsNever: "Unknown addresses are refused, so none waits.",
  inactive: "Deliver mail for inactive accounts",
  inactiveText: inactive,
  tags: "Tags in addresses",
  tagChoices: tags,
  tagsText,
  subdomains: "Subdomains belong to it",
  subdomainsText: (domain: string) => `kim@eu.${domain} is mail for kim@${domain}.`,
  primary: "Send on to the main address",
  primaryText: "Your mail server gets the address without tag, subdomain or other domain name.",
  saved: (domain: string) => `The rules of ${domain} are saved.`,
  names: "Other names of this domain",
  namesText: (domain: string) =>
    `Mail for the same people under another name. Each address is listed once, at ${domain}.`,
  noNames: "None",
  name: "Other name",
  addName: "Add name",
  removeName: (name: string) => `Remove ${name}`,
  nameTaken: (name: string) => `${name} is in the list already.`,
  namesSaved: (domain: string, count: number) =>
    count === 0
      ? `${domain} has no other names now.`
      : `${domain} has ${plural(count, "other name", "other names")} now.`,
  verification: "Where addresses are asked about",
  itself: "At the mail server itself.",
  elsewhere: (to: Destination) => `At ${place(to)}. Mail still goes to the mail server.`,
  verificationHint: "For servers that answer truly on another port, such as Exchange on 2525.",
  verificationHost: "Server to ask",
  useItself: "Ask the mail server itself",
  verificationSaved: (to: Destination | null) =>
    to === null
      ? "Addresses are asked about at the mail server itself now."
      : `Addresses are asked about at ${place(to)} now.`,
  routes: "Addresses with a mail server of their own",
  routesText: "Their mail goes there instead of to the mail server of the domain.",
  noRoutes: "None",
  route: "Address",
  addRoute: "Add route",
  removeRoute: (address: string) => `Send mail for ${address} to the domain’s mail server again`,
  notHere: (domain: string) => `The address ends with @${domain}.`,
  routeSaved: (address: string, to: Destination) => `Mail for ${address} goes to ${place(to)} now.`,
  routeRemoved: (address: string) => `Mail for ${address} goes to the domain’s mail server again.`,
  remembered: "Remembered answers",
  rememberedText: "Rollcall keeps what your mail server said of an address for a while. Clear it after a change there.",
  clear: "Clear what is remembered",
  cleared: (count: number) =>
    count === 0
      ? "Nothing was remembered."
      : `${plural(count, "answer is", "answers are")} cleared. Your mail server is asked again.`,
};
