// From the records of a run to its report.
import { describe, expect, it } from "vitest";
import type { RunFooter, RunHeader, RunLogRecord } from "../../../src/model/log/run-log.js";
import type { RunReport } from "../../../src/model/report/report.js";
import { runReport } from "../../../src/model/report/report.js";
import { buildReport } from "../../../src/report/build/report.js";
import { folded, footer, header, ledger, rule, second, times } from "../../support/records.js";

const RULES = [
  rule("agent.response", "p95 < 5s"),
  rule("turns.success", ">= 99%"),
  rule("turns.lost", "== 0"),
  rule("users.live", "min 10"),
];
const GOOD_HOLD = {
  hold: {
    "agent.response": { samples: times(60, 1_000_000) },
    "agent.response/service": { samples: times(60, 900_000) },
    "generator.send-lag": { samples: times(60, 500) },
    "generator.loop-delay": { samples: times(50, 800) },
  },
};
const GOOD_LEDGER = ledger({ attempted: 60, completed: 60, delivery: { live: 60, replayed: 0, history: 0 } });
const CLEAN = { check: "isolation", status: "clean", judged: 60 } as const;

function report(
  options: {
    readonly header?: Partial<RunHeader>;
    readonly hold?: Parameters<typeof second>[2];
    readonly footer?: Partial<RunFooter> | null;
    readonly more?: readonly RunLogRecord[];
  } = {},
): RunReport {
  const head = header({ rules: RULES, ...options.header });
  const records: RunLogRecord[] = [
    head,
    { type: "phase", span: { key: "ramp", phase: "ramp", startUs: 1_000_000, endUs: 2_000_000 } },
    { type: "phase", span: { key: "hold", phase: "hold", startUs: 2_000_000, endUs: 3_000_000 } },
    second(0, RULES, { ramp: { connect: { samples: [5000] } } }, { phase: "ramp" }),
    second(1, RULES, options.hold ?? GOOD_HOLD, { turnsStarted: 60 }),
    ...(options.more ?? []),
  ];
  if (options.footer !== null)
    records.push(footer({ ledger: GOOD_LEDGER, checks: [CLEAN], durationMs: 3500, ...options.footer }));
  return buildReport(folded(RULES, records), head);
}

const codes = (of: RunReport) => of.invalidReasons.map(({ code }) => code);

describe("the report of a good run", () => {
  it("is a PASS with every threshold, the hold's metrics, and the phases apart", () => {
    const good = report();
    expect(good).toMatchObject({ verdict: "PASS", exitCode: 0, invalidReasons: [], notChecked: [] });
    expect(good.sla.map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ["agent.response", "pass"],
      ["turns.success", "pass"],
      ["turns.lost", "pass"],
      ["users.live", "pass"],
    ]);
    expect(good.metrics["agent.response"]).toMatchObject({ unit: "ms", count: 60, censored: 0, max: 1000 });
    expect(good.metrics["agent.response"]?.service).toMatchObject({ count: 60, max: 900 });
    expect(good.metrics.connect).toBeUndefined();
    expect(good.phaseMetrics.ramp?.connect?.count).toBe(1);
    expect(good.phases).toEqual([
      { key: "ramp", phase: "ramp", startMs: 0, endMs: 1000 },
      { key: "hold", phase: "hold", startMs: 1000, endMs: 2000 },
      { key: "drain", phase: "drain", startMs: 2000, endMs: 3500 },
    ]);
    expect(good.generator).toMatchObject({ healthy: true, workers: 1, droppedStarts: 0, cpuMean: 0.2 });
    expect(good.clock).toMatchObject({ mode: "same", offsetLowMs: 0, offsetHighMs: 0 });
  });

  it("keeps to its own schema", () => {
    expect(runReport.safeParse(JSON.parse(JSON.stringify(report()))).error).toBeUndefined();
  });
});

describe("the report of a run that went wrong", () => {
  it("is a FAIL by a threshold or by a check", () => {
    const slow = { hold: { "agent.response": { samples: times(60, 9_000_000) } } };
    expect(report({ hold: slow })).toMatchObject({
      verdict: "FAIL",
      exitCode: 1,
      summary: "failed: agent.response",
    });
    const found = { checks: [{ ...CLEAN, status: "found" as const }] };
    expect(report({ footer: found })).toMatchObject({ verdict: "FAIL", exitCode: 1 });
  });

  it("is INVALID if the log has no footer, and shows what was measured", () => {
    const crashed = report({ footer: null });
    expect(crashed).toMatchObject({ verdict: "INVALID", exitCode: 3 });
    expect(codes(crashed)).toContain("cut-off");
    expect(crashed.ledger).toMatchObject({ attempted: 60, inFlightAtEnd: 60, completed: 0 });
    expect(crashed.metrics["agent.response"]?.count).toBe(60);
    expect(crashed.sla.find(({ metric }) => metric === "turns.lost")?.verdict).toBe("no-data");
  });

  it("is INVALID, not failed, if no user was ever ready", () => {
    const nobody = report({
      hold: {},
      footer: {
        usersReady: 0,
        ledger: ledger(),
        ledgerByPhase: {},
        invalid: [{ code: "ECONNREFUSED", message: "connection refused" }],
      },
    });
    expect(nobody).toMatchObject({
      verdict: "INVALID",
      exitCode: 3,
      checks: [],
      summary: "connection refused",
    });
  });

  it("passes if its generator was late and that changed nothing, and shows it", () => {
    const late = { ...GOOD_HOLD.hold, "generator.send-lag": { samples: times(5, 30_000) } };
    const report_ = report({ hold: { hold: late } });
    expect(report_).toMatchObject({ verdict: "PASS", generator: { healthy: false, offeredShare: 0.985 } });
  });

  it("is INVALID if its generator was so late that the load was not there, and says so", () => {
    const late = { ...GOOD_HOLD.hold, "generator.send-lag": { samples: times(300, 50_000) } };
    const report_ = report({ hold: { hold: late } });
    expect(report_).toMatchObject({ verdict: "INVALID", exitCode: 3 });
    expect(report_.generator).toMatchObject({ healthy: false });
    expect(codes(report_)).toEqual(["generator-load"]);
  });

  it("takes no violation for proven that the generator's own delay explains", () => {
    const close = {
      hold: {
        "agent.response": { samples: times(60, 5_010_000) },
        "generator.send-lag": { samples: times(60, 15_000) },
      },
    };
    expect(report({ hold: close }).verdict).toBe("INVALID");
    expect(report({ hold: { hold: { "agent.response": close.hold["agent.response"] } } }).verdict).toBe(
      "FAIL",
    );
  });

  it("is INVALID if a worker was lost, and its live users are no-data", () => {
    const lost = report({
      footer: {
        workersLost: [{ worker: 0, cause: "SIGKILL" }],
        invalid: [{ code: "worker-lost", message: "worker 0 was lost" }],
      },
    });
    expect(lost.verdict).toBe("INVALID");
    expect(lost.sla.find(({ metric }) => metric === "users.live")?.verdict).toBe("no-data");
    expect(lost.generator.healthy).toBe(false);
  });

  it("counts as interrupted first, unless it crashed", () => {
    expect(report({ footer: { interrupted: true } })).toMatchObject({ verdict: "INVALID", exitCode: 130 });
  });
});

describe("what was not checked", () => {
  const skipped = [{ name: "check history", why: "the profile knows no history" }];

  it("is listed by name and does not spoil a PASS, unless the run is strict", () => {
    const checks = [
      CLEAN,
      { check: "critical-events", status: "not-checked" as const, judged: 0, note: "why" },
    ];
    const plain = report({ header: { notChecked: skipped }, footer: { checks } });
    expect(plain.verdict).toBe("PASS");
    expect(plain.notChecked).toEqual([...skipped, { name: "check critical-events", why: "why" }]);
    expect(report({ header: { notChecked: skipped, strict: true } })).toMatchObject({
      verdict: "INVALID",
      exitCode: 3,
    });
  });
});

describe("a clock that is known only as an interval", () => {
  it("is reported in milliseconds, or not at all without stamps", () => {
    const unknown = {
      mode: "unknown",
      stamped: 7,
      lowUs: -1500,
      highUs: 2500,
      future: 0,
      driftUs: 1234,
    } as const;
    expect(report({ footer: { clock: unknown } }).clock).toEqual({
      mode: "unknown",
      stampedEvents: 7,
      offsetLowMs: -1.5,
      offsetHighMs: 2.5,
      driftMs: 1.234,
    });
    const none = { ...unknown, lowUs: undefined, highUs: undefined };
    expect(report({ footer: { clock: none } }).clock).toMatchObject({
      offsetLowMs: null,
      offsetHighMs: null,
    });
  });
});
