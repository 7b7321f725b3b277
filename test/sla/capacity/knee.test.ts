// The search against a simulated backend whose knee is known: c servers, a fixed service time, users who think.
import { describe, expect, it } from "vitest";
import {
  nextStep,
  type Probe,
  type ProbeResult,
  type SearchSettings,
} from "../../../src/sla/capacity/search.js";
import { minimumSamples, toleratedViolations } from "../../../src/sla/samples.js";
import { type Random, randomFrom } from "../../../src/support/random.js";

const SECOND = 1_000_000;

interface Backend {
  readonly servers: number;
  readonly serviceUs: number;
  readonly thinkUs: number;
  readonly limitUs: number;
}

/** Response times of a closed load: users think (evenly from half to one and a half times), then wait for a server. */
function respond(backend: Backend, users: number, holdUs: number, random: Random): readonly number[] {
  const think = (): number => backend.thinkUs * (0.5 + random.next());
  // As in a run: users join over a ramp, and only what is asked after it counts.
  const rampUs = 6 * SECOND;
  const asks = Array.from({ length: users }, (_, user) => (rampUs * user) / users);
  const freeAt = Array.from({ length: backend.servers }, () => 0);
  const times: number[] = [];
  while (asks.length > 0) {
    const askedAt = asks.shift() ?? 0;
    if (askedAt >= rampUs + holdUs) break;
    const server = freeAt.indexOf(Math.min(...freeAt));
    const doneAt = Math.max(askedAt, freeAt[server] ?? 0) + backend.serviceUs;
    freeAt[server] = doneAt;
    if (askedAt >= rampUs) times.push(doneAt - askedAt);
    const next = doneAt + think();
    const at = asks.findIndex((other) => other > next);
    asks.splice(at < 0 ? asks.length : at, 0, next);
  }
  return times;
}

function holds(backend: Backend, users: number, holdUs: number, random: Random): boolean | undefined {
  const times = respond(backend, users, holdUs, random);
  if (times.length < minimumSamples(99_000)) return undefined;
  const beyond = times.filter((us) => us >= backend.limitUs).length;
  return beyond <= toleratedViolations(99_000, times.length);
}

describe("the capacity of a backend with a known knee", () => {
  it.each([
    { servers: 4, serviceUs: 200_000, thinkUs: SECOND, limitUs: 500_000 },
    { servers: 20, serviceUs: 300_000, thinkUs: 2 * SECOND, limitUs: SECOND },
    { servers: 40, serviceUs: 350_000, thinkUs: 2 * SECOND, limitUs: SECOND },
  ])("is found within a tenth, in less than ten minutes: %j", (backend) => {
    const random = randomFrom("knee", backend.servers);
    // The truth, from holds of four minutes: the users at which the 99th percentile passes the limit.
    let knee = 1;
    for (let step = 1024; step >= 1; step /= 2) {
      if (holds(backend, knee + step, 240 * SECOND, random) !== false) knee += step;
    }
    const settings: SearchSettings = {
      start: 2 * backend.servers,
      maximum: 10_000,
      precision: 0.05,
      confirmations: 2,
      probeHoldUs: 15 * SECOND,
      confirmHoldUs: 30 * SECOND,
      overheadUs: 6 * SECOND,
      budgetUs: 600 * SECOND,
    };
    const results: ProbeResult[] = [];
    const run = (probe: Probe): void => {
      // As the runner does where a probe is too short for its samples: it holds longer.
      const held =
        holds(backend, probe.load, probe.holdUs, random) ?? holds(backend, probe.load, 60 * SECOND, random);
      const outcome = held === undefined ? "unknown" : held ? "held" : "broke";
      results.push({ probe, outcome, boundBy: [], tookUs: probe.holdUs + 6 * SECOND });
    };
    for (let step = nextStep(settings, results); ; step = nextStep(settings, results)) {
      if (step.kind === "probe") run(step.probe);
      else {
        expect(step.answer.end).toBe("found");
        expect(Math.abs((step.answer.holds ?? 0) - knee) / knee).toBeLessThanOrEqual(0.1);
        break;
      }
    }
    expect(results.reduce((sum, { tookUs }) => sum + tookUs, 0)).toBeLessThanOrEqual(600 * SECOND);
  });
});
