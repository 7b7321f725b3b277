// Parses and formats durations, sizes and rates as people write them.

const DURATION_US = { us: 1, ms: 1000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 } as const;
const SIZE_BYTES = {
  B: 1,
  KB: 1000,
  KiB: 1024,
  MB: 1_000_000,
  MiB: 1_048_576,
  GB: 1e9,
  GiB: 1_073_741_824,
} as const;

/** Microseconds of `5s`, `250ms`, `1.5s`, `2m`, `1h`, `1m30s`, `40µs` (or `40us`) or `0`; else `undefined`. */
export function parseDurationUs(text: string): number | undefined {
  const trimmed = text.trim().replace(/[µμ]s/g, "us");
  if (trimmed === "0") return 0;
  if (!/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(trimmed)) return undefined;
  let total = 0;
  for (const [, number, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)) {
    total += Number(number) * DURATION_US[unit as keyof typeof DURATION_US];
  }
  return Math.round(total);
}

/** Bytes of `512B`, `64KiB`, `1MB`; else `undefined`. */
export function parseSizeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(B|KB|KiB|MB|MiB|GB|GiB)$/.exec(text.trim());
  if (!match) return undefined;
  return Math.round(Number(match[1]) * SIZE_BYTES[match[2] as keyof typeof SIZE_BYTES]);
}

/** Events per second of `10/s`, `300/m`, `5/h`; else `undefined`. */
export function parseRatePerSecond(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*\/\s*(s|m|h)$/.exec(text.trim());
  if (!match) return undefined;
  return (Number(match[1]) * 1_000_000) / DURATION_US[match[2] as "s" | "m" | "h"];
}

/** For people, with three significant digits: `812µs`, `4.25ms`, `1.50s`, `2m05s`. */
export function formatUs(us: number): string {
  if (!Number.isFinite(us)) return us > 0 ? "∞" : "–";
  if (us < 0) return `-${formatUs(-us)}`;
  if (us < 999.5) return `${Math.round(us)}µs`;
  if (us < 999_500) return `${significant(us / 1000)}ms`;
  if (us < 59_950_000) return `${significant(us / 1_000_000)}s`;
  const seconds = Math.round(us / 1_000_000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}h${String(minutes).padStart(2, "0")}m${rest}s` : `${minutes}m${rest}s`;
}

/** As in scenario files: `30s`, `1m30s`, `250ms`. */
export function plainDuration(us: number): string {
  if (us % 1_000_000 !== 0) return us % 1000 === 0 ? `${us / 1000}ms` : `${us}us`;
  const seconds = us / 1_000_000;
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "m"],
    [seconds % 60, "s"],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join("") || "0s";
}

/** In binary units. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${significant(bytes / 1024)} KiB`;
  if (bytes < 1_073_741_824) return `${significant(bytes / 1_048_576)} MiB`;
  return `${significant(bytes / 1_073_741_824)} GiB`;
}

/** With thousands separators (`12,345`), the same in every locale; keeps fractions. */
export function formatCount(value: number): string {
  const text = String(value);
  const point = text.indexOf(".");
  const start = value < 0 ? 1 : 0;
  let end = point < 0 ? text.length : point;
  let grouped = text.slice(end);
  for (; end - 3 > start; end -= 3) grouped = `,${text.slice(end - 3, end)}${grouped}`;
  return text.slice(0, end) + grouped;
}

function significant(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
