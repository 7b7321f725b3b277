// Words and columns shared by all renderers of a capacity result.
import type { CapacityProbe, CapacityReport } from "../../model/report/capacity.js";
import { formatCount } from "../../support/units.js";
import type { Tone } from "../text/states.js";
import { formatMs } from "../text/wording.js";

const OUTCOME_MARK = {
  held: "✓",
  broke: "✗",
  generator: "?",
  unknown: "?",
} as const satisfies Record<CapacityProbe["outcome"], string>;

/** A result without a required number is neither good nor bad. */
export function capacityTone({ verdict, required }: CapacityReport): Tone {
  if (verdict === "PASS") return required === null ? "quiet" : "good";
  return verdict === "FAIL" ? "bad" : "warn";
}

export const PROBE_COLUMNS = [
  "load",
  "purpose",
  "outcome",
  "turns/s",
  "goodput/s",
  "processing p99",
  "response p50",
  "response p95",
  "response p99",
  "history p99",
] as const;

/** One probe, in the order of {@link PROBE_COLUMNS}. */
export function probeCells(probe: CapacityProbe): readonly string[] {
  const rate = (value: number | null): string => (value === null ? "–" : value.toFixed(1));
  return [
    formatCount(probe.load),
    probe.purpose,
    `${OUTCOME_MARK[probe.outcome]} ${probe.outcome}`,
    rate(probe.throughput),
    rate(probe.goodput),
    formatMs(probe.processingP99),
    formatMs(probe.responseP50),
    formatMs(probe.responseP95),
    formatMs(probe.responseP99),
    formatMs(probe.historyP99),
  ];
}

/** Probes by load, so that they read as a curve; those with the same load in order. */
export function byLoad({ probes }: CapacityReport): readonly CapacityProbe[] {
  return [...probes].sort((a, b) => a.load - b.load);
}
