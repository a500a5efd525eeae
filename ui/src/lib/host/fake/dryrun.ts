// What the fake engine says of a rule that is tried.
import type { AddressRow, DryRun, DryRunArgs, Forecast, PresetWord, RuleRow } from "../../api/types";
import * as data from "./data";

export interface Office {
  now: number;
  rows: (state: AddressRow["state"]) => AddressRow[];
  forecast: (users: number) => Forecast;
  preset: PresetWord | null;
  before: RuleRow;
  rule: RuleRow;
  /** Everything is recorded since so many days only. */
  young: boolean;
}

/** The rows that wait, under the rule that is tried: enough to draw every line of the preview. */
export function dryRun(args: DryRunArgs, office: Office): DryRun {
  const { now, rule, before } = office;
  const waiting = office.rows("discovered");
  const watched = office.rows("watching");
  const creates = rule.on_reached === "create_user" || rule.evidence === "rcpt_ok";
  const at = (row: AddressRow) => ({ address: row.address, at_ms: row.discovered_ms ?? row.last_seen_ms });
  const ending = (row: AddressRow) => ({ address: row.address, at_ms: row.ends_ms ?? now });
  const list = <One>(first: One[]) => ({ count: first.length, first });
  const eager = creates ? watched.filter((row) => row.clean_count + 1 >= rule.need) : [];
  const seen = creates ? [...waiting, ...watched.filter((row) => row.clean_count >= rule.need)] : [];
  const doubtful = seen.filter((row) => row.suggestion.kind !== "person" || row.strength.verdict === "weak");
  const ends = before.on_expiry === rule.on_expiry && before.notices === rule.notices ? [] : waiting;
  const none = list<{ address: string; at_ms: number }>([]);
  const how = rule.evidence === "rcpt_ok" ? ("rcpt" as const) : ("messages" as const);
  return {
    domain: args.domain,
    preset: office.preset,
    rule,
    from_ms: now - 30 * data.DAY,
    to_ms: now,
    complete_since_ms: office.young ? now - 9 * data.DAY : now - 60 * data.DAY,
    looked_at: waiting.length + watched.length,
    would_create: list(seen.map((row) => ({ ...at(row), how }))),
    bogus: list(
      doubtful.map((row) => ({
        address: row.address,
        why: row.suggestion.kind === "alias" ? "alias" : row.suggestion.kind === "functional" ? "functional" : "bounced",
        of: row.suggestion.of,
      })),
    ),
    would_list: creates ? none : list(waiting.map(at)),
    would_end: none,
    would_add_alias: rule.alias === "auto" ? list(office.rows("alias").slice(0, 1).map(at)) : none,
    added: list(seen.map(at)),
    removed: none,
    cost: office.forecast(seen.length),
    switch: {
      users: list(eager.map(at)),
      listed: creates || rule.need >= before.need ? none : list(watched.map(at)),
      forgotten: rule.window_days < before.window_days ? list(watched.slice(0, 1).map(at)) : none,
      ends: rule.on_expiry === "invalid" ? list(ends.map(ending)) : none,
      users_at_end: rule.on_expiry === "create_user" ? list(ends.map(ending)) : none,
      stay: rule.on_expiry === "keep" ? list(ends.map(ending)) : none,
      cost: office.forecast(eager.length + (rule.on_expiry === "create_user" ? ends.length : 0)),
    },
  };
}
