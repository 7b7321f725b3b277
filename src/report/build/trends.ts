// The trends of a run for its report, in readable units.
import type { RunFold } from "../../metrics/run-fold.js";
import type { TrendReport } from "../../model/report/measured.js";
import { type OverTime, trendsOver } from "../../sla/over-time.js";

const SECONDS_AN_HOUR = 3600;
/** Shorter holds get no slope: per hour, it would extrapolate to more than twelve times what was seen. */
const LEAST_SECONDS_OF_A_SLOPE = 300;

const UNITS = {
  us: { unit: "ms", one: 1000 },
  ratio: { unit: "ratio", one: 1 },
  bytes: { unit: "MB", one: 1_000_000 },
  number: { unit: "number", one: 1 },
} as const satisfies Record<OverTime["unit"], { unit: TrendReport["unit"]; one: number }>;

export function trendReports(fold: RunFold): readonly TrendReport[] {
  return trendsOver(fold).map(({ name, hold, unit, trend }) => {
    const { unit: shown, one } = UNITS[unit];
    const seconds = fold.points.filter(({ phase }) => phase === hold).length;
    const hourly = (slope: number): number | null =>
      seconds >= LEAST_SECONDS_OF_A_SLOPE && Number.isFinite(slope)
        ? rounded((slope * SECONDS_AN_HOUR) / one)
        : null;
    // Errors are rare: the median block has none.
    const [first, second] =
      unit === "ratio" ? [trend.firstMean, trend.firstMean + trend.rise.value] : [trend.first, trend.second];
    return {
      name,
      hold,
      unit: shown,
      first: rounded(first / one),
      second: rounded(second / one),
      perHour: hourly(trend.slope.value),
      perHourLow: hourly(trend.slope.low),
      perHourHigh: hourly(trend.slope.high),
      grows: trend.grows,
    };
  });
}

/** Three decimals, and never a negative zero. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}
