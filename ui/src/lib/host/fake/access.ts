import type { Access, Command, Forecast, ForecastArgs, Seats, SetLicenceArgs, SetPasswordArgs } from "../../api/types";
import * as data from "./data";
import { fault, type Told } from "./told";

const TRIES = 5;
const CODES = /^[A-Z]{3}$/;

/** Roles and seats of the stand-in. The password is "correct horse" where there is one. */
export class FakeAccess {
  private password: string | null = "correct horse";
  private until: number | null = null;
  private locked: number | null = null;
  private wrong = 0;
  private total: number | null = 50;
  private price: number | null = 300;
  private currency: string | null = "EUR";

  constructor(
    private readonly told: Told,
    private readonly users: () => number,
    how: string | null,
  ) {
    if (how === "none") this.password = null;
    if (how === "signed-in") this.until = told.now + 5 * data.MINUTE;
    if (how === "waiting") this.locked = told.now + 8 * data.MINUTE;
    if (how === "unlimited") [this.total, this.price, this.currency] = [null, null, null];
  }

  /** The number of users is known once the addresses are filled. */
  fit(how: string | null): void {
    if (how === "nearly") this.total = Math.floor(this.users() / 0.93);
    if (how === "full") this.total = this.users();
  }

  access(): Access {
    const open = this.until !== null && this.until > this.told.now;
    return {
      role: open ? "organization_administrator" : "technician",
      signed_in_until_ms: open ? this.until : null,
      has_password: this.password !== null,
      locked_until_ms: this.locked,
      tries_left: TRIES - this.wrong,
      now_ms: this.told.now,
    };
  }

  seats(): Seats {
    const [used, total, price] = [this.users(), this.total, this.price];
    const percent = total === null ? null : Math.floor((used * 100) / total);
    return {
      used,
      total,
      free: total === null ? null : Math.max(0, total - used),
      percent,
      level: total !== null && used >= total ? "full" : (percent ?? 0) >= 90 ? "nearly" : "roomy",
      price_per_user_minor: price,
      currency: this.currency,
      currency_digits: this.currency === null ? null : 2,
      cost_per_month_minor: price === null ? null : price * used,
      cost_per_month: price === null ? null : `€${((price * used) / 100).toFixed(2)}`,
    };
  }

  forecast({ addresses, count }: ForecastArgs): Forecast {
    const fresh = count ?? addresses?.length ?? 0;
    const after = this.users() + fresh;
    const cost = this.price === null ? null : this.price * fresh;
    const said = cost === null ? "" : ` (≈ +€${(cost / 100).toFixed(2)} a month)`;
    return {
      new_users: fresh,
      seats_used_after: after,
      seats_total: this.total,
      over_by: this.total === null ? 0 : Math.max(0, after - this.total),
      cost_per_month_minor: cost,
      currency: this.currency,
      sentence:
        fresh === 1
          ? `This would be 1 new paid user${said}.`
          : `These ${fresh} would be ${fresh} new paid users${said}.`,
    };
  }

  /** Carries out what it knows; undefined for a command about something else. */
  command(command: Command): unknown {
    switch (command.name) {
      case "sign_in":
        this.check(command.args.password);
        this.until = this.told.now + 5 * data.MINUTE;
        return this.changed();
      case "sign_out":
        this.until = null;
        return this.changed();
      case "set_password":
        return this.setPassword(command.args);
      case "set_licence":
        return this.setLicence(command.args);
      default:
        return undefined;
    }
  }

  private setPassword({ password, old_password }: SetPasswordArgs): Access {
    if (this.password !== null) this.check(old_password ?? "");
    this.password = password;
    this.until = this.told.now + 5 * data.MINUTE;
    return this.changed();
  }

  private setLicence(args: SetLicenceArgs): Seats {
    if (this.access().role === "technician")
      throw fault("forbidden", "Only the Organization Administrator can change this.");
    const { seats_total = null, price_per_user_minor = null, currency = null } = args;
    if (currency !== null && !CODES.test(currency)) throw fault("invalid", "A currency has a code of three letters.");
    [this.total, this.price, this.currency] = [seats_total, price_per_user_minor, currency];
    this.told.tell(["setup", "health", "journal"]);
    return this.seats();
  }

  private check(password: string): void {
    if (password === this.password) {
      this.wrong = 0;
      return;
    }
    this.wrong += 1;
    if (this.wrong >= TRIES) this.locked = this.told.now + 10 * data.MINUTE;
    this.told.tell(["access", "journal"]);
    const left = TRIES - this.wrong;
    throw fault("forbidden", `This isn't the password. After ${left} more wrong ones, you have to wait.`);
  }

  private changed(): Access {
    this.told.tell(["access", "journal"]);
    return this.access();
  }
}
