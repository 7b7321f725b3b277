// Named baselines on disk: a folder each, with an index for people and one small file per run.

import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { RunSamples } from "../../report/comparison/samples.js";
import { STORED_SUFFIX, storedSamples } from "../../report/comparison/stored.js";
import { messageOf, UserError } from "../../support/errors.js";
import { makeFolder } from "../../support/folder.js";
import { visibleJson } from "../../support/json.js";
import { asFolder } from "./compare-folders.js";

const INDEX = "baseline.json";
const VERSION = 1;

const baselineIndex = z.object({
  schemaVersion: z.literal(VERSION),
  name: z.string(),
  tool: z.object({ name: z.literal("gp-load"), version: z.string() }),
  runs: z.array(
    z.object({
      file: z.string(),
      bytes: z.number(),
      scenario: z.string(),
      runId: z.string(),
      startedAt: z.string(),
      verdict: z.enum(["PASS", "FAIL"]),
    }),
  ),
});

/** What `baseline.json` holds. */
export type BaselineIndex = z.infer<typeof baselineIndex>;

/** Letters, digits, dot, dash and underscore: a valid folder name on every system, and never a path. */
export function isBaselineName(name: string): boolean {
  return /^[\w-][\w.-]{0,99}$/.test(name);
}

/** The folder of the baseline with that name; otherwise `given`, which is then a path. */
export function namedBaseline(given: string, baselines: string, cwd: string): string {
  if (!isBaselineName(given)) return given;
  const folder = join(baselines, given);
  if (existsSync(join(resolve(cwd, folder), INDEX))) return folder;
  if (existsSync(resolve(cwd, given))) return given;
  throw new UserError(
    `no baseline ${given} in ${baselines}, and no such folder`,
    `\`gp-load baseline save ${given}\` saves the newest run under that name`,
  );
}

/** Replaces the baseline of that name atomically. */
export function saveBaseline(
  name: string,
  baselines: string,
  runs: readonly RunSamples[],
  version: string,
  cwd: string,
): BaselineIndex {
  const folder = resolve(cwd, baselines, name);
  const partial = `${folder}.${process.pid}.partial`;
  const old = `${folder}.${process.pid}.old`;
  try {
    rmSync(partial, { recursive: true, force: true });
    makeFolder(partial);
    const index: BaselineIndex = {
      schemaVersion: VERSION,
      name,
      tool: { name: "gp-load", version },
      runs: runs.map((run, at) => stored(run, at + 1, partial)),
    };
    writeFileSync(join(partial, INDEX), `${visibleJson(index, 2)}\n`);
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(partial, folder);
    return index;
  } catch (error) {
    throw new UserError(
      `cannot save the baseline in ${join(baselines, name)}: ${messageOf(error)}`,
      "choose another folder with --baselines",
    );
  } finally {
    rmSync(partial, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/** Numbered, so that files keep their names from save to save and git shows them as changed. */
function stored(run: RunSamples, number: number, folder: string): BaselineIndex["runs"][number] {
  const { header, verdict } = run;
  const file = `${String(number).padStart(3, "0")}-${asFolder(header.scenario.name)}${STORED_SUFFIX}`;
  const bytes = storedSamples(run);
  writeFileSync(join(folder, file), bytes);
  return {
    file,
    bytes: bytes.length,
    scenario: header.scenario.name,
    runId: header.runId,
    startedAt: header.startedAt,
    verdict: verdict === "PASS" ? "PASS" : "FAIL",
  };
}

/** All baselines of the folder, by name. Throws a `UserError` for one that cannot be read. */
export function listBaselines(baselines: string, cwd: string): readonly BaselineIndex[] {
  const folder = resolve(cwd, baselines);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((name) => isBaselineName(name) && existsSync(join(folder, name, INDEX)))
    .map((name) => readIndex(join(folder, name, INDEX)));
}

function readIndex(path: string): BaselineIndex {
  try {
    return baselineIndex.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? (error.issues[0]?.message ?? "") : messageOf(error);
    throw new UserError(`${path}: cannot be read: ${why}`, "save the baseline again");
  }
}
