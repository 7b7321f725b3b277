// The script of a model endpoint from YAML: what it answers, how long it takes, what goes wrong; with the line of every problem.
import { z } from "zod";
import { defaultBrain } from "../../llm/brain.js";
import { type Brain, type ModelReply, promptOf, toolResults } from "../../llm/conversation.js";
import { type Delay, logNormal, NO_DELAY } from "../../llm/delays.js";
import { MODEL_FAULTS, type ModelFault } from "../../llm/faults.js";
import { type Problem, ScenarioProblems } from "../../scenarios/parse/problems.js";
import { parseTree } from "../../scenarios/parse/typed.js";
import { readYaml } from "../../scenarios/parse/yaml.js";
import { duration, share, sound, text, whole } from "../../scenarios/schema/fields.js";
import { parseDurationUs } from "../../support/units.js";

const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;
/** Filler for answers of a given length. */
const SENTENCE = "Measure first, change one thing at a time, and keep what helped. ".split(" ");

export interface ModelScript {
  readonly brain: Brain;
  readonly firstToken: Delay;
  readonly tokenGap: Delay;
  readonly faults: readonly ModelFault[];
  readonly seed: number;
  readonly key: string | undefined;
}

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
    );

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
  words: whole("Answer with so many words", 200, { min: 1, max: 100_000 }).optional(),
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
  kind: z.enum(MODEL_FAULTS),
  from: duration("From so long after the start", "10s", { max: 24 * HOUR_US }).optional(),
  for: duration("For so long; by default to the end", "20s", { max: 24 * HOUR_US }).optional(),
  share: share("Of the calls in that time; default all", "10%").optional(),
  users: z.array(text("What the caller sends as `user`")).max(10_000).optional(),
  "retry-after": duration("Of `429`: what Retry-After says, in whole seconds", "2s", {
    max: HOUR_US,
  }).optional(),
  factor: whole("Of `slow`: how many times longer tokens take", 10, { min: 1, max: 1000 }).optional(),
});

const scriptSchema = z.strictObject({
  model: z.strictObject({
    seed: whole("Seed of all draws", 1).optional(),
    key: text("What callers must send as their key").optional(),
    ttft: delay("Time to the first token: 200ms, 100ms..300ms, or median and p99").optional(),
    gap: delay("Time between tokens").optional(),
    answers: z.array(answer).max(1000).optional(),
    faults: z.array(fault).max(100).optional(),
  }),
});

/** What a model endpoint does that nobody scripted. */
export const UNSCRIPTED: ModelScript = {
  brain: defaultBrain,
  firstToken: NO_DELAY,
  tokenGap: NO_DELAY,
  faults: [],
  seed: 1,
  key: undefined,
};

/**
 * Parses the text of a script.
 * @throws ScenarioProblems with all problems at once
 */
export function parseModelScript(content: string, file: string): ModelScript {
  const { root, problems, broken } = readYaml(content, file);
  if (broken || !root) {
    const empty: Problem = { place: { file, line: 1, column: 1 }, message: "the file is empty" };
    throw new ScenarioProblems(broken ? problems : [empty]);
  }
  const parsed = parseTree("file", root, scriptSchema, undefined);
  if (!parsed.data || problems.length > 0) throw new ScenarioProblems([...problems, ...parsed.problems]);
  const { seed, key, ttft, gap, answers, faults } = parsed.data.model;
  return {
    brain: scriptedBrain(answers ?? []),
    firstToken: ttft ?? NO_DELAY,
    tokenGap: gap ?? NO_DELAY,
    faults: (faults ?? []).map(faultFrom),
    seed: seed ?? UNSCRIPTED.seed,
    key,
  };
}

function scriptedBrain(answers: readonly z.infer<typeof answer>[]): Brain {
  const rules = answers.map((rule) => ({
    ...rule,
    pattern: rule.match === undefined ? undefined : new RegExp(rule.match, "i"),
  }));
  return (request): ModelReply => {
    const prompt = promptOf(request);
    const rule = rules.find(({ pattern }) => pattern === undefined || pattern.test(prompt.slice(0, 20_000)));
    if (!rule) return defaultBrain(request);
    const offered = new Set(request.tools.map(({ name }) => name));
    const calls = (rule.tools ?? []).filter(({ name }) => offered.has(name));
    if (calls.length > 0 && toolResults(request).length === 0) {
      const tools = calls.map(({ name, arguments: given }) => ({
        name,
        arguments: JSON.stringify(given ?? {}),
      }));
      return { text: "", tools };
    }
    const own = rule.text
      ?.replaceAll("{prompt}", () => prompt)
      .replaceAll("{reference}", () => referenceIn(prompt));
    if (own === undefined && rule.words === undefined) return defaultBrain({ ...request, tools: [] });
    const filler = rule.words === undefined ? "" : filled(rule.words);
    return { text: [own, filler].filter(Boolean).join(" "), tools: [] };
  };
}

function referenceIn(prompt: string): string {
  return /\b(?:[a-z]+-){3,7}[0-9a-f]{4,}\b/.exec(prompt)?.[0] ?? "";
}

function filled(words: number): string {
  return Array.from({ length: words }, (_, at) => SENTENCE[at % (SENTENCE.length - 1)]).join(" ");
}

function faultFrom(given: z.infer<typeof fault>): ModelFault {
  const fromUs = given.from ?? 0;
  return {
    kind: given.kind,
    fromUs,
    untilUs: given.for === undefined ? Number.POSITIVE_INFINITY : fromUs + given.for,
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
  try {
    new RegExp(written, "i");
    return undefined;
  } catch {
    return "is not a valid regular expression";
  }
}
