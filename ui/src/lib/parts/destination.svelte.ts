import { faultOf } from "../api/contract";
import type { Destination, DestinationTest, Fault, TlsWord } from "../api/types";
import { portOf } from "../format/address";
import type { Bus } from "../live/bus.svelte";
import { words } from "../words";

/** A mail server as it is being typed, and what the test said about it. */
export class DestinationForm {
  host = $state("");
  port = $state("25");
  tls = $state<TlsWord>("opportunistic");
  testing = $state(false);
  result = $state.raw<DestinationTest | null>(null);
  refused = $state.raw<Fault | null>(null);
  wrong = $state.raw<{ host?: string; port?: string }>({});

  constructor(
    private readonly bus: Bus,
    from?: Destination,
  ) {
    if (from === undefined) return;
    this.host = from.host;
    this.port = String(from.port);
    this.tls = from.tls;
  }

  /** A changed field makes the last test worthless. */
  touched(): void {
    this.result = null;
    this.refused = null;
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
    if (destination === null || this.testing) return;
    this.testing = true;
    this.refused = null;
    try {
      this.result = await this.bus.command("test_destination", { ...destination, domain });
    } catch (thrown) {
      this.result = null;
      this.refused = faultOf(thrown);
    }
    this.testing = false;
  }
}
