// Faults of a user's connection from its own side, by a clock of the test's.
import { expect, it } from "vitest";
import { ChannelFaults } from "../../../src/session/channel/channel-faults.js";
import type { Channel } from "../../../src/wire/socket/channel.js";
import { FakeClock } from "../../support/fake-clock.js";

it("a slow reader reads on once the rate allows all that it has read, not only the first of several frames", async () => {
  const clock = new FakeClock();
  const log: string[] = [];
  const channel = { pause: () => log.push("pause"), resume: () => log.push("resume") } as unknown as Channel;
  const faults = new ChannelFaults(clock);
  const undo = faults.throttle(1000, () => channel);
  faults.read(channel, 100, clock.nowUs());
  faults.read(channel, 300, clock.nowUs());
  await clock.pass(399_999);
  expect(log).toEqual(["pause", "pause"]);
  await clock.pass(1);
  expect(log).toEqual(["pause", "pause", "resume"]);
  undo?.();
  faults.read(channel, 100, clock.nowUs());
  expect(log).toEqual(["pause", "pause", "resume", "resume"]);
});
