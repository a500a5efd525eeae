import { count, passed } from "../format/time";
import { plural } from "./plural";

/** Words every screen uses. */
export const common = {
  passwordAway: "The password can’t be read now, as the notice above says.",
  app: "Rollcall",
  cancel: "Cancel",
  close: "Close",
  back: "Back",
  copy: "Copy",
  copied: "Copied",
  copyAddress: "Copy address",
  more: "More",
  undo: "Undo",
  tryAgain: "Try again",
  search: "Search",
  clearSearch: "Clear search",
  closePanel: "Close panel",
  panelWidth: "Width of the panel",
  technicalReply: "Technical reply",
  technicalReason: "Technical reason",
  showAsTable: "Show as table",
  showAsChart: "Show as chart",
  selectAll: "Select all",
  add: "Add",
  save: "Save",
  loading: "Reading",
  asOf: (time: string) => `As of ${time}. Asking again keeps failing.`,
  failedTitle: "This could not be read",
  nothingMatches: (text: string) => `Nothing matches “${text}”`,
  nothingMatchesHint: "Look for a part of the address or the name.",
  moreFound: (shown: number) => `These are the first ${count(shown)}. Type more of the address or name to see others.`,
  ago: (ms: number, now: number) => {
    const { value, unit } = passed(ms, now);
    return value === 0 ? "just now" : `${plural(value, unit, `${unit}s`)} ago`;
  },
  number: count,
  keys: {
    ctrl: "Ctrl",
    command: "⌘",
    shift: "Shift",
  },
  notAnAddress: "An address needs an @, like kim@fabrikam.example.",
  notADomain: "A domain looks like fabrikam.example, without an @.",
  notAPort: "A port is a number from 1 to 65535.",
  notAnIp: "An IP address looks like 192.168.1.20 or fd00::20.",
  notANetwork: "An address or network looks like 192.168.1.20 or 192.168.1.0/24.",
  missing: "This is needed.",
};
