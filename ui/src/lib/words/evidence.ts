import type { Evidence } from "../api/types";

/** Why a message does not count toward the threshold (behaviour 3.3), as the title of its step. */
const notCounted: Record<string, string> = {
  null_reverse_path: "Bounce or receipt, not counted",
  auto_submitted: "Automatic message, not counted",
  bulk: "Newsletter, not counted",
  spam: "Spam, not counted",
  malware: "Harmful message, not counted",
  spf_fail: "Forged sender, not counted",
  many_recipients: "Sent to many at once, not counted",
  guesser: "From somebody who guesses addresses, not counted",
  under_attack: "Came while addresses were being guessed, not counted",
  repeated: "The same message again, not counted",
  sender_domain: "Enough from this sender domain, not counted",
  bounced: "Your server sent mail back lately, not counted",
  marked_invalid: "Delivered although it is marked not real, not counted",
  settling: "Delivered, waits for a bounce before it counts",
};

export function evidenceTitle(seen: Evidence): string {
  switch (seen.kind) {
    case "refused_by_server":
      return "Your server doesn’t know it";
    case "refused_by_us":
      if (seen.not_counted_because === "deferred") return "Asked to come again, because it has just ended";
      return "Refused, because it is marked not real";
    case "taken_for_later":
      return "Kept here for later";
    case "sent":
      return "Sent a message";
    case "bounced":
      return "Your server sent the message back";
    case "delivered":
      if (!seen.counted) return notCounted[seen.not_counted_because ?? ""] ?? "Delivered, not counted";
      return seen.is_reply ? "Somebody answered it" : "Message delivered";
  }
}

export function evidenceText(seen: Evidence): string {
  const from = seen.sender === "" ? "an empty sender address" : seen.sender;
  const subject = seen.subject === null || seen.subject === "" ? null : `“${seen.subject}”`;
  if (seen.kind === "sent") return subject === null ? "From inside your office" : `${subject} from inside your office`;
  const text = subject === null ? `From ${from}` : `${subject} from ${from}`;
  return seen.kind === "taken_for_later" ? `${text}. Your server could not be reached.` : text;
}
