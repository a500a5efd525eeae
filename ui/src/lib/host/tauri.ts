import { Channel, invoke } from "@tauri-apps/api/core";
import { listen, type UnlistenFn } from "@tauri-apps/api/event";
import type { Event } from "../api/types";
import type { Host, House, Saved, Stop, ViewRequest } from "./host";

/** Registers a webview listener; stopping before it is in place still removes it. */
function on<T>(name: string, callback: (payload: T) => void): Stop {
  const registered: Promise<UnlistenFn> = listen<T>(name, (event) => callback(event.payload));
  return () => void registered.then((unlisten) => unlisten());
}

function subscribe(onEvent: (event: Event) => void): Stop {
  let open = true;
  const channel = new Channel<Event>();
  channel.onmessage = (event) => {
    if (open) onEvent(event);
  };
  const retry = () => {
    if (open) invoke("plugin:engine|subscribe", { channel }).catch(() => setTimeout(retry, 1000));
  };
  retry();
  return () => {
    open = false;
  };
}

/** So much of a file goes to the shell at once, in octets. */
const PIECE = 4 * 1024 * 1024;

/** The page may read what the person chose, and the shell may not: it is handed over in pieces. */
const restoreBackup: Host["restoreBackup"] = async (file, passphrase, progress, signal) => {
  await invoke("plugin:house|restore_begin");
  for (let from = 0; from < file.size; from += PIECE) {
    signal.throwIfAborted();
    progress(from / file.size);
    await invoke("plugin:house|restore_add", await file.slice(from, from + PIECE).arrayBuffer());
  }
  progress(1);
  await invoke("plugin:house|restore", { name: file.name, passphrase });
};

/** The engine in the same process, through the two plugins of the shell. */
export function createHost(): Host {
  return {
    query: (name, args) => invoke("plugin:engine|query", { name, args }),
    command: (name, args) => invoke("plugin:engine|command", { name, args }),
    subscribe,
    saveMailLog: (wanted) => invoke<Saved>("plugin:files|save_mail_log", { wanted }),
    savePeople: (wanted) => invoke<Saved>("plugin:files|save_people", { wanted }),
    savePeopleReport: (wanted) => invoke<Saved>("plugin:files|save_people_report", { wanted }),
    saveBackup: (wanted) => invoke<Saved>("plugin:files|save_backup", { wanted }),
    restoreBackup,
    house: () => invoke<House>("plugin:house|current"),
    openHouse: (kind) => invoke<House>("plugin:house|open", { kind }),
    onHouseChanged: (callback) => on<House>("house-changed", callback),
    onOpenView: (callback) => on<ViewRequest>("open-view", callback),
  };
}
