// Proof: the sustained load for twenty minutes, something broken every minute, and every account equal to the backend's.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunReport } from "../../../src/model/report/report.js";
import { startReference } from "../../../src/reference/launch.js";
import { command } from "../../matrix/command.js";
import { shippedScenarios } from "../../matrix/scenario-file.js";
import { bursts, grownBeside, type Stats, watchStats } from "../backend-stats.js";
import type { ProofContext, Section } from "../section.js";

const MINUTES = 20;
/** Memory that may be more in the second half: what a collector has not come to yet. */
const MAX_MORE_MB = 8;

export const soak: Section = {
  title: "Sustained load",
  about: `\`sustained-load\` for ${MINUTES} minutes on a reference backend whose own counts are read every second, with three faults every minute: 30 % of the users cut off, half of them in a storm of reconnects, and half sending every message twice. The ledger balances with nothing lost or in flight. What gp-load reports as accepted, answered, cut off and sent twice is what the backend counted; the cuts are compared fault by fault. The workers' memory is flat: the interval of its slope contains 0, or the second half of the hold has at most ${MAX_MORE_MB} MB more than the first.`,
  named: false,
  async run(context) {
    const minutes = context.minutes ?? MINUTES;
    // A minute of a short soak is shorter, so that each fault still comes several times.
    const everyS = Math.min(60, Math.max(20, minutes * 6));
    context.say(`${minutes} minutes, faults every ${everyS} s`);
    const soaking = await soaked(context, minutes, everyS);
    const { report } = soaking;
    const rows = accounts(soaking);
    const wrong = rows.filter(([, , , holds]) => !holds);
    for (const [what, ours, theirs, holds] of rows)
      context.say(`    ${holds ? "✓" : "✗"} ${what}: ${ours} | ${theirs}`);
    const turns = report.ledger.attempted;
    const kinds = new Set(report.faults.map(({ label }) => label)).size;
    return {
      holds: wrong.length === 0,
      summary: `${minutes} minutes, ${turns} turns, ${report.faults.length} faults of ${kinds} kinds: ${report.verdict}, ${rows.length - wrong.length} of ${rows.length} accounts hold.`,
      columns: ["account", "gp-load", "the backend, or what is asked", "holds"],
      rows: rows.map(([what, ours, theirs, holds]) => [what, ours, theirs, holds ? "✓" : "✗"]),
    };
  },
};

interface Soaked {
  readonly report: RunReport;
  readonly first: Stats;
  readonly last: Stats;
  /** Users who came back after each loss, in the backend's order. */
  readonly cuts: readonly number[];
  /** Messages that came a second time when their users came back: an acknowledgement was lost with the connection. */
  readonly again: number;
}

async function soaked({ cli, say }: ProofContext, minutes: number, everyS: number): Promise<Soaked> {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-soak-"));
  const backend = await startReference();
  try {
    writeFileSync(join(folder, "scenarios.yaml"), fileOf(backend.url, minutes, everyS));
    const watch = await watchStats(backend, say);
    const { exitCode, stderr } = await command(cli, ["run", "sustained-load"], folder);
    const stats = await watch.stop();
    const [run] = readdirSync(folder).includes("reports")
      ? readdirSync(join(folder, "reports")).filter((name) => /^\d/.test(name))
      : [];
    if (run === undefined) throw new Error(`no report; exit code ${exitCode}\n${stderr}`);
    const report = JSON.parse(readFileSync(join(folder, "reports", run, "report.json"), "utf8")) as RunReport;
    // What was opened before the first fault are the users' own connections.
    const connections = stats.map(({ connectionsEver }) => connectionsEver);
    const [, ...cuts] = bursts(connections);
    const again = grownBeside(
      stats.map(({ messagesDuplicate }) => messagesDuplicate),
      connections,
    );
    const [first, last] = [stats[0], stats.at(-1)];
    if (!first || !last) throw new Error("the backend told nothing of itself");
    return { report, first, last, cuts, again };
  } finally {
    await backend.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The scenario as it is shipped, but for its length, its faults and where its backend is. */
function fileOf(url: string, minutes: number, everyS: number): string {
  const { version, targets, scenarios } = shippedScenarios();
  const { embedded: _, ...target } = targets.resilient ?? {};
  const { faults: __, load, sla, ...scenario } = scenarios["sustained-load"] ?? {};
  const every = `${everyS}s`;
  const faults = [
    { at: "8s", every, disconnect: "30%" },
    { at: "14s", every, "reconnect-storm": "50%" },
    { at: "20s", for: `${Math.min(5, everyS / 5)}s`, every, "duplicate-send": "50%" },
  ];
  return JSON.stringify({
    version,
    targets: { resilient: { ...target, url, clock: "same", metrics: "/metrics" } },
    scenarios: {
      "sustained-load": {
        ...scenario,
        load: { ...(load as object), hold: `${Math.round(minutes * 60)}s` },
        faults,
        sla,
      },
    },
  });
}

type Account = readonly [what: string, ours: string, theirs: string, holds: boolean];

function accounts({ report, first, last, cuts, again }: Soaked): readonly Account[] {
  const { ledger, faults, trends } = report;
  const { completed, failed, rejected, timedOut, lost, inFlightAtEnd } = ledger;
  const sum = completed + failed + rejected + timedOut + lost + inFlightAtEnd;
  const hitsOf = (...actions: readonly string[]): readonly number[] =>
    faults.filter(({ action }) => actions.includes(action)).map(({ hits = 0 }) => hits);
  const total = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
  const equal = (what: string, ours: number, theirs: number): Account => [
    what,
    String(ours),
    String(theirs),
    ours === theirs,
  ];
  const struck = hitsOf("disconnect", "reconnect-storm");
  return [
    ["verdict", `${report.verdict}: ${report.summary}`, "PASS", report.verdict === "PASS"],
    equal("turns started, and the sum of their outcomes", ledger.attempted, sum),
    equal("lost and in flight at the end", lost + inFlightAtEnd, 0),
    equal("messages sent, and accepted", ledger.attempted, last.messagesAccepted - first.messagesAccepted),
    equal("turns completed", completed, last.turnsCompleted - first.turnsCompleted),
    equal("connections cut, in all", total(struck), total(cuts)),
    ["connections cut, fault by fault", shown(struck), shown(cuts), shown(struck) === shown(cuts)],
    equal(
      "reconnects in storms",
      total(hitsOf("reconnect-storm")),
      total(cuts.filter((_, at) => at % 2 === 1)),
    ),
    equal(
      "messages sent twice by the fault, not again after a cut",
      total(hitsOf("duplicate-send")),
      last.messagesDuplicate - first.messagesDuplicate - again,
    ),
    ...trends.filter(({ name }) => name === "generator.memory").map(memoryAccount),
  ];
}

function memoryAccount(memory: RunReport["trends"][number]): Account {
  const { first, second, perHourLow, perHourHigh } = memory;
  const low = perHourLow ?? Number.NEGATIVE_INFINITY;
  const holds = low <= 0 || second - first <= MAX_MORE_MB;
  const [from, to] = [perHourLow, perHourHigh].map((bound) =>
    bound === null ? "unbounded" : bound.toFixed(1),
  );
  return [
    "memory of a worker",
    `${first.toFixed(1)} MB → ${second.toFixed(1)} MB, ${from} to ${to} MB an hour`,
    `0 within, or at most ${MAX_MORE_MB} MB more`,
    holds,
  ];
}

/** A list short enough to read: runs of equal numbers as `5×3`. */
function shown(values: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run && run[0] === value) run[1]++;
    else runs.push([value, 1]);
  }
  return runs.map(([value, times]) => (times === 1 ? String(value) : `${value}×${times}`)).join(" ");
}
