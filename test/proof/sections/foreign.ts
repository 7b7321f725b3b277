// Proof: what a server of another make does wrong is counted as that server counts it, by one worker and by two.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunReport } from "../../../src/model/report/report.js";
import { imbalance } from "../../../src/model/turn/ledger.js";
import { startNeutralServer } from "../../e2e/support/neutral-service.js";
import { countedJourney, scenarioFile } from "../../e2e/support/scenario.js";
import { command } from "../../matrix/command.js";
import type { ProofContext, Section } from "../section.js";

const USERS = 60;
const TURNS = 30;
/** Every how many messages. */
const EVERY = { "drop-tool-completed": 50, "double-thinking": 70, "answer-to-another-too": 90 } as const;
/** What the server calls it → where a report counts it. */
const COUNTED = {
  "drop-tool-completed": "missing",
  "double-thinking": "duplicate",
  "answer-to-another-too": "leaked",
} as const satisfies Record<keyof typeof EVERY, keyof RunReport["anomalies"]>;

export const foreign: Section = {
  title: "An independent server",
  about: `A server that shares no code with the reference one drops one \`tool_completed\` in ${EVERY["drop-tool-completed"]}, doubles one \`agent_thinking\` in ${EVERY["double-thinking"]} and sends one answer in ${EVERY["answer-to-another-too"]} also to a second user, with ${USERS} users of ${TURNS} turns each: the report has to count what the server counted, and nothing else.`,
  named: false,
  async run(context) {
    const rows: string[][] = [];
    let held = 0;
    for (const workers of [1, 2]) {
      const { report, injected } = await runOnce(context, workers);
      const counts = (Object.keys(COUNTED) as (keyof typeof COUNTED)[]).map((mishap) => ({
        injected: injected(mishap),
        reported: report.anomalies[COUNTED[mishap]],
      }));
      const others = Object.entries(report.anomalies).filter(
        ([name, count]) =>
          count > 0 && name !== "unpairedTool" && !Object.values<string>(COUNTED).includes(name),
      );
      const ok =
        report.verdict === "FAIL" &&
        imbalance(report.ledger) === 0 &&
        report.ledger.completed === USERS * TURNS &&
        others.length === 0 &&
        counts.every((one) => one.injected > 0 && one.injected === one.reported);
      if (ok) held++;
      const cells = [
        String(workers),
        report.verdict,
        String(report.ledger.attempted),
        ...counts.map((one) => `${one.injected} / ${one.reported}`),
        others.map(([name, count]) => `${name} × ${count}`).join("; "),
      ];
      context.say(`    ${ok ? "holds" : "DOES NOT HOLD"}: ${cells.join(" · ")}`);
      rows.push(cells);
    }
    return {
      holds: held === rows.length,
      summary: `${held} of ${rows.length} runs match the server's own counts.`,
      columns: [
        ">workers",
        "verdict",
        ">turns",
        ">dropped / missing",
        ">doubled / duplicate",
        ">misdirected / leaked",
        "besides",
      ],
      rows,
    };
  },
};

async function runOnce({ cli }: ProofContext, workers: number) {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-foreign-"));
  const server = await startNeutralServer({ every: EVERY });
  try {
    const scenario = {
      load: { users: USERS, ramp: "1s", hold: "2m", baseline: false },
      journey: countedJourney(TURNS, "50ms..150ms"),
      settle: "2s",
    };
    writeFileSync(
      join(folder, "scenarios.yaml"),
      JSON.stringify(scenarioFile({ url: server.url }, scenario)),
    );
    const args = ["run", "e2e", "--workers", String(workers), "--json"];
    const { stdout, stderr } = await command(cli, args, folder);
    if (!stdout.startsWith("{")) throw new Error(`the run left no report: ${stderr}`);
    const report = JSON.parse(stdout) as RunReport;
    const { account } = server;
    return { report, injected: (mishap: keyof typeof EVERY) => account.count(mishap) };
  } finally {
    server.die();
    rmSync(folder, { recursive: true, force: true });
  }
}
