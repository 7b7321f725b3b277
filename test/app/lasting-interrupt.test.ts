// Ctrl-C over several runs: each hears of it, also of one that came while none was under way.
import { expect, it } from "vitest";
import { lastingInterrupt } from "../../src/app/lasting-interrupt.js";

function pressable() {
  const listeners = new Set<() => void>();
  const interrupt = lastingInterrupt({
    ...{ stdout: () => undefined, stderr: () => undefined, env: {}, cwd: "/" },
    onInterrupt(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
  });
  const press = (): void => {
    for (const listener of listeners) listener();
  };
  return { interrupt, press, listeners };
}

it("ends the run under way, and tells those that come after", () => {
  const { interrupt, press } = pressable();
  const heard: string[] = [];
  const stop = interrupt.context.onInterrupt?.(() => heard.push("first"));
  stop?.();
  interrupt.context.onInterrupt?.(() => heard.push("second"));
  expect(interrupt.asked()).toBe(false);
  press();
  expect([heard, interrupt.asked()]).toEqual([["second"], true]);
  interrupt.context.onInterrupt?.(() => heard.push("third"));
  expect(heard).toEqual(["second", "third"]);
});

it("is heard between two runs, so that the process does not die of it, and no longer at the end", () => {
  const { interrupt, press, listeners } = pressable();
  expect(listeners.size).toBe(1);
  press();
  expect(interrupt.asked()).toBe(true);
  interrupt.ignore();
  expect(listeners.size).toBe(0);
});
