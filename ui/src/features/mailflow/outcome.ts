import type { Outcome } from "../../lib/api/types";
import type { IconName } from "../../lib/ui/icons";

/** Refused mail is grey, not red: the relay does its job. */
export const outcomeLook: Record<Outcome, { icon: IconName; tone: "ok" | "warn" | "bad" | "off" }> = {
  delivered: { icon: "good", tone: "ok" },
  refused: { icon: "barred", tone: "off" },
  deferred: { icon: "clock", tone: "off" },
  waiting: { icon: "clock", tone: "warn" },
  failed: { icon: "bad", tone: "bad" },
};
