import type { MailLogRow, Outcome } from "../api/types";
import { count, passed, took } from "../format/time";
import { plural } from "./plural";

const outcome: Record<Outcome, string> = {
  delivered: "Delivered",
  refused: "Refused",
  deferred: "Asked to wait",
  waiting: "Waiting",
  failed: "Failed",
};

/** What the code in `reason` means, for people. */
const reason: Record<string, string> = {
  delivered: "Your mail server took it.",
  relay_denied: "The recipient is in no domain of yours. Rollcall passes on mail for your office only.",
  marked_invalid: "You marked this address not real.",
  expired: "Nobody decided about this address in time.",
  not_active: "This account is turned off.",
  user_unknown: "Your mail server doesn’t know this address.",
  user_unknown_cached: "Your mail server said less than two hours ago that it doesn’t know this address.",
  not_asked:
    "Too many unknown addresses were asked for, so your mail server was not asked again. The sender tries again by itself.",
  harvest_blocked: "This client asked for too many addresses that don’t exist, so it is turned away for an hour.",
  refused_by_server: "Your mail server refused it.",
  deferred_by_server: "Your mail server asked to wait. The sender tries again by itself.",
  server_unreachable: "Your mail server didn’t answer. The sender tries again by itself.",
  other_next_hop: "Another recipient of this message lives on a different mail server. The sender sends it again.",
  known_account: "Your mail server didn’t answer. We know the address, so the message was taken.",
  queued: "It is kept here until your mail server answers.",
  lost_before_reply: "The connection ended before the answer was complete.",
  changed_its_mind: "Your mail server took the recipient first and refused the message afterwards.",
  client_left: "The sending server left before the message was complete.",
  shutting_down: "This computer was being shut down. The sender tries again by itself.",
  outward_off: "Sending mail out is switched off in Settings.",
  nowhere_to_go: "Nobody takes mail for this domain: it doesn’t exist, or says that it takes none.",
  deleted_by_operator: "You stopped it before it was delivered.",
  needs_utf8: "The address or a header field isn’t in ASCII, and your mail server doesn’t take that.",
  bad_content: "The message breaks the rules of mail, so it could not be passed on unharmed.",
  store_failed: "It could not be written to disk here. The sender tries again by itself.",
  queue_expired: "Your mail server didn’t take it in time.",
  closed_list: "This domain takes mail for known addresses only, and this one is on no list.",
  not_in_directory: "Your directory decides who is known, and this address is not in it.",
  new_address: "This address is new and waits for your decision. The sender tries again by itself.",
  just_ended:
    "This address ended within the last four hours. The sender tries again by itself; restore the address to take it.",
  held_for_address:
    "It was taken and is kept here, because its address has just ended. Restore the address to deliver it.",
  held_too_long: "It was kept for 14 days for an address that had ended, and nobody restored that.",
  send_separately: "Another recipient of this message goes a different way. The sender sends it again.",
};

/** What a report tells the sender. */
const failed = (sender: string): string => `${sender} is told that it could not be delivered.`;
const relayed = (sender: string): string =>
  `${sender} asked to be told, and the next mail server doesn’t report, so it is told that the message went there.`;

/** The same for mail that goes out, where it isn’t your own server that answers. */
const outward: Record<string, string> = {
  delivered: "The next mail server took it.",
  refused_by_server: "The next mail server refused it.",
  deferred_by_server: "The next mail server asked to wait. The sender tries again by itself.",
  server_unreachable: "The next mail server didn’t answer. The sender tries again by itself.",
  queued: "It is kept here until the next mail server answers.",
  changed_its_mind: "The next mail server took the recipient first and refused the message afterwards.",
  needs_utf8: "The address or a header field isn’t in ASCII, and the next mail server doesn’t take that.",
  queue_expired: "The next mail server didn’t take it in time.",
};

/** What each step of the way was. */
const step: Record<string, string> = {
  came: "It came in",
  our_rcpt: "We answered the recipient",
  content: "The content was complete",
  our_reply: "We answered the sender",
  client_left: "The sender left before it was complete",
  proof: "We looked whether the sender is who it says",
  report: "The sender gets a report",
  no_report: "No report was sent",
  operator: "You changed something",
};
/** Why the sender of mail that could not be delivered is not told. */
const noReport: Record<string, (sender: string) => string> = {
  null_reverse_path: () => "The message has no sender address, so nobody can be told.",
  not_wanted: (sender) => `${sender} asked for no report.`,
  told_before: (sender) => `${sender} was told before, when it failed the first time.`,
  unproved: (sender) => `Nothing proves that ${sender} really sent it.`,
  not_checked: (sender) => `Nobody could find out whether ${sender} really sent it, because no name server answered.`,
  no_address: (sender) => `${sender} is no address that mail can be sent to.`,
  outward_off: () => "Sending mail out is switched off in Settings.",
};
/** What a mail server did, by the first digit of its reply. */
const serverStep: Record<string, Record<string, string>> = {
  server_mail: { 2: "took the sender", 4: "asked to wait", 5: "refused the sender" },
  server_rcpt: { 2: "took the recipient", 4: "asked to wait", 5: "refused the recipient" },
  server_again: { 2: "took the recipient again", 4: "asked to wait", 5: "refused the recipient" },
  server_content: { 2: "took the message", 4: "asked to wait", 5: "refused the message" },
  attempt: { 2: "took the message", 4: "asked to wait again", 5: "refused the message" },
};
const didServer = (name: string, said: string | null): string =>
  serverStep[name]?.[said?.charAt(0) ?? ""] ?? "didn’t answer";
const operatorDid: Record<string, string> = {
  held: "You held it",
  released: "You released it",
  deleted: "You stopped it",
};
const serverOf = (row: MailLogRow): string =>
  row.direction === "outbound" ? "The next mail server" : "Your mail server";

const title: Record<Outcome, string> = {
  delivered: "Delivered.",
  refused: "Refused.",
  deferred: "Not now.",
  waiting: "Waiting for your mail server.",
  failed: "It could not be delivered.",
};

export const mailflow = {
  title: "Mail flow",
  searchLabel: "Search messages",
  list: "Messages, newest first",
  columns: { result: "Result", message: "Message", time: "Time" },
  outcome,
  verdictTitle: (row: MailLogRow) =>
    row.outcome === "waiting" && row.reason === "held_for_address" ? "Kept for its address." : title[row.outcome],
  verdictText: (row: MailLogRow) =>
    (row.direction === "outbound" ? outward[row.reason] : undefined) ??
    reason[row.reason] ??
    row.reason.replaceAll("_", " "),
  /** What a reason code means, as a sentence. */
  reasonText: (code: string) => reason[code] ?? code.replaceAll("_", " "),
  notRead: "(not read)",
  noSubject: "(no subject)",
  nobody: "an empty sender address",
  fromTo: (from: string, to: string) => `${from} to ${to}`,
  fromToMany: (from: string, to: string, more: number) => `${from} to ${to} and ${plural(more, "other", "others")}`,
  from: "From",
  to: "To",
  what: "What happened",
  stepTitle: (row: MailLogRow, name: string, said: string | null) =>
    (name === "operator" ? operatorDid[said ?? ""] : undefined) ??
    step[name] ??
    (name in serverStep || name === "no_answer"
      ? `${serverOf(row)} ${didServer(name, said)}`
      : name.replaceAll("_", " ")),
  /** What else there is to say of a step, beside its time. */
  stepText: (row: MailLogRow, name: string, said: string | null): string | undefined => {
    if (name === "no_report") return noReport[said ?? ""]?.(row.sender) ?? said?.replaceAll("_", " ");
    if (name === "report") return row.outcome === "delivered" ? relayed(row.sender) : failed(row.sender);
    return undefined;
  },
  after: (ms: number) => {
    const { value, unit } = passed(0, ms);
    return `${ms < 60_000 ? took(ms) : plural(value, unit, `${unit}s`)} after it came`;
  },
  tabsLabel: "Which messages",
  tabs: {
    all: "All messages",
    waiting: "Waiting",
    problems: "Problems",
    would_refuse: "Would be refused",
    report: "Report",
  },
  onHold: "On hold",
  live: {
    on: "Live",
    pauseShort: "Pause the list",
    pause: "New messages come in by themselves. Pause the list",
    paused: "Paused",
    resume: (fresh: number) =>
      fresh === 0
        ? "Paused. Resume the list"
        : `Paused, ${plural(fresh, "new message", "new messages")}. Resume the list`,
    fresh: (n: number) => `${count(n)} new`,
    resumeShort: "Resume",
  },
  partly: (delivered: number, of: number) => `${delivered} of ${of} delivered`,
  everybody: "Recipients",
  waits: {
    forServer: (row: MailLogRow) => `Waiting for ${serverOf(row).replace(/^./, (letter) => letter.toLowerCase())}.`,
    held: (since: string | null) => (since === null ? "Held by you." : `Held by you since ${since}.`),
    heldText: (until: string) => `Nothing is tried until you release it. It is given up on ${until}.`,
    active: "It is being sent right now.",
    nowhere: (why: string) => `It has nowhere to go: ${why}`,
    next: (time: string, minutes: number) =>
      minutes < 1 ? "Next try within a minute." : `Next try at ${time}, in ${plural(minutes, "minute", "minutes")}.`,
    tries: (n: number) => (n === 0 ? "It was not tried yet." : `Tried ${plural(n, "time", "times")} so far.`),
    until: (time: string) => `We keep trying until ${time}.`,
    kept: "It is kept here, so you can still try it again.",
  },
  tryNow: "Try now",
  trying: "It is tried now.",
  notTried: "Nothing was waiting to be tried.",
  hold: "Hold",
  held: "Held. Nothing is tried until you release it.",
  release: "Release",
  released: "Released. It is tried again.",
  untouched: "Nothing was changed. It is being sent, or was settled just now.",
  stop: "Stop sending",
  stopTitle: "Stop sending this message?",
  stopText: "It is taken out of the queue. Whoever still waits for it doesn’t get it, and the sender isn’t told.",
  stopKeep: "Keep it",
  stopped: "Stopped. It is no longer in the queue.",
  addAddress: "Add this address",
  exportCsv: "Export as CSV",
  exporting: "Reading the log for the file.",
  exported: (n: number, path: string) => `${plural(n, "row", "rows")} written to ${path}.`,
  searchedPart: "Only the time chosen above was searched.",
  nothingFits: "No message fits",
  nothingFitsText: "Nothing in this time has this reason.",
  anyReason: "Any reason",
  showEverything: "Show everything kept",
  facts: "Facts",
  took: "Time taken",
  size: "Size",
  queue: "Queue id",
  destination: "Mail server",
  encrypted: "Encrypted",
  message: "Id",
  messageId: "Message ID",
  code: "Code",
  newOnes: (n: number) => plural(n, "new message", "new messages"),
  openAddress: "Show the address",
  copyTrace: "Copy trace",
  rowName: (result: string, subject: string, fromTo: string, time: string) =>
    `${result}, ${subject}, ${fromTo}, ${time}`,
  older: "Reading older messages",
  end: "That’s the oldest one kept.",
  endOfTime: "That’s everything in this time.",
  endOfWaiting: "Nothing else waits.",
  kept: {
    title: "Mail log",
    days: "Keep the log for",
    holds: (rows: number, bytes: string) => `It holds ${plural(rows, "row", "rows")} now, about ${bytes}.`,
    dayCount: (n: number) => (n % 365 === 0 ? plural(n / 365, "year", "years") : plural(n, "day", "days")),
    room: (mb: number) => (mb % 1000 === 0 ? `${count(mb / 1000)} GB` : `${count(mb)} MB`),
    megabytes: "Room it may take",
    megabytesText: "When it is full, the oldest rows go first.",
    saved: "Saved.",
    lessTitle: "Remove older rows of the log?",
    lessText: (time: string, room: string) =>
      `What is older than ${time} or doesn’t fit into ${room} is removed at once and can’t be brought back. Mail that waits stays.`,
    lessKeep: "Keep as it is",
    lessDo: "Remove older rows",
  },
  none: {
    all: { title: "No mail in this time", text: "Older messages are still kept." },
    waiting: { title: "Nothing waits", text: "Every message has reached a mail server or was answered." },
    would_refuse: {
      title: "Nothing would have been refused",
      text: "While Rollcall only watches, what its lists would refuse shows up here.",
    },
    problems: { title: "No problems in this time", text: "No message failed, and no mail server was in the way." },
  },
  empty: { title: "No mail yet", text: "Every message shows up here the moment it is settled, with what was said." },
};
