// Loads the modules that scenario files list under `extensions`, and adds their definitions to the axes.
import { dirname, resolve } from "node:path";
import { type LoadedExtension, loadExtensions } from "../extensions/load.js";
import { optionsSchema } from "../extensions/options-schema.js";
import { REPORTERS } from "../report/reporters.js";
import type { Axes } from "../scenarios/axes.js";
import type { OwnDefinition } from "../scenarios/own-code.js";
import { outlineOf } from "../scenarios/parse/outline.js";
import { type Problem, ScenarioProblems } from "../scenarios/parse/problems.js";
import type { ScenarioSource } from "../scenarios/source.js";
import { UserError } from "../support/errors.js";
import { redactUrl } from "../support/redaction.js";

/** Files that gp-load itself writes to a run's folder. */
const OWN_FILES: readonly string[] = [...Object.keys(REPORTERS), "run.jsonl", "log.jsonl", "turns.jsonl"];

/** The source with what its modules define. Throws `ScenarioProblems` with the place of each module that fails. */
export async function withOwnCode(source: ScenarioSource, cwd: string): Promise<ScenarioSource> {
  const mayName = source.parts.some((part) =>
    "text" in part ? part.text.includes("extensions") : isObject(part.data) && "extensions" in part.data,
  );
  if (!mayName) return source;
  const problems: Problem[] = [];
  const own: OwnDefinition[] = [];
  const found: LoadedExtension[] = [];
  for (const { path, file, place } of outlineOf(source.parts).extensions) {
    const full = resolve(cwd, dirname(file), path);
    try {
      for (const one of await loadExtensions({ path: full, shown: path })) {
        const { kind, definition } = one.extension;
        const known = found.find(({ extension }) => extension.definition.name === definition.name);
        if (known) {
          const message = `${one.place} defines ${definition.name}, and so does ${known.place}`;
          problems.push({ place, message, hint: "rename one of them" });
          continue;
        }
        if ("file" in definition && OWN_FILES.includes(definition.file)) {
          const message = `${one.place}: the reporter ${definition.name} would replace ${definition.file}`;
          problems.push({ place, message, hint: "choose another `file`" });
          continue;
        }
        found.push(one);
        const { name, secrets = [] } = definition;
        own.push({ name, kind, path: full, shown: path, place, secrets });
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push({ place, message: redactUrl(error.message), hint: error.hint });
    }
  }
  if (problems.length > 0) throw new ScenarioProblems(problems);
  return { ...source, own, axes: extended(source.axes, found) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function extended(axes: Axes, found: readonly LoadedExtension[]): Axes {
  const of = (kind: string) =>
    Object.fromEntries(
      found
        .filter(({ extension }) => extension.kind === kind)
        .map(({ extension: { definition }, place }) => {
          const { name, options, summary = `defined in ${place}` } = definition;
          return [name, { summary, schema: optionsSchema(options) }] as const;
        }),
    );
  const steps = Object.entries(of("step")).map(
    ([name, { summary, schema }]) => [name, { summary, schema: () => schema }] as const,
  );
  return {
    ...axes,
    steps: { ...axes.steps, ...Object.fromEntries(steps) },
    checks: { ...axes.checks, ...of("check") },
    own: { logins: of("login"), codecs: of("codec"), reporters: of("reporter") },
  };
}
