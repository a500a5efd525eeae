import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import Menu from "./Menu.svelte";
import SearchField from "./SearchField.svelte";
import Segments from "./Segments.svelte";
import Skeleton from "./Skeleton.svelte";

const options = [
  { value: "a", label: "First" },
  { value: "b", label: "Second" },
];

describe("Segments", () => {
  it("choose with the arrow keys, in a circle", async () => {
    const onchange = vi.fn();
    render(Segments, { value: "b", label: "Which", options, onchange });

    await fireEvent.keyDown(screen.getByRole("radio", { name: "Second" }), { key: "ArrowRight" });

    expect(onchange).toHaveBeenCalledWith("a");
  });

  it("are one tab stop", () => {
    render(Segments, { value: "a", label: "Which", options, onchange: vi.fn() });

    expect(screen.getAllByRole("radio").map((radio) => radio.tabIndex)).toEqual([0, -1]);
  });
});

describe("Skeleton", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("shows nothing for 300 ms, because most answers are there by then", async () => {
    render(Skeleton, { label: "Reading", height: 46 });
    await vi.advanceTimersByTimeAsync(290);
    expect(screen.queryByRole("status")).toBeNull();

    await vi.advanceTimersByTimeAsync(20);

    expect(screen.getByRole("status").textContent).toContain("Reading");
  });
});

describe("Menu", () => {
  const run = vi.fn();
  const items = [
    { label: "One", run: vi.fn() },
    { label: "Two", run },
  ];

  it("opens with an arrow key, runs what is chosen, and gives the focus back", async () => {
    render(Menu, { label: "More", items });
    const button = screen.getByRole("button", { name: "More" });

    await fireEvent.keyDown(button, { key: "ArrowUp" });
    const last = await screen.findByRole("menuitem", { name: "Two" });
    await vi.waitFor(() => expect(document.activeElement).toBe(last));
    await fireEvent.click(last);

    expect(run).toHaveBeenCalledOnce();
    expect(screen.queryByRole("menu")).toBeNull();
    expect(document.activeElement).toBe(button);
  });

  it("closes with Escape and runs nothing", async () => {
    run.mockClear();
    render(Menu, { label: "More", items });
    await fireEvent.click(screen.getByRole("button", { name: "More" }));

    await fireEvent.keyDown(await screen.findByRole("menu"), { key: "Escape" });

    expect(screen.queryByRole("menu")).toBeNull();
    expect(run).not.toHaveBeenCalled();
  });
});

describe("SearchField", () => {
  it("Escape empties it first and lets the next Escape through", async () => {
    const outside = vi.fn();
    document.addEventListener("keydown", outside);
    render(SearchField, { value: "kim", label: "Search", clearLabel: "Clear" });
    const input = screen.getByRole<HTMLInputElement>("searchbox");

    await fireEvent.keyDown(input, { key: "Escape" });
    expect(input.value).toBe("");
    expect(outside).not.toHaveBeenCalled();

    await fireEvent.keyDown(input, { key: "Escape" });
    expect(outside).toHaveBeenCalledOnce();
    document.removeEventListener("keydown", outside);
  });
});
