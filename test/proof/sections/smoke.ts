// Proof: the smoke set, again and again, without a single FAIL or INVALID.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SuiteReport } from "../../../src/model/report/suite.js";
import { command } from "../../matrix/command.js";
import type { ProofContext, Section } from "../section.js";

const RUNS = 20;

export const smoke: Section = {
  title: "The smoke set, again and again",
  about: `\`gp-load run --tag smoke\`, ${RUNS} times in a row on the embedded backend, without second tries: none may be FAIL or INVALID.`,
  named: false,
  async run(context) {
    const runs = context.runs ?? RUNS;
    const rows: string[][] = [];
    let passed = 0;
    for (let number = 1; number <= runs; number++) {
      const suite = await runOnce(context);
      const turns = suite.runs.reduce((sum, run) => sum + (run.turns ?? 0), 0);
      const seconds = (suite.durationMs / 1000).toFixed(0);
      if (suite.verdict === "PASS") passed++;
      const notes = suite.runs
        .filter(({ result }) => result !== "PASS")
        .map(({ scenario, result, summary }) => `${scenario} ${result}: ${summary}`);
      context.say(
        `[${number}/${runs}] ${suite.verdict} · ${suite.summary} · ${seconds} s ${notes.join("; ")}`,
      );
      rows.push([
        String(number),
        suite.verdict,
        `${suite.counts.passed} of ${suite.runs.length}`,
        String(turns),
        seconds,
        notes.join("; "),
      ]);
    }
    return {
      holds: passed === runs,
      summary: `${passed} of ${runs} runs pass.`,
      columns: [">run", "verdict", "scenarios passed", ">turns", ">seconds", "note"],
      rows,
    };
  },
};

async function runOnce({ root, cli }: ProofContext): Promise<SuiteReport> {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-smoke-"));
  try {
    const args = ["run", "--tag", "smoke", "--json", "-f", join(root, "scenarios.yaml"), "--reports", folder];
    const { stdout, stderr } = await command(cli, args, folder);
    if (!stdout.startsWith("{")) throw new Error(`the smoke set left no result: ${stderr}`);
    return JSON.parse(stdout) as SuiteReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
