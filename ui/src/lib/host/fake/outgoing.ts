import type {
  Command,
  Destination,
  DestinationTest,
  Outbound,
  SetOutboundArgs,
  TestOutboundArgs,
  TestStep,
} from "../../api/types";
import * as data from "./data";
import { fault, LOCKED, type Told } from "./told";

/** Mail of the office's machines to the world. */
export class FakeOutgoing {
  private mode: Outbound["mode"] = "smarthost";
  private username: string | null = "office@fabrikam.example";
  private hasPassword = true;
  private smarthost: Destination | null = { host: "smtp.provider.example", port: 587, tls: "required" };

  constructor(
    private readonly told: Told,
    private readonly hosts: () => number,
  ) {}

  answer(): Outbound {
    const down = this.told.mood === "down";
    const asked = this.smarthost !== null;
    return {
      mode: this.mode,
      smarthost: this.smarthost,
      username: this.username,
      lacks_password: this.username !== null && !this.hasPassword,
      secret_place: this.username !== null && this.hasPassword ? "keychain" : null,
      secret_trouble: this.told.mood === "locked" ? LOCKED : null,
      reachability: !asked ? "not_asked_yet" : down ? "does_not_answer" : "answers",
      since_ms: asked ? data.at(0, 14, 32) : null,
      trouble: asked && down ? "no connection to smtp.provider.example:587: connection refused (os error 111)" : null,
      sender_hosts: this.hosts(),
    };
  }

  /** Carries out what it knows; undefined for a command about something else. */
  command(command: Command): unknown {
    switch (command.name) {
      case "set_outbound":
        return this.set(command.args);
      case "set_outbound_secret":
        if (this.username === null) throw fault("conflict", "Say first which server mail goes out through.");
        this.hasPassword = true;
        return this.changed();
      case "test_outbound":
        return this.test(command.args);
      default:
        return undefined;
    }
  }

  private set(args: SetOutboundArgs): Outbound {
    const { mode, host = "", port = 25, tls = "required", username = "" } = args;
    const signsIn = mode === "smarthost" && username !== "" ? username : null;
    const kept = signsIn === this.username && host === this.smarthost?.host;
    this.smarthost = mode === "smarthost" ? { host, port, tls } : null;
    [this.mode, this.username, this.hasPassword] = [mode, signsIn, kept && this.hasPassword];
    return this.changed();
  }

  private changed(): Outbound {
    this.told.tell(["setup", "health", "journal"]);
    return this.answer();
  }

  private test({ mode, host = "", port = 25, username, secret, domain = "" }: TestOutboundArgs): DestinationTest {
    if (mode === "mx") return testOfDomain(domain);
    const at = `${host}:${port}`;
    if (host.includes("down")) {
      const sentence = `Nothing answers at ${at}. Is the mail server running, and is the port right?`;
      const technical = `no connection to ${at}: connection refused (os error 111)`;
      return { usable: false, sentence, steps: [step("connect", "bad", sentence, technical)] };
    }
    const said = hello(host);
    if (username === undefined)
      return { usable: true, sentence: `Mail can go out through ${at}.`, steps: [...said, sender("postmaster")] };
    if (secret === "wrong") {
      const sentence = `${host} did not let Rollcall sign in. Check the name and the password.`;
      const lines = ">> AUTH PLAIN (not shown)\n<< 535 5.7.8 Authentication failed";
      return { usable: false, sentence, steps: [...said, step("sign_in", "bad", sentence, lines)] };
    }
    const lines = ">> AUTH PLAIN (not shown)\n<< 235 2.7.0 Authentication successful";
    const signedIn = step("sign_in", "good", `It let us sign in as ${username}.`, lines);
    const steps = [...said, signedIn, sender(username.split("@")[0] ?? "")];
    return { usable: true, sentence: `Mail can go out through ${at}.`, steps };
  }
}

function step(name: string, verdict: TestStep["verdict"], sentence: string, technical: string | null): TestStep {
  return { step: name, verdict, sentence, technical, took_ms: 4 + name.length };
}

function hello(host: string): TestStep[] {
  const ehlo = `>> EHLO relay.fabrikam.example\n<< 250-${host}\n<< 250-SIZE 26214400\n<< 250-STARTTLS\n<< 250 AUTH PLAIN`;
  const encrypted = "The connection is encrypted, and the certificate is one this computer trusts.";
  return [
    step("greeting", "good", "The server answers and speaks SMTP.", `<< 220 ${host} ESMTP`),
    step("ehlo", "good", "It takes messages up to 26 MB.", ehlo),
    step("starttls", "good", encrypted, ">> STARTTLS\n<< 220 2.0.0 Ready to start TLS"),
  ];
}

function sender(local: string): TestStep {
  const address = `${local}@fabrikam.example`;
  const lines = `>> MAIL FROM:<${address}>\n<< 250 2.1.0 Ok\n>> RSET\n<< 250 2.0.0 Ok`;
  return step("sender", "good", `It takes mail from ${address}. None was sent.`, lines);
}

function testOfDomain(domain: string): DestinationTest {
  const host = `mx1.${domain}`;
  const found = step("look_up", "good", `${domain} names its mail servers.`, `10 ${host}\n20 mx2.${domain}`);
  if (!domain.includes("blocked"))
    return {
      usable: true,
      sentence: `Mail can go directly: ${host} answers.`,
      steps: [found, ...hello(host), sender("postmaster")],
    };
  const refused = `No connection to ${host}:25 could be made.`;
  return {
    usable: false,
    sentence: `${host} can’t be reached on port 25. Many providers block it: ask yours, or send through another server.`,
    steps: [found, step("connect", "bad", refused, `no connection to ${host}:25: timed out`)],
  };
}
