import type { IconName } from "../ui/icons";

interface Look {
  icon: IconName;
  tone: string;
}

const note: Look = { icon: "note", tone: "infoc" };
const care: Look = { icon: "care", tone: "warnc" };

/** The icon of each kind of the catalogue. State has a shape of its own, never a colour alone. */
const LOOKS: Record<string, Look> = {
  new_addresses: { icon: "find", tone: "infoc" },
  weekly: { icon: "clock", tone: "infoc" },
  ending: { icon: "clock", tone: "warnc" },
  ended: { icon: "barred", tone: "offc" },
  wanted: care,
  doubted: care,
  sent_but_refused: care,
  no_seat: care,
  seats: care,
  says_yes: care,
  aliases_added: { icon: "people", tone: "infoc" },
  users_added: { icon: "person", tone: "infoc" },
  server_away: { icon: "bad", tone: "badc" },
  server_back: { icon: "good", tone: "okc" },
  undelivered: { icon: "bad", tone: "badc" },
  blocked: { icon: "barred", tone: "offc" },
  sync_problem: { icon: "sync", tone: "warnc" },
  sync_stopped: care,
  sync_sign_in: { icon: "lock", tone: "warnc" },
  sync_left: { icon: "clock", tone: "warnc" },
  access: { icon: "lock", tone: "infoc" },
};

/** How a kind looks; one that this window does not know yet is a note. */
export function iconOf(kind: string): Look {
  return LOOKS[kind] ?? note;
}
