// A project of its own that depends on gp-load compiles under strict TypeScript, and its mistakes do not.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../docs/markdown.js";

const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

/** What the compiler says about a program; empty where it compiles. */
function compiled(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-consumer-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/gp-load"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const options = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
  const compilerOptions = { ...options, module: "NodeNext", target: "ES2023", noEmit: true, types: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["load.ts"] }));
  writeFileSync(join(folder, "load.ts"), text);
  return spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }).stdout;
}

const program = (
  load: string,
): string => `import { compare, defineScenarios, EXIT, run, validate } from "gp-load";
const scenarios = defineScenarios({
  version: 1,
  targets: { staging: { url: "http://127.0.0.1:8000", profile: "golden-path" } },
  scenarios: {
    lunch: {
      target: "staging",
      load: ${load},
      journey: ["connect", { loop: [{ send: { prompt: "mix" } }, "history", { think: "1s..3s" }] }],
      checks: ["critical-events"],
      sla: { "agent.response": "p95 < 2s", "history.query": ["p99 < 80ms", "max < 1s"] },
    },
  },
});
const { problems } = await validate({ scenarios });
const { report, folder } = await run({ scenario: "lunch", scenarios, signal: AbortSignal.timeout(1000) });
const lost: number = report.ledger.lost;
const [comparison] = await compare({ baseline: "main", candidate: folder });
export default [problems.length, lost, comparison?.exitCode, report.verdict === "PASS", EXIT.fail];
`;

describe("a strict TypeScript program", () => {
  it("compiles against gp-load's types, also against those of its scenarios", () => {
    expect(compiled(program('{ users: 40, ramp: "10s", hold: "1m" }'))).toBe("");
  });

  it("is told of a key that a scenario does not know", () => {
    expect(compiled(program('{ users: 40, hold: "1m", rampp: "10s" }'))).toContain("rampp");
  });
});
