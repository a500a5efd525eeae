import type {
  AliasRuleWord,
  DayWord,
  OnExpiryWord,
  OnOutboundWord,
  PresetWord,
  RuleRow,
  UnknownWord,
} from "../api/types";
import { plural } from "./plural";

const presets: Record<PresetWord, { name: string; text: string }> = {
  careful_office: {
    name: "Careful office",
    text: "You decide about everyone. Nobody becomes a user and nobody is stopped by itself.",
  },
  proofpoint: {
    name: "Proofpoint Essentials",
    text: "You decide. After three weekly notices without a decision, mail for the address is stopped.",
  },
  modus_cloud: {
    name: "modusCloud",
    text: "You decide. After four weekly notices without a decision, mail for the address is stopped.",
  },
  mailprotector: {
    name: "Mailprotector",
    text: "The first clean message your server takes makes its recipient a user.",
  },
  smart_create: {
    name: "SmartCreate",
    text: "Three clean messages in two weeks make a user. For servers that send mail back later.",
  },
  smtp_autocreate: {
    name: "SMTP Autocreate",
    text: "Your server’s yes to a recipient makes a user at once, even before a message comes.",
  },
};

/** What must be read before a preset that makes users is used (M11, P05, P08, P09, P11). */
const warnings: Record<PresetWord, readonly string[]> = {
  careful_office: [],
  proofpoint: [],
  modus_cloud: [],
  mailprotector: [
    "All addresses are added as billable mailboxes. Turn aliases and shared mailboxes into what they are afterwards.",
    "Turn it on only if everybody in the domain should be protected.",
  ],
  smart_create: [
    "All addresses are added as billable mailboxes.",
    "Set aliases first, or each of a person’s names becomes a user.",
    "If the domain and its users belong to different organizations, this may not be the best way.",
  ],
  smtp_autocreate: [
    "Don’t use it with a server that says yes to every address: invalid users would be added.",
    "Turn it on only if everybody in the domain should be protected.",
    "All addresses are added as billable mailboxes. Set aliases first.",
  ],
};

/** Discovery in the settings: the switch, presets, and each part of the rule. */
export const rule = {
  switch: "Discover addresses from mail",
  switchText: {
    on: "Mail to unknown addresses is delivered while you decide whether they’re real.",
    off: "Nothing is learned. What already waits is kept, and its clock stands still.",
  },
  switched: { on: "Discovery is on.", off: "Discovery is off." },
  whenOff: "Unknown addresses while it’s off",
  whenOffText: {
    learn: "Their mail is delivered.",
    ask: "Your mail server is asked about each one. Nothing is listed.",
    reject: "Their mail is refused, and the sender is told.",
  } satisfies Record<UnknownWord, string>,
  whenOffChoices: { ask: "Ask my server", reject: "Refuse" },
  domain: "Domain",
  presetHeading: "How much do you want to do yourself?",
  presets,
  warnings,
  own: "Your own mix",
  ownText: "The parts below differ from every preset. Choosing one sets them all.",
  creates: "makes users",
  heldBack:
    "Your mail server says yes to every address. Nobody is added by itself, and at least 3 messages are needed.",
  heldBackShow: "Mail server",
  billable:
    "Everyone this rule adds is a billable mailbox. Turn other names and shared mailboxes into what they are: one click beside the user.",
  billableShow: "Look at users",
  frozen: (since: string) => `The clocks stand still since ${since}. Nothing ends, nothing new is counted.`,
  lockedRule: "This rule makes users by itself, so only an organization administrator may change it.",
  showsHeading: "When does an address show up?",
  need: "Clean messages needed",
  needText: "Accepted by your mail server, from a real sender, not an automatic message.",
  window: "Counted over so many days",
  windowText: (need: number, days: number) =>
    `${plural(need, "message", "messages")} in ${plural(days, "day", "days")}. Older ones no longer count.`,
  settle: "Wait for a bounce",
  settleText: {
    none: "A message counts at once. Enough for servers that refuse unknown recipients.",
    some: "A message counts when your server hasn’t sent it back by then.",
  },
  settleChoices: { "0": "Don’t wait", "60": "1 hour", "240": "4 hours", "1440": "1 day" } as Record<string, string>,
  settleOther: (minutes: number) => plural(minutes, "minute", "minutes"),
  perSender: "From one sender domain",
  perSenderText: {
    all: "Every message counts, whoever sends it.",
    some: (n: number) =>
      `Only ${plural(n, "message", "messages")} of each sender domain ${n === 1 ? "counts" : "count"}.`,
  },
  perSenderChoices: { all: "All count", "1": "1 counts", "2": "2 count", "3": "3 count" } as Record<string, string>,
  perSenderOther: (n: number) => `${n} count`,
  reached: "Once enough was seen",
  reachedText: {
    list: "The address waits for you under Discovered.",
    create_user: "It becomes a user at once and uses a seat.",
  },
  reachedChoices: { list: "List it", create_user: "Make a user" },
  endsHeading: "When does it end?",
  notices: "Weekly notices before it ends",
  noticesText: (n: number) =>
    `You have ${plural(n, "week", "weeks")} to decide. A notice counts only when it was really shown.`,
  expiry: "If nobody decides",
  expiryText: {
    invalid: "Its mail is refused, and the sender is told.",
    create_user: "It becomes a user. This may lead to new accounts and to a higher bill.",
    keep: "It stays on the list until you decide.",
  } satisfies Record<OnExpiryWord, string>,
  expiryChoices: { invalid: "Stop its mail", keep: "Keep it listed", create_user: "Make a user" } satisfies Record<
    OnExpiryWord,
    string
  >,
  selfHeading: "What happens by itself?",
  alias: "Clear aliases",
  aliasText: {
    auto: "Added to their person where only one fits. Uses no seat.",
    suggest: "Suggested under Discovered, never added by themselves.",
    off: "Not looked for. Each address is a person of its own.",
  } satisfies Record<AliasRuleWord, string>,
  aliasChoices: { auto: "Add", suggest: "Suggest", off: "Off" } satisfies Record<AliasRuleWord, string>,
  outbound: "People who send mail",
  outboundText: {
    list: "One clean sent message puts them under Discovered.",
    create_user: "One clean sent message makes a user and uses a seat.",
    off: "Sent mail is not looked at.",
  } satisfies Record<OnOutboundWord, string>,
  outboundChoices: { list: "List them", create_user: "Make users", off: "Ignore" } satisfies Record<
    OnOutboundWord,
    string
  >,
  role: "New users",
  roleText: {
    end: "They get the summary and can look at their own mail.",
    silent: "They get the summary but can’t sign in.",
  } satisfies Record<RuleRow["role"], string>,
  welcome: "Welcome by mail",
  welcomeText: {
    on: "New users who can sign in get a welcome the next morning. Its text is under Reports and contacts.",
    off: "New users get no welcome.",
  },
  saved: (domain: string) => `The rule of ${domain} is changed.`,
  presetSaved: (name: string, domain: string) => `${domain} follows ${name} now.`,
  back: "The rule is as it was.",
  less: (what: string) => `${what}: less`,
  more: (what: string) => `${what}: more`,
  confirm: {
    preset: (name: string) => `Use ${name}?`,
    expiry: "Make users of those nobody decides about?",
    outbound: "Make users of everybody who sends mail?",
    reached: "Make users by itself?",
    expiryWarnings: ["This may lead to new accounts and to a higher bill."],
    outboundWarnings: ["One clean message sent from inside your office makes a user that uses a seat."],
    reachedWarnings: ["All addresses are added as billable mailboxes. Set aliases first."],
    forecast: "If those that wait now became users:",
    use: "Turn it on",
  },
  weekHeading: "The weekly notice",
  day: "Day and hour",
  dayText: (next: string) => `The next one comes ${next}.`,
  days: {
    monday: "Monday",
    tuesday: "Tuesday",
    wednesday: "Wednesday",
    thursday: "Thursday",
    friday: "Friday",
    saturday: "Saturday",
    sunday: "Sunday",
  } satisfies Record<DayWord, string>,
  dayLabel: "Day of the weekly notice",
  hourLabel: "Hour of the weekly notice",
  weeklySaved: "The weekly notice is moved.",
  holiday: "Holiday",
  holidayText: "Nobody looks for a while? Until this day no address ends.",
  holidayOn: (until: string) => `No address ends before ${until}.`,
  holidayLabel: "No address ends before",
  holidaySet: "Hold",
  holidayEnd: "End the hold",
  holidaySaved: (until: string) => `No address ends before ${until}.`,
  holidayOver: "Addresses end again when their time is over.",
  none: "Set up a domain first. Discovery belongs to it.",
  learnsNot: {
    ask: "This domain doesn’t learn: its mail server alone decides on unknown addresses, so none shows up here.",
    reject: "This domain doesn’t learn: unknown addresses are refused, so none shows up here.",
  },
  change: "Change its rules",
};
