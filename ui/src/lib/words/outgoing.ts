import type { OutboundMode } from "../api/types";
import { count } from "../format/time";

const modes: Record<OutboundMode, string> = {
  off: "Not at all",
  mx: "Directly",
  smarthost: "Through another server",
};

/** Settings, Outgoing mail. */
export const outgoing = {
  heading: "How the office’s mail goes out",
  text: "For your mail server, printers and programs that send through Rollcall. Nobody else may.",
  mode: "Mail to other domains",
  modes,
  texts: {
    off: "Machines of the office are told that outgoing mail is switched off.",
    mx: "Each domain’s own mail servers are looked up. Many refuse mail from an office’s own connection.",
    smarthost: "Your provider’s server, or another relay, takes it further. What it can’t take yet waits here.",
  } satisfies Record<OutboundMode, string>,
  server: "The other server",
  serverText: (address: string) => `Mail goes out through ${address}.`,
  noHosts: "No machine may send yet. List them under Receiving.",
  hosts: (count: number) =>
    count === 1 ? "1 machine or network may send." : `${count} machines or networks may send.`,
  toHosts: "Show them",
  username: "User name",
  usernameHint: "Leave it empty if the server doesn’t ask for one.",
  password: "Password",
  passwordDots: "••••••••",
  passwordUnasked: "Only with a user name.",
  passwordKept: "Kept. Type a new one to replace it.",
  passwordHint: "Kept encrypted on this computer, and never shown again.",
  passwordMissing: "The password is missing. Outgoing mail waits here until you enter it.",
  signsIn: (name: string) => `Signs in as ${name}.`,
  direct: "Try a domain",
  directExample: "contoso.example",
  directHint: "Its mail servers are looked up and greeted on port 25. No mail is sent.",
  disk: {
    heading: "Mail that waits here",
    text: "Mail in and out is kept on this computer while the next mail server doesn’t take it.",
    reserve: "Room that stays free on the disk",
    reserveText: "With less than this, no more mail is kept. It still passes through, and senders try again.",
    free: (size: string) => `${size} are free now.`,
    low: (size: string) => `Only ${size} are free, so no more mail is kept.`,
    unknown: "The system doesn’t say how much is free.",
    room: (mib: number) => (mib === 0 ? "No limit" : mib % 1024 === 0 ? `${count(mib / 1024)} GB` : `${count(mib)} MB`),
    saved: (mib: number) =>
      mib === 0 ? "Mail is kept until the disk is full." : "Saved. Mail is kept only while that much stays free.",
  },
  savedMx: "Mail goes directly to each domain’s mail servers now.",
  saved: (address: string) => `Mail goes out through ${address} now.`,
  savedOff: "Outgoing mail is switched off.",
};
