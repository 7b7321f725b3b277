// Bars and sparklines made of block characters.

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;
const LEVELS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** A bar of `width` columns, filled to `share` (0 to 1; more is full), in steps of an eighth. */
export function bar(share: number, width: number): string {
  const known = Number.isFinite(share) ? Math.max(0, Math.min(1, share)) : share === Infinity ? 1 : 0;
  const eighths = Math.round(known * Math.max(0, width) * 8);
  const full = Math.floor(eighths / 8);
  const drawn = "█".repeat(full) + (EIGHTHS[eighths % 8] ?? "");
  return drawn + "░".repeat(Math.max(0, width - drawn.length));
}

/** The newest `width` values as bars from 0 to `top` (by default the largest). */
export function sparkline(values: readonly number[], width: number, top?: number): string {
  if (width <= 0) return "";
  const shown = values.slice(-width).map((value) => (Number.isFinite(value) ? value : 0));
  const greatest = top ?? Math.max(1e-9, ...shown);
  return shown
    .map((value) => LEVELS[Math.max(0, Math.min(7, Math.ceil((value / greatest) * 8) - 1))] ?? "▁")
    .join("");
}
