import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHost } from "../../lib/host/fake/fake";
import { Session } from "../../lib/session/session.svelte";
import { createsUsers, Rules } from "./rules.svelte";

const settle = () => vi.advanceTimersByTimeAsync(600);

describe("Settings › Discovery", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    location.hash = "";
  });
  afterEach(() => vi.useRealTimers());

  async function opened(search = "") {
    const host = createHost(search);
    const session = new Session(host, await host.house());
    session.start();
    const view = new Rules(session);
    view.discovery.start();
    await settle();
    return { session, view };
  }

  it("d01_the_switch_is_saved_at_once_and_undo_takes_it_back", async () => {
    const { session, view } = await opened();

    await view.switchTo(false);
    await settle();
    expect(view.now?.on).toBe(false);
    expect(view.domain?.frozen_since_ms).not.toBeNull();

    session.toast.now?.action?.run();
    await settle();
    expect(view.now?.on).toBe(true);
  });

  it("d16_a_rule_is_changed_as_a_draft_and_holds_only_once_it_is_saved", async () => {
    const { session, view } = await opened();

    view.use("careful_office");
    await settle();
    expect(view.preset).toBe("careful_office");
    expect(view.domain?.preset).toBe("proofpoint");
    expect(view.changes).toBe(3);

    view.save();
    await settle();
    expect(view.domain?.rule).toMatchObject({ settle_minutes: 60, per_sender_domain: 2, on_expiry: "keep" });
    expect(view.changes).toBe(0);
    expect(session.toast.now?.text).toBe("fabrikam.example follows Careful office now.");

    session.toast.now?.action?.run();
    await settle();
    expect(view.domain?.preset).toBe("proofpoint");
  });

  it("d16_what_was_changed_back_or_dropped_is_nothing_to_save", async () => {
    const { view } = await opened();

    view.set({ need: 5 });
    expect(view.changes).toBe(1);
    view.set({ need: 3 });
    expect(view.changes).toBe(0);
    view.use("mailprotector");
    view.discard();
    expect(view.preset).toBe("proofpoint");
  });

  it("d16_leaving_with_changes_is_asked_about_and_saving_goes_on_from_there", async () => {
    const { view } = await opened();
    const gone: string[] = [];

    expect(view.leave(() => gone.push("at once"))).toBe(true);
    view.set({ need: 5 });
    expect(view.leave(() => gone.push("after"))).toBe(false);
    expect(view.leaving).not.toBeNull();

    view.save(() => gone.push("saved"));
    await settle();
    expect(gone).toEqual(["saved"]);
    expect(view.domain?.rule.need).toBe(5);
  });

  it("d16_the_router_holds_until_the_guard_lets_it_go", async () => {
    const { session } = await opened();
    session.router.now = { section: "settings", filter: "discovery", address: null };
    history.replaceState(null, "", "#/settings?filter=discovery");
    let go = (): void => undefined;
    const stop = session.router.guardedBy((later) => {
      go = later;
      return false;
    });

    session.router.refine("general");
    session.router.go("people");
    expect(session.router.now).toMatchObject({ section: "settings", filter: "discovery" });
    expect(location.hash).toBe("#/settings?filter=discovery");

    go();
    expect(session.router.now.section).toBe("people");
    expect(location.hash).toBe("#/people");
    stop();
  });

  it("x09_the_draft_is_tried_and_says_users_bogus_and_what_changes_now", async () => {
    const { view } = await opened("?access=signed-in");
    const stop = view.preview.start();
    expect(view.previewed).toBeNull();

    view.use("mailprotector");
    view.tried = view.wish;
    stop();
    view.preview.start();
    await settle();

    const found = view.previewed;
    expect(found?.preset).toBe("mailprotector");
    expect(found?.would_create.count).toBeGreaterThan(found?.bogus.count ?? 0);
    expect(found?.switch.users.count).toBeGreaterThan(0);
    expect(view.domain?.preset).toBe("proofpoint");

    view.set({ need: 2 });
    expect(view.previewed).toBeNull();
  });

  it("d06_another_number_of_messages_is_your_own_mix", async () => {
    const { view } = await opened();

    view.set({ need: 5 });
    expect(view.preset).toBeNull();
    view.save();
    await settle();

    expect(view.domain?.rule.need).toBe(5);
    expect(view.domain?.preset).toBeNull();
  });

  it("d08_what_makes_users_is_asked_about_and_refused_without_the_role", async () => {
    const { session, view } = await opened();

    view.set({ on_expiry: "create_user" });
    view.save();
    await settle();
    expect(view.asked?.warnings.join()).toContain("higher bill");
    expect(view.domain?.rule.on_expiry).toBe("invalid");

    view.asked?.go();
    await settle();
    expect(session.toast.now?.tone).toBe("bad");
    expect(view.domain?.rule.on_expiry).toBe("invalid");
    expect(view.changes).toBe(1);
  });

  it("m11_a_preset_that_makes_users_is_saved_after_its_warnings_were_read", async () => {
    const { view } = await opened("?access=signed-in");

    view.use("mailprotector");
    expect(view.asked).toBeNull();
    view.save();
    expect(view.asked?.warnings[0]).toContain("billable mailboxes");
    expect(view.domain?.preset).toBe("proofpoint");

    view.asked?.go();
    await settle();
    expect(view.domain).toMatchObject({ preset: "mailprotector", creates_users: true });
    expect(createsUsers(view.domain?.rule ?? ({} as never))).toBe(true);
  });

  it("p08_smtp_autocreate_warns_of_servers_that_say_yes_to_everybody", async () => {
    const { view } = await opened("?access=signed-in");

    view.use("smtp_autocreate");
    view.save();

    expect(view.asked?.warnings.join(" ")).toContain("says yes to every address");
  });

  it("d14_day_and_hour_of_the_weekly_notice_can_be_moved_and_moved_back", async () => {
    const { session, view } = await opened();

    await view.setWeekly("friday", 16);
    expect(view.now).toMatchObject({ weekday: "friday", hour: 16 });

    session.toast.now?.action?.run();
    await settle();
    expect(view.now).toMatchObject({ weekday: "monday", hour: 9 });
  });

  it("x05_a_holiday_hold_can_be_set_and_ended", async () => {
    const { view } = await opened();

    await view.setHoliday(1_800_000_000_000, "held");
    expect(view.now?.holiday_until_ms).toBe(1_800_000_000_000);

    await view.setHoliday(null, "over");
    expect(view.now?.holiday_until_ms).toBeNull();
  });
});
