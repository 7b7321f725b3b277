// The schema of an open load: how many starts a second, over how many sessions, for how long.
import { z } from "zod";
import { defined } from "../../support/defined.js";
import type { ArrivalsLoad, ArrivalsStage, Trace } from "../scenario.js";
import { duration, flag, rate, refuse, shown, text, type WholeRange, whole, wholeRange } from "./fields.js";

const DAY_US = 86_400_000_000;
const MAX_SESSIONS = 1_000_000;
/** Default pace at which sessions join. */
const JOIN_PER_SECOND = 100;
/** More than any machine can start: a typo rather than a plan. */
const MAX_PER_SECOND = 100_000;
const MIN_PER_SECOND = 1 / 3600;
const MAX_STARTS = 1e9;

/** Parses to starts per 1,000 hours. */
const startRate = (description: string, example: string) =>
  rate(description, example).transform((perSecond, context) => {
    const bound = perSecond < MIN_PER_SECOND ? "at least 1/h" : `at most ${MAX_PER_SECOND}/s`;
    if (perSecond >= MIN_PER_SECOND && perSecond <= MAX_PER_SECOND) return Math.round(perSecond * 3_600_000);
    return refuse(context, `must be ${bound}, is ${perSecond}/s`);
  });
const arrivals = startRate("Starts of the loop, whoever is free", "20/s");
const sessions = whole("Users who stay connected, and of whom a free one takes each start", 200, {
  min: 1,
  max: MAX_SESSIONS,
});
const ramp = duration("Time over which the rate rises or falls to this one, evenly; default 0", "10s", {
  max: DAY_US,
});
const hold = duration("Time that the rate then stays: what the SLAs judge", "60s", { max: DAY_US });
const join = duration(
  "Time over which the sessions connect before the first start; default 1s for every 100",
  "2s",
  { max: DAY_US },
);
/** Beyond these, starts would be a single burst, or evenly spaced. */
const BURSTINESS = { min: 0.01, max: 1000 } as const;
const WRONG_BURSTINESS = "expected a number above 0, such as 1.0";
const burstiness = z
  .union([z.number(), z.string().meta({ pattern: "^\\d+(\\.\\d+)?$|\\$\\{" })], { error: WRONG_BURSTINESS })
  .transform((written, context) => {
    const value = Number(written);
    if (value >= BURSTINESS.min && value <= BURSTINESS.max) return value;
    const message = Number.isNaN(value)
      ? `${WRONG_BURSTINESS}, got ${shown(written)}`
      : `must be from ${BURSTINESS.min} to ${BURSTINESS.max}, is ${value}`;
    return refuse(context, message);
  })
  .meta({
    description:
      "Starts come by chance, with gamma gaps of this shape: 1.0 is a Poisson process, less is burstier, more is more even; absent: evenly",
    examples: [1],
  });
const poisson = flag("Another way to write burstiness: 1.0");
const chance = { burstiness: burstiness.optional(), poisson: poisson.optional() };

const stageSchema = z
  .strictObject({ arrivals, ramp: ramp.optional(), hold: hold.optional() })
  .transform(
    (stage): ArrivalsStage => ({ rate: stage.arrivals, rampUs: stage.ramp ?? 0, holdUs: stage.hold ?? 0 }),
  );

interface Written {
  readonly sessions: number;
  readonly turns?: WholeRange | undefined;
  readonly trace?: Trace | undefined;
  readonly join?: number | undefined;
  readonly burstiness?: number | undefined;
  readonly poisson?: boolean | undefined;
  readonly stages: readonly ArrivalsStage[];
}

/** One rate and one hold. */
export const steadyArrivals = z
  .strictObject({ arrivals, sessions, ramp: ramp.optional(), hold, join: join.optional(), ...chance })
  .meta({
    description: "An open load: starts come at a rate, whether or not the target keeps up",
    examples: [{ arrivals: "20/s", sessions: 200, hold: "60s", burstiness: 1 }],
  })
  .transform(
    ({ arrivals: startRate, ramp: rampUs = 0, hold: holdUs, ...rest }): Written => ({
      ...rest,
      stages: [{ rate: startRate, rampUs, holdUs }],
    }),
  );

/** By default there are enough users for turns that take this long, think time included. */
const ROOM_PER_TURN_S = 10;
const MAX_WITHOUT_WORD = 10_000;

/** Sessions that come at a rate, take their turns and leave. */
export const comingSessions = z
  .strictObject({
    sessions: z
      .strictObject({
        rate: startRate("Sessions that begin", "2/s"),
        turns: wholeRange(
          "Passes through the loop that a session takes: a number, or a range to draw from",
          "3..8",
          { min: 1, max: 100_000 },
        ),
        users: whole(
          `Accounts to take them, and so the most sessions at once; default: enough for turns of ${ROOM_PER_TURN_S}s`,
          100,
          { min: 1, max: MAX_SESSIONS },
        ).optional(),
      })
      .describe("Sessions that come, take their turns and leave"),
    ramp: ramp.optional(),
    hold,
    ...chance,
  })
  .meta({
    description: "An open load of sessions: each logs in, connects, takes some turns and leaves",
    examples: [{ sessions: { rate: "2/s", turns: "3..8" }, hold: "60s" }],
  })
  .transform(
    ({ sessions: { rate: startsPer, turns, users }, ramp: rampUs = 0, hold: holdUs, ...rest }): Written => {
      const room = Math.ceil((startsPer / 3_600_000) * turns.to * ROOM_PER_TURN_S);
      return {
        ...rest,
        sessions: users ?? Math.min(MAX_WITHOUT_WORD, Math.max(1, room)),
        turns,
        join: 0,
        stages: [{ rate: startsPer, rampUs, holdUs }],
      };
    },
  );

/** Slowest and fastest replay of a trace. */
const SPEED = { min: 0.001, max: 1000 } as const;
const WRONG_SPEED = "expected how many times as fast, such as 2x";
const speed = z
  .union([z.number(), z.string().meta({ pattern: "^\\d+(\\.\\d+)?x?$|\\$\\{" })], { error: WRONG_SPEED })
  .transform((written, context) => {
    const value = Number(String(written).replace(/x$/, ""));
    if (value >= SPEED.min && value <= SPEED.max) return value;
    const message = Number.isNaN(value)
      ? `${WRONG_SPEED}, got ${shown(written)}`
      : `must be from ${SPEED.min}x to ${SPEED.max}x, is ${written}`;
    return refuse(context, message);
  })
  .meta({ description: "How many times as fast as it was recorded; default 1x: --speed", examples: ["2x"] });

/** Recorded requests; their rows are read from the file later. */
export const tracedArrivals = z
  .strictObject({
    trace: text("File of the trace: Mooncake's JSONL, or CSV with BurstGPT's columns", "trace.jsonl"),
    speed: speed.optional(),
    sessions,
    hold: duration("How much of the trace is replayed: what the SLAs judge", "60s", { max: DAY_US }),
    join: join.optional(),
  })
  .meta({
    description: "An open load: starts come when they did in a trace, with messages of about the same length",
    examples: [{ trace: "trace.jsonl", sessions: 200, hold: "60s" }],
  })
  .transform(
    ({ trace: file, speed: times = 1, hold: holdUs, ...rest }): Written => ({
      ...rest,
      trace: { file, speed: times, atUs: [], inputTokens: [], outputTokens: [] },
      stages: [{ rate: 0, rampUs: 0, holdUs }],
    }),
  );

/** Several rates, one after another. */
export const stagedArrivals = z
  .strictObject({
    sessions,
    stages: z
      .array(stageSchema)
      .min(1, { error: "needs at least one stage" })
      .describe("Ramps and holds of the rate, in order"),
    join: join.optional(),
    ...chance,
  })
  .describe("An open load in several stages, one after the other")
  .transform((load): Written => load);

/** Adds defaults, and refuses too little or too much load. */
export function arrivalsLoad(load: Written, context: z.RefinementCtx): ArrivalsLoad {
  const starts = load.stages.reduce(
    (sum, { rate: one, holdUs }) => sum + (one / 3_600_000) * (holdUs / 1_000_000),
    0,
  );
  if (starts > MAX_STARTS) {
    const message = `asks for ${Math.round(starts).toLocaleString("en-US")} starts; at most ${MAX_STARTS.toLocaleString("en-US")} can be told apart`;
    context.addIssue({ code: "custom", message });
  }
  for (const [at, { rate: one, holdUs }] of load.stages.entries()) {
    const held = (one / 3_600_000) * (holdUs / 1_000_000);
    if (holdUs === 0 || held >= 1 || load.trace) continue;
    const path = load.stages.length > 1 ? ["stages", at] : [];
    const message = `holds for less than one start: ${Math.round(held * 1000) / 1000} of one`;
    context.addIssue({ code: "custom", path, message, params: { hint: "hold longer, or raise the rate" } });
  }
  const { burstiness: shape = load.poisson === true ? 1 : undefined } = load;
  if (load.poisson !== undefined && load.burstiness !== undefined) {
    const message = "cannot be used together with `burstiness`";
    context.addIssue({ code: "custom", path: ["poisson"], message, params: { hint: "drop `poisson`" } });
  }
  const joinUs = load.join ?? Math.max(1, Math.ceil(load.sessions / JOIN_PER_SECOND)) * 1_000_000;
  return {
    kind: "arrivals",
    sessions: load.sessions,
    joinUs,
    stages: load.stages,
    ...defined({ burstiness: shape, turns: load.turns, trace: load.trace }),
  };
}
