import { isLoopback, looksLikeDomain, looksLikeIp, portOf } from "../../lib/format/address";
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

/** So long Rollcall only watches in front of a mail server. */
const SHADOW_DAYS = 7;

/** The answers of the set-up. Back never loses any. Nothing is stored before Finish. */
export class SetUpForm {
  step = $state<Step>("domain");
  domain = $state("");
  address = $state("127.0.0.1");
  port = $state("2525");
  /** In front of the mail server, or behind a filter that is there already (3.0). */
  place = $state<"front" | "filter">("front");
  wrong = $state.raw<{ domain?: string; address?: string; port?: string }>({});
  readonly server: DestinationForm;

  constructor(private readonly session: Session) {
    this.server = new DestinationForm(session.bus);
  }

  get at(): number {
    return STEPS.indexOf(this.step);
  }

  /** Where nobody outside gets in, nothing can be refused that matters. */
  get isReachable(): boolean {
    const address = this.address.trim();
    return looksLikeIp(address) && !isLoopback(address);
  }

  /** In front of the mail server Rollcall only watches at first (X16). */
  get watches(): boolean {
    return this.isReachable && this.place === "front";
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
      if (this.watches) await bus.command("set_shadow", { days: SHADOW_DAYS });
      await bus.command("add_domain", { name: this.domain.trim().toLowerCase(), destination });
      toast.say(this.watches ? words.welcome.finishedWatching(SHADOW_DAYS) : words.welcome.finished);
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
