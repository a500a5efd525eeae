import { faultOf } from "../api/contract";
import { machine } from "../format/time";
import { lastOf } from "../live/live.svelte";
import type { Session } from "../session/session.svelte";
import { words } from "../words";

/** Puts the state of the relay on the clipboard as plain text, without any address of a person. */
export async function statusReport(session: Session): Promise<void> {
  const health = lastOf(session.health.now);
  const counts = session.counts.value?.counts;
  if (health === null) return;
  const lines = [
    `Rollcall ${health.version} (${session.house.kind})`,
    `time ${machine(health.now_ms)}`,
    `state ${health.state}: ${health.sentence}`,
    ...health.listeners.map((row) => `listener ${row.name} ${row.address}:${row.port} bound ${row.bound ?? "no"}`),
    ...health.faults.map((fault) => `fault ${fault.code} since ${machine(fault.since_ms)} ${fault.detail ?? ""}`),
    `waiting ${health.waiting} failed ${health.failed} sessions ${health.sessions}`,
    counts === undefined ? "" : `addresses ${JSON.stringify(counts)}`,
  ];
  try {
    await navigator.clipboard.writeText(lines.filter((line) => line !== "").join("\n"));
    session.toast.say(words.frame.statusCopied);
  } catch (thrown) {
    session.toast.refuse(faultOf(thrown));
  }
}
