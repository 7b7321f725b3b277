// A run's telemetry: hands the coordinator's records to the exporter, and reports what could not be sent.
import { type ExportAccount, Exporter } from "../../export/exporter.js";
import type { RunTotals } from "../../export/metrics.js";
import type { OtlpSettings } from "../../export/settings.js";
import type { RunHeader, RunLogRecord } from "../../model/log/run-log.js";
import { emptyLedger, OUTCOMES, type Outcome } from "../../model/turn/ledger.js";
import type { CoordinatorState } from "../../run/coordinator/coordinator-state.js";
import type { ResultLog } from "../../run/coordinator/result-log.js";
import { nowUs, roughWallMinusMonoUs, wallNowUs } from "../../support/clock.js";
import { plainHttpClient } from "../../wire/http/http.js";

/** Time limits of one request, and of the last ones at the end of a run. */
const REQUEST_US = 5_000_000;
const END_MS = 3000;

export interface Telemetry {
  /** Called before a record is written. Before the last one it adds a note if something could not be sent. */
  record(record: RunLogRecord): void;
  changed(state: CoordinatorState): void;
  /** Sends the rest, in bounded time. Never rejects. */
  end(): Promise<void>;
}

/** @param say prints the warnings that also go to the log */
export function openTelemetry(
  settings: OtlpSettings,
  { runId, tool, scenario, target }: RunHeader,
  log: Pick<ResultLog, "append">,
  say: (text: string) => void,
): Telemetry {
  let latest: CoordinatorState | undefined;
  let written = false;
  const wallOffsetUs = roughWallMinusMonoUs();
  const exporter = new Exporter({
    run: { runId, version: tool.version, scenario: scenario.name, target },
    settings,
    http: plainHttpClient(REQUEST_US),
    wallNowUs,
    totals: () => latest && totalsOf(latest),
    startWallUs: () => (latest?.startUs ?? nowUs()) + wallOffsetUs,
    warn(text) {
      const atUs = Math.max(0, nowUs() - (latest?.startUs ?? nowUs()));
      // Nothing may follow the last record.
      if (!written) log.append({ type: "note", atMs: Math.round(atUs / 1000), text });
      say(`warning: ${text}`);
    },
  });
  return {
    record(record) {
      if (record.type === "turn") exporter.turn(record.turn);
      if (record.type !== "footer") return;
      const text = footnoteOf(exporter.account);
      if (text !== undefined) log.append({ type: "note", atMs: record.durationMs, text });
      written = true;
    },
    changed(state) {
      latest = state;
    },
    end: () => exporter.end(END_MS),
  };
}

function totalsOf({ fold, snapshots }: CoordinatorState): RunTotals {
  const outcomes: Partial<Record<Outcome, number>> = {};
  const anomalies: Record<string, number> = {};
  for (const { state } of snapshots) {
    for (const ledger of [emptyLedger(), ...Object.values(state.ledgers)])
      for (const outcome of OUTCOMES) outcomes[outcome] = (outcomes[outcome] ?? 0) + ledger[outcome];
    for (const [name, count] of Object.entries(state.anomalies))
      anomalies[name] = (anomalies[name] ?? 0) + count;
  }
  return { fold, outcomes, anomalies };
}

/** What could not be sent so far; `undefined` if everything was. */
function footnoteOf({ sent, failed, turnsLost }: ExportAccount): string | undefined {
  const turns = `the traces of ${turnsLost} turns were lost`;
  if (failed === 0) {
    if (turnsLost === 0) return undefined;
    return `telemetry: ${turns} by the end of the run: they came faster than they could be sent`;
  }
  const requests = `${failed} of ${sent + failed} requests failed during the run`;
  return `telemetry: ${requests}${turnsLost === 0 ? "" : `, and ${turns}`}`;
}
