// The words that all renderers of a comparison share.
import type {
  ChangeVerdict,
  ComparisonReport,
  PercentileChange,
  PromptChange,
  ShareChange,
} from "../../model/report/comparison.js";
import { formatMs } from "../text/wording.js";

export const CHANGE_MARK = {
  worse: "✗",
  same: "✓",
  better: "▲",
  undecided: "?",
} as const satisfies Record<ChangeVerdict, string>;

export const CHANGE_COLUMNS = [
  "metric",
  "baseline",
  "candidate",
  "difference",
  "95 % interval",
  "n",
] as const;

/** The cells of one line, in the order of {@link CHANGE_COLUMNS}. */
export function changeCells(change: PercentileChange | ShareChange): readonly string[] {
  return "percentile" in change ? percentileCells(change) : shareCells(change);
}

function percentileCells(change: PercentileChange): readonly string[] {
  const { differenceMs, ratio } = change;
  const factor = ratio === null ? "" : ` (${signed(Math.round((ratio - 1) * 1000) / 10)} %)`;
  return [
    `${change.metric} ${change.percentile}`,
    formatMs(change.baseline.ms),
    formatMs(change.candidate.ms),
    differenceMs === null ? "–" : `${signedMs(differenceMs)}${factor}`,
    change.lowMs === null ? "–" : `${signedMs(change.lowMs)} … ${signedMs(change.highMs)}`,
    `${change.baseline.n} / ${change.candidate.n}`,
  ];
}

function shareCells(change: ShareChange): readonly string[] {
  const percent = (share: number | null): string => (share === null ? "–" : `${(share * 100).toFixed(2)} %`);
  const points = (share: number | null): string =>
    share === null ? "–" : `${signed(Math.round(share * 1e4) / 100)} points`;
  return [
    change.metric,
    percent(change.baseline.share),
    percent(change.candidate.share),
    points(change.difference),
    change.low === null ? "–" : `${points(change.low)} … ${points(change.high)}`,
    `${change.baseline.n} / ${change.candidate.n}`,
  ];
}

/** Whether its lines mean better or worse at all: not if the comparison is INVALID. */
export function tellsChanges({ verdict }: ComparisonReport): boolean {
  return verdict !== "INVALID";
}

/** The note next to a line; empty if there is none, or if no number of samples would help. */
export function changeNote(
  change: PercentileChange | ShareChange,
  { differences }: ComparisonReport,
): string {
  if (differences.some(({ forbids }) => forbids)) return "";
  if (change.note !== undefined) return change.note;
  if (change.verdict !== "undecided") return "";
  if (!("percentile" in change)) return "too few turns to tell";
  const needed = change.neededSamples;
  return needed === undefined
    ? "not by chance, but perhaps too small to matter"
    : `about ${needed} samples would decide`;
}

/** One sentence: the byte from which prompts of a kind cannot be reused. */
export function promptChangeText({ kind, fromByte, toByte, why, baseline, candidate }: PromptChange): string {
  const what =
    why === "other"
      ? "prompts are not what they were"
      : `prompts end or differ among themselves; the baseline's were the same for ${baseline.sameBytes} bytes`;
  return `prompts of ${kind}: reusable up to byte ${fromByte}; between it and byte ${toByte}, ${what} (${baseline.calls} and ${candidate.calls} calls)`;
}

function signedMs(ms: number | null): string {
  if (ms === null) return "–";
  return ms < 0 ? `−${formatMs(-ms)}` : `+${formatMs(ms)}`;
}

function signed(value: number): string {
  return value < 0 ? `−${-value}` : `+${value}`;
}
