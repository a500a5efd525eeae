import type { ListenerRole, ListenerTls, Speaks } from "../api/types";

const roles: Record<ListenerRole, string> = {
  inbound: "Mail for your domains, from anybody",
  submission: "Mail from the office’s own machines",
};

const tls: Record<ListenerTls, string> = {
  none: "Not encrypted",
  starttls: "Encrypted when the sender asks",
  implicit: "Encrypted from the start",
};

const speaks: Record<Speaks, string> = {
  smtp: "Says nothing of who is behind it",
  proxy: "PROXY protocol",
  xclient: "XCLIENT",
};

/** Settings, Receiving: more than the one listener. */
export const receiving = {
  contact: {
    heading: "What refused senders read",
    label: "Whom they can ask",
    hint: "An e-mail address, a telephone number or a web page. It stands behind every refusal, for anybody to read. Empty names nobody.",
    plainOnly: "Plain letters, digits and signs only: other mail servers must be able to read it.",
    example: "new.person@fabrikam.example",
    saved: (contact: string) => (contact === "" ? "Refusals name nobody now" : `Refusals now name ${contact}`),
  },
  authserv: {
    label: "Name in the filter’s verdicts",
    example: "filter.fabrikam.example",
    hint: "The authserv-id that your filter writes at the beginning of Authentication-Results. What it says of spam and senders is believed, from the filters above alone. Empty believes no such field.",
    noFilter: "Add your filter above first: nobody else’s verdicts are believed.",
    wrong: "A name like filter.fabrikam.example: letters, digits, dots and hyphens.",
    saved: (name: string) =>
      name === "" ? "No verdicts in Authentication-Results are believed" : `Verdicts of ${name} are believed`,
  },
  more: "More places where mail comes in",
  moreText: "Another port for printers, programs or another network.",
  roles,
  tls,
  speaks,
  speaksLabel: "How it names senders",
  speaksText: "So that rules count for the sender behind the filter, not for the filter.",
  name: "Name",
  nameHint: "Letters, digits and hyphens, like printers.",
  role: "What it is for",
  encryption: "Encryption",
  addListener: "Add a place",
  removeListener: (name: string) => `Remove ${name}`,
  listenerRemoved: (name: string) => `Mail no longer comes in at ${name}.`,
  noMore: "None. Mail comes in at one place only.",
  hosts: "Machines that may send out through Rollcall",
  hostsText:
    "Your mail server, printers, scanners and programs. They may write to anybody; everybody else only to your own domains.",
  network: "Address or network",
  networkHint: "Like 10.0.4.7, or 10.0.4.0/24 for all that begin with 10.0.4.",
  note: "What it is",
  addHost: "Add",
  removeHost: (network: string) => `Remove ${network}`,
  hostsSaved: "The list of machines is saved.",
  noHosts: "None. Nobody sends out through Rollcall.",
  blocked: "Blocked for guessing addresses",
  blockedText:
    "Who asks for ten or more addresses that don’t exist within ten minutes is turned away for an hour. Filters in the list above never are.",
  blockedUntil: (time: string, invalid: string) => `Until ${time}, after ${invalid} addresses that don’t exist`,
  unblock: "Unblock",
  unblockOne: (address: string) => `Unblock ${address}`,
  unblocked: (address: string) => `${address} may send again.`,
  noBlocked: "Nobody at the moment.",
  underAttack: "Many addresses are being guessed right now. Mail goes on; no new address is learned until it stops.",
  certificate: "Certificate",
  certificateText: "What senders see when they encrypt mail to you.",
  selfMade: "Made by Rollcall itself. Mail servers accept that; a certificate of your own proves who you are.",
  signedBy: (issuer: string) => `Signed by ${issuer}`,
  until: (day: string) => `Holds until ${day}`,
  fingerprint: "Fingerprint",
  importOwn: "Use your own…",
  importTitle: "Use your own certificate",
  importText: "Sessions under way go on; new ones see the new certificate.",
  choose: "Choose a file",
  chooseHint: "A PFX or P12 file, or a PEM file with certificate and key.",
  passphrase: "Passphrase of the file",
  passphraseHint: "Only for PFX and P12 files. It is not kept.",
  import: "Use it",
  imported: "Senders see the new certificate now.",
  noFile: "Choose a file first.",
};
