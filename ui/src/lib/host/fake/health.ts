import type { Health, HealthFault, ListenerRow, Shadow, StateCounts } from "../../api/types";
import * as data from "./data";
import { LOCKED, type Mood } from "./told";

/** What the stand-in's health is made of. */
export interface Facts {
  mood: Mood;
  practice: boolean;
  now: number;
  revision: number;
  domains: number;
  listener: ListenerRow;
  more: readonly ListenerRow[];
  upstreams: string[];
  lastMail: number | null;
  failed: number;
  counts: StateCounts;
  notifications: boolean;
  reserve: number;
  shadow: Shadow | null;
  discovery: Health["discovery"];
}

const SENTENCES = {
  not_set_up: "No domain is set up yet.",
  quiet: "Everything is ready. No message has come yet.",
  flowing: "Mail is passed on to mail.fabrikam.example.",
  waiting: "9 messages are kept here since 14:32. They go out when your mail server is back.",
  cannot_come_in: "Port 25 could not be opened. Senders keep their mail and try again.",
};

export function healthOf(facts: Facts): Health {
  const down = facts.mood === "down";
  const state = stateOf(facts, down);
  const folder = "/home/kim/.local/share/rollcall";
  return {
    state,
    sentence: SENTENCES[state],
    now_ms: facts.now,
    practice: facts.practice,
    data: facts.practice ? `${folder}/practice` : folder,
    version: "0.1.0",
    hostname: "relay.fabrikam.example",
    listeners: [{ ...facts.listener }, ...facts.more],
    upstreams: facts.upstreams,
    faults: faultsOf(facts, down),
    waiting: down ? 9 : 0,
    failed: facts.failed,
    disk_free_bytes: 184_300_000_000,
    disk_reserve_bytes: facts.reserve,
    sessions: state === "flowing" ? 2 : 0,
    last_delivered_ms: facts.lastMail,
    users: facts.counts.user,
    notifications: facts.notifications,
    shadow: facts.shadow,
    discovery: facts.discovery,
    revision: facts.revision,
  };
}

function stateOf(facts: Facts, down: boolean): Health["state"] {
  if (facts.domains === 0) return "not_set_up";
  if (facts.listener.bound === null) return "cannot_come_in";
  if (down) return "waiting";
  return facts.lastMail === null ? "quiet" : "flowing";
}

function faultsOf({ listener, mood }: Facts, down: boolean): HealthFault[] {
  const faults: HealthFault[] = [];
  if (mood === "locked")
    faults.push({ code: "keychain_shut", sentence: LOCKED, detail: null, since_ms: data.at(0, 14, 20) });
  if (listener.fault !== null)
    faults.push({
      code: "listener_not_bound",
      sentence: listener.fault,
      detail: "bind 0.0.0.0:25: address in use (os error 98)",
      since_ms: data.at(0, 14, 20),
    });
  if (down)
    faults.push({
      code: "destination_unreachable",
      sentence: "mail.fabrikam.example doesn’t answer. Check its name and port.",
      detail: "connect mail.fabrikam.example:25: connection refused (os error 111)",
      since_ms: data.at(0, 14, 32),
    });
  return faults;
}
