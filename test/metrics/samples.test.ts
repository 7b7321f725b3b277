// The worker's buffers of raw samples.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  COHORTS,
  MAX_SAMPLE_US,
  type SampleBatch,
  SampleRecorder,
  type Samples,
} from "../../src/metrics/samples.js";

/** One metric's buffer of a recorder, and what the recorder tells of it. */
function buffered(): { readonly buffer: Samples; readonly take: () => SampleBatch | undefined } {
  const recorder = new SampleRecorder();
  return { buffer: recorder.phase("hold").of("login"), take: () => recorder.take().hold?.login };
}

describe("samples", () => {
  it("come out as they went in, in order, and only once", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: MAX_SAMPLE_US }), { maxLength: 300 }), (values) => {
        const { buffer, take } = buffered();
        for (const us of values) buffer.push(us);
        const batch = take();
        expect([...(batch?.samples ?? [])]).toEqual(values);
        expect(take()).toBeUndefined();
      }),
    );
  });

  it("are whole microseconds: no fraction gets in", () => {
    const { buffer, take } = buffered();
    buffer.push(1.9);
    expect([...(take()?.samples ?? [])]).toEqual([1]);
  });

  it("reject anything that is not a duration, since that is a bug and not a measurement", () => {
    const { buffer, take } = buffered();
    for (const us of [Number.NaN, -1, -0.001]) expect(() => buffer.push(us)).toThrow(RangeError);
    expect(take()).toBeUndefined();
  });

  it("hold what is too long as the longest there is, and do not wrap around", () => {
    const { buffer, take } = buffered();
    buffer.push(MAX_SAMPLE_US + 10);
    buffer.push(Number.POSITIVE_INFINITY);
    expect([...(take()?.samples ?? [])]).toEqual([MAX_SAMPLE_US, MAX_SAMPLE_US]);
  });

  it("count attempts that never ended, even if nothing else was recorded", () => {
    const { buffer, take } = buffered();
    buffer.censor();
    buffer.censor();
    expect(take()).toEqual({ samples: new Uint32Array(), censored: 2 });
    expect(take()).toBeUndefined();
  });

  it("already taken are not disturbed by later ones", () => {
    const { buffer, take } = buffered();
    buffer.push(1);
    const first = take();
    buffer.push(2);
    expect([...(first?.samples ?? [])]).toEqual([1]);
  });
});

describe("a recorder", () => {
  it("keeps phases and metrics separate, and only returns those with something new", () => {
    const recorder = new SampleRecorder();
    recorder.phase("ramp").of("login").push(5);
    recorder.phase("hold").of("agent.response").push(7);
    recorder.phase("hold").of("agent.response/service").censor();
    recorder.phase("drain").of("login");
    expect(recorder.take()).toEqual({
      ramp: { login: { samples: Uint32Array.of(5), censored: 0 } },
      hold: {
        "agent.response": { samples: Uint32Array.of(7), censored: 0 },
        "agent.response/service": { samples: new Uint32Array(), censored: 1 },
      },
    });
    expect(recorder.take()).toEqual({});
  });

  it("distinguishes the cohorts within one batch, and counts samples of no user without one", () => {
    const recorder = new SampleRecorder();
    recorder.phase("hold", 1).of("agent.response").push(10);
    recorder
      .phase("hold", COHORTS + 1)
      .of("agent.response")
      .push(11);
    recorder.phase("hold", 3).of("agent.response").censor();
    recorder.phase("hold", 0).of("agent.response").push(9);
    recorder.phase("hold").of("agent.response").push(12);
    recorder.phase("hold").of("login").push(5);
    expect(recorder.take()).toEqual({
      hold: {
        "agent.response": {
          samples: Uint32Array.of(9, 10, 11, 12),
          censored: 1,
          cohorts: Uint32Array.of(0, 1, 0, 0, 1, 3, 0, 0, 3, 3, 1, 0),
        },
        login: { samples: Uint32Array.of(5), censored: 0 },
      },
    });
    recorder.phase("hold", 3).of("agent.response").push(7);
    expect(recorder.take().hold?.["agent.response"]?.cohorts).toEqual(Uint32Array.of(3, 1, 0, 0));
  });
});
