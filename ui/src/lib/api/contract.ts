import type {
  Access,
  Addresses,
  AddressDetail,
  BackupExported,
  BlockedClients,
  RecipientCache,
  RecipientCacheCleared,
  Changed,
  Command,
  CsvImported,
  CsvPreview,
  DestinationTest,
  DirectoryLook,
  DirectoryTree,
  Discovery,
  Domains,
  DryRun,
  Fault,
  Flushed,
  Forecast,
  Health,
  Inbox,
  InboxActed,
  Journal,
  ListenerSet,
  LogRetention,
  MailCounts,
  MailLog,
  Outbound,
  MailLogExport,
  MailMessage,
  MailReport,
  NoticeShown,
  Observed,
  NotificationSettings,
  Overview,
  PeopleExport,
  PeopleReport,
  Query,
  Receiving,
  Reporting,
  Reports,
  Queue,
  QueueChanged,
  Restored,
  Seats,
  Sync,
  SyncPreview,
  SyncRun,
  SyncRunDetail,
  SyncRuns,
  Tag,
  TimeSkipped,
  WeeklyReport,
} from "./types";

/** What each query answers. */
export interface Answers {
  health: Health;
  domains: Domains;
  addresses: Addresses;
  address: AddressDetail;
  mail_log: MailLog;
  mail_message: MailMessage;
  mail_counts: MailCounts;
  mail_report: MailReport;
  export_mail_log: MailLogExport;
  log_retention: LogRetention;
  journal: Journal;
  overview: Overview;
  receiving: Receiving;
  outbound: Outbound;
  queue: Queue;
  blocked_clients: BlockedClients;
  recipient_cache: RecipientCache;
  access: Access;
  seats: Seats;
  forecast: Forecast;
  discovery: Discovery;
  dry_run: DryRun;
  observed: Observed;
  reports: Reports;
  report: WeeklyReport;
  reporting: Reporting;
  inbox: Inbox;
  notification_settings: NotificationSettings;
  export_people: PeopleExport;
  people_report: PeopleReport;
  sync: Sync;
  sync_runs: SyncRuns;
  sync_run: SyncRunDetail;
}

/** What each command answers. */
export interface Results {
  add_domain: Domains;
  remove_domain: Domains;
  set_domain: Domains;
  set_alias_domains: Domains;
  set_route: Domains;
  set_listener: ListenerSet;
  remove_listener: Receiving;
  set_upstreams: Health;
  set_sender_hosts: Receiving;
  import_certificate: Receiving;
  unblock_client: BlockedClients;
  set_log_retention: LogRetention;
  clear_recipient_cache: RecipientCacheCleared;
  set_notifications: Health;
  test_destination: DestinationTest;
  test_domain: DestinationTest;
  create_user: Changed;
  create_functional: Changed;
  mark_invalid: Changed;
  remove_invalid: Changed;
  add_as_suggested: Changed;
  add_alias: Changed;
  never_add: Changed;
  delete_address: Changed;
  give_week: Changed;
  pin_address: Changed;
  set_discovery: Discovery;
  set_rule: Discovery;
  set_weekly: Discovery;
  set_holiday: Discovery;
  set_upstream_authserv: Discovery;
  notice_shown: NoticeShown;
  inbox_read: Inbox;
  inbox_act: InboxActed;
  notification_shown: NoticeShown;
  set_notification_settings: NotificationSettings;
  set_name: Changed;
  set_main_address: Changed;
  undo: Changed;
  skip_time: TimeSkipped;
  flush_queue: Flushed;
  hold_message: QueueChanged;
  release_message: QueueChanged;
  delete_message: QueueChanged;
  set_disk_reserve: Health;
  set_reply_contact: Receiving;
  set_outbound: Outbound;
  set_outbound_secret: Outbound;
  test_outbound: DestinationTest;
  sign_in: Access;
  sign_out: Access;
  set_password: Access;
  reset_password: Access;
  set_licence: Seats;
  set_shadow: Health;
  set_hold_fresh: Discovery;
  restore_and_deliver: Restored;
  set_reports: Reporting;
  set_contact: Reporting;
  set_letter_sender: Reporting;
  set_welcome: Reporting;
  set_kind: Changed;
  set_administrator: Changed;
  preview_csv: CsvPreview;
  import_csv: CsvImported;
  export_backup: BackupExported;
  set_ldap_source: Sync;
  set_entra_source: Sync;
  remove_source: Sync;
  set_sync_secret: Sync;
  set_entra_certificate: Sync;
  trust_certificate: Sync;
  set_sync_schedule: Sync;
  set_sync_options: Sync;
  look_directory: DirectoryLook;
  directory_tree: DirectoryTree;
  preview_sync: SyncPreview;
  run_sync: SyncRun;
  cancel_sync: Sync;
  exempt_from_sync: Sync;
  settle_sync_conflict: Sync;
  settle_blocked_sign_ins: Changed;
  keep_leaving: Changed;
  keep_everyone: Changed;
}

export type QueryName = Query["name"] & keyof Answers;
export type CommandName = Command["name"] & keyof Results;
export type QueryArgs<N extends QueryName> = Extract<Query, { name: N }>["args"];
export type CommandArgs<N extends CommandName> = Extract<Command, { name: N }>["args"];

/** What an answer depends on: the same table as `Query::reads` in the engine's registry. */
export const READS: Record<QueryName, readonly Tag[]> = {
  health: ["health", "setup", "clock", "mail", "addresses"],
  domains: ["setup", "health"],
  addresses: ["addresses"],
  address: ["addresses", "journal"],
  mail_log: ["mail"],
  mail_message: ["mail", "health"],
  mail_counts: ["mail"],
  mail_report: ["mail"],
  export_mail_log: ["mail"],
  log_retention: ["mail", "setup"],
  journal: ["journal"],
  receiving: ["setup", "health"],
  blocked_clients: ["health", "clock"],
  recipient_cache: ["mail", "addresses", "setup", "journal", "clock"],
  overview: ["mail", "addresses", "journal", "clock"],
  outbound: ["setup", "health"],
  access: ["access", "clock"],
  seats: ["addresses", "setup"],
  forecast: ["addresses", "setup"],
  discovery: ["setup", "addresses", "clock"],
  inbox: ["notifications", "addresses", "clock"],
  notification_settings: ["notifications", "setup", "clock"],
  dry_run: ["setup"],
  queue: ["mail", "setup", "clock"],
  observed: ["addresses", "mail"],
  reports: ["journal", "addresses"],
  report: ["journal", "addresses"],
  reporting: ["setup"],
  export_people: ["addresses", "setup"],
  people_report: ["addresses", "setup"],
  sync: ["sync", "setup", "addresses", "clock"],
  sync_runs: ["sync"],
  sync_run: ["sync"],
};

/** Makes a `Fault` of whatever was thrown, so that views know one shape only. */
export function faultOf(thrown: unknown): Fault {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    const fault = thrown as Fault;
    return { code: fault.code, message: String(fault.message), detail: fault.detail ?? [] };
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message: text, detail: [] };
}
