import { faultOf } from "../api/contract";
import type { DestinationTest, Fault } from "../api/types";

/** A test of a mail server: under way, or what it found. */
export class Probe {
  testing = $state(false);
  result = $state.raw<DestinationTest | null>(null);
  refused = $state.raw<Fault | null>(null);

  /** A changed field makes the last test worthless. */
  forget(): void {
    this.result = null;
    this.refused = null;
  }

  /** What was typed was refused: that is shown where it is typed. */
  refuse(fault: Fault): void {
    this.result = null;
    this.refused = fault;
  }

  async run(test: () => Promise<DestinationTest>): Promise<void> {
    if (this.testing) return;
    this.testing = true;
    this.refused = null;
    try {
      this.result = await test();
    } catch (thrown) {
      this.result = null;
      this.refused = faultOf(thrown);
    }
    this.testing = false;
  }
}
