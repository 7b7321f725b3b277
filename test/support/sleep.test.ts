// Waiting by a clock: never too short, and no longer than was asked for.
import { expect, it } from "vitest";
import { sleep, within } from "../../src/support/clock.js";
import { FakeClock, settle } from "./fake-clock.js";

it("a sleep ends when its time has passed, and not before", async () => {
  const clock = new FakeClock(7);
  let awake = false;
  void sleep(1000, clock).then(() => {
    awake = true;
  });
  await clock.pass(999);
  expect(awake).toBe(false);
  await clock.pass(1);
  expect(awake).toBe(true);
});

it("what is waited for ends the wait, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  await within(1000, Promise.resolve(), clock);
  expect(clock.pending).toBe(0);
});

it("what does not come is waited for so long and no longer", async () => {
  const clock = new FakeClock();
  let over = false;
  void within(1000, new Promise(() => {}), clock).then(() => {
    over = true;
  });
  await clock.pass(999);
  expect(over).toBe(false);
  await clock.pass(1);
  await settle();
  expect(over).toBe(true);
});

it("what fails while it is waited for fails the wait, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  await expect(within(1000, Promise.reject(new Error("broken")), clock)).rejects.toThrow("broken");
  expect(clock.pending).toBe(0);
});
