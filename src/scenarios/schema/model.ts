// The script of a model endpoint, in a scenario or its own file: what it answers, how long it takes, what goes wrong.
import { z } from "zod";
import { type Delay, logNormal, NO_DELAY } from "../../llm/delays.js";
import { MODEL_FAULTS, type ModelFault } from "../../llm/faults.js";
import type { ModelScript } from "../../llm/script.js";
import { tried } from "../../support/errors.js";
import { parseDurationUs } from "../../support/units.js";
import { isLoopbackAddress } from "../accounts/hosts.js";
import type { ModelSpec } from "../scenario.js";
import { duration, share, sound, text, whole } from "./fields.js";

const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;
const delay = (description: string) =>
  z
    .union([
      sound(delayFault, description, "200ms"),
      z
        .strictObject({
          median: duration("Half of all draws are shorter", "200ms", { min: 1, max: 5 * MINUTE_US }),
          p99: duration("One draw in a hundred is longer", "1s", { min: 1, max: 5 * MINUTE_US }),
        })
        .refine(({ median, p99 }) => p99 > median, { error: "p99 must be longer than the median" }),
    ])
    .transform(
      (given): Delay =>
        typeof given === "string" ? writtenDelay(given) : logNormal(given.median, given.p99),
    )
    .describe(description);

const answer = z.strictObject({
  match: sound(
    patternFault,
    "Regular expression that the user's last message matches; every message without it",
  ).optional(),
  text: z
    .string()
    .max(1_000_000)
    .describe("What is answered; {prompt} is the user's last message, {reference} what marks it")
    .optional(),
  words: whole("Answer with this many words", 200, { min: 1, max: 100_000 }).optional(),
  tools: z
    .array(
      z.strictObject({
        name: text("Name of the tool"),
        arguments: z.record(z.string(), z.unknown()).optional().describe("Its arguments"),
      }),
    )
    .max(64)
    .optional()
    .describe("Tools that are called before the answer, all at once"),
});

const fault = z.strictObject({
  kind: z.enum(MODEL_FAULTS).describe("What goes wrong"),
  from: duration("From so long after the start", "10s", { max: 24 * HOUR_US }).optional(),
  for: duration("For so long; by default to the end", "20s", { max: 24 * HOUR_US }).optional(),
  share: share("Of the calls in that time; default all", "10%").optional(),
  users: z
    .array(text("Number of a user of the run, or what the caller sends as `user`"))
    .max(10_000)
    .optional()
    .describe("Only calls for these; default all"),
  "retry-after": duration("Of `429`: what Retry-After says, in whole seconds", "2s", {
    max: HOUR_US,
  }).optional(),
  factor: whole("Of `slow`: how many times longer tokens take", 10, { min: 1, max: 1000 }).optional(),
});

const scriptKeys = {
  seed: whole("Seed of all draws", 1),
  key: text("What callers must send as their key"),
  models: z
    .array(text("Name of a model", "gpt-4o"))
    .min(1)
    .max(1000)
    .describe(
      "The models that there are: a call of another one gets 404, as from the real APIs; by default all",
    ),
  ttft: delay("Time to the first token: 200ms, 100ms..300ms, or median and p99"),
  gap: delay("Time between tokens"),
  answers: z.array(answer).max(1000).describe("What is answered: the first that matches"),
  faults: z.array(fault).max(100).describe("What goes wrong, and when"),
};
type ScriptData = { readonly [K in keyof typeof scriptKeys]?: z.output<(typeof scriptKeys)[K]> | undefined };

/** Placeholder for the endpoint's address until the run knows it. */
export const MODEL_PLACE = "http://model.localhost";
const LOOPBACK = "127.0.0.1";
export const UNSCRIPTED: ModelScript = scriptFrom({});

const modelScript = z.strictObject(scriptKeys).partial().transform(scriptFrom);

/** The file of `gp-load model --script`, which a scenario may also name. */
export const modelFile = z.strictObject({ model: modelScript });

/** `model:` of a scenario: `true`, a file name, or a script with an address to listen on. */
export const scenarioModel = z
  .union([
    z.literal(true).describe("Nothing is scripted: answers come from the prompt's own facts"),
    text("YAML file with the script, next to the scenario file", "model.yaml"),
    z
      .strictObject({
        ...scriptKeys,
        port: whole("Port to listen on; default a free one", 8400, { min: 0, max: 65_535 }),
        listen: text("Address to listen on; other than loopback only with a key", "127.0.0.1"),
      })
      .partial()
      .refine(({ listen, key }) => listen === undefined || isLoopbackAddress(listen) || key !== undefined, {
        error: "can be reached from other machines: set a `key`",
        path: ["listen"],
      })
      .transform(
        ({ port, listen, ...script }): ModelSpec => ({
          ...scriptFrom(script),
          port: port ?? 0,
          listen: listen ?? LOOPBACK,
        }),
      ),
  ])
  .transform((given): ModelSpec | string => (given === true ? modelSpec(UNSCRIPTED) : given))
  .describe("A model endpoint of the run, for the backend to call in place of a real model");

/** A script on a free port of this machine. */
export function modelSpec(script: ModelScript): ModelSpec {
  return { ...script, port: 0, listen: LOOPBACK };
}

function scriptFrom({ seed, key, models, ttft, gap, answers, faults }: ScriptData): ModelScript {
  return {
    seed: seed ?? 1,
    key,
    models,
    firstToken: ttft ?? NO_DELAY,
    tokenGap: gap ?? NO_DELAY,
    answers: answers ?? [],
    faults: (faults ?? []).map(faultFrom),
  };
}

function faultFrom(given: z.infer<typeof fault>): ModelFault {
  const fromUs = given.from ?? 0;
  return {
    kind: given.kind,
    fromUs,
    untilUs: given.for === undefined ? Number.MAX_SAFE_INTEGER : fromUs + given.for,
    share: given.share ?? 1,
    users: given.users ?? [],
    retryAfterS: Math.ceil((given["retry-after"] ?? 1_000_000) / 1_000_000),
    factor: given.factor ?? 10,
  };
}

function delayFault(written: string): string | undefined {
  const [least, most = least, more] = written.split("..").map(parseDurationUs);
  if (least === undefined || most === undefined || more !== undefined)
    return "expected a duration or a range, such as 200ms or 100ms..300ms";
  if (Math.max(least, most) > 5 * MINUTE_US) return "is longer than 5 minutes";
  return most < least ? "the range ends before it begins" : undefined;
}

function writtenDelay(written: string): Delay {
  const [minUs = 0, maxUs] = written.split("..").map((part) => parseDurationUs(part) ?? 0);
  return maxUs === undefined ? { kind: "fixed", us: minUs } : { kind: "even", minUs, maxUs };
}

function patternFault(written: string): string | undefined {
  return tried(() => new RegExp(written, "i")) ? undefined : "is not a valid regular expression";
}
