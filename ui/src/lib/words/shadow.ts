import type { HoldFreshWord } from "../api/types";
import { count } from "../format/time";
import { plural } from "./plural";

/** Observing only (X16), addresses that ended by themselves (X06), and who gets mail without being on a list (X10). */
export const shadow = {
  title: "Only watching:",
  text: (until: string) => `nothing is refused on Rollcall’s own account until ${until}.`,
  count: (n: number) =>
    n === 0
      ? "Nothing would have been refused so far."
      : `${plural(n, "recipient", "recipients")} would have been refused so far.`,
  show: "Show them",
  end: "End now",
  ended: "Refusals hold again.",
  began: (days: number) => `For ${plural(days, "day", "days")} Rollcall only watches.`,
  /** It ended by the clock. */
  over: (n: number) =>
    n === 0
      ? "Watching is over: refusals hold again. Nothing would have been refused."
      : `Watching is over: refusals hold again. ${plural(n, "recipient", "recipients")} would have been refused.`,
  setting: "Only watch for 7 days",
  settingOff:
    "Refuses nothing itself, whatever the lists say, and shows what it would have done. Your mail server’s own refusals still count.",
  settingOn: (until: string, n: number) =>
    `Until ${until}. ${n === 0 ? "Nothing would have been refused so far." : `${count(n)} would have been refused so far.`}`,
  wouldTitle: "Would have been refused.",
};

export const fresh = {
  heading: "Since it ended",
  keptTitle: (n: number) => `${plural(n, "message is", "messages are")} kept here.`,
  keptText: (until: string) => `The first is dropped ${until}. Restore the address to deliver them.`,
  keptMore: (n: number) => `and ${count(n)} more`,
  dropped: (day: string) => `dropped ${day}`,
  noSubject: "(no subject)",
  nobody: "an empty sender address",
  turnedAway: (n: number) => `${plural(n, "message was", "messages were")} turned away since it ended.`,
  from: (senders: readonly string[]) =>
    `From ${senders.map((sender) => sender || "an empty sender address").join(", ")}`,
  none: "Nobody has written since it ended.",
  defers: (until: string) => `Senders are asked to come again until ${until}. If it is real, restore it by then.`,
  over: (until: string) => `Its end is fresh until ${until}.`,
  restore: "Restore",
  restoreAndDeliver: "Restore and deliver",
  undoNote: "Undo stops its mail again. Messages that were delivered stay delivered.",
  restored: (who: string, messages: number) =>
    messages === 0
      ? `${who} gets mail again.`
      : `${who} gets mail again. ${plural(messages, "kept message is", "kept messages are")} delivered now.`,
  settingHeading: "Once an address has ended",
  setting: "Mail for addresses that have just ended",
  settingText: {
    off: "It is refused at once.",
    envelope: "Senders are asked to come again for four hours, then refused. Who wrote is kept for 14 days.",
    full: "The message is taken and kept here for 14 days. Nobody is told that it waits, so look at People › Invalid.",
  } satisfies Record<HoldFreshWord, string>,
  settingChoices: { off: "Refuse it", envelope: "Keep who wrote", full: "Keep the message" } satisfies Record<
    HoldFreshWord,
    string
  >,
  settingSaved: "Mail for addresses that have just ended is treated so from now on.",
  doubted: "Its mail is passed on as ever, and your mail server answers. Is the mailbox gone? Then stop its mail.",
  askedNext: (when: string) => `Your mail server is asked ${when} whether it still knows it.`,
  askedRefused: (n: number, when: string) =>
    `Your mail server said ${n === 1 ? "once" : `${count(n)} times`} that it doesn’t know it. It is asked again ${when}.`,
};

export const observed = {
  title: (n: number) => `${plural(n, "address gets", "addresses get")} mail and ${n === 1 ? "is" : "are"} on no list.`,
  text: "Discovery is off, so nothing is learned from it. If they are real, add them by hand.",
  off: "Discovery is off. Nothing new shows up here.",
  offText: "Mail for addresses on no list is only counted, and only where it is delivered.",
  turnOn: "Settings",
  list: "Addresses on no list",
  detail: (messages: number, last: string) =>
    `${plural(messages, "clean message", "clean messages")}, the last ${last}`,
  more: (n: number) => `and ${count(n)} more`,
  show: "Show them",
  hide: "Hide them",
  user: "Add as user",
  functional: "Functional",
  addUser: (address: string) => `Add as user: ${address.replace("@", " at ")}`,
  addFunctional: (address: string) => `Functional: ${address.replace("@", " at ")}`,
};
