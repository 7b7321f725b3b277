// The schema of one scenario, composed of the axes' schemas.
import { z } from "zod";
import { TURN_LIMITS, type TurnLimit } from "../../model/metric.js";
import type { Axes } from "../axes.js";
import { choiceSchema, documentedOwn } from "./choice.js";
import { documentedFaults, faultsSchema } from "./faults.js";
import { duration, flag, share, text, whole } from "./fields.js";
import { groupsSchema } from "./groups.js";
import { checksSchema, documentedChecks, documentedJourney, journeySchema } from "./journey.js";
import { loadSchema } from "./load.js";
import { scenarioModel } from "./model.js";
import { turnSchema } from "./turn.js";

const MINUTE_US = 60_000_000;
/** Names of scenarios and targets: they become part of file names and command lines. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The parts whose schema differs between parsing and documentation. */
interface Parts<
  Journey extends z.ZodType,
  Checks extends z.ZodType,
  Faults extends z.ZodType,
  Own extends z.ZodType,
> {
  readonly journey: Journey;
  readonly checks: Checks;
  readonly faults: Faults;
  readonly reporter: Own;
}

/** All keys are optional here, since `extends` and overrides may add them. */
export function scenarioSchema(axes: Axes) {
  return scenarioObject(axes, {
    journey: journeySchema(axes.steps),
    checks: checksSchema(axes.checks),
    faults: faultsSchema(axes.faults.actions),
    reporter: choiceSchema("reporter", axes.own?.reporters),
  });
}

/** The same for the JSON Schema only. */
export function documentedScenario(axes: Axes) {
  return scenarioObject(axes, {
    journey: documentedJourney(axes.steps),
    checks: documentedChecks(axes.checks),
    faults: documentedFaults(axes.faults.actions),
    reporter: documentedOwn("A reporter of a module under `extensions`"),
  });
}

function scenarioObject<
  Journey extends z.ZodType,
  Checks extends z.ZodType,
  Faults extends z.ZodType,
  Own extends z.ZodType,
>(axes: Axes, parts: Parts<Journey, Checks, Faults, Own>) {
  const scenario = z.strictObject({
    description: text("One sentence for people: what this scenario shows"),
    extends: text("Name of a scenario whose keys are inherited; maps merge, lists are replaced"),
    tags: z.array(text("A word to choose scenarios by")).describe("Words to choose scenarios by: --tag"),
    target: text("Name of the target in this file"),
    seed: whole("Seed of all randomness: the same seed repeats the same run", 1, { max: 4_294_967_295 }),
    load: loadSchema,
    journey: parts.journey,
    groups: groupsSchema(parts.journey),
    checks: parts.checks.describe("Rules of correctness that every turn is held against"),
    reporters: z.array(parts.reporter).describe("Files of the run's folder that own code fills"),
    faults: parts.faults.describe("What is broken on purpose, and when"),
    via: z.enum(["proxy"]).describe("The way to the target: proxy puts the fault proxy between"),
    model: scenarioModel,
    prompts: text("YAML file with your own prompts, next to the scenario file", "prompts.yaml"),
    conversations: text(
      "File of conversations that users hold instead of the mix of prompts: JSONL, or ShareGPT's form",
      "chats.jsonl",
    ),
    sla: axes.sla.describe("Thresholds: metric → rule (p99 < 5s), list of rules, or off"),
    goodput: goodputSchema,
    prices: pricesSchema,
    turn: turnSchema,
    baseline: baselineSchema,
    settle: duration("How long after the drain a thread may take to show what is stored; default 5s", "5s", {
      max: 60 * MINUTE_US,
    }),
    "max-turns": whole("Most turns that the run may start; real agents cost money", 10_000, { min: 1 }),
    stored: whole("Messages that are stored before the load begins, where the target can import", 10_000, {
      min: 1,
      max: 10_000_000,
    }),
    organisations: whole(
      "Organisations that the users belong to in turn; {org} in the accounts names them",
      5,
      { min: 1, max: 10_000 },
    ),
    cleanup: flag("Delete the threads that the run made; default false"),
  });
  return scenario.partial();
}

const baselineSchema = z
  .strictObject({
    worse: share("Least change that matters, as a share of the baseline; default 10%", "10%").optional(),
    "at-least": duration("And at least this much; default 5ms", "5ms", { max: 60 * MINUTE_US }).optional(),
  })
  .describe("What a comparison with a baseline takes for a regression that matters");

const turnLimit = duration("The turn has to be faster than this", "10s", {
  min: 1,
  max: 24 * 60 * MINUTE_US,
});
const goodputSchema = z
  .strictObject(
    Object.fromEntries([...TURN_LIMITS, "e2e"].map((name) => [name, turnLimit.optional()])) as Record<
      TurnLimit | "e2e",
      z.ZodOptional<typeof turnLimit>
    >,
  )
  .transform(({ e2e, ...limits }) => ({ ...limits, ...(e2e === undefined ? {} : { "agent.response": e2e }) }))
  .describe("Limits that a good turn keeps to; by default those that the rules of `sla` set on single turns");

const price = (what: string) => z.number().min(0).max(1_000_000).describe(`Price of a million ${what}`);
const pricesSchema = z
  .strictObject({
    currency: text("Currency of the prices", "USD").default("USD"),
    models: z
      .record(
        z.string().min(1).max(200),
        z.strictObject({
          input: price("input tokens"),
          output: price("output tokens"),
          cached: price("input tokens that came from a cache; by default as of any others").exactOptional(),
        }),
      )
      .describe("Name of the model → its prices"),
  })
  .refine(({ models }) => Object.keys(models).length > 0, { error: "names no model", path: ["models"] })
  .describe("Prices of models by the name that the backend reports, or `*` for any, to reckon `cost.turn`");

export type ScenarioData = z.output<ReturnType<typeof scenarioSchema>>;
