// Several scenarios run by one command, version 1: suite.json, for scripts and the suite's reporters.
import { z } from "zod";
import { EXIT } from "../../support/errors.js";
import type { Frozen } from "../log/frozen.js";
import { count, positive, text, texts } from "../values.js";
import { VERDICTS } from "../verdict.js";

export const SUITE_SCHEMA_VERSION = 1;

const suiteRun = z.strictObject({
  scenario: text,
  /** From 1; absent without --repeat. */
  repetition: z.int().positive().exactOptional(),
  description: text,
  tags: texts,
  /** Name of the target in the file, or its URL. */
  target: text,
  /** A run's verdict; `not-run` for a scenario that never started or left no report. */
  result: z.enum([...VERDICTS, "not-run"]),
  /** `null` for a scenario that was not run. */
  exitCode: z.int().nullable(),
  /** One sentence: why the result is what it is. */
  summary: text,
  /** Broken rules, checks and reasons, one line each, limited in number; empty for PASS. */
  why: texts,
  /** ISO 8601; `null`, as the three below, for a scenario that was not run. */
  startedAt: text.nullable(),
  durationMs: positive.nullable(),
  /** Turns started. */
  turns: count.nullable(),
  /** Number of things not checked. */
  notChecked: count.nullable(),
  /** Folder of the run's reports, relative to the suite's, with forward slashes. */
  folder: text.nullable(),
});
export type SuiteRun = Frozen<z.infer<typeof suiteRun>>;
export type SuiteResult = SuiteRun["result"];

/** `docs/suites.md` explains every field. */
export const suiteReport = z.strictObject({
  schemaVersion: z.literal(SUITE_SCHEMA_VERSION),
  tool: z.strictObject({ name: z.literal("gp-load"), version: text }),
  startedAt: text,
  durationMs: positive,
  /** PASS if every scenario passed; FAIL if one failed; otherwise INVALID. */
  verdict: z.enum(VERDICTS),
  exitCode: z.literal(Object.values(EXIT)),
  summary: text,
  counts: z.strictObject({ passed: count, failed: count, invalid: count, notRun: count }),
  /** In the order planned. */
  runs: z.array(suiteRun),
});
export type SuiteReport = Frozen<z.infer<typeof suiteReport>>;

/** What is needed to run scenarios again. Fields that were added within a version are passed over. */
export const pastSuite = z.object({
  schemaVersion: z.literal(SUITE_SCHEMA_VERSION),
  runs: z.array(
    z
      .object(suiteRun.pick({ scenario: true, target: true, result: true, folder: true }).shape)
      .partial({ folder: true }),
  ),
});
export type PastRun = Frozen<z.infer<typeof pastSuite>>["runs"][number];
