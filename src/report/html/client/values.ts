// Formats values in the page: durations, counts, times of the run.

/** Milliseconds with a readable unit; `–` if there are none. */
export function formatMillis(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return "–";
  if (ms === 0) return "0";
  const size = Math.abs(ms);
  if (size < 1) return `${Math.round(ms * 1000)} µs`;
  if (size < 999.5) return `${threeDigits(ms)} ms`;
  if (size < 120_000) return `${threeDigits(ms / 1000)} s`;
  return formatInstant(ms / 1000);
}

/** Three significant digits without needless zeros. */
function threeDigits(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return String(Number(value.toFixed(Math.min(6, digits))));
}

/** A count with grouping, the same in every locale. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

/** Seconds of the run as `0:42` or `1:02:03`. */
export function formatInstant(seconds: number): string {
  const whole = Math.round(seconds);
  const sign = whole < 0 ? "-" : "";
  const size = Math.abs(whole);
  const hours = Math.floor(size / 3600);
  const minutes = Math.floor((size % 3600) / 60);
  const rest = String(size % 60).padStart(2, "0");
  return hours > 0
    ? `${sign}${hours}:${String(minutes).padStart(2, "0")}:${rest}`
    : `${sign}${minutes}:${rest}`;
}

/** 0.99 → `99 %`, 0.99999 → `99.999 %`. */
export function formatPercentile(percentile: number): string {
  return `${Number((percentile * 100).toFixed(4))} %`;
}
