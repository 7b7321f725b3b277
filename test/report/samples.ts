// Made-up but whole reports, for tests: a clean PASS, a FAIL full of hostile text, and an INVALID with nothing in it.
import { AccessFold } from "../../src/metrics/access-fold.js";
import type { ReportDetails } from "../../src/model/report/details.js";
import type { RunReport } from "../../src/model/report/report.js";
import type { Finding } from "../../src/model/turn/finding.js";
import { emptyAnomalies, emptyLedger } from "../../src/model/turn/ledger.js";
import { turnReports } from "../../src/report/build/kept-turns.js";
import { HOSTILE, intervalsOf, keptTurn, metricsOf, spectraOf, timelineOf } from "./sample-load.js";
import {
  censorP99,
  failingRules,
  hostileFindings,
  LIMITS,
  machine,
  passingRules,
  rule,
} from "./sample-parts.js";

export { HOSTILE } from "./sample-load.js";

export interface Sample {
  readonly report: RunReport;
  readonly details: ReportDetails;
}

/** A clean run of 100 users. */
export function passSample(): Sample {
  const ledger = {
    ...emptyLedger(),
    attempted: 1_360,
    completed: 1_360,
    delivery: { live: 1_357, replayed: 2, history: 1 },
  };
  const report: RunReport = {
    schemaVersion: 1,
    tool: { name: "gp-load", version: "0.1.0" },
    runId: "run-7f3a91",
    scenario: {
      name: "enterprise-100",
      description: "100 concurrent users walk the golden path",
      tags: ["smoke", "sla"],
    },
    target: { name: "reference", profile: "golden-path", url: "http://127.0.0.1:4010", embedded: true },
    seed: 421_337,
    invocation: {
      command: "gp-load run enterprise-100 --users 100 --build v1.8.2",
      overrides: ["users = 100"],
      build: "v1.8.2",
    },
    plannedUsers: 100,
    startedAt: "2026-03-04T05:06:07.890Z",
    durationMs: 46_512.25,
    verdict: "PASS",
    exitCode: 0,
    summary: "9 of 9 rules hold, 3 checks are clean, and all 1,360 turns are accounted for.",
    invalidReasons: [],
    notChecked: [{ name: "stores", why: "no store is configured for this target" }],
    sla: passingRules(),
    ledger,
    starts: null,
    anomalies: { ...emptyAnomalies(), replayed: 2 },
    metrics: metricsOf(1_020),
    phaseMetrics: { ramp: metricsOf(180), drain: metricsOf(60) },
    phases: [
      { key: "ramp", phase: "ramp", startMs: 0, endMs: 10_000 },
      { key: "hold", phase: "hold", startMs: 10_000, endMs: 40_000 },
      { key: "drain", phase: "drain", startMs: 40_000, endMs: 46_000 },
    ],
    faults: [],
    trends: [],
    checks: [
      { check: "critical-events", status: "clean", judged: 1_360 },
      {
        check: "isolation",
        status: "clean",
        judged: 9_522,
        note: "own nonces were seen in 1,360 of 1,360 answers",
      },
      { check: "history", status: "clean", judged: 1_360 },
    ],
    findings: [],
    turns: [],
    failedRequests: [],
    unrecognised: [],
    generator: {
      healthy: true,
      workers: 2,
      sendLagP99: 1.42,
      loopDelayP99: 1.98,
      gcMs: 84.2,
      cpuMean: 0.31,
      cpuMax: 0.36,
      rssMaxMb: 124.6,
      offeredShare: 1,
      standstills: [],
      gcShareMax: 0.004,
      bufferedMaxBytes: 0,
      perWorker: [0, 1].map((worker) => ({
        worker,
        cpuMean: 0.31,
        cpuMax: 0.36,
        cpuWaitShare: 0.02,
        gcShare: 0.004,
        loopDelayWorst: 2.4,
        sendLagWorst: 1.9,
        rssMaxMb: 124.6,
        bufferedMaxBytes: 0,
      })),
      droppedStarts: 0,
      machine,
    },
    clock: { mode: "same", stampedEvents: 9_522, offsetLowMs: 0, offsetHighMs: 0, driftMs: 0.02 },
    notes: [],
    timeline: timelineOf(100, 10, 30, 6),
  };
  const keptTurns = [
    ...Array.from({ length: 12 }, (_, index) => keptTurn("slow", index * 7, index, 3.2 - index * 0.1)),
    ...Array.from({ length: 20 }, (_, index) =>
      keptTurn("sample", index * 5, index, 0.8 + (index % 5) * 0.15),
    ),
  ];
  return {
    report: { ...report, turns: turnReports(keptTurns) },
    details: { spectra: spectraOf(LIMITS), keptTurns, histograms: intervalsOf("agent.response", 30) },
  };
}

/** A run that fails in every way, with text from a hostile target everywhere. */
/** What came of some thousand probes, folded as from a log. */
function accessReport(): NonNullable<RunReport["access"]> {
  const fold = new AccessFold();
  const probe = {
    kind: "history-as-other-user",
    seeker: "as another user",
    attempt: "GET the messages of another user's thread",
    user: 1,
    owner: 2,
    thread: "thread-2",
    expected: "403 or 404",
    answer: "403",
    result: "refused",
    atMs: 1500,
  } as const;
  for (let user = 0; user < 1200; user++) fold.add({ type: "probe", probe: { ...probe, user } });
  fold.add({ type: "probe", probe: { ...probe, answer: "200", result: "breach", user: 7 } });
  fold.add({ type: "probe", probe: { ...probe, answer: HOSTILE, result: "unclear" } });
  const why = "the profile knows no search";
  fold.add({
    type: "probe",
    probe: { ...probe, kind: "search-as-nobody", answer: why, result: "not-checked" },
  });
  const report = fold.report();
  if (!report) throw new Error("nothing was folded");
  return report;
}

export function failSample(): Sample {
  const pass = passSample();
  const report: RunReport = {
    ...pass.report,
    scenario: { ...pass.report.scenario, description: `hostile ${HOSTILE}` },
    target: {
      name: "staging",
      profile: "netra",
      url: `https://staging.example.com/?q=${HOSTILE}`,
      embedded: false,
    },
    verdict: "FAIL",
    exitCode: 1,
    summary: "3 of 10 rules fail: events.leaked, turns.success and history.query; 12 turns were lost.",
    sla: failingRules(),
    ledger: {
      ...emptyLedger(),
      attempted: 1_360,
      completed: 1_329,
      failed: 9,
      rejected: 4,
      timedOut: 6,
      lost: 12,
      expected: 0,
      unexpected: 0,
      reasons: { error_event: 9, refused: 4, stored_answer: 6, no_terminal: 8, ack_only: 4 },
      delivery: { live: 1_320, replayed: 4, history: 5 },
    },
    anomalies: { ...emptyAnomalies(), leaked: 3, duplicate: 14, late: 2, unrecognised: 5, missing: 1 },
    metrics: metricsOf(1_008, 12),
    phaseMetrics: { ...pass.report.phaseMetrics, [`hold/${HOSTILE}`]: metricsOf(30) },
    checks: [
      { check: "critical-events", status: "clean", judged: 1_360 },
      { check: "isolation", status: "found", judged: 9_522, note: HOSTILE },
      { check: "history", status: "found", judged: 1_360 },
      { check: "stores", status: "not-checked", judged: 0 },
    ],
    findings: hostileFindings(),
    access: accessReport(),
    failedRequests: [
      {
        step: "thread",
        request: "POST https://api.example.com/api/threads",
        status: 500,
        closeCode: 0,
        message: "HTTP 500: no room <b>left</b>",
        count: 12,
        users: 4,
        firstMs: 204,
      },
    ],
    unrecognised: [
      { shape: `{type:"${HOSTILE}"}`, count: 4 },
      { shape: "{event,payload{progress}}", count: 1 },
    ],
    clock: { mode: "unknown", stampedEvents: 9_522, offsetLowMs: 238.1, offsetHighMs: 241.9, driftMs: 3.2 },
    timeline: pass.report.timeline.map((point) =>
      point.second === 29 || point.second === 30 ? censorP99(point) : point,
    ),
    notes: [{ atMs: 20_000, text: `fault: 50% of the sockets were cut ${HOSTILE}` }],
  };
  const keptTurns = [
    ...Array.from({ length: 9 }, (_, index) => keptTurn("failed", index, index, 1 + index / 5)),
    ...pass.details.keptTurns,
  ];
  return {
    report: { ...report, turns: turnReports(keptTurns) },
    details: { ...pass.details, spectra: spectraOf(LIMITS, 0.988), keptTurns },
  };
}

/** A run of which nothing is known. */
export function emptySample(): Sample {
  const pass = passSample();
  const report: RunReport = {
    ...pass.report,
    verdict: "INVALID",
    exitCode: 3,
    summary: "No user was ever ready.",
    durationMs: 0,
    invalidReasons: [
      {
        code: "no-user-ready",
        message: "none of 100 users logged in: ECONNREFUSED 127.0.0.1:9",
        advice: "Start the backend, or check the target's url.",
      },
    ],
    notChecked: [],
    sla: [
      rule("agent.response", "p99 < 60s", 0, "–", {
        verdict: "no-data",
        observed: null,
        n: 0,
        note: "0 samples, at least 299 are needed",
      }),
    ],
    ledger: emptyLedger(),
    anomalies: emptyAnomalies(),
    metrics: {},
    phaseMetrics: {},
    phases: [],
    faults: [],
    checks: [{ check: "isolation", status: "no-data", judged: 0 }],
    generator: {
      ...pass.report.generator,
      healthy: false,
      sendLagP99: null,
      loopDelayP99: null,
      cpuMean: null,
      cpuMax: null,
      rssMaxMb: null,
      gcShareMax: null,
      bufferedMaxBytes: null,
      perWorker: [],
      droppedStarts: 3,
    },
    clock: { mode: "unknown", stampedEvents: 0, offsetLowMs: null, offsetHighMs: null, driftMs: 0 },
    timeline: [],
  };
  return { report, details: { spectra: [], keptTurns: [], histograms: [] } };
}

/** Four hours of 200 users, and a thousand findings. */
export function longSample(): Sample {
  const fail = failSample();
  const hold = 4 * 3600;
  const findings = Array.from(
    { length: 1_000 },
    (_, index): Finding => ({
      check: "history",
      code: `trouble-${index}`,
      severity: index % 3 === 0 ? "warn" : "fail",
      count: index + 1,
      message: `trouble number ${index}`,
      evidence: [{ user: index, turn: 0, seen: HOSTILE }],
    }),
  );
  const report: RunReport = {
    ...fail.report,
    durationMs: (hold + 60) * 1000,
    findings,
    phases: [
      { key: "ramp", phase: "ramp", startMs: 0, endMs: 40_000 },
      { key: "hold/1", phase: "hold", label: "50 users", startMs: 40_000, endMs: 40_000 + (hold * 1000) / 2 },
      {
        key: "hold/2",
        phase: "hold",
        label: "200 users",
        startMs: 40_000 + (hold * 1000) / 2,
        endMs: 40_000 + hold * 1000,
      },
      { key: "drain", phase: "drain", startMs: 40_000 + hold * 1000, endMs: 60_000 + hold * 1000 },
    ],
    timeline: timelineOf(200, 40, hold, 20),
  };
  return { report, details: fail.details };
}
