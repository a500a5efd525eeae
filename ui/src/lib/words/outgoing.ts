import type { OutboundMode } from "../api/types";

const modes: Record<OutboundMode, string> = {
  off: "Not at all",
  smarthost: "Through another server",
};

/** Settings, Outgoing mail. */
export const outgoing = {
  heading: "How the office’s mail goes out",
  text: "For your mail server, printers and programs that send through Rollcall. Nobody else may.",
  mode: "Mail to other domains",
  modes,
  offText: "Machines of the office are told that outgoing mail is switched off.",
  smarthostText: "Your provider’s server, or another relay, takes it further. What it can’t take yet waits here.",
  server: "The other server",
  serverText: (address: string) => `Mail goes out through ${address}.`,
  noHosts: "No machine may send yet. List them under Receiving.",
  hosts: (count: number) =>
    count === 1 ? "1 machine or network may send." : `${count} machines or networks may send.`,
  toHosts: "Show them",
  saved: (address: string) => `Mail goes out through ${address} now.`,
  savedOff: "Outgoing mail is switched off.",
};
