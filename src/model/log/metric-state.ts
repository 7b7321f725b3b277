// One metric's samples as a log carries them.
import { z } from "zod";

/** State of one metric: mergeable; counts, min, max and sum are exact, `hdr` is the base64 V2 encoding of the histogram. */
export interface MetricState {
  readonly count: number;
  readonly censored: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  /** Samples that violate each limit of the metric's rules, exactly, in the order of `header.rules` for this metric. */
  readonly violations: readonly number[];
  /** Samples of 0, which the histogram holds as 1; absent for none. */
  readonly zeros?: number;
  readonly hdr: string;
}

export const metricState = z.custom<MetricState>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    "hdr" in value &&
    typeof value.hdr === "string" &&
    "violations" in value &&
    Array.isArray(value.violations) &&
    ["count", "censored", "min", "max", "sum"].every(
      (key) => typeof (value as Readonly<Record<string, unknown>>)[key] === "number",
    ),
);
