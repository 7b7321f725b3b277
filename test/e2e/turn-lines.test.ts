// turns.jsonl beside the report: every turn of the ledger with `--turns all`, none with `none`, and no text of anybody.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TurnLine } from "../../src/model/log/turn-line.js";
import { load, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

type Written = TurnLine & { readonly at: string };

const linesIn = (folder: string): readonly Written[] =>
  readFileSync(join(folder, "turns.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as Written);

test("has one line for each turn that the ledger counts, of all workers", async () => {
  const place = workspace(scenarioFile({ embedded: true }, { load: load(6, "3s") }));
  const { folder, report } = await place.run(["e2e", "--workers", "2", "--turns", "all"]);
  const lines = linesIn(folder);
  expect(report.ledger.attempted).toBeGreaterThan(6);
  expect(lines).toHaveLength(report.ledger.attempted);
  const completed = lines.filter(({ outcome }) => outcome === "completed");
  expect(completed).toHaveLength(report.ledger.completed);
  expect(new Set(lines.map(({ user, turn }) => `${user} ${turn}`)).size).toBe(lines.length);
  const begunMs = Date.parse(report.startedAt);
  for (const { at, intendedUs, sentUs, firstEventUs, firstTextUs, endUs, tools, toolCalls } of completed) {
    const instants = [intendedUs, sentUs, firstEventUs, firstTextUs, endUs].map((us) => us ?? Number.NaN);
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    expect(instants.every(Number.isInteger)).toBe(true);
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(Math.abs(Date.parse(at) - begunMs - intendedUs / 1000)).toBeLessThan(20_000);
    expect(tools?.length ?? 0).toBe(toolCalls);
  }
  // The report's figure and that of the lines are of the same turns.
  const held = completed.filter(({ phase }) => phase.startsWith("hold"));
  const slowest = Math.max(...held.map(({ endUs, intendedUs }) => (endUs ?? 0) - intendedUs));
  expect(report.metrics["agent.response"]?.max).toBeCloseTo(slowest / 1000, 2);
  expect(readFileSync(join(folder, "turns.jsonl"), "utf8")).not.toMatch(/password|Bearer|eyJ/);
});

test("is written by default, and not with `none`; what is no choice is refused", async () => {
  const place = workspace(scenarioFile({ embedded: true }, { load: load(2, "1s") }));
  const sampled = await place.run(["e2e"]);
  expect(linesIn(sampled.folder)).toHaveLength(sampled.report.ledger.attempted);
  const without = await place.run(["e2e", "--turns", "none"]);
  expect(existsSync(join(without.folder, "turns.jsonl"))).toBe(false);
  const refused = await place.start(["e2e", "--turns", "some"]).finished;
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("all, sample, none")]);
});
