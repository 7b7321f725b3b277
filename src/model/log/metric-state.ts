// The samples of one metric, as stored in logs.
import { z } from "zod";

/** Mergeable. Counts, min, max and sum are exact; `hdr` is a histogram in base64 V2 encoding. */
export interface MetricState {
  readonly count: number;
  readonly censored: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  /** Exact number of samples beyond the limit of each of the metric's rules, in the order of `header.rules`. */
  readonly violations: readonly number[];
  /** Samples of 0, which the histogram stores as 1; absent for none. */
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
