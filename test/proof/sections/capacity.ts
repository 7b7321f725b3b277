// Proof: the capacity of a backend with a known knee is found in a real search, and one that is cut short says what it knows.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CapacityReport } from "../../../src/model/report/capacity.js";
import { startReference } from "../../../src/reference/launch.js";
import { type QueueBackend, trueCapacity } from "../../support/queue-backend.js";
import type { ProofContext, Section } from "../section.js";

const SERVERS = 8;
const SERVICE_MS = 200;
const LIMIT_MS = 500;
const OFF_BY = 0.1;
const BUDGET_MINUTES = 10;
/** Probes after which the second search is interrupted. */
const ENOUGH_PROBES = 3;
/** Half of what the servers hold. */
const FIRST_LOAD = "32";
const MAX_TRIES = 3;

export const capacity: Section = {
  title: "Capacity",
  about: `The reference backend serves ${SERVERS} turns at a time, each for ${SERVICE_MS} ms, and \`message.processing p99 < ${LIMIT_MS}ms\` is to hold. A simulation of the queue gives the number of users; \`gp-load capacity\` has to come within ${OFF_BY * 100} % in ${BUDGET_MINUTES} minutes. A second search is interrupted after ${ENOUGH_PROBES} probes and has to report what they showed. About 12 minutes.`,
  named: false,
  async run(context) {
    let whole = await search(context);
    for (let attempt = 1; attempt < MAX_TRIES && isMachine(whole); attempt++) {
      context.say(`    try ${attempt}: ${whole.summary}`);
      whole = await search(context);
    }
    const backend = asQueue(whole);
    const truth = trueCapacity(backend);
    const found = whole.holds ?? 0;
    const near = Math.abs(found - truth) / truth <= OFF_BY;
    const inTime = whole.durationMs <= BUDGET_MINUTES * 60_000 * 1.05;
    const knows =
      whole.end === "found" &&
      near &&
      inTime &&
      whole.boundBy.some((by) => by.startsWith("message.processing"));
    const cut = await search(context, ENOUGH_PROBES);
    const held = cut.probes.filter(({ outcome }) => outcome === "held").map(({ load }) => load);
    const broke = cut.probes.filter(({ outcome }) => outcome === "broke").map(({ load }) => load);
    const told =
      cut.end === "interrupted" &&
      cut.exitCode === 130 &&
      held.length > 0 &&
      cut.holds === Math.max(...held) &&
      cut.breaks === (broke.length > 0 ? Math.min(...broke) : null);
    return {
      holds: knows && told,
      summary: `found ${found} users where ${truth} is right, in ${(whole.durationMs / 60_000).toFixed(1)} minutes; the interrupted search knows ${cut.holds ?? "nothing"}.`,
      columns: ["search", "ended", ">holds", ">breaks", ">truth", ">probes", ">minutes", "bound by"],
      rows: [rowOf("whole", whole, String(truth)), rowOf("interrupted", cut, "")],
    };
  },
};

const SCENARIO = {
  // Long enough for the samples of a 99th percentile from the first load on.
  load: { users: 32, ramp: "1s", hold: "25s", baseline: false },
  journey: ["connect", { loop: [{ send: {} }, { think: "500ms..1500ms" }] }],
  checks: [],
  settle: "1s",
  sla: {
    "message.processing": `p99 < ${LIMIT_MS}ms`,
    "agent.response": "p99 < 60s",
    "event.delivery": "off",
    "users.live": "off",
    degradation: "off",
  },
};

/** @param stopAfter probes after which Ctrl-C is pressed; absent to let it end by itself */
async function search({ cli, say }: ProofContext, stopAfter?: number): Promise<CapacityReport> {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-knee-"));
  const few = { name: "few-servers", params: { servers: SERVERS, ms: SERVICE_MS } };
  const backend = await startReference({ defects: [few] });
  try {
    const file = {
      version: 1,
      targets: { t: { url: backend.url, clock: "same" } },
      scenarios: { knee: { target: "t", ...SCENARIO } },
    };
    writeFileSync(join(folder, "scenarios.yaml"), JSON.stringify(file));
    const limits = ["--start", FIRST_LOAD, "--max", "400", "--budget", `${BUDGET_MINUTES}m`];
    await ended(cli, ["capacity", "knee", "--quiet", ...limits], folder, say, stopAfter);
    const answer = readdirSync(join(folder, "reports")).find((name) => name.endsWith("-capacity")) ?? "";
    return JSON.parse(
      readFileSync(join(folder, "reports", answer, "capacity.json"), "utf8"),
    ) as CapacityReport;
  } finally {
    await backend.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves when the search has ended, by itself or after Ctrl-C. */
function ended(
  cli: string,
  args: readonly string[],
  cwd: string,
  say: (line: string) => void,
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<void> {
  const child = spawn(process.execPath, [cli, ...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  const end = (): void => void child.kill();
  process.once("exit", end);
  let probes = 0;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    for (const line of text.split("\n").filter((one) => /^ {2}\w+ \d+ /.test(one))) {
      say(`  ${line}`);
      if (++probes === stopAfter) child.kill("SIGINT");
    }
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      process.off("exit", end);
      resolve();
    });
  });
}

/** What a turn takes besides waiting for a server, as the probes far below the knee showed it. */
function asQueue({ probes }: CapacityReport): QueueBackend {
  const [easy] = probes;
  if (!easy || easy.responseP50 === null) throw new Error("the first probe measured nothing");
  const restUs = Math.max(0, easy.responseP50 - SERVICE_MS) * 1000;
  return {
    servers: SERVERS,
    serviceUs: SERVICE_MS * 1000,
    thinkUs: [500_000 + restUs, 1_500_000 + restUs],
    limitUs: LIMIT_MS * 1000,
  };
}

/** It was the machine that could not tell. */
function isMachine({ end }: CapacityReport): boolean {
  return end === "generator" || end === "unknown";
}

function rowOf(name: string, report: CapacityReport, truth: string): readonly string[] {
  return [
    name,
    report.end,
    String(report.holds ?? "–"),
    String(report.breaks ?? "–"),
    truth,
    String(report.probes.length),
    (report.durationMs / 60_000).toFixed(1),
    report.boundBy.join(", "),
  ];
}
