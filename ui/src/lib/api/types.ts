// Made from rollcall-api (its example `types`); edit the Rust types instead.

export type Code = "invalid" | "not_found" | "conflict" | "forbidden" | "unavailable" | "internal";
export type Fault = { 
/**
 * Stable; part of the contract.
 */
code: Code, 
/**
 * One sentence an operator can act on.
 */
message: string, 
/**
 * The chain of causes.
 */
detail: Array<string>, };
export type Tag = "addresses" | "mail" | "journal" | "health" | "setup" | "clock" | "access" | "notifications" | "sync";
export type AccessNews = "password_set" | "password_changed" | "password_reset" | "locked";
export type Notice = { "kind": "discovered", 
/**
 * As first seen.
 */
addresses: Array<string>, 
/**
 * How many are waiting for a decision now, these included.
 */
waiting: number, } | { "kind": "destination", 
/**
 * `host:port`.
 */
destination: string, 
/**
 * Whether it answers now.
 */
answers: boolean, } | { "kind": "blocked", 
/**
 * Their addresses.
 */
clients: Array<string>, } | { "kind": "undelivered", 
/**
 * The messages, at most 100 of them.
 */
queue_ids: Array<string>, } | { "kind": "weekly", 
/**
 * How many.
 */
waiting: number, } | { "kind": "report", 
/**
 * Its number, for `report`.
 */
id: number, 
/**
 * Users that it lists.
 */
users: number, 
/**
 * Aliases that it lists.
 */
aliases: number, 
/**
 * Discovered addresses that waited for a decision then.
 */
waiting: number, } | { "kind": "about_address", 
/**
 * As shown.
 */
address: string, 
/**
 * `ended`, `user_created`, `alias_made`, `sent_but_refused`, `server_says_no`, `propose_invalid`, `no_seat`,
 * `held_mail_ends`.
 */
what: string, 
/**
 * The account, for `alias_made`.
 */
owner: string | null, } | { "kind": "strangers", 
/**
 * The domain.
 */
domain: string, 
/**
 * Whether it takes them now.
 */
accepted: boolean, } | { "kind": "seats", 
/**
 * Users.
 */
used: number, 
/**
 * How many there may be; none is left when this is no more than `used`.
 */
total: number, } | { "kind": "access", 
/**
 * What.
 */
happened: AccessNews, } | { "kind": "shadow_ended", 
/**
 * Recipients that would have been refused meanwhile.
 */
would_refuse: number, };
export type Event = { 
/**
 * Increases with every change.
 */
revision: number, 
/**
 * Which answers are stale.
 */
stale: Array<Tag>, 
/**
 * Something worth telling a person.
 */
notice?: Notice | null, };
export type Query = { "name": "health", "args": Nothing } | { "name": "domains", "args": Nothing } | { "name": "discovery", "args": Nothing } | { "name": "dry_run", "args": DryRunArgs } | { "name": "addresses", "args": AddressesArgs } | { "name": "address", "args": AddressArgs } | { "name": "mail_log", "args": MailLogArgs } | { "name": "mail_message", "args": MailMessageArgs } | { "name": "mail_counts", "args": PeriodArgs } | { "name": "mail_report", "args": PeriodArgs } | { "name": "export_mail_log", "args": ExportMailLogArgs } | { "name": "log_retention", "args": Nothing } | { "name": "journal", "args": JournalArgs } | { "name": "overview", "args": Nothing } | { "name": "receiving", "args": Nothing } | { "name": "queue", "args": QueueArgs } | { "name": "blocked_clients", "args": Nothing } | { "name": "export_people", "args": ExportPeopleArgs } | { "name": "people_report", "args": PeopleReportArgs } | { "name": "outbound", "args": Nothing } | { "name": "recipient_cache", "args": AddressArgs } | { "name": "access", "args": Nothing } | { "name": "seats", "args": Nothing } | { "name": "inbox", "args": InboxArgs } | { "name": "notification_settings", "args": Nothing } | { "name": "forecast", "args": ForecastArgs } | { "name": "observed", "args": ObservedArgs } | { "name": "reports", "args": ReportsArgs } | { "name": "report", "args": ReportArgs } | { "name": "reporting", "args": Nothing } | { "name": "sync", "args": Nothing } | { "name": "sync_runs", "args": SyncRunsArgs } | { "name": "sync_run", "args": SyncRunArgs };
export type Command = { "name": "add_domain", "args": AddDomainArgs } | { "name": "remove_domain", "args": RemoveDomainArgs } | { "name": "set_domain", "args": SetDomainArgs } | { "name": "set_alias_domains", "args": SetAliasDomainsArgs } | { "name": "set_route", "args": SetRouteArgs } | { "name": "set_listener", "args": SetListenerArgs } | { "name": "remove_listener", "args": RemoveListenerArgs } | { "name": "set_sender_hosts", "args": SetSenderHostsArgs } | { "name": "import_certificate", "args": ImportCertificateArgs } | { "name": "set_upstreams", "args": SetUpstreamsArgs } | { "name": "clear_recipient_cache", "args": ClearRecipientCacheArgs } | { "name": "unblock_client", "args": UnblockClientArgs } | { "name": "set_log_retention", "args": SetLogRetentionArgs } | { "name": "set_notifications", "args": SetNotificationsArgs } | { "name": "test_destination", "args": TestDestinationArgs } | { "name": "test_domain", "args": TestDomainArgs } | { "name": "create_user", "args": CreateUserArgs } | { "name": "create_functional", "args": AddressListArgs } | { "name": "mark_invalid", "args": AddressListArgs } | { "name": "remove_invalid", "args": AddressListArgs } | { "name": "add_as_suggested", "args": AddressListArgs } | { "name": "add_alias", "args": AddAliasArgs } | { "name": "never_add", "args": AddressListArgs } | { "name": "delete_address", "args": AddressListArgs } | { "name": "give_week", "args": AddressListArgs } | { "name": "pin_address", "args": PinAddressArgs } | { "name": "set_discovery", "args": SetDiscoveryArgs } | { "name": "set_rule", "args": SetRuleArgs } | { "name": "set_weekly", "args": SetWeeklyArgs } | { "name": "set_holiday", "args": SetHolidayArgs } | { "name": "set_upstream_authserv", "args": SetUpstreamAuthservArgs } | { "name": "notice_shown", "args": Nothing } | { "name": "inbox_read", "args": InboxReadArgs } | { "name": "inbox_act", "args": InboxActArgs } | { "name": "notification_shown", "args": NotificationShownArgs } | { "name": "set_notification_settings", "args": SetNotificationSettingsArgs } | { "name": "set_name", "args": SetNameArgs } | { "name": "set_main_address", "args": SetMainAddressArgs } | { "name": "preview_csv", "args": PreviewCsvArgs } | { "name": "import_csv", "args": ImportCsvArgs } | { "name": "export_backup", "args": ExportBackupArgs } | { "name": "undo", "args": UndoArgs } | { "name": "skip_time", "args": SkipTimeArgs } | { "name": "flush_queue", "args": FlushQueueArgs } | { "name": "hold_message", "args": QueueIdsArgs } | { "name": "release_message", "args": QueueIdsArgs } | { "name": "delete_message", "args": QueueIdsArgs } | { "name": "set_disk_reserve", "args": SetDiskReserveArgs } | { "name": "set_reply_contact", "args": SetReplyContactArgs } | { "name": "set_outbound", "args": SetOutboundArgs } | { "name": "set_outbound_secret", "args": SetOutboundSecretArgs } | { "name": "test_outbound", "args": TestOutboundArgs } | { "name": "sign_in", "args": SignInArgs } | { "name": "sign_out", "args": Nothing } | { "name": "set_password", "args": SetPasswordArgs } | { "name": "reset_password", "args": ResetPasswordArgs } | { "name": "set_licence", "args": SetLicenceArgs } | { "name": "set_shadow", "args": SetShadowArgs } | { "name": "set_hold_fresh", "args": SetHoldFreshArgs } | { "name": "restore_and_deliver", "args": RestoreAndDeliverArgs } | { "name": "set_reports", "args": SetReportsArgs } | { "name": "set_contact", "args": SetContactArgs } | { "name": "set_letter_sender", "args": SetLetterSenderArgs } | { "name": "set_welcome", "args": SetWelcomeArgs } | { "name": "set_kind", "args": SetKindArgs } | { "name": "set_administrator", "args": SetAdministratorArgs } | { "name": "set_ldap_source", "args": SetLdapSourceArgs } | { "name": "set_entra_source", "args": SetEntraSourceArgs } | { "name": "remove_source", "args": Nothing } | { "name": "set_sync_secret", "args": SetSyncSecretArgs } | { "name": "set_entra_certificate", "args": SetEntraCertificateArgs } | { "name": "trust_certificate", "args": TrustCertificateArgs } | { "name": "set_sync_schedule", "args": SetSyncScheduleArgs } | { "name": "set_sync_options", "args": SetSyncOptionsArgs } | { "name": "look_directory", "args": LookDirectoryArgs } | { "name": "directory_tree", "args": DirectoryTreeArgs } | { "name": "preview_sync", "args": Nothing } | { "name": "run_sync", "args": RunSyncArgs } | { "name": "cancel_sync", "args": Nothing } | { "name": "exempt_from_sync", "args": ExemptFromSyncArgs } | { "name": "settle_sync_conflict", "args": SettleSyncConflictArgs } | { "name": "settle_blocked_sign_ins", "args": SettleBlockedSignInsArgs } | { "name": "keep_leaving", "args": AddressListArgs } | { "name": "keep_everyone", "args": Nothing };
export type Nothing = Record<symbol, never>;
export type AddressesArgs = { 
/**
 * Only this state.
 */
state?: StateWord, 
/**
 * Or only these; `state` goes before.
 */
states?: Array<StateWord>, 
/**
 * Only Discovered addresses of which this is foretold.
 */
only?: AddressOnly, 
/**
 * Part of the address or name, any case.
 */
search?: string, 
/**
 * At most this many rows; 100 unless given, at most 1,000.
 */
limit?: number, 
/**
 * Rows to skip.
 */
offset?: number, 
/**
 * How to sort.
 */
sort?: AddressSort, };
export type AddressSort = "address" | "last_seen" | "discovered" | "clean_count" | "ends";
export type AddressOnly = "ending_soon" | "likely_alias" | "weak";
export type AddressArgs = { 
/**
 * `ann@acme.example`.
 */
address: string, };
export type MailLogOf = "delivered" | "refused" | "deferred" | "waiting" | "failed" | "problem" | "would_refuse";
export type MailLogArgs = { 
/**
 * At most this many rows; 100 unless given, at most 1,000.
 */
limit?: number, 
/**
 * Only rows older than this id.
 */
before?: number, 
/**
 * A whole address, message ID or queue id, or part of sender, recipient, subject or client, any case.
 */
search?: string, 
/**
 * Only this outcome.
 */
outcome?: MailLogOf, 
/**
 * Only this reason code.
 */
reason?: string, 
/**
 * Only this direction.
 */
direction?: Direction, 
/**
 * Only from then on.
 */
from_ms?: number, 
/**
 * Only before then.
 */
until_ms?: number, };
export type MailMessageArgs = { 
/**
 * A row of the mail log.
 */
id: number, };
export type PeriodArgs = { 
/**
 * From then on; from the beginning unless given.
 */
from_ms?: number, 
/**
 * Before then; up to now unless given.
 */
until_ms?: number, };
export type ExportFormat = "csv" | "json";
export type ExportMailLogArgs = { 
/**
 * What it is written in.
 */
format: ExportFormat, 
/**
 * Where the page before said to go on.
 */
before?: number, 
/**
 * As in `mail_log`.
 */
search?: string, 
/**
 * As in `mail_log`.
 */
outcome?: MailLogOf, 
/**
 * As in `mail_log`.
 */
reason?: string, 
/**
 * As in `mail_log`.
 */
direction?: Direction, 
/**
 * As in `mail_log`.
 */
from_ms?: number, 
/**
 * As in `mail_log`.
 */
until_ms?: number, };
export type SetLogRetentionArgs = { 
/**
 * Days that the mail log is kept, 1 to 3,650.
 */
days: number, 
/**
 * Megabytes that it may take, 10 to 100,000.
 */
megabytes: number, };
export type JournalArgs = { 
/**
 * At most this many rows; 100 unless given, at most 1,000.
 */
limit?: number, };
export type AddDomainArgs = { 
/**
 * `acme.example`.
 */
name: string, 
/**
 * The office's own mail server.
 */
destination: Destination, };
export type RemoveDomainArgs = { 
/**
 * `acme.example`.
 */
name: string, };
export type TagDelimiter = "+" | "-" | "none";
export type UnknownWord = "learn" | "ask" | "reject";
export type InactiveWord = "reject" | "deliver";
export type Itself = "destination";
export type Verification = Destination | Itself;
export type SetDomainArgs = { 
/**
 * `acme.example`.
 */
name: string, 
/**
 * What separates a name from its tag.
 */
tag_delimiter?: TagDelimiter, 
/**
 * Whether `ann@eu.acme.example` is `ann@acme.example`.
 */
strip_subdomains?: boolean, 
/**
 * Whether mail is sent on to the address it is filed under instead of the one written.
 */
deliver_to_primary?: boolean, 
/**
 * What becomes of a recipient that is on no list.
 */
unknown?: UnknownWord, 
/**
 * Whether a new address waits up to four hours, so that you can decide.
 */
defer_strangers?: boolean, 
/**
 * What becomes of mail for inactive accounts.
 */
inactive?: InactiveWord, 
/**
 * Where recipients are asked about.
 */
verification?: Verification, };
export type SetAliasDomainsArgs = { 
/**
 * `acme.example`.
 */
name: string, 
/**
 * All of its other names; an empty list clears.
 */
aliases: Array<string>, };
export type SetRouteArgs = { 
/**
 * `ann@acme.example`.
 */
address: string, 
/**
 * Where its mail goes; absent for where its domain's goes.
 */
destination?: Destination, };
export type ListenerRole = "inbound" | "submission";
export type ListenerTls = "none" | "starttls" | "implicit";
export type SetListenerArgs = { 
/**
 * `inbound`, or a name of your own for another one.
 */
name: string, 
/**
 * An IP address of this computer, or `0.0.0.0` or `::` for all.
 */
address: string, 
/**
 * 1 to 65535; 0 takes a free one.
 */
port: number, 
/**
 * What it is for; as before, or `inbound`, when absent.
 */
role?: ListenerRole, 
/**
 * When its connections are encrypted; as before, or `starttls`, when absent.
 */
tls?: ListenerTls, };
export type RemoveListenerArgs = { 
/**
 * Which.
 */
name: string, };
export type Speaks = "smtp" | "proxy" | "xclient";
export type Upstream = { 
/**
 * `192.0.2.10` or `192.0.2.0/24`.
 */
address: string, 
/**
 * What it says of the client behind it.
 */
speaks: Speaks, };
export type UpstreamArg = string | Upstream;
export type SetUpstreamsArgs = { 
/**
 * All of them, each an IP address, a network, or either with what it speaks; an empty list clears.
 */
addresses: Array<UpstreamArg>, };
export type SenderHost = { 
/**
 * `10.0.4.7` or `10.0.4.0/24`.
 */
network: string, 
/**
 * What it is, in your words.
 */
note: string, };
export type SetSenderHostsArgs = { 
/**
 * All of them; an empty list clears.
 */
hosts: Array<SenderHost>, };
export type ImportCertificateArgs = { 
/**
 * Certificate chain and key as PEM text.
 */
pem?: string, 
/**
 * A PFX (PKCS #12) file as base64.
 */
pfx_base64?: string, 
/**
 * The passphrase of the PFX file.
 */
passphrase?: string, };
export type UnblockClientArgs = { 
/**
 * `192.0.2.7`; for IPv6 any address of its /64.
 */
address: string, };
export type ClearRecipientCacheArgs = { 
/**
 * Only what was said of `ann@acme.example`, however it was written.
 */
address?: string, 
/**
 * Only what was said of the recipients of `acme.example`.
 */
domain?: string, };
export type SetNotificationsArgs = { 
/**
 * Whether desktop notifications are wanted.
 */
wanted: boolean, };
export type TestDestinationArgs = { 
/**
 * Name or IP address.
 */
host: string, 
/**
 * TCP port.
 */
port: number, 
/**
 * When to encrypt.
 */
tls: TlsWord, 
/**
 * The domain whose recipients to ask about.
 */
domain: string, };
export type TestDomainArgs = { 
/**
 * One of your domains.
 */
name: string, };
export type NewUser = { 
/**
 * `ann@acme.example`.
 */
address: string, 
/**
 * First name; guessed from the address when absent.
 */
first_name?: string, 
/**
 * Surname; guessed from the address when absent.
 */
surname?: string, };
export type CreateUserArgs = { 
/**
 * Who.
 */
users: Array<NewUser>, 
/**
 * `silent` unless given (D05).
 */
role?: RoleWord, };
export type AddressListArgs = { 
/**
 * Which.
 */
addresses: Array<string>, };
export type AddAliasArgs = { 
/**
 * The other names.
 */
addresses: Array<string>, 
/**
 * The user or functional account that they belong to.
 */
owner: string, 
/**
 * An address that is an account itself is merged into the owner (P12).
 */
merge: boolean, };
export type PinAddressArgs = { 
/**
 * Discovered addresses.
 */
addresses: Array<string>, 
/**
 * Whether they stay on the list whatever happens.
 */
pinned: boolean, };
export type SetDiscoveryArgs = { 
/**
 * Whether addresses are learned at all (D01).
 */
on: boolean, };
export type SetRuleArgs = { 
/**
 * One of your domains.
 */
domain: string, 
/**
 * As this service would.
 */
preset?: PresetWord, 
/**
 * Or exactly so.
 */
rule?: RuleRow, };
export type DryRunArgs = { 
/**
 * One of your domains.
 */
domain: string, 
/**
 * As this service would.
 */
preset?: PresetWord, 
/**
 * Or exactly so.
 */
rule?: RuleRow, };
export type DayWord = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";
export type SetWeeklyArgs = { 
/**
 * The day.
 */
weekday: DayWord, 
/**
 * The full hour on this computer's wall, 0 to 23.
 */
hour: number, };
export type SetHolidayArgs = { 
/**
 * Nothing ends before this moment; `null` lets addresses end again.
 */
until_ms: number | null, };
export type SetUpstreamAuthservArgs = { 
/**
 * The name that the filter in front of us writes into `Authentication-Results` (RFC 8601); empty believes none.
 */
name: string, };
export type SetShadowArgs = { 
/**
 * For so many days from now, 1 to 30, nothing is refused on Rollcall's own account (X16); `null` ends that.
 */
days: number | null, };
export type HoldFreshWord = "off" | "envelope" | "full";
export type SetHoldFreshArgs = { 
/**
 * What is kept.
 */
keep: HoldFreshWord, };
export type RestoreWord = "discovered" | "user" | "functional";
export type RestoreAndDeliverArgs = { 
/**
 * An address on the Invalid list.
 */
address: string, 
/**
 * What it is from now on.
 */
as: RestoreWord, };
export type ObservedArgs = { 
/**
 * At most this many rows; 100 unless given, at most 1,000.
 */
limit?: number, };
export type ReportsArgs = { 
/**
 * At most this many rows; 100 unless given, at most 1,000.
 */
limit?: number, 
/**
 * Where to go on: `next` of the page before.
 */
cursor?: number, };
export type ReportArgs = { 
/**
 * Its number.
 */
id: number, };
export type SetReportsArgs = { 
/**
 * "Report on New Users" (D11).
 */
new_users: boolean, 
/**
 * "Report on New Aliases" (D12).
 */
new_aliases: boolean, 
/**
 * "Include Admin Contact in the Report" (D13).
 */
include_admin_contact: boolean, };
export type SetContactArgs = { 
/**
 * Whose contact.
 */
role: AccessRole, 
/**
 * Name; may be empty.
 */
name: string, 
/**
 * E-mail address; may be empty.
 */
email: string, 
/**
 * Whether what the week brought goes there by e-mail too (C22).
 */
copy: boolean, };
export type SetLetterSenderArgs = { 
/**
 * An address of one of your domains; empty for the postmaster of the first.
 */
address: string, };
export type SetWelcomeArgs = { 
/**
 * The subject, with `{name}`, `{address}` and `{contact}`; empty for the shipped one.
 */
subject: string, 
/**
 * The text, with the same; empty for the shipped one.
 */
text: string, };
export type SetNameArgs = { 
/**
 * Whose.
 */
address: string, 
/**
 * First name; empty clears.
 */
first_name: string, 
/**
 * Surname; empty clears.
 */
surname: string, };
export type SetMainAddressArgs = { 
/**
 * The other name that becomes the main address of its account.
 */
address: string, };
export type SetKindArgs = { 
/**
 * Functional accounts.
 */
addresses: Array<string>, 
/**
 * What they are for; `null` for no particular kind.
 */
kind: AccountKindWord | null, };
export type SetAdministratorArgs = { 
/**
 * Users.
 */
addresses: Array<string>, 
/**
 * Whether they are organization administrators.
 */
on: boolean, };
export type UndoArgs = { 
/**
 * The journal entry.
 */
entry: number, };
export type SkipTimeArgs = { 
/**
 * 1 to 8,760.
 */
hours: number, };
export type QueueArgs = { 
/**
 * At most this many messages; 100 unless given, at most 1,000.
 */
limit?: number, 
/**
 * Part of queue id, sender, subject or recipient, any case.
 */
search?: string, };
export type FlushQueueArgs = { 
/**
 * This message, also if it was given up.
 */
queue_id?: string, 
/**
 * What waits for this mail server, as the queue names it, or for this domain.
 */
destination?: string, };
export type QueueIdsArgs = { 
/**
 * Which; 1 to 1,000.
 */
queue_ids: Array<string>, };
export type SetDiskReserveArgs = { 
/**
 * Mebibytes that stay free on the disk; 0 switches the check off.
 */
mib: number, };
export type SetReplyContactArgs = { 
/**
 * An e-mail address, a telephone number or a web address, at most 80 characters; empty names nobody.
 */
contact: string, };
export type OutboundMode = "off" | "mx" | "smarthost";
export type SetOutboundArgs = { 
/**
 * How.
 */
mode: OutboundMode, 
/**
 * The smarthost: name or IP address.
 */
host?: string, 
/**
 * Its port; 25 unless given.
 */
port?: number, 
/**
 * When to encrypt; `required` unless given.
 */
tls?: TlsWord, 
/**
 * The name to sign in with, if the server wants one; the password comes with `set_outbound_secret`.
 */
username?: string, };
export type SetOutboundSecretArgs = { 
/**
 * The password. It is answered by nothing.
 */
secret: string, };
export type TestOutboundArgs = { 
/**
 * `smarthost` or `mx`.
 */
mode: OutboundMode, 
/**
 * The smarthost: name or IP address.
 */
host?: string, 
/**
 * Its port; 25 unless given.
 */
port?: number, 
/**
 * When to encrypt; `required` unless given.
 */
tls?: TlsWord, 
/**
 * The name to sign in with, if the server wants one.
 */
username?: string, 
/**
 * The password; the one that is kept for this name at this host unless given. It is answered by nothing.
 */
secret?: string, 
/**
 * With `mx`: the domain whose mail servers to try.
 */
domain?: string, };
export type SignInArgs = { 
/**
 * The Organization Administrator's. It is answered by nothing.
 */
password: string, };
export type SetPasswordArgs = { 
/**
 * The new one, at least 8 characters. It is answered by nothing.
 */
password: string, 
/**
 * The one before, where there is one.
 */
old_password?: string, };
export type ResetPasswordArgs = { 
/**
 * What is in the file `access.reset`, which `rollcallctl access reset-password` writes into the data folder.
 */
proof: string, };
export type SetLicenceArgs = { 
/**
 * How many users there may be, 1 to 1,000,000.
 */
seats_total?: number, 
/**
 * What a user costs a month, in the currency's smallest unit.
 */
price_per_user_minor?: number, 
/**
 * ISO 4217: `EUR`.
 */
currency?: string, };
export type ForecastArgs = { 
/**
 * These would be made users.
 */
addresses?: Array<string>, 
/**
 * Each would become what Rollcall suggests instead: a functional name uses no seat.
 */
suggested?: boolean, 
/**
 * So many new users.
 */
count?: number, };
export type PresetWord = "modus_cloud" | "proofpoint" | "mailprotector" | "smart_create" | "smtp_autocreate" | "careful_office";
export type BasisWord = "rcpt_ok" | "clean_delivered";
export type OnReachedWord = "list" | "create_user";
export type OnExpiryWord = "invalid" | "create_user" | "keep";
export type OnOutboundWord = "list" | "create_user" | "off";
export type AliasRuleWord = "auto" | "suggest" | "off";
export type RuleRow = { 
/**
 * What counts as evidence.
 */
evidence: BasisWord, 
/**
 * Clean messages needed, 1 to 50.
 */
need: number, 
/**
 * The counting window in days of 24 hours, 1 to 365.
 */
window_days: number, 
/**
 * How many minutes a message waits for a bounce before it counts, 0 to 1,440.
 */
settle_minutes: number, 
/**
 * The most messages of one sender domain that count; `null` counts all.
 */
per_sender_domain: number | null, 
/**
 * What happens once enough was seen.
 */
on_reached: OnReachedWord, 
/**
 * Weekly notices before an address ends, 1 to 12.
 */
notices: number, 
/**
 * What happens then.
 */
on_expiry: OnExpiryWord, 
/**
 * What one clean message from inside makes of its sender.
 */
outbound: OnOutboundWord, 
/**
 * What becomes of other names of accounts.
 */
alias: AliasRuleWord, 
/**
 * What becomes of unknown recipients while discovery is off: `ask` or `reject`.
 */
unknown_when_off: UnknownWord, 
/**
 * The role of new users.
 */
role: RoleWord, 
/**
 * A user that the rule makes is to be welcomed by mail; not sent yet.
 */
welcome: boolean, };
export type PresetRow = { 
/**
 * Its word.
 */
preset: PresetWord, 
/**
 * Its rule.
 */
rule: RuleRow, 
/**
 * It makes users by itself, so only an Organization Administrator may choose it.
 */
creates_users: boolean, };
export type DomainRule = { 
/**
 * The domain.
 */
domain: string, 
/**
 * The preset whose rule it is; `null` for one of your own.
 */
preset: PresetWord | null, 
/**
 * The rule.
 */
rule: RuleRow, 
/**
 * It makes users by itself.
 */
creates_users: boolean, 
/**
 * The rule is held back, because the mail server says yes to every address (T20).
 */
held_back: boolean, 
/**
 * Its clocks stand since then (T15).
 */
frozen_since_ms: number | null, };
export type WeeklyNotice = { 
/**
 * When it became due.
 */
at_ms: number, 
/**
 * The addresses that wait for a decision.
 */
addresses: Array<string>, };
export type Discovery = { 
/**
 * The feature switch (D01).
 */
on: boolean, 
/**
 * Every preset.
 */
presets: Array<PresetRow>, 
/**
 * The rule of each domain, by name.
 */
domains: Array<DomainRule>, 
/**
 * The day of the weekly notice.
 */
weekday: DayWord, 
/**
 * Its hour on this computer's wall.
 */
hour: number, 
/**
 * When the next one is due.
 */
next_tick_ms: number, 
/**
 * Nothing ends before this moment.
 */
holiday_until_ms: number | null, 
/**
 * The weekly notice that nobody has seen yet.
 */
notice: WeeklyNotice | null, 
/**
 * The name of the filter in front of us that is believed; empty for none.
 */
upstream_authserv: string, 
/**
 * Since when this office is set up: after 30 days discovery has done its part (D26).
 */
learning_since_ms: number | null, 
/**
 * What is kept of mail for addresses that ended by themselves (X06).
 */
hold_fresh: HoldFreshWord, };
export type NoticeShown = { 
/**
 * For how many addresses it counts.
 */
counted: number, };
export type DryRunHow = "rcpt" | "messages" | "sent" | "expiry";
export type DryRunAddress = { 
/**
 * As first seen.
 */
address: string, 
/**
 * When.
 */
at_ms: number, };
export type DryRunUser = { 
/**
 * As first seen.
 */
address: string, 
/**
 * When.
 */
at_ms: number, 
/**
 * How.
 */
how: DryRunHow, };
export type DryRunBogus = { 
/**
 * As first seen.
 */
address: string, 
/**
 * Why: `refused`, `bounced`, `not_real`, `suspect`, `alias`, `functional` or `looks_guessed`.
 */
why: string, 
/**
 * The account that it is another name of.
 */
of: string | null, };
export type DryRunAddresses = { 
/**
 * How many.
 */
count: number, 
/**
 * The first of them by address, at most 1,000.
 */
first: Array<DryRunAddress>, };
export type DryRunUsers = { 
/**
 * How many.
 */
count: number, 
/**
 * The first of them by address, at most 1,000.
 */
first: Array<DryRunUser>, };
export type DryRunBogusUsers = { 
/**
 * How many.
 */
count: number, 
/**
 * The first of them by address, at most 1,000.
 */
first: Array<DryRunBogus>, };
export type DryRunSwitch = { 
/**
 * Watched addresses that become users with their next clean message.
 */
users: DryRunAddresses, 
/**
 * Watched addresses that wait for you with their next clean message.
 */
listed: DryRunAddresses, 
/**
 * Watched addresses that are forgotten.
 */
forgotten: DryRunAddresses, 
/**
 * Addresses that wait for you and whose mail stops, with when, where that is another time than now.
 */
ends: DryRunAddresses, 
/**
 * Addresses that wait for you and become users by themselves, with when.
 */
users_at_end: DryRunAddresses, 
/**
 * Addresses that wait for you and would have ended, with when; they stay.
 */
stay: DryRunAddresses, 
/**
 * What the users among them mean for seats and bill.
 */
cost: Forecast, };
export type DryRun = { 
/**
 * The domain.
 */
domain: string, 
/**
 * The preset whose rule was tried; `null` for one of your own.
 */
preset: PresetWord | null, 
/**
 * The rule that was tried.
 */
rule: RuleRow, 
/**
 * From when.
 */
from_ms: number, 
/**
 * To when: now.
 */
to_ms: number, 
/**
 * Since when everything that a rule looks at is recorded. When later than `from_ms`, something before may be missing.
 */
complete_since_ms: number, 
/**
 * How many addresses were looked at.
 */
looked_at: number, 
/**
 * Users that it would have made.
 */
would_create: DryRunUsers, 
/**
 * Those among them that are probably no persons.
 */
bogus: DryRunBogusUsers, 
/**
 * Addresses that it would have listed for you.
 */
would_list: DryRunAddresses, 
/**
 * Addresses whose mail it would have stopped.
 */
would_end: DryRunAddresses, 
/**
 * Other names that it would have made.
 */
would_add_alias: DryRunAddresses, 
/**
 * Users that it would have made and that are none now.
 */
added: DryRunAddresses, 
/**
 * Users that a rule made and that it would not have.
 */
removed: DryRunAddresses, 
/**
 * Names that another domain of yours has too: a rule that makes users and no aliases makes one of each (P11).
 */
same_names: DryRunAddresses, 
/**
 * What the users it would have made mean for seats and bill.
 */
cost: Forecast, 
/**
 * What it changes for what waits now.
 */
switch: DryRunSwitch, };
export type Restored = { 
/**
 * The journal entry, for `undo`. Mail that was delivered stays delivered.
 */
entry: number | null, 
/**
 * The address.
 */
addresses: Array<string>, 
/**
 * Messages that go on now.
 */
messages: number, };
export type HeldForAddress = { 
/**
 * Its id.
 */
queue_id: string, 
/**
 * The reverse-path; empty when it is null.
 */
sender: string, 
/**
 * The subject.
 */
subject: string | null, 
/**
 * The content's size in bytes.
 */
size_bytes: number, 
/**
 * When it arrived.
 */
arrived_ms: number, 
/**
 * When it is dropped.
 */
keep_until_ms: number, };
export type FreshInvalid = { 
/**
 * When it ended.
 */
ended_ms: number, 
/**
 * Until when its mail is treated with care.
 */
until_ms: number, 
/**
 * Until when senders are asked to come again; none when they are not any longer.
 */
defers_until_ms: number | null, 
/**
 * Messages kept for it, newest first, at most 100.
 */
held: Array<HeldForAddress>, 
/**
 * How often it was refused or put off since it ended, at most 200.
 */
turned_away: number, 
/**
 * Who wrote meanwhile, the last first, at most 10.
 */
senders: Array<string>, };
export type Reverify = { 
/**
 * When its mail server is asked next.
 */
next_ms: number, 
/**
 * How often it said since its last yes that it does not know the account.
 */
refusals: number, };
export type ReportRow = { 
/**
 * Its number, for `report`.
 */
id: number, 
/**
 * When it was made.
 */
at_ms: number, 
/**
 * The tick before.
 */
from_ms: number, 
/**
 * The tick that made it.
 */
until_ms: number, 
/**
 * Users that it lists.
 */
users: number, 
/**
 * Aliases that it lists.
 */
aliases: number, 
/**
 * Discovered addresses that waited for a decision then.
 */
waiting: number, };
export type Reports = { 
/**
 * Newest first.
 */
rows: Array<ReportRow>, 
/**
 * Where to go on; `null` when these are the last.
 */
next: number | null, };
export type CauseWord = "operator" | "threshold" | "outbound" | "expiry" | "same_name" | "directory";
export type NewAccountRow = { 
/**
 * As shown.
 */
address: string, 
/**
 * The account whose other name it was made.
 */
owner: string | null, 
/**
 * When.
 */
at_ms: number, 
/**
 * What made it.
 */
cause: CauseWord, 
/**
 * The role that decided, as in the journal; `rollcall` where nobody did.
 */
who: string, 
/**
 * Where it stands now; `null` when it is on no list any more.
 */
state: StateWord | null, 
/**
 * Whether it is still what it was made.
 */
stands: boolean, };
export type WeeklyReport = { 
/**
 * Its numbers.
 */
report: ReportRow, 
/**
 * The users that were created, oldest first (D11).
 */
users: Array<NewAccountRow>, 
/**
 * The aliases that were created, oldest first (D12).
 */
aliases: Array<NewAccountRow>, };
export type ContactRow = { 
/**
 * Name; may be empty.
 */
name: string, 
/**
 * E-mail address; may be empty.
 */
email: string, 
/**
 * Whether what the week brought goes there by e-mail too.
 */
copy: boolean, };
export type LetterTrouble = { 
/**
 * When.
 */
at_ms: number, 
/**
 * Why, and what to do.
 */
sentence: string, };
export type Reporting = { 
/**
 * "Report on New Users" (D11).
 */
new_users: boolean, 
/**
 * "Report on New Aliases" (D12).
 */
new_aliases: boolean, 
/**
 * "Include Admin Contact in the Report" (D13).
 */
include_admin_contact: boolean, 
/**
 * The Technician's contact.
 */
technical_contact: ContactRow, 
/**
 * The Organization Administrator's contact.
 */
admin_contact: ContactRow, 
/**
 * The address that letters come from, as the operator gave it; empty when nobody did.
 */
letter_sender: string, 
/**
 * The address that letters come from now; `null` while there is no domain.
 */
letter_sender_now: string | null, 
/**
 * The subject of a welcome.
 */
welcome_subject: string, 
/**
 * The text of a welcome.
 */
welcome_text: string, 
/**
 * The domains whose rule welcomes new users who can sign in (P10), A to Z.
 */
welcoming: Array<string>, 
/**
 * Why the latest letter could not be sent; `null` where it was.
 */
trouble: LetterTrouble | null, };
export type InboxArgs = { 
/**
 * At most this many notifications; 100 unless given, at most 1,000.
 */
limit?: number, 
/**
 * Those before this place: `next` of the page before.
 */
cursor?: number, 
/**
 * Only those that nobody read.
 */
unread_only?: boolean, };
export type InboxReadArgs = { 
/**
 * Which; all of them when absent.
 */
ids?: number[], };
export type InboxActArgs = { 
/**
 * The notification.
 */
id: number, 
/**
 * One of its buttons: `make_user`, `make_functional`, `mark_invalid`, `add_as_suggested`, `give_week`, `undo`,
 * `make_real`, `keep_refusing` or `try_now`.
 */
action: string, };
export type NotificationShownArgs = { 
/**
 * The notification.
 */
id: number, };
export type QuietHours = { 
/**
 * Whether there are quiet hours.
 */
on: boolean, 
/**
 * When they begin on this computer's wall: `18:00`.
 */
from: string, 
/**
 * When they end: `08:00`; the same as `from` when only weekends are quiet.
 */
until: string, 
/**
 * Saturday and Sunday are quiet all day.
 */
weekends: boolean, };
export type SetNotificationSettingsArgs = { 
/**
 * Whether notifications are shown on desktops. The inbox has them all the same.
 */
on?: boolean, 
/**
 * When it is quiet.
 */
quiet?: QuietHours, 
/**
 * The kinds that are not shown, and no others.
 */
off?: Array<string>, };
export type InboxState = "unread" | "read" | "dealt_with" | "withdrawn";
export type NotificationLevel = "quiet" | "normal" | "urgent";
export type InboxButton = { 
/**
 * What `inbox_act` takes.
 */
action: string, 
/**
 * What it says.
 */
label: string, };
export type InboxView = { 
/**
 * `discovered`, `people`, `report`, …
 */
section: string, 
/**
 * A filter of that section.
 */
filter: string | null, 
/**
 * The row to open.
 */
address: string | null, };
export type InboxRow = { 
/**
 * Its number.
 */
id: number, 
/**
 * Its kind in the catalogue: `new_addresses`, `ending`, …
 */
kind: string, 
/**
 * A later one with the same takes its place on the screen.
 */
tag: string, 
/**
 * How loud it is.
 */
level: NotificationLevel, 
/**
 * At most 40 characters.
 */
title: string, 
/**
 * At most 110 characters.
 */
text: string, 
/**
 * Its buttons, the main one first; none once it is dealt with.
 */
buttons: Array<InboxButton>, 
/**
 * What a click opens.
 */
view: InboxView, 
/**
 * The addresses that still wait, at most a hundred.
 */
addresses: Array<string>, 
/**
 * How many there are.
 */
count: number, 
/**
 * When it was made.
 */
made_ms: number, 
/**
 * When something last joined it.
 */
changed_ms: number, 
/**
 * When desktops were last to show it; `null` while it waits for its time.
 */
posted_ms: number | null, 
/**
 * When it was last shown to somebody.
 */
shown_ms: number | null, 
/**
 * Where it stands.
 */
state: InboxState, };
export type Inbox = { 
/**
 * Newest first.
 */
rows: Array<InboxRow>, 
/**
 * Where the next page begins; `null` at the end.
 */
next: number | null, 
/**
 * How many are unread.
 */
unread: number, };
export type InboxActed = { 
/**
 * What takes it back: entries for `undo`, the latest last.
 */
entries: number[], 
/**
 * What was done, in one sentence.
 */
said: string, 
/**
 * The addresses that changed.
 */
addresses: Array<string>, };
export type NotificationKind = { 
/**
 * Its word.
 */
kind: string, 
/**
 * What it is called.
 */
title: string, 
/**
 * How loud it is.
 */
level: NotificationLevel, 
/**
 * Whether desktops show it.
 */
on: boolean, };
export type NotificationSettings = { 
/**
 * Whether notifications are shown on desktops.
 */
on: boolean, 
/**
 * When it is quiet.
 */
quiet: QuietHours, 
/**
 * When it stops being quiet; `null` when it is not quiet now.
 */
quiet_until_ms: number | null, 
/**
 * Every kind.
 */
kinds: Array<NotificationKind>, };
export type SetLdapSourceArgs = { 
/**
 * A name; an IP address only without TLS or with a trusted certificate (M03).
 */
host: string, 
/**
 * 389 or 636, or another one.
 */
port: number, 
/**
 * How the connection is protected.
 */
security: LdapSecurity, 
/**
 * A file with a certificate authority (PEM) to believe besides those of this computer.
 */
ca_file?: string, 
/**
 * The authority itself (PEM), in place of a file.
 */
ca_pem?: string, 
/**
 * Who asks: a distinguished name, `user@domain` or `DOMAIN\user`.
 */
bind_dn: string, 
/**
 * Where to look, a distinguished name.
 */
search_base: string, 
/**
 * Whom to look at (RFC 4515); everything that may get mail unless given.
 */
filter?: string, 
/**
 * The password; the one that is kept for this name at this host unless given. It is answered by nothing.
 */
secret?: string, 
/**
 * The certificate to believe whatever it says, once a person looked at it: SHA-256 in lower-case hex (V21).
 */
trusted_sha256?: string, };
export type SetEntraSourceArgs = { 
/**
 * The directory's id or one of its domain names.
 */
tenant: string, 
/**
 * The app's id.
 */
client_id: string, 
/**
 * Where to sign in; `https://login.microsoftonline.com` unless given.
 */
login_url?: string, 
/**
 * Where Graph is; `https://graph.microsoft.com` unless given.
 */
graph_url?: string, 
/**
 * A file with a certificate authority (PEM) to believe besides those of this computer.
 */
ca_file?: string, 
/**
 * The authority itself (PEM), in place of a file.
 */
ca_pem?: string, 
/**
 * The client secret; the one that is kept for this app unless given. It is answered by nothing.
 */
secret?: string, 
/**
 * Until when the secret is valid; the countdown begins 30 days before.
 */
secret_expires_ms?: number, 
/**
 * The certificate that proves the app with its private key (PEM), in place of a secret. It is answered by nothing.
 */
certificate_pem?: string, };
export type SetSyncScheduleArgs = { 
/**
 * Hours between runs: 0 (Never), 1, 3, 6, 12 or 24 (M04).
 */
hours: number, };
export type RunSyncArgs = { 
/**
 * The preview of the first run was looked at and is accepted (V09).
 */
accept_first?: boolean, 
/**
 * That many are missing was looked at and is accepted, for this run (V07).
 */
accept_missing?: boolean, };
export type SetSyncOptionsArgs = { 
/**
 * People whose sign-in is allowed.
 */
active_users?: boolean, 
/**
 * Accounts whose sign-in is blocked.
 */
disabled_accounts?: boolean, 
/**
 * Shared mailboxes, rooms, distribution groups, public folders, contacts at your domains.
 */
functional_accounts?: boolean, 
/**
 * Security groups with an address.
 */
security_groups?: boolean, 
/**
 * Also what is hidden from the address book.
 */
hidden?: boolean, 
/**
 * Adds what is new.
 */
add?: boolean, 
/**
 * Updates what changed.
 */
update?: boolean, 
/**
 * Deletes what has been gone for 14 days.
 */
delete?: boolean, 
/**
 * Mail for people whose sign-in is blocked.
 */
disabled_people?: DisabledMail, 
/**
 * Mail for functional accounts that are disabled.
 */
disabled_functional?: DisabledMail, };
export type SetSyncSecretArgs = { 
/**
 * The password or client secret. It is answered by nothing.
 */
secret: string, 
/**
 * Until when a client secret is valid.
 */
expires_ms?: number, };
export type SetEntraCertificateArgs = { 
/**
 * The certificate and its private key, PEM. It is answered by nothing.
 */
pem: string, };
export type TrustCertificateArgs = { 
/**
 * SHA-256 in lower-case hex, as it was shown; empty trusts none of its own again.
 */
sha256: string, };
export type LookDirectoryArgs = { 
/**
 * An LDAP server that is not saved yet.
 */
ldap?: SetLdapSourceArgs, 
/**
 * A Microsoft Entra tenant that is not saved yet.
 */
entra?: SetEntraSourceArgs, };
export type SettleBlockedSignInsArgs = { 
/**
 * How all of them are settled: `functional`, `inactive` or `keep`.
 */
choice: SyncChoiceWord, };
export type DirectoryTreeArgs = { 
/**
 * An LDAP server that is not saved yet; the one that is set unless given.
 */
ldap?: SetLdapSourceArgs, 
/**
 * The distinguished name below which to look; the top unless given.
 */
parent?: string, };
export type ExemptFromSyncArgs = { 
/**
 * The ids of entries, 1 to 10,000.
 */
ids: Array<string>, 
/**
 * Whether sync leaves them alone from now on.
 */
on: boolean, };
export type SettleSyncConflictArgs = { 
/**
 * The address that the problem is about.
 */
address: string, 
/**
 * How it is settled.
 */
choice: SyncChoiceWord, 
/**
 * Which entry gets the address, where it belongs to several.
 */
entry?: string, };
export type SyncRunsArgs = { 
/**
 * At most this many; 100 unless given, at most 1,000.
 */
limit?: number, };
export type SyncRunArgs = { 
/**
 * Its number.
 */
id: number, 
/**
 * Only these lines.
 */
verb?: SyncVerb, 
/**
 * Lines to skip.
 */
offset?: number, };
export type SyncSourceKind = "ldap" | "entra";
export type LdapSecurity = "none" | "starttls" | "ldaps";
export type SecretPlace = "keychain" | "sealed_file";
export type LdapSource = { 
/**
 * Name or IP address.
 */
host: string, 
/**
 * Its port.
 */
port: number, 
/**
 * How the connection is protected.
 */
security: LdapSecurity, 
/**
 * Who asks.
 */
bind_dn: string, 
/**
 * Where to look.
 */
search_base: string, 
/**
 * Whom to look at; `null` for everything that may get mail.
 */
filter: string | null, 
/**
 * The certificate authority of its own that is believed (PEM).
 */
ca_pem: string | null, 
/**
 * The certificate that is believed whatever it says: SHA-256 in lower-case hex (V21).
 */
trusted_sha256: string | null, };
export type EntraCredential = "secret" | "certificate";
export type EntraSource = { 
/**
 * The directory's id or one of its domain names.
 */
tenant: string, 
/**
 * The app's id.
 */
client_id: string, 
/**
 * Where it signs in.
 */
login_url: string, 
/**
 * Where Graph is.
 */
graph_url: string, 
/**
 * The certificate authority of its own that is believed (PEM).
 */
ca_pem: string | null, 
/**
 * What proves the app; `null` while nothing does.
 */
credential: EntraCredential | null, };
export type SyncSource = { 
/**
 * Which kind.
 */
kind: SyncSourceKind, 
/**
 * How people call it: `dc1.acme.example`, `Microsoft Entra (acme.example)`.
 */
name: string, 
/**
 * Where it is, for LDAP.
 */
ldap: LdapSource | null, 
/**
 * Where it is, for Microsoft Entra.
 */
entra: EntraSource | null, 
/**
 * Its password, secret or certificate is there.
 */
has_secret: boolean, 
/**
 * Where the key to that is kept; what it opens is always in the data folder.
 */
secret_place: SecretPlace | null, 
/**
 * Why it cannot be read now: one sentence that says what to do.
 */
secret_trouble: string | null, 
/**
 * Until when the server's certificate, or the app's, is valid; warned of 30 days before (V21).
 */
certificate_expires_ms: number | null, 
/**
 * Until when the client secret is valid, as it was said when it was given (pitfall 15).
 */
secret_expires_ms: number | null, };
export type DisabledMail = "deliver" | "reject";
export type SyncOptions = { 
/**
 * People whose sign-in is allowed.
 */
active_users: boolean, 
/**
 * Accounts whose sign-in is blocked.
 */
disabled_accounts: boolean, 
/**
 * Shared mailboxes, rooms, distribution groups, public folders, contacts at your domains.
 */
functional_accounts: boolean, 
/**
 * Security groups with an address.
 */
security_groups: boolean, 
/**
 * Also what is hidden from the address book.
 */
hidden: boolean, 
/**
 * Adds what is new.
 */
add: boolean, 
/**
 * Updates what changed.
 */
update: boolean, 
/**
 * Deletes what has been gone for 14 days.
 */
delete: boolean, 
/**
 * Mail for people whose sign-in is blocked.
 */
disabled_people: DisabledMail, 
/**
 * Mail for shared mailboxes and other functional accounts that are disabled.
 */
disabled_functional: DisabledMail, };
export type SyncStateWord = "never_set" | "preview_waiting" | "on" | "off" | "running" | "failed";
export type SyncState = { 
/**
 * The word.
 */
word: SyncStateWord, 
/**
 * Discovery is off because of it (T15).
 */
holds_discovery: boolean, 
/**
 * While running: entries that came so far.
 */
entries: number | null, 
/**
 * When failed: why, and what to do.
 */
sentence: string | null, 
/**
 * When it stopped to ask (V07): the accounts it would have put aside.
 */
would_lose: number | null, };
export type EntryKind = "person" | "shared_mailbox" | "resource" | "distribution_group" | "security_group" | "public_folder" | "contact";
export type EntryRow = { 
/**
 * Its id, which stays when it is renamed.
 */
id: string, 
/**
 * What it is.
 */
kind: EntryKind, 
/**
 * The name shown to people; its address where it has none.
 */
name: string, 
/**
 * The address it writes from.
 */
address: string | null, 
/**
 * Its other addresses.
 */
aliases: number, 
/**
 * Where a person finds it in the directory.
 */
place: string, };
export type SyncProblemKind = "two_owners" | "foreign_domain" | "no_seat" | "alias_by_hand" | "own_account" | "kept_out" | "disabled" | "made_by_hand" | "unreadable";
export type SyncChoice = { 
/**
 * For `settle_sync_conflict`.
 */
choice: SyncChoiceWord, 
/**
 * Which entry gets the address, where there are several.
 */
entry: string | null, 
/**
 * What the button says.
 */
label: string, };
export type SyncChoiceWord = "directory" | "keep" | "functional" | "inactive";
export type SyncProblem = { 
/**
 * Which.
 */
kind: SyncProblemKind, 
/**
 * What is wrong and what happened instead, in one sentence.
 */
sentence: string, 
/**
 * The address, where it is about one.
 */
address: string | null, 
/**
 * The domain, where it is about one.
 */
domain: string | null, 
/**
 * How many addresses it is about.
 */
count: number, 
/**
 * The entries it is about.
 */
entries: Array<EntryRow>, 
/**
 * The ways out; empty where there is nothing to decide.
 */
choices: Array<SyncChoice>, };
export type SyncVerb = "add" | "update" | "missing" | "delete";
export type SyncChange = { 
/**
 * What.
 */
verb: SyncVerb, 
/**
 * Which entry, for `exempt_from_sync`.
 */
entry_id: string, 
/**
 * What it is.
 */
kind: EntryKind, 
/**
 * Its name.
 */
name: string, 
/**
 * The address that stands for it.
 */
address: string, 
/**
 * Why, in one sentence.
 */
reason: string, 
/**
 * The addresses that change, as shown.
 */
addresses: Array<string>, };
export type SyncPreview = { 
/**
 * Entries that would be added.
 */
add: number, 
/**
 * Entries that would be updated.
 */
update: number, 
/**
 * Accounts that are not in the directory any more.
 */
missing: number, 
/**
 * Accounts that would be deleted, because they have been missing for 14 days.
 */
delete: number, 
/**
 * What needs a decision or is left out.
 */
problems: Array<SyncProblem>, 
/**
 * Problems in all.
 */
problems_total: number, 
/**
 * Entries that are as they are here: nothing to do.
 */
same: number, 
/**
 * Of those, people you had already who match an entry for the first time.
 */
matched: number, 
/**
 * Entries that came from the directory.
 */
found: number, 
/**
 * Entries that are left out: not ticked, without an address, contacts elsewhere, exempt.
 */
left_out: number, 
/**
 * Seats that it would use.
 */
new_users: number, 
/**
 * Seats left now; `null` without an end.
 */
seats_left: number | null, 
/**
 * Why the run would stop and change nothing (V07).
 */
would_stop: string | null, 
/**
 * It is the first run, which has to be accepted (V09).
 */
first: boolean, 
/**
 * The lines, the first 1,000.
 */
changes: Array<SyncChange>, 
/**
 * Lines in all.
 */
changes_total: number, 
/**
 * What was odd and has cost nothing.
 */
remarks: Array<string>, };
export type SyncCause = "schedule" | "now" | "preview";
export type SyncOutcome = "done" | "previewed" | "stopped" | "failed" | "cancelled";
export type SyncRun = { 
/**
 * Its number.
 */
id: number, 
/**
 * When it began.
 */
started_ms: number, 
/**
 * How long it took.
 */
took_ms: number, 
/**
 * What made it start.
 */
cause: SyncCause, 
/**
 * Who, where somebody did.
 */
who: string, 
/**
 * How it ended.
 */
outcome: SyncOutcome, 
/**
 * The same in one sentence.
 */
sentence: string, 
/**
 * Entries that came.
 */
found: number, 
/**
 * Entries added.
 */
add: number, 
/**
 * Entries updated.
 */
update: number, 
/**
 * Accounts missing since this run.
 */
missing: number, 
/**
 * Accounts deleted.
 */
delete: number, 
/**
 * Problems.
 */
problems: number, 
/**
 * Address rows that it wrote.
 */
rows_written: number, 
/**
 * Its entry in the history, which can be undone.
 */
entry: number | null, };
export type SyncRuns = { 
/**
 * The runs.
 */
rows: Array<SyncRun>, };
export type SyncRunDetail = { 
/**
 * The run.
 */
run: SyncRun, 
/**
 * Its lines, the first 1,000 of those asked for.
 */
changes: Array<SyncChange>, 
/**
 * Lines in all of those asked for.
 */
changes_total: number, 
/**
 * Its problems, as sentences.
 */
problems: Array<string>, };
export type Leaving = { 
/**
 * The address.
 */
address: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Missing since then.
 */
since_ms: number, 
/**
 * It is asked about, or deleted, from then on.
 */
until_ms: number, 
/**
 * The 14 days are over and nothing is deleted by itself: somebody should decide.
 */
asks: boolean, };
export type KnownBy = "directory" | "operator" | "mail_server";
export type Sync = { 
/**
 * Where it stands.
 */
state: SyncState, 
/**
 * The source; `null` while none is set.
 */
source: SyncSource | null, 
/**
 * Hours between runs; 0 is Never.
 */
hours: number, 
/**
 * What to sync and how.
 */
options: SyncOptions, 
/**
 * The first run was accepted.
 */
accepted: boolean, 
/**
 * The latest run, previews among them.
 */
last_run: SyncRun | null, 
/**
 * When a run last did what it planned.
 */
last_good_ms: number | null, 
/**
 * When the next one is due.
 */
next_run_ms: number | null, 
/**
 * Failed runs since the last good one.
 */
failures: number, 
/**
 * Accounts in step with the directory.
 */
in_step: number, 
/**
 * Accounts that left and wait, at most 1,000.
 */
leaving: Array<Leaving>, 
/**
 * How many in all.
 */
leaving_total: number, 
/**
 * What the last run found wrong, at most 1,000.
 */
problems: Array<SyncProblem>, 
/**
 * How many in all.
 */
problems_total: number, 
/**
 * Entries that sync leaves alone for ever (Z03).
 */
exempt: Array<EntryRow>, 
/**
 * Who says whether an address is known, in order (V06).
 */
known_by: Array<KnownBy>, };
export type CertificateSeen = { 
/**
 * SHA-256, lower-case hex: what `trust_certificate` takes.
 */
sha256: string, 
/**
 * Whom it names.
 */
names: Array<string>, 
/**
 * Who issued it.
 */
issuer: string, 
/**
 * Until when it is valid.
 */
not_after_ms: number, };
export type DirectoryBranch = { 
/**
 * Its distinguished name.
 */
dn: string, 
/**
 * What a person calls it.
 */
name: string, };
export type DirectoryTree = { 
/**
 * The parts, by name; the directory's own comes first.
 */
branches: Array<DirectoryBranch>, };
export type KindCount = { 
/**
 * The kind.
 */
kind: EntryKind, 
/**
 * How many.
 */
count: number, };
export type DirectoryLook = { 
/**
 * The directory gave a whole answer.
 */
usable: boolean, 
/**
 * What came of it, in one sentence.
 */
sentence: string, 
/**
 * The certificate that is not trusted, if that is why (V21).
 */
certificate: CertificateSeen | null, 
/**
 * Entries.
 */
found: number, 
/**
 * Of each kind that there is.
 */
kinds: Array<KindCount>, 
/**
 * With a blocked sign-in.
 */
disabled: number, 
/**
 * Hidden from the address book.
 */
hidden: number, 
/**
 * Without an address.
 */
without_mail: number, 
/**
 * Other addresses.
 */
aliases: number, 
/**
 * Five of them.
 */
examples: Array<EntryRow>, 
/**
 * Domains of their addresses that are not yours, most first.
 */
foreign_domains: Array<string>, 
/**
 * What was odd and has cost nothing.
 */
remarks: Array<string>, };
export type CsvLayout = "own" | "proofpoint" | "postini_users" | "postini_aliases" | "mailprotector" | "mail_assure" | "mapped";
export type CsvColumn = "ignore" | "address" | "local" | "domain" | "first_name" | "surname" | "full_name" | "aliases" | "kind" | "role" | "owner";
export type CsvMode = "merge" | "replace";
export type CsvDelimiter = "comma" | "semicolon" | "tab" | "pipe";
export type PreviewCsvArgs = { 
/**
 * The file's bytes in Base64; the file at most 20 MB and 100,000 rows.
 */
content_base64: string, 
/**
 * How its columns are meant; found out unless given.
 */
layout?: CsvLayout, 
/**
 * What each column holds, for `mapped`.
 */
columns?: Array<CsvColumn>, 
/**
 * Whether its first row is a header; found out unless given.
 */
has_header?: boolean, 
/**
 * `merge` unless given.
 */
mode?: CsvMode, 
/**
 * Whether accounts that are there get the file's names, kind, role and aliases; not unless given.
 */
update?: boolean, 
/**
 * The role of new users whose row says none; `silent` unless given.
 */
role?: RoleWord, };
export type ImportCsvArgs = { 
/**
 * The file's bytes in Base64; the file at most 20 MB and 100,000 rows.
 */
content_base64: string, 
/**
 * How its columns are meant; found out unless given.
 */
layout?: CsvLayout, 
/**
 * What each column holds, for `mapped`.
 */
columns?: Array<CsvColumn>, 
/**
 * Whether its first row is a header; found out unless given.
 */
has_header?: boolean, 
/**
 * `merge` unless given.
 */
mode?: CsvMode, 
/**
 * Whether accounts that are there get the file's names, kind, role and aliases; not unless given.
 */
update?: boolean, 
/**
 * The role of new users whose row says none; `silent` unless given.
 */
role?: RoleWord, 
/**
 * How many removals are agreed to; needed where the preview has `accept_removals`, and the same number (V07).
 */
accept_removals?: number, };
export type ExportLayout = "own" | "proofpoint" | "mailprotector" | "mail_assure";
export type ExportPeopleArgs = { 
/**
 * For whom; `own` unless given.
 */
layout?: ExportLayout, 
/**
 * Which addresses; users, functional accounts and aliases unless given.
 */
states?: Array<StateWord>, 
/**
 * What stands between the cells; a comma unless given. Excel wants a semicolon where the comma is the decimal sign.
 */
delimiter?: CsvDelimiter, };
export type PeopleReportArgs = { 
/**
 * Which addresses; users, functional accounts and aliases unless given.
 */
states?: Array<StateWord>, };
export type ExportBackupArgs = { 
/**
 * Seals the whole file, at least 8 characters; without it, no password or key is in the file.
 */
passphrase?: string, };
export type CsvEncoding = "utf_8" | "utf_8_bom" | "utf_16_le" | "utf_16_be" | "windows_1252";
export type CsvWhat = "add" | "update" | "unchanged" | "duplicate" | "foreign" | "conflict" | "bad" | "remove";
export type CsvCounts = { 
/**
 * New accounts.
 */
add: number, 
/**
 * Accounts that change.
 */
update: number, 
/**
 * Accounts that are as the file says.
 */
unchanged: number, 
/**
 * Lines whose address is an account already, or stands in the file twice.
 */
duplicate: number, 
/**
 * Addresses of domains that are not yours.
 */
foreign: number, 
/**
 * Addresses that are something else here.
 */
conflict: number, 
/**
 * Lines that cannot be read.
 */
bad: number, 
/**
 * Accounts that go.
 */
remove: number, 
/**
 * New other names of accounts.
 */
aliases: number, };
export type CsvLine = { 
/**
 * Its number in the file, from 1, as an editor counts; absent for an account that goes.
 */
line: number | null, 
/**
 * What becomes of it.
 */
what: CsvWhat, 
/**
 * The address; for a bad line, the cell that cannot be read.
 */
address: string, 
/**
 * First name.
 */
first_name: string | null, 
/**
 * Surname.
 */
surname: string | null, 
/**
 * Why, in a sentence; absent where there is nothing to say.
 */
sentence: string | null, };
export type CsvPreview = { 
/**
 * How its characters are written.
 */
encoding: CsvEncoding, 
/**
 * What stands between its cells.
 */
delimiter: CsvDelimiter, 
/**
 * How its columns are meant.
 */
layout: CsvLayout, 
/**
 * Whether its first row is a header.
 */
has_header: boolean, 
/**
 * What each column holds.
 */
columns: Array<CsvColumn>, 
/**
 * The header; empty without one.
 */
heads: Array<string>, 
/**
 * The first five rows behind the header, as they stand there.
 */
sample: Array<Array<string>>, 
/**
 * Rows behind the header.
 */
rows: number, 
/**
 * How many of each.
 */
counts: CsvCounts, 
/**
 * The first 200 of each, in the order of the file; those that go at the end.
 */
lines: Array<CsvLine>, 
/**
 * What it means for the seats and for the bill, accounts that go taken off.
 */
seats: Forecast, 
/**
 * So many accounts may go without being asked about: 3, or 5 % of those in the file's domains if that is more (V07).
 */
removal_limit: number, 
/**
 * More than that go: `import_csv` needs this number.
 */
accept_removals: number | null, 
/**
 * Why it cannot be imported as it is; absent where it can.
 */
refusal: string | null, 
/**
 * All of it for people.
 */
sentence: string, };
export type CsvImported = { 
/**
 * The journal entry, for `undo`; absent when nothing had to change.
 */
entry: number | null, 
/**
 * How many of each.
 */
counts: CsvCounts, 
/**
 * All of it for people.
 */
sentence: string, };
export type PeopleExport = { 
/**
 * The file's content; what is written as UTF-8.
 */
text: string, 
/**
 * Rows without the header.
 */
rows: number, 
/**
 * What the file may be called.
 */
file_name: string, };
export type PeopleReport = { 
/**
 * The page.
 */
html: string, 
/**
 * Addresses in it.
 */
rows: number, 
/**
 * What the file may be called.
 */
file_name: string, };
export type BackupExported = { 
/**
 * Where the file is: in `backups` in the data folder, for the owner alone.
 */
path: string, 
/**
 * Its size.
 */
bytes: number, 
/**
 * Whether it is sealed with a passphrase, and so has passwords and keys.
 */
sealed: boolean, 
/**
 * What is in it and what is not, for people.
 */
sentence: string, };
export type StateWord = "watching" | "discovered" | "user" | "functional" | "alias" | "inactive" | "invalid" | "never_add";
export type RoleWord = "silent" | "end";
export type AccountKindWord = "shared_mailbox" | "resource" | "distribution_group" | "security_group" | "public_folder" | "ex_employee";
export type AliasRow = { 
/**
 * As first seen.
 */
address: string, 
/**
 * Who made it: `operator`, `rule` or `directory`.
 */
made_by: string | null, 
/**
 * What brought it here, as in `AddressRow`.
 */
source: string, };
export type SuggestionKind = "person" | "functional" | "alias" | "unlikely";
export type Suggestion = { 
/**
 * Person or functional account.
 */
kind: SuggestionKind, 
/**
 * Guessed first name (D19).
 */
first_name: string | null, 
/**
 * Guessed surname (D19).
 */
surname: string | null, 
/**
 * The account that it looks like another name of.
 */
of: string | null, 
/**
 * What speaks for that: `same_name`, `tagged`, `written`, `full_name`, `initial` or `first_name`.
 */
why: string | null, };
export type ObservedRow = { 
/**
 * As first seen.
 */
address: string, 
/**
 * Clean messages since then.
 */
messages: number, 
/**
 * When the first came.
 */
first_ms: number, 
/**
 * When the last came.
 */
last_ms: number, 
/**
 * What its name looks like.
 */
suggestion: Suggestion, };
export type Observed = { 
/**
 * The most mail first.
 */
rows: Array<ObservedRow>, 
/**
 * How many there are in all.
 */
total: number, };
export type StrengthVerdict = "strong" | "likely" | "weak";
export type Strength = { 
/**
 * The verdict.
 */
verdict: StrengthVerdict, 
/**
 * Its main reason: `recognised_by_server`, `threshold_reached`, `one_sender`, `server_contradicts`, `below_threshold`.
 */
reason: string, };
export type AddressRow = { 
/**
 * As first seen: `Ann.Lee@acme.example`.
 */
address: string, 
/**
 * Its state.
 */
state: StateWord, 
/**
 * `silent` or `end`, for users.
 */
role: RoleWord | null, 
/**
 * A user who is an organization administrator. It opens nothing by itself.
 */
is_administrator: boolean, 
/**
 * What a functional account is for (Z07); `null` where nobody said.
 */
kind: AccountKindWord | null, 
/**
 * How many other names an account has.
 */
aliases: number, 
/**
 * `manual`, `expired` or `bounced`, for invalid addresses.
 */
invalid_reason: string | null, 
/**
 * What brought it here: `mail` or `manual`.
 */
source: string, 
/**
 * Stored first name.
 */
first_name: string | null, 
/**
 * Stored surname.
 */
surname: string | null, 
/**
 * Clean messages inside the counting window.
 */
clean_count: number, 
/**
 * Different sender domains among the counted messages.
 */
sender_domains: number, 
/**
 * First evidence, or when it was added by hand.
 */
first_seen_ms: number, 
/**
 * Last message for it; equals `first_seen_ms` when there was none.
 */
last_seen_ms: number, 
/**
 * When it became Discovered.
 */
discovered_ms: number | null, 
/**
 * When its state last changed.
 */
changed_ms: number, 
/**
 * The mail server last contradicted it at this time (Suspect).
 */
suspect_ms: number | null, 
/**
 * Messages refused by us since it became invalid.
 */
refused_count: number, 
/**
 * Weekly notices about it that were shown.
 */
notices: number, 
/**
 * When it ends if nobody decides and every notice is seen; `null` where it does not end by itself.
 */
ends_ms: number | null, 
/**
 * Until when it needs nobody: it is likely another name of an account, and does not end by itself. `null` where a
 * decision is wanted; in the past once it has waited long enough.
 */
can_wait_until_ms: number | null, 
/**
 * It does not end before this moment.
 */
held_until_ms: number | null, 
/**
 * It never ends by itself.
 */
pinned: boolean, 
/**
 * Who made the account: `operator`, `rule` or `directory`.
 */
made_by: string | null, 
/**
 * The account whose other name it is.
 */
owner: string | null, 
/**
 * What Rollcall would do, and the names it would use.
 */
suggestion: Suggestion, 
/**
 * How much the evidence says.
 */
strength: Strength, };
export type StateCounts = { watching: number, discovered: number, user: number, functional: number, alias: number, inactive: number, invalid: number, never_add: number, };
export type WaitingCounts = { 
/**
 * That end within five days if nobody decides.
 */
ending_soon: number, 
/**
 * That look like another name of an account.
 */
likely_alias: number, 
/**
 * For which little speaks.
 */
weak: number, 
/**
 * That need nobody for now.
 */
can_wait: number, };
export type Addresses = { 
/**
 * At most `limit` rows.
 */
rows: Array<AddressRow>, 
/**
 * How many match in all; of a search no more than 5,000 are counted and listed.
 */
total: number, 
/**
 * The search found more than `total`.
 */
is_more: boolean, 
/**
 * How many addresses stand in each state, whatever the filter.
 */
counts: StateCounts, 
/**
 * What is foretold of those that wait for a decision, whatever the filter; for a list of Discovered addresses alone.
 */
waiting: WaitingCounts | null, };
export type EvidenceKind = "delivered" | "refused_by_server" | "refused_by_us" | "taken_for_later" | "sent" | "bounced";
export type Evidence = { 
/**
 * When.
 */
at_ms: number, 
/**
 * What was seen.
 */
kind: EvidenceKind, 
/**
 * True when it counts toward the threshold.
 */
counted: boolean, 
/**
 * Why not, when it does not: `null_reverse_path`, `auto_submitted`.
 */
not_counted_because: string | null, 
/**
 * The reverse-path; empty for the null reverse-path.
 */
sender: string, 
/**
 * Subject, if the message had one.
 */
subject: string | null, 
/**
 * The client's IP address.
 */
client_ip: string, 
/**
 * The sender answers what the address wrote (X07).
 */
is_reply: boolean, 
/**
 * The SMTP lines, `>> ` ours and `<< ` the mail server's, whole.
 */
lines: Array<string>, };
export type JournalEntry = { 
/**
 * Its number, for `undo`.
 */
entry: number, 
/**
 * When.
 */
at_ms: number, 
/**
 * The role that decided: `technician`, `organization_administrator`, or `operator` before there were roles;
 * `rollcall` where nobody did.
 */
who: string, 
/**
 * What: `create_user`, `create_functional`, `mark_invalid`, `remove_invalid`, `undo`, `watching`, `discovered`,
 * `suspect`, `forgotten`, `set_name`, `set_main_address`, `add_domain`, `remove_domain`, `set_listener`, `set_upstreams`, `skip_time`, `set_notifications`,
 * `set_licence`, `set_password`, `change_password`, `reset_password`, `password_locked`.
 */
action: string, 
/**
 * Why, in the words of the one who decided: the evidence or the command.
 */
why: string, 
/**
 * The first addresses it touched, at most 5.
 */
addresses: Array<string>, 
/**
 * How many it touched.
 */
count: number, 
/**
 * True while `undo` would work.
 */
undoable: boolean, 
/**
 * True once undone.
 */
undone: boolean, };
export type CachedWord = "exists" | "unknown";
export type CachedAnswer = { 
/**
 * `exists` or `unknown`.
 */
answer: CachedWord, 
/**
 * The literal reply.
 */
reply: string, 
/**
 * When it was said.
 */
at_ms: number, };
export type RecipientCache = { 
/**
 * What holds; nothing when it was not asked, or too long ago.
 */
cached: CachedAnswer | null, };
export type RecipientCacheCleared = { 
/**
 * How many answers were forgotten.
 */
forgotten: number, };
export type AddressDetail = { 
/**
 * The row.
 */
row: AddressRow, 
/**
 * What the evidence says, in plain words (X03). It never acts by itself.
 */
score: string, 
/**
 * Its other names, by address; for accounts.
 */
aliases: Array<AliasRow>, 
/**
 * Newest first, at most 200.
 */
evidence: Array<Evidence>, 
/**
 * Newest first: who decided what about this address.
 */
journal: Array<JournalEntry>, 
/**
 * What its mail server said of it last, as long as that holds; not for accounts, which are always asked about.
 */
cached: CachedAnswer | null, 
/**
 * It ended by itself lately, or mail is kept for it (X06).
 */
fresh: FreshInvalid | null, 
/**
 * When its mail server is asked again whether it knows it, for accounts (V06).
 */
reverify: Reverify | null, };
export type Journal = { 
/**
 * Newest first.
 */
rows: Array<JournalEntry>, };
export type Outcome = "delivered" | "refused" | "deferred" | "waiting" | "failed";
export type MailLogRow = { 
/**
 * Its number.
 */
id: number, 
/**
 * When it was settled.
 */
at_ms: number, 
/**
 * What became of it.
 */
outcome: Outcome, 
/**
 * Why, as one searchable code: `delivered`, `user_unknown`, `relay_denied`, `marked_invalid`, …
 */
reason: string, 
/**
 * The reverse-path; empty for the null reverse-path.
 */
sender: string, 
/**
 * The recipient as written.
 */
recipient: string, 
/**
 * The client's IP address.
 */
client_ip: string, 
/**
 * What it said in HELO or EHLO.
 */
client_name: string, 
/**
 * Subject, once content was seen.
 */
subject: string | null, 
/**
 * Content size in bytes, once content was seen.
 */
size_bytes: number | null, 
/**
 * From the recipient's RCPT to its final reply, in milliseconds.
 */
duration_ms: number, 
/**
 * What we told the client, whole.
 */
reply: string, 
/**
 * What the destination told us, whole; absent when it was not asked.
 */
destination_reply: string | null, 
/**
 * Host and port asked.
 */
destination: string | null, 
/**
 * The queue id, for what was stored here.
 */
queue_id: string | null, 
/**
 * The message's id, which its other recipients share. It is in our reply and in our Received field.
 */
message: string | null, 
/**
 * Where it came from.
 */
direction: Direction, 
/**
 * The Message-ID without angle brackets, once content was seen.
 */
message_id: string | null, 
/**
 * Version and cipher, if the client's connection was encrypted.
 */
tls: string | null, 
/**
 * The reason it would have been refused for, had shadow mode not kept us from it (X16).
 */
would_refuse: string | null, 
/**
 * It waits, and an operator keeps it here.
 */
held: boolean, 
/**
 * Recipients of the message.
 */
recipients: number, 
/**
 * How many of them have it.
 */
recipients_delivered: number, };
export type MailLog = { 
/**
 * Newest first.
 */
rows: Array<MailLogRow>, 
/**
 * Where to go on; none when everything was looked through. A search may end a page early.
 */
next: number | null, };
export type TraceWho = "client" | "us" | "server" | "operator";
export type TraceRow = { 
/**
 * When.
 */
at_ms: number, 
/**
 * Milliseconds since the transaction began.
 */
after_ms: number, 
/**
 * Who.
 */
who: TraceWho, 
/**
 * What, as one word: `came`, `server_rcpt`, `our_rcpt`, `content`, `server_content`, `our_reply`, `attempt`, …
 */
step: string, 
/**
 * What was said, whole.
 */
said: string | null, };
export type MailMessage = { 
/**
 * The row that was asked for.
 */
row: MailLogRow, 
/**
 * Its steps, oldest first.
 */
trace: Array<TraceRow>, 
/**
 * Every recipient of the message, this one included, in the order they were settled.
 */
recipients: Array<MailLogRow>, 
/**
 * The message in the queue, while somebody waits for it or it was given up.
 */
queued: QueueRow | null, };
export type MailCounts = { 
/**
 * Messages of the period.
 */
all: number, 
/**
 * Messages that wait, whatever the period.
 */
waiting: number, 
/**
 * Messages of the period that an operator may want to look into.
 */
problems: number, };
export type ReasonCount = { 
/**
 * The code.
 */
reason: string, 
/**
 * What became of it.
 */
outcome: Outcome, 
/**
 * Recipients.
 */
count: number, };
export type TimeCount = { 
/**
 * Within so many milliseconds; none for later than all others.
 */
within_ms: number | null, 
/**
 * Recipients that no shorter time counts.
 */
count: number, };
export type BarWidth = "hour" | "day" | "week" | "month";
export type MailBar = { 
/**
 * From then on.
 */
start_ms: number, 
/**
 * Before then.
 */
end_ms: number, 
/**
 * The next hop has it.
 */
delivered: number, 
/**
 * It is kept here and waits.
 */
waiting: number, 
/**
 * The sender was asked to come again.
 */
deferred: number, 
/**
 * Refused for good.
 */
refused: number, 
/**
 * It was kept here and given up.
 */
failed: number, };
export type MailReport = { 
/**
 * What each bar stands for; the first and the last may be part of it.
 */
width: BarWidth, 
/**
 * Oldest first, at most 200; none without mail.
 */
bars: Array<MailBar>, 
/**
 * Most often first.
 */
reasons: Array<ReasonCount>, 
/**
 * Shortest first.
 */
times: Array<TimeCount>, };
export type MailLogExport = { 
/**
 * The page, to be put behind the one before.
 */
text: string, 
/**
 * Rows in it.
 */
rows: number, 
/**
 * Where to go on; none after the last page.
 */
next: number | null, };
export type LogRetention = { 
/**
 * Days that the log is kept.
 */
days: number, 
/**
 * Megabytes that it may take.
 */
megabytes: number, 
/**
 * Recipients in it.
 */
rows: number, 
/**
 * About so many bytes.
 */
bytes: number, };
export type TlsWord = "never" | "opportunistic" | "required";
export type Destination = { 
/**
 * Name or IP address.
 */
host: string, 
/**
 * TCP port.
 */
port: number, 
/**
 * When to encrypt.
 */
tls: TlsWord, };
export type Reachability = "not_asked_yet" | "answers" | "does_not_answer";
export type AddressRoute = { 
/**
 * `ann@acme.example`.
 */
address: string, 
/**
 * Where its mail goes.
 */
destination: Destination, };
export type DomainSettings = { 
/**
 * Its other names, A to Z.
 */
aliases: Array<string>, 
/**
 * What separates a name from its tag.
 */
tag_delimiter: TagDelimiter, 
/**
 * `ann@eu.acme.example` is `ann@acme.example`.
 */
strip_subdomains: boolean, 
/**
 * Mail is sent on to the address it is filed under instead of the one written.
 */
deliver_to_primary: boolean, 
/**
 * What becomes of a recipient that is on no list.
 */
unknown: UnknownWord, 
/**
 * A new address waits up to four hours.
 */
defer_strangers: boolean, 
/**
 * What becomes of mail for inactive accounts.
 */
inactive: InactiveWord, 
/**
 * Where recipients are asked about, when that is not the destination.
 */
verification: Destination | null, 
/**
 * Addresses whose mail goes elsewhere, A to Z.
 */
routes: Array<AddressRoute>, };
export type TruthWord = "rejects_strangers" | "accepts_everything" | "undecided";
export type DomainRow = { 
/**
 * Lower case, A-label.
 */
name: string, 
/**
 * Where its mail goes.
 */
destination: Destination, 
/**
 * Whether that answers.
 */
reachability: Reachability, 
/**
 * Since when.
 */
since_ms: number | null, 
/**
 * Why it does not answer, as the system or the server said it.
 */
trouble: string | null, 
/**
 * Clean messages needed before an address is Discovered.
 */
need: number, 
/**
 * The counting window in days of 24 hours.
 */
window_days: number, 
/**
 * What is settled for it.
 */
settings: DomainSettings, 
/**
 * What its mail server does with an invented recipient; `null` before the first test.
 */
truth: TruthWord | null, 
/**
 * When that was found.
 */
truth_ms: number | null, 
/**
 * When it is tested again by itself.
 */
truth_next_ms: number, 
/**
 * The literal replies of the last test.
 */
truth_replies: Array<string>, 
/**
 * Mail has shown that it refuses recipients only after the content.
 */
decides_at_data: boolean, 
/**
 * Mail has shown that it takes mail for unknown recipients and sends it back later.
 */
bounces_later: boolean, 
/**
 * What the mail server calls itself: `exchange`, `exchange_online`, `google`, `hmailserver`, `postfix`, `exim` …
 */
brand: string | null, };
export type Domains = { 
/**
 * By name.
 */
rows: Array<DomainRow>, };
export type HealthState = "not_set_up" | "quiet" | "flowing" | "waiting" | "cannot_come_in";
export type ListenerRow = { 
/**
 * As `inbound`.
 */
name: string, 
/**
 * What it is for.
 */
role: ListenerRole, 
/**
 * When its connections are encrypted.
 */
tls: ListenerTls, 
/**
 * The address asked for.
 */
address: string, 
/**
 * The port asked for; 0 takes a free one.
 */
port: number, 
/**
 * What is bound, as `127.0.0.1:2525`.
 */
bound: string | null, 
/**
 * Why it is not, in one sentence that says what to do.
 */
fault: string | null, };
export type CertificateRow = { 
/**
 * Its subject.
 */
subject: string, 
/**
 * The names and addresses it is for.
 */
names: Array<string>, 
/**
 * Who signed it.
 */
issuer: string, 
/**
 * Its subject signed it, as one made by Rollcall does.
 */
self_signed: boolean, 
/**
 * When it ends.
 */
not_after_ms: number, 
/**
 * SHA-256, hexadecimal digits with colons.
 */
fingerprint: string, };
export type Receiving = { 
/**
 * The listeners, the inbound one first.
 */
listeners: Array<ListenerRow>, 
/**
 * Clients that hand on mail for others: no abuse rule applies to them.
 */
upstreams: Array<Upstream>, 
/**
 * The office's own machines that may send to anybody.
 */
sender_hosts: Array<SenderHost>, 
/**
 * What clients see when they encrypt.
 */
certificate: CertificateRow, 
/**
 * Whom a refused sender can ask; empty when nobody is named.
 */
reply_contact: string, };
export type BlockedClient = { 
/**
 * Its IP address; for IPv6 the first one of its /64.
 */
address: string, 
/**
 * Until when it is told 421.
 */
until_ms: number, 
/**
 * Invalid recipients that it was blocked for.
 */
invalid: number, };
export type BlockedClients = { 
/**
 * Clients blocked now, the one whose block ends first at the top.
 */
blocked: Array<BlockedClient>, 
/**
 * So many addresses are being guessed that none is learned (100 a minute, from everybody).
 */
under_attack: boolean, 
/**
 * Invalid recipients within the last minute, from everybody.
 */
invalid_last_minute: number, };
export type HealthFault = { 
/**
 * `listener_not_bound`, `destination_is_ours`, `certificate_ends`, `destination_unreachable`, `disk_low`,
 * `task_failed`, `messages_failed`, `keychain_shut`, `secrets_lost`.
 */
code: string, 
/**
 * One sentence that says what to do.
 */
sentence: string, 
/**
 * The technical reason.
 */
detail: string | null, 
/**
 * Since when.
 */
since_ms: number, };
export type Shadow = { 
/**
 * When it was switched on.
 */
since_ms: number, 
/**
 * When it ends by itself.
 */
until_ms: number, 
/**
 * Recipients since then that would have been refused.
 */
would_refuse: number, };
export type DiscoveryWord = "on" | "off" | "off_by_sync";
export type Health = { 
/**
 * The one word.
 */
state: HealthState, 
/**
 * The same in one sentence.
 */
sentence: string, 
/**
 * The folder's clock now.
 */
now_ms: number, 
/**
 * True in a practice folder (virtual clock, invented people).
 */
practice: boolean, 
/**
 * The data folder.
 */
data: string, 
/**
 * The program's version.
 */
version: string, 
/**
 * The name we give in greetings and Received headers.
 */
hostname: string, 
/**
 * Listeners.
 */
listeners: Array<ListenerRow>, 
/**
 * Clients that no abuse rule applies to.
 */
upstreams: Array<string>, 
/**
 * What needs an operator.
 */
faults: Array<HealthFault>, 
/**
 * Messages stored here, waiting for the destination.
 */
waiting: number, 
/**
 * Messages that could not be delivered and are kept.
 */
failed: number, 
/**
 * Bytes free on the disk that holds the data folder; none when the system does not say.
 */
disk_free_bytes: number | null, 
/**
 * Bytes that stay free there: with less, no more mail is kept here.
 */
disk_reserve_bytes: number, 
/**
 * Open SMTP sessions.
 */
sessions: number, 
/**
 * The last message the destination took.
 */
last_delivered_ms: number | null, 
/**
 * Users: each uses a seat.
 */
users: number, 
/**
 * Whether desktop notifications are wanted.
 */
notifications: boolean, 
/**
 * Shadow mode, while it is on (X16).
 */
shadow: Shadow | null, 
/**
 * Whether addresses are discovered.
 */
discovery: DiscoveryWord, 
/**
 * Increases with every change.
 */
revision: number, };
export type MailHour = { 
/**
 * Start of the hour.
 */
start_ms: number, delivered: number, 
/**
 * Refused for good.
 */
refused: number, 
/**
 * Asked to come again.
 */
deferred: number, 
/**
 * Stored here at that time for a destination that did not answer.
 */
waiting: number, };
export type AddressWeek = { end_ms: number, 
/**
 * Addresses ever discovered until then.
 */
found: number, 
/**
 * Of these, decided until then.
 */
decided: number, };
export type Overview = { 
/**
 * 24 hours, oldest first; the last one holds now.
 */
hours: Array<MailHour>, 
/**
 * 12 weeks, oldest first.
 */
weeks: Array<AddressWeek>, 
/**
 * Addresses by state.
 */
counts: StateCounts, 
/**
 * Last changes, newest first, at most 6.
 */
lately: Array<JournalEntry>, };
export type Changed = { 
/**
 * The journal entry, for `undo`; absent when nothing had to change.
 */
entry: number | null, 
/**
 * The addresses changed.
 */
addresses: Array<string>, 
/**
 * Addresses that already were as asked.
 */
unchanged: Array<string>, };
export type ListenerSet = { 
/**
 * The listener as it is now; `fault` says why it is not bound.
 */
listener: ListenerRow, };
export type TestVerdict = "good" | "note" | "bad";
export type TestStep = { 
/**
 * `look_up`, `connect`, `greeting`, `ehlo`, `starttls`, `sign_in`, `sender`, `valid_recipient`, `made_up_recipient`,
 * `second_made_up_recipient`, `data`, `lost`.
 */
step: string, 
/**
 * Good, note, or bad.
 */
verdict: TestVerdict, 
/**
 * One sentence.
 */
sentence: string, 
/**
 * The literal reply or system error.
 */
technical: string | null, 
/**
 * Milliseconds it took.
 */
took_ms: number, };
export type DestinationTest = { 
/**
 * True when mail can go there.
 */
usable: boolean, 
/**
 * The verdict in words.
 */
sentence: string, 
/**
 * What was done, in order.
 */
steps: Array<TestStep>, };
export type TimeSkipped = { 
/**
 * The folder's clock now.
 */
now_ms: number, };
export type Outbound = { 
/**
 * How mail goes out.
 */
mode: OutboundMode, 
/**
 * The smarthost, with mode `smarthost`.
 */
smarthost: Destination | null, 
/**
 * The name that we sign in with there, if it wants one.
 */
username: string | null, 
/**
 * It wants a password that nobody gave yet: outgoing mail waits.
 */
lacks_password: boolean, 
/**
 * Where the key to the password is kept, if there is one.
 */
secret_place: SecretPlace | null, 
/**
 * Why the password cannot be read now: one sentence that says what to do.
 */
secret_trouble: string | null, 
/**
 * Whether the smarthost answers.
 */
reachability: Reachability, 
/**
 * Since when.
 */
since_ms: number | null, 
/**
 * Why it does not.
 */
trouble: string | null, 
/**
 * How many machines or networks may send.
 */
sender_hosts: number, };
export type Direction = "inbound" | "outbound";
export type RecipientState = "queued" | "active" | "delivered" | "failed";
export type QueueRecipient = { 
/**
 * The address.
 */
address: string, 
/**
 * Where it stands.
 */
state: RecipientState, 
/**
 * When it is tried next.
 */
due_ms: number | null, 
/**
 * Attempts so far.
 */
attempts: number, 
/**
 * The mail server's last reply, or why there was none.
 */
last_reply: string | null, 
/**
 * Where it goes.
 */
next_hop: string | null, 
/**
 * Why it goes nowhere now.
 */
no_next_hop: string | null, };
export type QueueRow = { 
/**
 * Its id.
 */
queue_id: string, 
/**
 * Where it came from.
 */
direction: Direction, 
/**
 * The reverse-path; empty when it is null.
 */
sender: string, 
/**
 * The subject.
 */
subject: string | null, 
/**
 * The content's size in bytes.
 */
size_bytes: number, 
/**
 * The client that brought it.
 */
client_ip: string, 
/**
 * When it arrived.
 */
arrived_ms: number, 
/**
 * When it is given up.
 */
expires_ms: number, 
/**
 * An operator keeps it here.
 */
held: boolean, 
/**
 * Its recipients, delivered ones included.
 */
recipients: Array<QueueRecipient>, };
export type Queue = { 
/**
 * The messages.
 */
rows: Array<QueueRow>, 
/**
 * Messages that somebody waits for, in all.
 */
waiting: number, 
/**
 * Messages with a recipient that was given up, in all.
 */
failed: number, };
export type Flushed = { 
/**
 * Recipients that are tried earlier than they were due.
 */
recipients: number, };
export type QueueChanged = { 
/**
 * The messages that changed.
 */
queue_ids: Array<string>, 
/**
 * Those that were left: not there, being sent at the moment, or already so.
 */
unchanged: Array<string>, };
export type AccessRole = "technician" | "organization_administrator";
export type Access = { 
/**
 * The role of whoever asks.
 */
role: AccessRole, 
/**
 * When the higher role ends, unless it is used before.
 */
signed_in_until_ms: number | null, 
/**
 * Whether the Organization Administrator has a password. Without one nobody can sign in.
 */
has_password: boolean, 
/**
 * No password is looked at before then.
 */
locked_until_ms: number | null, 
/**
 * How many wrong passwords there may still be before everybody waits.
 */
tries_left: number, 
/**
 * The folder's time, which the other times are meant in.
 */
now_ms: number, };
export type SeatsLevel = "roomy" | "nearly" | "full";
export type Seats = { 
/**
 * Users. Functional accounts and aliases use no seat.
 */
used: number, 
/**
 * How many there may be; absent without an end.
 */
total: number | null, 
/**
 * Seats left; absent without an end.
 */
free: number | null, 
/**
 * How much is used, in whole percent; over 100 when there are too many users.
 */
percent: number | null, 
/**
 * How full they are.
 */
level: SeatsLevel, 
/**
 * What a user costs a month, in the currency's smallest unit.
 */
price_per_user_minor: number | null, 
/**
 * ISO 4217: `EUR`.
 */
currency: string | null, 
/**
 * Digits behind the point in this currency.
 */
currency_digits: number | null, 
/**
 * What all users cost a month, in the currency's smallest unit.
 */
cost_per_month_minor: number | null, 
/**
 * The same for people: `€126.00`.
 */
cost_per_month: string | null, };
export type Forecast = { 
/**
 * How many users there would be more.
 */
new_users: number, 
/**
 * Seats used then.
 */
seats_used_after: number, 
/**
 * How many there may be; absent without an end.
 */
seats_total: number | null, 
/**
 * By how many the seats would not be enough.
 */
over_by: number, 
/**
 * What the new ones cost a month, in the currency's smallest unit; absent without a price.
 */
cost_per_month_minor: number | null, 
/**
 * ISO 4217: `EUR`.
 */
currency: string | null, 
/**
 * All of it for people.
 */
sentence: string, };
