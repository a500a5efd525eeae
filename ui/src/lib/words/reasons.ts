/** Why mail was not simply passed on: the code in `reason`, in two or three words. */
export const reasons = {
  label: "Reason",
  any: "Any reason",
  groups: {
    refused: "Refused",
    deferred: "Asked to wait",
    kept: "Kept here",
    failed: "Failed",
  },
  of: {
    refused: {
      user_unknown: "Unknown to your mail server",
      user_unknown_cached: "Unknown a moment ago",
      marked_invalid: "Marked not real",
      expired: "Nobody decided in time",
      not_active: "Account turned off",
      closed_list: "On no list of a closed domain",
      not_in_directory: "Not in your directory",
      relay_denied: "For another office",
      refused_by_server: "Refused by the mail server",
      bad_content: "Breaks the rules of mail",
      nowhere_to_go: "Domain takes no mail",
      outward_off: "Outgoing mail is off",
    },
    deferred: {
      deferred_by_server: "Put off by the mail server",
      server_unreachable: "Mail server didn’t answer",
      new_address: "New address waits for you",
      just_ended: "Ended within four hours",
      not_asked: "Too many unknown addresses",
      harvest_blocked: "Blocked for guessing",
      other_next_hop: "Different mail server",
      send_separately: "Goes a different way",
      lost_before_reply: "Connection lost at the end",
      client_left: "Sender left too early",
      store_failed: "Disk trouble here",
      shutting_down: "Computer shut down",
    },
    kept: {
      known_account: "Kept for a known address",
      queued: "Kept until it is taken",
      held_for_address: "Kept for an ended address",
    },
    failed: {
      changed_its_mind: "Taken first, refused later",
      queue_expired: "Not taken in time",
      deleted_by_operator: "Stopped by you",
      held_too_long: "Nobody restored its address",
    },
  } as Record<"refused" | "deferred" | "kept" | "failed", Record<string, string>>,
};

export function isReason(text: string): boolean {
  return Object.values(reasons.of).some((group) => text in group);
}

/** The words for one code, or the code with spaces. */
export function reasonWords(code: string): string {
  for (const group of Object.values(reasons.of)) {
    const found = group[code];
    if (found !== undefined) return found;
  }
  return code.replaceAll("_", " ");
}
