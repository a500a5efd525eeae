import type { JournalEntry } from "../api/types";
import type { IconName } from "../ui/icons";

const ICONS: Record<string, IconName> = {
  create_user: "person",
  create_functional: "tray",
  mark_invalid: "barred",
  remove_invalid: "undo",
  set_name: "pencil",
  undo: "undo",
  watching: "eye",
  discovered: "find",
  suspect: "care",
  forgotten: "dash",
  add_domain: "server",
  remove_domain: "server",
  set_listener: "arrived",
  set_upstreams: "flow",
  remove_listener: "arrived",
  set_sender_hosts: "flow",
  import_certificate: "globe",
  skip_time: "forward",
  set_notifications: "bell",
  send_again: "forward",
  hold_message: "clock",
  release_message: "forward",
  delete_message: "trash",
  set_log_retention: "clock",
  set_reply_contact: "note",
  set_disk_reserve: "server",
  set_licence: "tag",
  set_password: "lock",
  change_password: "lock",
  reset_password: "unlock",
  password_locked: "lock",
  set_outbound: "forward",
  set_outbound_secret: "forward",
};

export function journalIcon(entry: JournalEntry): IconName {
  return ICONS[entry.action] ?? "note";
}
