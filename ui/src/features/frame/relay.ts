import type { IconName } from "../../lib/ui/icons";

/** Icon and colour of each state of the relay: the shape says it without the colour. */
export const look: Record<RelayWord, { icon: IconName; tone: string }> = {
  flowing: { icon: "good", tone: "okc" },
  quiet: { icon: "note", tone: "offc" },
  waiting: { icon: "clock", tone: "warnc" },
  cannot_come_in: { icon: "bad", tone: "badc" },
  not_set_up: { icon: "note", tone: "offc" },
  away: { icon: "care", tone: "warnc" },
  unknown: { icon: "clock", tone: "offc" },
};

export type RelayWord = "flowing" | "quiet" | "waiting" | "cannot_come_in" | "not_set_up" | "away" | "unknown";
