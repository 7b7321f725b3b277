// What GitHub asks of a workflow or of a composite action, as far as it can be known without GitHub.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax and …/metadata-syntax
import { execFileSync } from "node:child_process";
import { parse } from "yaml";
import { missing } from "../support/services.js";

type Keys = Readonly<Record<string, unknown>>;

const STEP = ["id", "if", "name", "uses", "run", "shell", "with", "env", "working-directory"];
const MORE_OF_A_JOBS_STEP = ["continue-on-error", "timeout-minutes"];
const JOB = ["name", "needs", "if", "runs-on", "timeout-minutes", "strategy", "steps", "env", "permissions"];
const WORKFLOW = ["name", "on", "permissions", "concurrency", "env", "jobs", "run-name", "defaults"];
const ACTION = ["name", "description", "author", "branding", "inputs", "outputs", "runs"];
const EVENTS = ["push", "pull_request", "schedule", "workflow_dispatch"];
const CONTEXTS = ["github", "env", "matrix", "steps", "inputs", "runner", "needs", "job"];

/** Sentences about what is wrong; empty for a workflow that GitHub would take. */
export function workflowFaults(text: string): readonly string[] {
  const file = parse(text) as Keys;
  const { on, jobs = {} } = file as { readonly on?: unknown; readonly jobs?: Record<string, Keys> };
  const events = typeof on === "string" ? [on] : Array.isArray(on) ? on : Object.keys(keysOf(on));
  return [
    ...unknown("workflow", file, WORKFLOW),
    ...(events.length === 0 ? ["on: no event"] : []),
    ...events.filter((event) => !EVENTS.includes(String(event))).map((event) => `on: no event ${event}`),
    ...(Object.keys(jobs).length === 0 ? ["jobs: none"] : []),
    ...Object.entries(jobs).flatMap(([name, job]) => {
      const needed = [job.needs ?? []].flat().filter((other) => !(String(other) in jobs));
      const matrix = Object.keys(keysOf(keysOf(job.strategy).matrix));
      return [
        ...unknown(`jobs.${name}`, job, JOB),
        ...(job["runs-on"] === undefined ? [`jobs.${name}: runs nowhere`] : []),
        ...needed.map((other) => `jobs.${name}: needs ${other}, which is none`),
        ...stepFaults(`jobs.${name}`, job.steps, {
          more: MORE_OF_A_JOBS_STEP,
          inputs: [],
          matrix,
          shell: false,
        }),
      ];
    }),
  ];
}

/** As {@link workflowFaults}, for a composite action. */
export function actionFaults(text: string): readonly string[] {
  const file = parse(text) as Keys;
  const runs = keysOf(file.runs);
  const inputs = Object.keys(keysOf(file.inputs));
  const ids = stepsOf(runs.steps).map(({ id }) => id);
  const described = [...Object.entries(keysOf(file.inputs)), ...Object.entries(keysOf(file.outputs))];
  return [
    ...unknown("action", file, ACTION),
    ...["name", "description", "runs"].filter((key) => !(key in file)).map((key) => `action: no ${key}`),
    ...(runs.using === "composite" ? [] : ["runs: not composite"]),
    ...described.flatMap(([name, one]) =>
      keysOf(one).description ? [] : [`${name}: says nothing of itself`],
    ),
    ...Object.values(keysOf(file.outputs)).flatMap((output) =>
      [...String(keysOf(output).value).matchAll(/steps\.([\w-]+)\./g)].flatMap(([, id]) =>
        ids.includes(id) ? [] : [`outputs: no step ${id}`],
      ),
    ),
    ...stepFaults("runs", runs.steps, { more: [], inputs, matrix: [], shell: true }),
  ];
}

interface Around {
  readonly more: readonly string[];
  readonly inputs: readonly string[];
  readonly matrix: readonly string[];
  /** A composite action must name the shell of each command. */
  readonly shell: boolean;
}

function stepFaults(where: string, steps: unknown, around: Around): readonly string[] {
  const all = stepsOf(steps);
  const ids = all.flatMap(({ id }) => (id === undefined ? [] : String(id)));
  return [
    ...(all.length === 0 ? [`${where}: no steps`] : []),
    ...(new Set(ids).size < ids.length ? [`${where}: two steps of one id`] : []),
    ...all.flatMap((step, at) => stepFault(`${where}.steps[${at}]`, step, ids, around)),
  ];
}

function stepFault(at: string, step: Keys, ids: readonly string[], around: Around): readonly string[] {
  const { uses, run } = step;
  const kinds = [uses, run].filter((one) => one !== undefined).length;
  return [
    ...unknown(at, step, [...STEP, ...around.more]),
    ...(kinds === 1 ? [] : [`${at}: has to have uses or run, and not both`]),
    ...(typeof uses === "string" && !/^(\.\/|[\w.-]+\/[\w./-]+@[\w.-]+$)/.test(uses)
      ? [`${at}: uses ${uses}, of no version`]
      : []),
    ...(run !== undefined && around.shell && step.shell === undefined ? [`${at}: names no shell`] : []),
    // What is put into a script by its text is run as a part of it: values go through the environment.
    ...(typeof run === "string" && run.includes("${{") ? [`${at}: an expression within a script`] : []),
    ...(typeof run === "string" ? shellFault(at, run) : []),
    ...expressionsOf(step).flatMap((expression) => expressionFault(at, expression, ids, around)),
  ];
}

function shellFault(at: string, script: string): readonly string[] {
  if (missing(["bash"]) !== undefined) return [];
  try {
    execFileSync("bash", ["-n"], { input: script, stdio: ["pipe", "ignore", "pipe"] });
    return [];
  } catch (error) {
    return [`${at}: ${String(error)}`];
  }
}

/** Every expression of a step: all of `if`, and what stands between double braces elsewhere. */
function expressionsOf({ if: condition, ...rest }: Keys): readonly string[] {
  const inside = [...JSON.stringify(rest).matchAll(/\$\{\{(.*?)\}\}/g)].map(([, text = ""]) => text);
  return condition === undefined ? inside : [...inside, String(condition)];
}

function expressionFault(
  at: string,
  expression: string,
  ids: readonly string[],
  { inputs, matrix }: Around,
): readonly string[] {
  const bare = expression.replace(/'[^']*'/g, "");
  return [...bare.matchAll(/(?<![\w.-])([a-z]+)\.([\w-]+)/g)].flatMap(([path, context = "", name = ""]) => {
    const known =
      CONTEXTS.includes(context) &&
      (context !== "inputs" || inputs.includes(name)) &&
      (context !== "steps" || ids.includes(name)) &&
      (context !== "matrix" || matrix.includes(name));
    return known ? [] : [`${at}: nothing is called ${path}`];
  });
}

function unknown(where: string, keys: Keys, known: readonly string[]): readonly string[] {
  return Object.keys(keys)
    .filter((key) => !known.includes(key))
    .map((key) => `${where}: no key ${key}`);
}

function stepsOf(steps: unknown): readonly Keys[] {
  return Array.isArray(steps) ? steps.map(keysOf) : [];
}

function keysOf(value: unknown): Keys {
  return typeof value === "object" && value !== null ? (value as Keys) : {};
}
