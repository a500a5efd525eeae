import type { JournalEntry } from "../api/types";
import { dayOf } from "../format/time";
import { plural, type Phrase } from "./plural";

/** So long a deleted address can be brought back (T21). */
const TOMBSTONE_MS = 30 * 86_400_000;

/** `robin.alder`, or `3 addresses`. */
function who(entry: JournalEntry): Phrase {
  const first = entry.addresses[0];
  if (entry.count === 1 && first !== undefined) return [{ strong: first.split("@")[0] ?? first }];
  return [{ strong: plural(entry.count, "address", "addresses") }];
}

type Told = (you: string, who: Phrase, one: boolean, first: string | undefined) => Phrase;

/** What each action did, as a sentence. */
const told: Record<string, Told> = {
  create_user: (you, who, one) => [`${you} made `, ...who, one ? " a user" : " users"],
  create_functional: (you, who, one) => [
    `${you} made `,
    ...who,
    one ? " a functional account" : " functional accounts",
  ],
  mark_invalid: (you, who) => [`${you} marked `, ...who, " not real"],
  remove_invalid: (you, who) => [`${you} took `, ...who, " off the Invalid list"],
  set_name: (you, who) => [`${you} named `, ...who],
  set_main_address: (you, who, one, first) =>
    one || first === undefined
      ? [`${you} chose a main address for `, ...who]
      : [`${you} made `, { strong: first }, " the main address of its account"],
  set_kind: (you, who) => [`${you} said what `, ...who, " is for"],
  set_administrator: (you, who) => [`${you} said whether `, ...who, " is an organization administrator"],
  import_csv: (you, who) => [`${you} imported a list: `, ...who],
  export_backup: (you) => [`${you} saved a backup`],
  sync: (_you, who) => ["Your directory changed ", ...who],
  run_sync: (_you, who) => ["Your directory changed ", ...who],
  set_ldap_source: (you) => [`${you} said where your directory is`],
  set_entra_source: (you) => [`${you} said which Microsoft Entra directory is yours`],
  remove_source: (you) => [`${you} had your directory forgotten`],
  set_sync_secret: (you) => [`${you} gave your directory’s password anew`],
  set_entra_certificate: (you) => [`${you} gave the certificate for Microsoft Entra`],
  trust_certificate: (you) => [`${you} trusted your directory’s certificate`],
  set_sync_schedule: (you) => [`${you} changed how often your directory is asked`],
  set_sync_options: (you) => [`${you} changed what is synced`],
  exempt_from_sync: (you) => [`${you} changed what sync leaves alone`],
  settle_sync_conflict: (you, who) => [`${you} settled who `, ...who, " belongs to"],
  settle_blocked_sign_ins: (you) => [`${you} settled what was asked about blocked sign-ins`],
  keep_everyone: (you, who) => [`${you} kept `, ...who, ", which sync would have put aside"],
  keep_leaving: (you, who) => [`${you} kept `, ...who, ", which left your directory"],
  add_as_suggested: (you, who) => [`${you} added `, ...who, " as suggested"],
  add_alias: (you, who, one) => [`${you} made `, ...who, one ? " an alias" : " aliases"],
  merge_alias: (you, who) => [`${you} merged `, ...who, " into another account"],
  never_add: (you, who) => [`${you} put `, ...who, " on the Don’t add list"],
  delete_address: (you, who) => [`${you} deleted `, ...who],
  give_week: (you, who) => [`${you} gave `, ...who, " a week more"],
  pin_address: (you, who) => [`${you} kept `, ...who, " on the list"],
  unpin_address: (you, who, one) => [`${you} let `, ...who, one ? " end by itself again" : " end by themselves again"],
  created_by_rule: (_you, who, one) => [...who, one ? " became a user by the rule" : " became users by the rule"],
  alias_by_rule: (_you, who, one) => [...who, one ? " became an alias by the rule" : " became aliases by the rule"],
  expired: (_you, who) => [...who, " ended: nobody decided in time"],
  bounced: (_you, who) => [...who, " ended: your server sent its mail back"],
  set_discovery: (you) => [`${you} switched discovery`],
  set_rule: (you) => [`${you} changed a discovery rule`],
  set_weekly: (you) => [`${you} moved the weekly notice`],
  set_holiday: (you) => [`${you} changed until when nothing ends`],
  set_shadow: (you) => [`${you} changed whether Rollcall only watches`],
  shadow_ended: () => ["Watching is over: refusals hold again"],
  set_hold_fresh: (you) => [`${you} changed what is kept of mail for addresses that have just ended`],
  restore_and_deliver: (you, who) => [`${you} restored `, ...who],
  set_upstream_authserv: (you) => [`${you} changed which filter is believed`],
  undo: (you, who, _one, first) => [`${you} took a decision back`, ...(first === undefined ? [] : [": ", ...who])],
  watching: (_you, who) => ["First mail for ", ...who],
  discovered: (_you, who) => [...who, " found: enough clean mail"],
  suspect: (_you, who) => ["Your server denied ", ...who],
  forgotten: (_you, who) => [...who, " forgotten: no more mail came"],
  add_domain: (you, _who, _one, first) => [`${you} set up `, { strong: first ?? "a domain" }],
  remove_domain: (you, _who, _one, first) => [`${you} removed `, { strong: first ?? "a domain" }],
  set_listener: (you) => [`${you} changed where mail is received`],
  set_upstreams: (you) => [`${you} changed the filters before Rollcall`],
  clear_recipient_cache: (you) => [`${you} had your mail server asked again about addresses`],
  unblock_client: (you) => [`${you} let a blocked client in again`],
  remove_listener: (you) => [`${you} closed a place where mail came in`],
  set_sender_hosts: (you) => [`${you} changed which machines may send out`],
  import_certificate: (you) => [`${you} changed the certificate`],
  set_notifications: (you) => [`${you} switched notifications`],
  skip_time: (you) => [`${you} skipped time`],
  set_outbound: (you) => [`${you} changed how mail goes out`],
  send_again: (you) => [`${you} sent a failed message once more`],
  hold_message: (you) => [`${you} held mail in the queue`],
  release_message: (you) => [`${you} released mail from the queue`],
  delete_message: (you) => [`${you} deleted mail from the queue`],
  set_log_retention: (you) => [`${you} changed how long the mail log is kept`],
  set_reply_contact: (you) => [`${you} changed whom a refused sender can ask`],
  set_licence: (you) => [`${you} changed seats or price`],
  set_password: (you) => [`${you} set the organization administrator’s password`],
  change_password: (you) => [`${you} changed the organization administrator’s password`],
  reset_password: () => ["The organization administrator’s password was taken away"],
  password_locked: () => ["Too many wrong passwords"],
  set_reports: (you) => [`${you} changed what the weekly report is about`],
  set_contact: (you) => [`${you} changed who looks after the office`],
  set_letter_sender: (you) => [`${you} changed which address letters come from`],
  set_welcome: (you) => [`${you} changed the welcome of new users`],
  letter_not_sent: () => ["A letter could not be sent"],
  set_disk_reserve: (you) => [`${you} changed how much room stays free on the disk`],
};

/** A person decided it, in whatever role. */
export function byPerson(entry: JournalEntry): boolean {
  return entry.who !== "rollcall" && entry.who !== "directory";
}

/** Before there were roles, and as Technician, it was whoever looks after this window. */
function whoDecided(entry: JournalEntry): string {
  if (entry.who === "organization_administrator") return "The organization administrator";
  if (entry.who === "directory") return "Your directory";
  return byPerson(entry) ? "You" : "Rollcall";
}

export function journal(entry: JournalEntry): Phrase {
  const you = whoDecided(entry);
  const tell = told[entry.action];
  if (tell === undefined) return [`${you}: ${entry.action.replaceAll("_", " ")}`];
  return tell(you, who(entry), entry.count === 1, entry.addresses[0]);
}

/** Why Rollcall did it, as the engine wrote it down. A person's own decision about an address needs no reason. */
export function journalWhy(entry: JournalEntry, now: number): string {
  if (entry.undone) return "Taken back";
  if (entry.action === "delete_address") {
    const until = entry.at_ms + TOMBSTONE_MS;
    return now <= until
      ? `Kept until ${dayOf(until, now)}: Undo brings it back`
      : "Gone for good: deleted more than 30 days ago";
  }
  if (byPerson(entry) && entry.addresses.length > 0) return "";
  return entry.why.slice(0, 1).toUpperCase() + entry.why.slice(1);
}
