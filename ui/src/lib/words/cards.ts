/** How to make a mail server refuse unknown recipients (X14): by the server it calls itself. */
export interface Card {
  /** The server's name. */
  readonly name: string;
  /** What to do and where. */
  readonly text: string;
  /** The exact commands or settings. */
  readonly commands: string;
  /** What to know afterwards. */
  readonly then: string;
}

const then = "Then test again here.";

/** By the brand the engine names; `other` for a server that does not say who it is. */
const byBrand: Record<string, Card> = {
  exchange: {
    name: "Microsoft Exchange",
    text: "In the Exchange Management Shell on the mail server, as administrator:",
    commands: [
      "& $env:ExchangeInstallPath\\Scripts\\Install-AntispamAgents.ps1",
      'Enable-TransportAgent "Recipient Filter Agent"',
      "Set-RecipientFilterConfig -Enabled $true -RecipientValidationEnabled $true",
      "Get-AcceptedDomain | Set-AcceptedDomain -AddressBookEnabled $true",
      "Restart-Service MSExchangeTransport",
    ].join("\n"),
    then: "Exchange 2013 and later check recipients at RCPT only on port 2525. Set the port of this mail server to 2525, then test again.",
  },
  exchange_online: {
    name: "Microsoft 365",
    text: "Directory-based edge blocking refuses unknown recipients. It works once the domain is authoritative. In Exchange Online PowerShell:",
    commands: [
      "Connect-ExchangeOnline",
      "Get-AcceptedDomain | Format-Table DomainName,DomainType",
      "Set-AcceptedDomain your-domain -DomainType Authoritative",
    ].join("\n"),
    then: "Every recipient has to exist in Microsoft 365 first. The change can take an hour. Then test again here.",
  },
  google: {
    name: "Google Workspace",
    text: "In the Google Admin console, turn off the catch-all route:",
    commands: [
      "Apps > Google Workspace > Gmail > Default routing",
      "Delete or turn off the rule for “Unrecognized / Catch-all” recipients",
    ].join("\n"),
    then: "Google then refuses unknown recipients with 550 5.1.1. Then test again here.",
  },
  hmailserver: {
    name: "hMailServer",
    text: "In hMailServer Administrator:",
    commands: ["Domains > your domain > Advanced > Catch-all address: leave empty", "Save"].join("\n"),
    then,
  },
  postfix: {
    name: "Postfix",
    text: "As root on the mail server. For mailboxes of system users:",
    commands: [
      "postconf -e 'local_recipient_maps = proxy:unix:passwd.byname $alias_maps'",
      "postconf -e 'unknown_local_recipient_reject_code = 550'",
      "postconf -X luser_relay",
      "postfix reload",
    ].join("\n"),
    then: "For virtual mailboxes check virtual_mailbox_maps, and remove lines like “@your-domain” from virtual_alias_maps. Then test again here.",
  },
  exim: {
    name: "Exim",
    text: "In the ACL for RCPT (acl_check_rcpt), before the accept for your domains:",
    commands: [
      "require  domains = +local_domains",
      "         message = 550 5.1.1 No such user",
      "         verify  = recipient",
    ].join("\n"),
    then: "A check in acl_smtp_data comes too late: move it to acl_smtp_rcpt. Restart Exim, then test again here.",
  },
  opensmtpd: {
    name: "OpenSMTPD",
    text: "In smtpd.conf, name a table of users in the action, without a line for “@”:",
    commands: ['action "local" maildir virtual <users>', 'match from any for domain "your-domain" action "local"'].join(
      "\n",
    ),
    then: "Restart smtpd, then test again here.",
  },
  dovecot: {
    name: "Dovecot",
    text: "A user database that answers for everybody makes every address valid. In dovecot.conf, drop static answers:",
    commands: [
      "doveadm user nobody-has-this-name",
      "# must say that the user does not exist",
      "userdb static { allow_all_users = no }",
    ].join("\n"),
    then,
  },
  mdaemon: {
    name: "MDaemon",
    text: "In MDaemon:",
    commands: [
      "Setup > Server Settings > Servers & Delivery > Unknown Mail",
      "Turn off everything for messages to unknown local users",
      "Security > Security Settings > Screening: no catch-all alias (*@your-domain)",
    ].join("\n"),
    then,
  },
  kerio: {
    name: "Kerio Connect",
    text: "In the administration of Kerio Connect:",
    commands: [
      "Configuration > Domains > your domain > General",
      "Turn off “If the recipient was not found, forward the message to”",
    ].join("\n"),
    then,
  },
  zimbra: {
    name: "Zimbra",
    text: "As the user zimbra on the mail server:",
    commands: [
      "zmprov md your-domain zimbraMailCatchAllAddress ''",
      "zmprov mcf zimbraMtaSmtpdRejectUnlistedRecipient yes",
      "zmmtactl restart",
    ].join("\n"),
    then,
  },
  domino: {
    name: "Domino",
    text: "In the server’s configuration document:",
    commands: [
      "Router/SMTP > Restrictions and Controls > SMTP Inbound Controls",
      "Verify that local domain recipients exist in the Domino Directory: Enabled",
      "tell smtp quit",
      "load smtp",
    ].join("\n"),
    then,
  },
};

const other: Card = {
  name: "your mail server",
  text: "It doesn’t say which program it is. Look in its settings for these names:",
  commands: [
    "recipient verification, recipient validation, recipient filter: on, at RCPT",
    "catch-all address, default mailbox, unknown user: reject",
  ].join("\n"),
  then,
};

export const cards = {
  byBrand,
  other,
  title: (name: string) => `How to make ${name} refuse unknown addresses`,
  why: "Rollcall then learns from its word, and mail to addresses that don’t exist is refused at once.",
  show: "Show me how",
  commands: "Commands",
};
