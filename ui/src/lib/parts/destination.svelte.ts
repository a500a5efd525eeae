import type { Destination, TlsWord } from "../api/types";
import { portOf } from "../format/address";
import type { Bus } from "../live/bus.svelte";
import { words } from "../words";
import { Probe } from "./probe.svelte";

/** A mail server as it is being typed, and what the test said about it. */
export class DestinationForm extends Probe {
  host = $state("");
  port = $state("25");
  tls = $state<TlsWord>("opportunistic");
  wrong = $state.raw<{ host?: string; port?: string }>({});

  constructor(
    private readonly bus: Bus,
    from?: Destination,
  ) {
    super();
    if (from === undefined) return;
    this.host = from.host;
    this.port = String(from.port);
    this.tls = from.tls;
  }

  touched(): void {
    this.forget();
    this.wrong = {};
  }

  /** The server as typed, or null with the fields marked that are wrong. */
  read(): Destination | null {
    const host = this.host.trim();
    const port = portOf(this.port);
    this.wrong = {
      ...(host === "" ? { host: words.common.missing } : {}),
      ...(port === null || port === 0 ? { port: words.common.notAPort } : {}),
    };
    if (host === "" || port === null || port === 0) return null;
    return { host, port, tls: this.tls };
  }

  async test(domain: string): Promise<void> {
    const destination = this.read();
    if (destination === null) return;
    await this.run(() => this.bus.command("test_destination", { ...destination, domain }));
  }
}
