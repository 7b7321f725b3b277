// Defects seeded into the reference backend with exact counts: gp-load finds just as many, and none without them.
import { describe, expect, test } from "vitest";
import { type AnomalyCounts, emptyAnomalies, imbalance, type Ledger } from "../../src/model/ledger.js";
import type { RunReport } from "../../src/model/report.js";
import type { DefectOrder } from "../../src/reference/defects/book.js";
import { reference } from "./support/reference.js";
import { countedJourney, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

/** How often each defect is seeded. */
const COUNT = 4;
const USERS = 6;
const TURNS = 3;

/** Defects that do not touch each other's traces, seeded into one run. */
interface Seeded {
  readonly defects: readonly Omit<DefectOrder, "count">[];
  readonly workers?: number;
  /** Anomalies that must be counted; all others must be zero. */
  readonly anomalies: Partial<AnomalyCounts>;
  /** Outcomes other than completed. */
  readonly ledger?: Partial<Ledger>;
  /** Findings as `check/code` → count; there must be no others of severity fail. */
  readonly findings: Readonly<Record<string, number>>;
}

const SEEDED: readonly Seeded[] = [
  {
    defects: [
      { name: "drop-event", params: { kind: "agent_started" } },
      { name: "row-stored-twice" },
      { name: "unknown-event" },
    ],
    anomalies: { missing: COUNT, unrecognised: COUNT },
    findings: { "critical-events/missing-agent_started": COUNT, "history/answer-doubled": COUNT },
  },
  {
    defects: [
      { name: "drop-event", params: { kind: "agent_thinking" } },
      { name: "duplicate-event", params: { kind: "tool_completed" } },
      { name: "answer-not-stored" },
    ],
    anomalies: { missing: COUNT, duplicate: COUNT },
    findings: {
      "critical-events/missing-agent_thinking": COUNT,
      "critical-events/duplicate": COUNT,
      "history/answer-missing": COUNT,
    },
  },
  {
    defects: [
      { name: "tool-never-completed" },
      { name: "event-to-wrong-socket" },
      { name: "stored-text-differs" },
    ],
    anomalies: { missing: COUNT, unpairedTool: COUNT, leaked: COUNT },
    findings: {
      "critical-events/missing-tool_completed": COUNT,
      "critical-events/unpairedTool": COUNT,
      "isolation/leak-frame": COUNT,
      "history/text-differs": COUNT,
    },
  },
  {
    defects: [
      { name: "event-to-wrong-socket" },
      { name: "swap-events" },
      { name: "row-stored-twice", params: { role: "user" } },
    ],
    workers: 2,
    anomalies: { leaked: COUNT, outOfOrder: COUNT },
    findings: {
      "isolation/leak-frame": COUNT,
      "critical-events/outOfOrder": COUNT,
      "history/message-doubled": COUNT,
    },
  },
  {
    defects: [{ name: "row-in-foreign-thread" }, { name: "drop-event", params: { kind: "tool_executing" } }],
    anomalies: { missing: COUNT, unpairedTool: COUNT },
    findings: {
      "isolation/leak-history": COUNT,
      "critical-events/missing-tool_executing": COUNT,
      "critical-events/unpairedTool": COUNT,
    },
  },
  {
    defects: [{ name: "row-lost" }],
    anomalies: {},
    findings: { "history/message-missing": COUNT, "history/answer-unlinked": COUNT },
  },
  {
    defects: [{ name: "agent-throws" }, { name: "no-answer" }, { name: "agent-silent" }],
    anomalies: {},
    ledger: { failed: COUNT, lost: 2 * COUNT, reasons: { error_event: COUNT, no_terminal: 2 * COUNT } },
    findings: {},
  },
];

/** Every user takes a fixed number of turns; a turn that stays silent is over after two seconds. */
async function run(defects: readonly DefectOrder[], workers = 1) {
  const backend = await reference({ defects });
  const place = workspace(
    scenarioFile(
      { url: backend.url },
      {
        load: { users: USERS, ramp: "0s", hold: "12s", baseline: false },
        journey: countedJourney(TURNS),
        turn: { timeout: "2s" },
        settle: "1s",
        sla: { "agent.response": "max < 1900ms", "message.processing": "max < 1900ms", "users.live": "off" },
      },
    ),
  );
  const { report, code } = await place.run(["e2e", "--workers", String(workers)]);
  const injected = await Promise.all(defects.map(({ name }) => backend.injected(name)));
  return { report, code, injected, accepted: await backend.accepted() };
}

function failuresOf({ findings }: RunReport): Readonly<Record<string, number>> {
  return Object.fromEntries(
    findings.flatMap(({ check, code, severity, count }) =>
      severity === "fail" ? [[`${check}/${code}`, count]] : [],
    ),
  );
}

function nameOf({ defects, workers }: Seeded): string {
  const names = defects.map(({ name, params }) => [name, ...Object.values(params ?? {})].join(" "));
  return `${names.join(", ")}${workers ? `, with ${workers} workers` : ""}`;
}

describe(`defects that were seeded ${COUNT} times each are found just as often`, () => {
  for (const seeded of SEEDED) {
    test(nameOf(seeded), async () => {
      const { defects, workers, anomalies, ledger, findings } = seeded;
      const orders = defects.map((defect) => ({ ...defect, count: COUNT }));
      const { report, code, injected, accepted } = await run(orders, workers);
      expect(injected).toEqual(orders.map(() => COUNT));
      expect(accepted).toBe(USERS * TURNS);
      expect(report.anomalies).toEqual({ ...emptyAnomalies(), ...anomalies });
      expect(failuresOf(report)).toEqual(findings);
      const others = (ledger?.failed ?? 0) + (ledger?.lost ?? 0);
      expect(report.ledger).toMatchObject({ attempted: accepted, completed: accepted - others, ...ledger });
      expect(imbalance(report.ledger)).toBe(0);
      expect(report.verdict).toBe("FAIL");
      expect(code).toBe(1);
    });
  }

  test("nothing is found where nothing was seeded", async () => {
    const { report, accepted } = await run([], 2);
    expect(report.anomalies).toEqual(emptyAnomalies());
    expect(report.findings).toEqual([]);
    expect(report.ledger).toMatchObject({ attempted: accepted, completed: accepted });
    expect(report.verdict, report.summary).not.toBe("FAIL");
  });
});
