// The worker's buffers of raw samples.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_SAMPLE_US, SampleRecorder, Samples } from "../../src/metrics/samples.js";

describe("samples", () => {
  it("come out as they went in, in order, and only once", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: MAX_SAMPLE_US }), { maxLength: 300 }), (values) => {
        const buffer = new Samples();
        for (const us of values) buffer.push(us);
        const batch = buffer.take();
        expect([...(batch?.samples ?? [])]).toEqual(values);
        expect(buffer.take()).toBeUndefined();
      }),
    );
  });

  it("are whole microseconds: no fraction gets in", () => {
    const buffer = new Samples();
    buffer.push(1.9);
    expect([...(buffer.take()?.samples ?? [])]).toEqual([1]);
  });

  it("refuse what is no duration, since that is a bug and not a measurement", () => {
    const buffer = new Samples();
    for (const us of [Number.NaN, -1, -0.001]) expect(() => buffer.push(us)).toThrow(RangeError);
    expect(buffer.take()).toBeUndefined();
  });

  it("hold what is too long as the longest there is, and do not wrap around", () => {
    const buffer = new Samples();
    buffer.push(MAX_SAMPLE_US + 10);
    buffer.push(Number.POSITIVE_INFINITY);
    expect([...(buffer.take()?.samples ?? [])]).toEqual([MAX_SAMPLE_US, MAX_SAMPLE_US]);
  });

  it("count attempts that never ended, also where nothing else was recorded", () => {
    const buffer = new Samples();
    buffer.censor();
    buffer.censor();
    expect(buffer.take()).toEqual({ samples: new Uint32Array(), censored: 2 });
    expect(buffer.take()).toBeUndefined();
  });

  it("already taken are not disturbed by later ones", () => {
    const buffer = new Samples();
    buffer.push(1);
    const first = buffer.take();
    buffer.push(2);
    expect([...(first?.samples ?? [])]).toEqual([1]);
  });
});

describe("a recorder", () => {
  it("keeps phases and metrics apart, and tells only those with something new", () => {
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
});
