import type { Command, Destination, DestinationTest, DomainRow, TestDestinationArgs } from "../../api/types";
import * as data from "./data";
import * as domains from "./domains";
import { fault, type Told } from "./told";

type Truth = Pick<
  DomainRow,
  "truth" | "truth_ms" | "truth_next_ms" | "truth_replies" | "decides_at_data" | "bounces_later" | "brand"
>;

/** The office's domains and their mail servers. */
export class FakeServers {
  rows: DomainRow[] = [];

  constructor(private readonly told: Told) {
    if (told.mood === "first-run") return;
    const destination = { host: "mail.fabrikam.example", port: 25, tls: "opportunistic" as const };
    this.rows = [this.row("fabrikam.example", destination)];
  }

  /** Carries out what it knows; undefined for a command about something else. */
  command(command: Command): unknown {
    switch (command.name) {
      case "add_domain": {
        const { name, destination } = command.args;
        refuseOurselves(name, destination);
        return this.changed([...this.rows.filter((row) => row.name !== name), this.row(name, destination)]);
      }
      case "set_route":
        if (command.args.destination != null) refuseOurselves(command.args.address, command.args.destination);
        return this.changed(domains.settled(this.rows, command));
      case "set_domain":
      case "set_alias_domains":
        return this.changed(domains.settled(this.rows, command));
      case "remove_domain":
        return this.changed(this.rows.filter((row) => row.name !== command.args.name));
      case "test_destination":
        return testOf(command.args);
      case "test_domain":
        return this.test(command.args.name);
      default:
        return undefined;
    }
  }

  private changed(rows: DomainRow[]): unknown {
    this.rows = rows;
    this.told.tell(["setup", "health", "journal"]);
    return { rows };
  }

  private row(name: string, destination: Destination): DomainRow {
    const { mood } = this.told;
    const down = mood === "down";
    return {
      name,
      destination,
      reachability: mood === "empty" ? "not_asked_yet" : down ? "does_not_answer" : "answers",
      since_ms: data.at(0, 14, 32) - (down ? 0 : 9 * data.DAY),
      trouble: down ? "connection refused (os error 111)" : null,
      need: 3,
      window_days: 30,
      settings: mood === "ready" && this.rows.length === 0 ? domains.livedIn() : domains.settings(),
      ...this.truth(),
    };
  }

  private test(name: string): unknown {
    const tested = this.rows.find((row) => row.name === name);
    if (tested === undefined) throw fault("not_found", `${name} isn't one of your domains.`);
    const found = testOf({ ...tested.destination, domain: name });
    if (tested.truth !== "accepts_everything") return found;
    const sentence = "It says yes to a made-up address.";
    const technical = "250 2.1.5 Recipient OK";
    const yes = (step: string) => ({ step, verdict: "note", sentence, technical, took_ms: 6 });
    return {
      ...found,
      sentence: "Your mail server answers, but it says yes to every address. Rollcall can't learn from its word alone.",
      steps: [...found.steps.slice(0, -1), yes("made_up_recipient"), yes("second_made_up_recipient")],
    };
  }

  /** What the mail server is found to be, by mood. */
  private truth(): Truth {
    const rest = { decides_at_data: false, bounces_later: false, brand: "exchange" };
    if (this.told.mood === "empty")
      return { ...rest, truth: null, truth_ms: null, truth_next_ms: 0, truth_replies: [], brand: null };
    const everything = this.told.mood === "ready";
    const reply = everything ? "250 2.1.5 Recipient OK" : "550 5.1.1 User unknown";
    return {
      ...rest,
      truth: everything ? "accepts_everything" : "rejects_strangers",
      truth_ms: data.at(0, 9, 5),
      truth_next_ms: data.at(0, 9, 5) + (everything ? 7 : 1) * data.DAY,
      truth_replies: [reply, reply],
    };
  }
}

/** The same sentence as the engine's. */
function refuseOurselves(whose: string, { host, port }: Destination): void {
  if (!["127.0.0.1", "localhost"].includes(host) || port !== 25) return;
  const message =
    `${host}:${port} is where Rollcall itself receives mail, so mail for ${whose} would come back here. ` +
    "Name the office's own mail server, or move Rollcall to another port first.";
  throw fault("conflict", message);
}

function testOf(to: TestDestinationArgs): DestinationTest {
  if (to.host.includes("down")) {
    const technical = `connect ${to.host}:${to.port}: connection refused (os error 111)`;
    const sentence = "No connection could be made.";
    return {
      usable: false,
      sentence: `${to.host} doesn’t answer on port ${to.port}. Check the name and the port.`,
      steps: [{ step: "connect", verdict: "bad", sentence, technical, took_ms: 12 }],
    };
  }
  const step = (name: string, verdict: "good" | "note", sentence: string, technical: string, took_ms: number) => ({
    step: name,
    verdict,
    sentence,
    technical,
    took_ms,
  });
  const hello = `250-${to.host}\n250-SIZE 52428800\n250-STARTTLS\n250 PIPELINING`;
  const encrypted = "The connection is encrypted, with a certificate nobody else vouches for.";
  const refused = `It refuses an address we made up, so its word on ${to.domain} counts.`;
  const asked = `>> RCPT TO:<rollcall-check-7f3k2@${to.domain}>\n<< 550 5.1.1 User unknown`;
  return {
    usable: true,
    sentence: "Mail can go there.",
    steps: [
      step("connect", "good", `${to.host} answers.`, "10.0.4.12:25", 11),
      step("greeting", "good", "It is ready for mail.", `220 ${to.host} ESMTP ready`, 8),
      step("ehlo", "good", "It takes messages up to 50 MB.", hello, 3),
      step("starttls", "note", encrypted, "TLS 1.3, self-signed certificate", 24),
      step("made_up_recipient", "good", refused, asked, 6),
    ],
  };
}
