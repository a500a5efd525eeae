import type { MailLogRow, Outcome } from "../api/types";
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
  deleted_by_operator: "You stopped it before it was delivered.",
  needs_utf8: "The address or a header field isn’t in ASCII, and your mail server doesn’t take that.",
  bad_content: "The message breaks the rules of mail, so it could not be passed on unharmed.",
  store_failed: "It could not be written to disk here. The sender tries again by itself.",
  queue_expired: "Your mail server didn’t take it in time.",
};

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
  verdictTitle: (row: MailLogRow) => title[row.outcome],
  verdictText: (row: MailLogRow) => reason[row.reason] ?? row.reason.replaceAll("_", " "),
  notRead: "(not read)",
  noSubject: "(no subject)",
  nobody: "an empty sender address",
  fromTo: (from: string, to: string) => `${from} to ${to}`,
  from: "From",
  to: "To",
  what: "What happened",
  weSaid: "What we said",
  weSaidText: (client: string) => `To ${client}`,
  serverSaid: "What your mail server said",
  noAnswer: "Your mail server didn’t answer",
  notAsked: "Your mail server was not asked",
  notAskedText: "The answer was clear without it.",
  came: "It came from",
  facts: "Facts",
  took: "Time taken",
  size: "Size",
  queue: "Queue id",
  code: "Code",
  newOnes: (n: number) => plural(n, "new message", "new messages"),
  openAddress: "Show the address",
  copyTrace: "Copy trace",
  rowName: (result: string, subject: string, fromTo: string, time: string) =>
    `${result}, ${subject}, ${fromTo}, ${time}`,
  older: "Reading older messages",
  end: "That’s the oldest one kept.",
  empty: { title: "No mail yet", text: "Every message shows up here the moment it is settled, with what was said." },
};
