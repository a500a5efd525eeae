import { looksLikeDomain, looksLikeIp, portOf } from "../../lib/format/address";
import { DestinationForm } from "../../lib/parts/destination.svelte";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

export const STEPS = ["domain", "server", "reach"] as const;
export type Step = (typeof STEPS)[number];

/** Public mail providers an office cannot stand in front of. */
const PUBLIC = new Set([
  "gmail.com",
  "googlemail.com",
  "outlook.com",
  "hotmail.com",
  "yahoo.com",
  "icloud.com",
  "gmx.net",
  "gmx.de",
  "web.de",
  "aol.com",
]);

/** The answers of the set-up. Back never loses any. Nothing is stored before Finish. */
export class SetUpForm {
  step = $state<Step>("domain");
  domain = $state("");
  address = $state("127.0.0.1");
  port = $state("2525");
  wrong = $state.raw<{ domain?: string; address?: string; port?: string }>({});
  readonly server: DestinationForm;

  constructor(private readonly session: Session) {
    this.server = new DestinationForm(session.bus);
  }

  get at(): number {
    return STEPS.indexOf(this.step);
  }

  /** Answers false on the first step. */
  back(): boolean {
    const before = STEPS[this.at - 1];
    if (before === undefined) return false;
    this.step = before;
    return true;
  }

  /** Goes on when the step's answers can be used. */
  next(): void {
    if (this.step === "domain" && !this.checkDomain()) return;
    if (this.step === "server" && this.server.read() === null) return;
    this.step = STEPS[this.at + 1] ?? this.step;
    if (this.step === "server" && this.server.host === "") this.server.host = `mail.${this.domain.trim()}`;
  }

  /** Stores the domain and opens the port. Answers true when both are done. */
  async finish(): Promise<boolean> {
    const destination = this.server.read();
    const port = portOf(this.port);
    this.wrong = {
      ...(looksLikeIp(this.address.trim()) ? {} : { address: words.common.notAnIp }),
      ...(port === null ? { port: words.common.notAPort } : {}),
    };
    if (destination === null || port === null || this.wrong.address !== undefined) return false;
    const { bus, toast } = this.session;
    const done = await this.session.attempt("set-up", async () => {
      const { listener } = await bus.command("set_listener", { name: "inbound", address: this.address.trim(), port });
      if (listener.bound === null && listener.fault !== null) {
        this.wrong = { port: listener.fault };
        return false;
      }
      await bus.command("add_domain", { name: this.domain.trim().toLowerCase(), destination });
      toast.say(words.welcome.finished);
      return true;
    });
    return done === true;
  }

  private checkDomain(): boolean {
    const domain = this.domain.trim().toLowerCase();
    if (!looksLikeDomain(domain)) this.wrong = { domain: words.common.notADomain };
    else if (PUBLIC.has(domain)) this.wrong = { domain: words.welcome.domain.publicProvider };
    else this.wrong = {};
    return this.wrong.domain === undefined;
  }
}
