// Curves, waterfalls and raw histograms for the reporters, from the folded records of a run.
import { type Distribution, HistogramEncoder } from "../../metrics/distribution.js";
import type { RunFold } from "../../metrics/run-fold.js";
import { isJudged } from "../../model/log/phase.js";
import { METRIC_NAMES, METRICS, SERVICE_SUFFIX } from "../../model/metric.js";
import type {
  Histogram,
  HistogramInterval,
  ReportDetails,
  Spectrum,
  SpectrumPoint,
} from "../../model/report/details.js";
import { keptTurns } from "./kept-turns.js";
import { toMs } from "./summaries.js";

/** Points of a spectrum for each halving of the remaining share, as HdrHistogram prints them. */
const TICKS_PER_HALF = 5;

export function reportDetails(fold: RunFold): ReportDetails {
  return { spectra: spectra(fold), keptTurns: keptTurns(fold.kept), histograms: histogramIntervals(fold) };
}

function spectra(fold: RunFold): readonly Spectrum[] {
  const spectra: Spectrum[] = [];
  for (const metric of METRIC_NAMES) {
    if (METRICS[metric].unit !== "us") continue;
    const response = fold.held(metric);
    if (!response || response.attempts === 0) continue;
    const service = fold.held(`${metric}${SERVICE_SUFFIX}`);
    const limitsMs = fold.rules
      .filter((rule) => rule.metric === metric && rule.unit === "us" && !rule.where)
      .map((rule) => rule.limit / 1000);
    spectra.push({
      metric,
      response: spectrumPoints(response),
      ...(service && service.attempts > 0 ? { service: spectrumPoints(service) } : {}),
      histogram: histogramOf(response),
      limitsMs,
    });
  }
  return spectra;
}

/** From the minimum to the highest rank that this many samples can show. */
export function spectrumPoints(distribution: Distribution): readonly SpectrumPoint[] {
  const points: SpectrumPoint[] = [{ percentile: 0, valueMs: toMs(distribution.minUs) }];
  const last = 1 - 1 / (2 * distribution.attempts);
  for (let half = 0; half < 40; half++) {
    for (let tick = 0; tick < TICKS_PER_HALF; tick++) {
      const percentile = 1 - 0.5 ** half * (1 - tick / (2 * TICKS_PER_HALF));
      if (percentile <= 0) continue;
      if (percentile >= last) {
        points.push({ percentile: last, valueMs: toMs(distribution.valueAt(1)) });
        return points;
      }
      points.push({ percentile, valueMs: toMs(distribution.valueAt(percentile)) });
    }
  }
  return points;
}

/** Most bars of a histogram, and the least span of one: values of samples are accurate to 0.1 %. */
const MAX_BARS = 40;
const LEAST_BAR = Math.log(1.02);

/** Bars of equal width on a logarithmic scale, from the smallest sample to the largest. */
export function histogramOf(distribution: Distribution): Histogram {
  if (distribution.count === 0) return { edgesMs: [], counts: [] };
  const { minUs = 0, maxUs = 0 } = distribution;
  const from = Math.max(1, minUs);
  const span = Math.log(Math.max(from, maxUs) / from);
  const bars = Math.min(MAX_BARS, Math.max(1, Math.ceil(span / LEAST_BAR)));
  const counts = Array.from({ length: bars }, () => 0);
  for (const [us, count] of distribution.counts()) {
    const bar = span === 0 ? 0 : Math.floor((Math.log(Math.max(from, us) / from) / span) * bars);
    const at = Math.min(bars - 1, bar);
    counts[at] = (counts[at] ?? 0) + count;
  }
  const inner = counts.slice(1).map((_, at) => (from * Math.exp((span * (at + 1)) / bars)) / 1000);
  return { edgesMs: [minUs / 1000, ...inner, maxUs / 1000], counts };
}

/** One histogram per metric and phase, for other HdrHistogram tools. */
function histogramIntervals(fold: RunFold): readonly HistogramInterval[] {
  const intervals: HistogramInterval[] = [];
  const encoder = new HistogramEncoder();
  const startUs = fold.spans[0]?.startUs ?? 0;
  for (const phase of fold.phaseKeys) {
    const span = fold.spans.find(({ key }) => key === phase);
    const tagPhase = isJudged(phase) ? "" : `${phase}.`;
    for (const [metric, distribution] of fold.metricsOf(phase)) {
      // Tags in this format must not contain commas, which separate a series' labels.
      if (distribution.count === 0 || metric.includes("{")) continue;
      intervals.push({
        tag: `${phase.startsWith("hold/") ? `${phase.replace("/", "-")}.` : tagPhase}${metric.replace("/", ".")}`,
        startSeconds: span ? (span.startUs - startUs) / 1e6 : 0,
        lengthSeconds: span ? (span.endUs - span.startUs) / 1e6 : 0,
        maxMs: (distribution.maxUs ?? 0) / 1000,
        encoded: distribution.state(encoder).hdr,
      });
    }
  }
  return intervals;
}
