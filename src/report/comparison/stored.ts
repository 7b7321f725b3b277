// The samples of a run as one small compressed file: what a baseline keeps instead of the whole log.
import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { promptHead } from "../../model/log/model-call.js";
import { machine } from "../../model/log/run-log.js";
import { VERDICTS } from "../../model/verdict.js";
import { orUserError, UserError } from "../../support/errors.js";
import type { RunSamples } from "./samples.js";

const SAMPLES_VERSION = 1;
export const STORED_SUFFIX = ".samples.json.gz";

/** Far more than any run needs: the numbers of clusters and of distinct values are bounded. */
const MAX_BYTES = 256 * 1_048_576;

const count = z.number().nonnegative();
const clusters = z.record(z.string(), z.array(z.array(z.tuple([count, count]))));
const curve = z.array(z.number().nullable());

const stored = z.object({
  schemaVersion: z.literal(SAMPLES_VERSION),
  header: z.object({
    runId: z.string(),
    startedAt: z.string(),
    tool: z.object({ name: z.literal("gp-load"), version: z.string() }),
    scenario: z.object({ name: z.string() }),
    target: z.object({ profile: z.string(), embedded: z.boolean() }),
    load: z.string().exactOptional(),
    seed: z.number(),
    workers: z.number(),
    turnTimeoutUs: z.number(),
    machine,
    scenarioData: z.record(z.string(), z.unknown()),
  }),
  verdict: z.enum(VERDICTS),
  summary: z.string(),
  ruled: z.array(z.string()),
  byTime: clusters,
  byUser: clusters,
  goodput: z.array(z.tuple([count, count])),
  heads: z.array(promptHead).optional(),
  curves: z.record(
    z.string(),
    z.object({
      spectrum: z.array(z.object({ percentile: z.number(), valueMs: z.number().nullable() })),
      p50: curve,
      p95: curve,
    }),
  ),
});

export function isStored(path: string): boolean {
  return path.endsWith(STORED_SUFFIX);
}

/** The same samples give the same bytes, so that git sees no change without one. */
export function storedSamples({ folder: _, byTime, byUser, curves, ...rest }: RunSamples): Buffer {
  const data: z.input<typeof stored> = {
    schemaVersion: SAMPLES_VERSION,
    header: { ...rest.header, scenarioData: plainObject(rest.header.scenarioData) },
    verdict: rest.verdict,
    summary: rest.summary,
    ruled: [...rest.ruled],
    byTime: mutable(byTime),
    byUser: mutable(byUser),
    goodput: rest.goodput.map(([all, good]) => [all, good]),
    heads: rest.heads?.map(({ kind, calls, blocks }) => ({ kind, calls, blocks: [...blocks] })),
    curves: Object.fromEntries(
      [...curves].map(([metric, { spectrum, p50, p95 }]) => [
        metric,
        { spectrum: [...spectrum], p50: [...p50], p95: [...p95] },
      ]),
    ),
  };
  return gzipSync(JSON.stringify(data), { level: 9 });
}

/** @param path absolute; throws a `UserError` if this version cannot read it */
export function readStored(path: string): RunSamples {
  const parsed = stored.safeParse(unpacked(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? "" : ` (${issue.path.join(".")})`;
    throw new UserError(
      `${path}: not samples of version ${SAMPLES_VERSION}${where}`,
      "save the baseline again with this version of gp-load",
    );
  }
  const { schemaVersion: _, byTime, byUser, curves, ...rest } = parsed.data;
  return {
    ...rest,
    folder: path,
    byTime: new Map(Object.entries(byTime)),
    byUser: new Map(Object.entries(byUser)),
    curves: new Map(Object.entries(curves)),
  };
}

function unpacked(path: string): unknown {
  const read = (): unknown =>
    JSON.parse(gunzipSync(readFileSync(path), { maxOutputLength: MAX_BYTES }).toString("utf8"));
  return orUserError(read, `${path}: cannot be read`, "save the baseline again");
}

function mutable(map: RunSamples["byTime"]): Record<string, [number, number][][]> {
  return Object.fromEntries(
    [...map].map(([metric, blocks]) => [metric, blocks.map((block) => block.map(([us, n]) => [us, n]))]),
  );
}

function plainObject(data: unknown): Record<string, unknown> {
  return typeof data === "object" && data !== null ? { ...data } : {};
}
