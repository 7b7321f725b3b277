// The samples of a turn are those of its labels and its phase, whatever the turn before it had.
import fc from "fast-check";
import { expect, it } from "vitest";
import { PhaseClock } from "../../../src/run/worker/phase-clock.js";
import { LabelledSamples } from "../../../src/session/user/labelled-samples.js";
import { FakeClock } from "../../support/fake-clock.js";

const START_US = 1_000_000;
const LOAD = { kind: "users", baseline: false, stages: [{ users: 2, rampUs: 10, holdUs: 100 }] } as const;

const labels = fc.record({
  afterUs: fc.nat(150),
  prompt: fc.constantFrom("a", "b"),
  weight: fc.constantFrom("light", ""),
  thread: fc.integer({ min: 1, max: 2 }),
  step: fc.constantFrom("send", "burst"),
});

it("are the same as if each turn had asked for its own", () => {
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 30 }), fc.nat(40), (turns, user) => {
      const schedule = new PhaseClock(new FakeClock(START_US), LOAD);
      schedule.start(START_US, START_US);
      const samples = new LabelledSamples({ schedule, groupNameOf: () => "staff" }, user);
      for (const { afterUs, prompt, weight, thread, step } of turns) {
        const us = START_US + afterUs;
        const phase = schedule.phaseAt(us);
        const own = schedule.samplesAt(us, user, ["staff", prompt, weight, `${thread}`, step, ""]);
        expect(samples.at(us, { phase, prompt, weight, thread, step })).toBe(own);
      }
    }),
  );
});
