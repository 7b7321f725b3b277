// Builds a run's report from its folded records: judged, summed up, and in the form that scripts read.
import type { RunFold } from "../../metrics/run-fold.js";
import { isJudged } from "../../model/log/phase.js";
import type { CheckResult, ClockState, NotChecked, RunFooter, RunHeader } from "../../model/log/run-log.js";
import { heldStarts, type StartCounts } from "../../model/log/starts.js";
import type { RatesReport, ServerReport } from "../../model/report/measured.js";
import {
  type AccessReport,
  type ClockReport,
  type GeneratorReport,
  REPORT_SCHEMA_VERSION,
  type RunReport,
  type WorkerReport,
} from "../../model/report/report.js";
import { emptyAnomalies, emptyLedger } from "../../model/turn/ledger.js";
import type { SlaResult, Statistic } from "../../model/verdict.js";
import { assess, heldLedger } from "../../sla/assess.js";
import { type WorkerHealth, workerLimits, workersHealth } from "../../sla/generator.js";
import { ownCodeReasons } from "../../sla/own-code.js";
import { type OwnDelays, offeredShare, ownDelaysOf } from "../../sla/own-delay.js";
import { goodput, goodputRate, heldSeconds, tokensRate, turnsRate } from "../../sla/rates.js";
import { heldServerValues, statisticOf } from "../../sla/server.js";
import { generatorDroppedTooMany } from "../../sla/starts.js";
import { judgeRun, ownDelay } from "../../sla/verdict.js";
import { defined } from "../../support/defined.js";
import { extensionReports } from "./extensions.js";
import { faultReports } from "./faults.js";
import { turnReports } from "./kept-turns.js";
import { breakdownReports, countReports, metricReports, toMs } from "./summaries.js";
import { phaseReports, timelinePoints } from "./timeline.js";
import { trendReports } from "./trends.js";

export function buildReport(fold: RunFold, header: RunHeader): RunReport {
  const footer = fold.footer ?? footerOfCutOff(fold, header);
  const generator = generatorFacts(fold, header, footer);
  const { plannedSamples, turnTimeoutUs, connectUs = 0, tells } = header;
  const state = {
    ledgerByPhase: footer.ledgerByPhase,
    starts: footer.starts ?? {},
    anomalies: footer.anomalies,
    clock: footer.clock,
    checkCounters: footer.checkCounters,
    workersLost: footer.workersLost.length,
  };
  const measured = footer.usersReady > 0;
  const sla = assess(fold, state, {
    ...{ plannedSamples, own: generator.own, turnTimeoutUs, connectUs },
    ...defined({ tells }),
  });
  const checks = measured ? footer.checks : [];
  const access = fold.access.report();
  const notChecked = [...notCheckedItems(header, sla, checks, access), ...(footer.notChecked ?? [])];
  const verdict = judgeRun({
    sla,
    checks,
    ledger: footer.ledger,
    generator: { ...generator, standstills: generator.own.standstills },
    causes: [...footer.invalid, ...ownCodeReasons(footer.extensions, generator.late)],
    usersReady: footer.usersReady,
    interrupted: footer.interrupted,
    ...defined({ aborted: footer.aborted }),
    notChecked,
    strict: header.strict,
    crashed: footer.crashed,
    cutOff: fold.footer === undefined,
  });
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    tool: header.tool,
    runId: header.runId,
    scenario: header.scenario,
    target: {
      name: header.target.name,
      profile: header.target.profile,
      url: header.target.url,
      embedded: header.target.embedded,
    },
    seed: header.seed,
    ...(header.invocation ? { invocation: header.invocation } : {}),
    plannedUsers: header.plannedUsers,
    ...defined({ load: header.load }),
    ...(header.groups ? { groups: header.groups } : {}),
    startedAt: header.startedAt,
    durationMs: footer.durationMs,
    verdict: verdict.verdict,
    exitCode: verdict.exitCode,
    summary: verdict.summary,
    invalidReasons: verdict.invalidReasons,
    notChecked,
    sla,
    ledger: footer.ledger,
    starts: generator.starts.planned > 0 ? generator.starts : null,
    anomalies: footer.anomalies,
    metrics: metricReports(fold, isJudged),
    ...countsPart(fold),
    ...defined({ usage: footer.usage }),
    ...(fold.breakdown.length > 0 ? { breakdown: breakdownReports(fold) } : {}),
    ...serverPart(fold, header),
    rates: ratesReport(fold, footer),
    phaseMetrics: Object.fromEntries(
      fold.phaseKeys
        .filter((phase) => phase !== "hold")
        .map((phase) => [phase, metricReports(fold, (key) => key === phase)]),
    ),
    phases: phaseReports(fold, footer.durationMs),
    faults: faultReports(fold),
    trends: trendReports(fold),
    checks,
    findings: fold.findings,
    turns: turnReports(fold.kept),
    ...defined({ access, extensions: extensionReports(footer.extensions) }),
    failedRequests: footer.failedRequests ?? [],
    unrecognised: footer.unrecognised,
    generator: generator.report,
    clock: clockReport(footer.clock),
    notes: fold.notes.map(({ atMs, text }) => ({ atMs, text })),
    timeline: timelinePoints(fold),
  };
}

/** Absent if no metrics are read from the target. */
function serverPart(fold: RunFold, { server }: RunHeader): Pick<RunReport, "server"> {
  if (server === undefined) return {};
  const held = heldSeconds(fold);
  const reports = Object.entries(server).map(([name, unit]): [string, ServerReport] => {
    const values = heldServerValues(fold, name);
    const of = (statistic: Statistic): number | null => {
      const value = statisticOf(statistic, values);
      return value === undefined ? null : Number(value.toPrecision(6));
    };
    const rank = (percent: number): number | null =>
      of({ kind: "percentile", perHundredThousand: percent * 1000 });
    const why = fold.serverMissing.get(name);
    return [
      name,
      {
        ...{ unit, seconds: values.length, missing: Math.max(0, held - values.length) },
        ...{
          min: of({ kind: "min" }),
          mean: of({ kind: "mean" }),
          p50: rank(50),
          p95: rank(95),
          p99: rank(99),
        },
        max: of({ kind: "max" }),
        ...defined({ why }),
      },
    ];
  });
  return { server: Object.fromEntries(reports) };
}

function ratesReport(fold: RunFold, { ledgerByPhase }: RunFooter): RatesReport {
  const held = heldLedger(ledgerByPhase);
  const seconds = heldSeconds(fold);
  const shown = (value: number | undefined): number | null => (value === undefined ? null : rounded(value));
  return {
    seconds,
    turns: shown(turnsRate(fold, held).value),
    completed: seconds === 0 ? null : rounded(held.completed / seconds),
    goodput: shown(goodputRate(goodput(fold, 0), fold).value),
    outputTokens: shown(tokensRate(fold).value),
  };
}

/** Absent if nothing was counted, as in most runs. */
function countsPart(fold: RunFold): Pick<RunReport, "counts"> {
  const counts = countReports(fold);
  return Object.keys(counts).length > 0 ? { counts } : {};
}

/** What a target cannot do or was not configured, known before the start or found while judging. */
function notCheckedItems(
  header: RunHeader,
  sla: readonly SlaResult[],
  checks: readonly CheckResult[],
  access: AccessReport | undefined,
): readonly NotChecked[] {
  return [
    ...header.notChecked,
    ...sla
      .filter(({ verdict }) => verdict === "not-checked")
      .map(({ metric, rule, note }) => ({
        name: `${metric} ${rule}`,
        why: note ?? "not measured",
        ...(header.tells?.never[metric] === undefined ? {} : { byProfile: true as const }),
      })),
    ...checks
      .filter(({ status }) => status === "not-checked")
      .map(({ check, note }) => ({ name: `check ${check}`, why: note ?? "" })),
    ...(access?.groups ?? [])
      .filter(({ result }) => result === "not-checked")
      .map(({ kind, answer }) => ({ name: `access ${kind}`, why: answer })),
  ];
}

interface Generator {
  /** Its own delay exceeds the limit. */
  readonly late: boolean;
  readonly own: OwnDelays;
  readonly offered: number | undefined;
  readonly starts: StartCounts;
  readonly workers: readonly WorkerHealth[];
  readonly report: GeneratorReport;
}

function generatorFacts(fold: RunFold, header: RunHeader, footer: RunFooter): Generator {
  const sendLag = ownDelay(fold.held("generator.send-lag"));
  const loopDelay = ownDelay(fold.held("generator.loop-delay"));
  const starts = heldStarts(footer.starts ?? {});
  const own = ownDelaysOf(fold);
  const offered = offeredShare(fold, starts);
  const workers = workersHealth(fold.points);
  const seconds = fold.points.filter(({ phase }) => isJudged(phase)).flatMap(({ generator }) => generator);
  const cpu = seconds.map((second) => second.cpu);
  const rss = fold.points.flatMap(({ generator }) => generator.map(({ rssBytes }) => rssBytes));
  const report: GeneratorReport = {
    healthy:
      !sendLag.exceeded &&
      !loopDelay.exceeded &&
      !generatorDroppedTooMany(starts) &&
      workerLimits(workers).length === 0 &&
      own.standstills.length === 0 &&
      footer.workersLost.length === 0,
    workers: header.workers,
    sendLagP99: toMs(sendLag.p99Us),
    loopDelayP99: toMs(loopDelay.p99Us),
    gcMs: Math.round(seconds.reduce((sum, { gcUs }) => sum + gcUs, 0)) / 1000,
    cpuMean:
      cpu.length === 0 ? null : Math.round((cpu.reduce((a, b) => a + b, 0) / cpu.length) * 1000) / 1000,
    cpuMax: cpu.length === 0 ? null : Math.max(...cpu),
    rssMaxMb: rss.length === 0 ? null : Math.round(rss.reduce((a, b) => Math.max(a, b), 0) / 1e5) / 10,
    droppedStarts: starts.droppedByGenerator,
    offeredShare: offered === undefined ? null : rounded(offered),
    standstills: own.standstills.map(({ worker, second, us }) => ({ worker, second, ms: us / 1000 })),
    gcShareMax: worstShare(workers),
    bufferedMaxBytes: workers.length === 0 ? null : Math.max(...workers.map((one) => one.bufferedMaxBytes)),
    perWorker: workers.map((one) => workerReport(one, header.servedBy?.[one.worker])),
    machine: header.machine,
  };
  const late = sendLag.exceeded || loopDelay.exceeded;
  return { late, own, offered, starts, workers, report };
}

function worstShare(workers: readonly WorkerHealth[]): number | null {
  return workers.length === 0 ? null : rounded(Math.max(...workers.map(({ gcShare }) => gcShare)));
}

function workerReport(health: WorkerHealth, servedBy: string | undefined): WorkerReport {
  return {
    worker: health.worker,
    ...defined({ servedBy }),
    cpuMean: rounded(health.cpuMean),
    cpuMax: rounded(health.cpuMax),
    cpuWaitShare: rounded(health.cpuWaitShare),
    gcShare: rounded(health.gcShare),
    loopDelayWorst: health.loopDelayWorstUs / 1000,
    sendLagWorst: health.sendLagWorstUs / 1000,
    rssMaxMb: Math.round(health.rssMaxBytes / 1e5) / 10,
    bufferedMaxBytes: health.bufferedMaxBytes,
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function clockReport({ mode, stamped, lowUs, highUs, driftUs }: ClockState): ClockReport {
  return {
    mode,
    stampedEvents: stamped,
    offsetLowMs: mode === "same" ? 0 : toMs(lowUs),
    offsetHighMs: mode === "same" ? 0 : toMs(highUs),
    driftMs: Math.round(driftUs) / 1000,
  };
}

/** The log of a run that was cut off has no last record: rebuilds what is known without it. */
function footerOfCutOff(fold: RunFold, header: RunHeader): RunFooter {
  const started = fold.points.reduce((sum, { turnsStarted }) => sum + turnsStarted, 0);
  const ledger = { ...emptyLedger(), attempted: started, inFlightAtEnd: started };
  return {
    type: "footer",
    durationMs: fold.points.length * 1000,
    interrupted: false,
    crashed: false,
    ledger,
    ledgerByPhase: {},
    anomalies: emptyAnomalies(),
    checks: [],
    checkCounters: {},
    clock: {
      mode: header.target.clock,
      stamped: 0,
      lowUs: undefined,
      highUs: undefined,
      future: 0,
      driftUs: 0,
    },
    workersLost: [],
    invalid: [],
    usersReady: fold.points.some(({ usersLive }) => usersLive > 0) ? 1 : 0,
    unrecognised: [],
  };
}
