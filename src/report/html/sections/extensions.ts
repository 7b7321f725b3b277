// The section about the user's own code: calls, time, and failures.
import type { RunReport } from "../../../model/report/report.js";
import { formatCount } from "../../../support/units.js";
import { formatMs } from "../../text/wording.js";
import { html } from "../markup.js";
import { type Column, htmlTable, numbers, type Section, section } from "./section.js";

const COLUMNS: readonly Column[] = [
  "",
  "extension",
  "defined in",
  ...numbers("calls", "total", "mean", "p50", "p99", "max", "share of send lag"),
  ...numbers("failed", "timed out", "never settled", "late", "blocked"),
  "first trouble",
];

/** Empty if the run had none. */
export function extensionsSection({ extensions }: RunReport): readonly Section[] {
  if (!extensions) return [];
  const rows = extensions.map((one) => [
    one.withinBounds ? "✓" : "✗",
    `${one.kind} ${one.name}`,
    one.place,
    formatCount(one.calls),
    formatMs(one.totalMs),
    ...[one.time.mean, one.time.p50, one.time.p99, one.time.max].map(formatMs),
    one.lagShare === null ? "–" : `${Math.round(one.lagShare * 1000) / 10}%`,
    ...[one.failed, one.timedOut, one.unsettled, one.late, one.blocks].map(formatCount),
    one.trouble ?? "",
  ]);
  const title = "Time in the code of each extension, and calls of it that went wrong";
  const body = html`<p class="quiet">Time in an extension's own code is gp-load's own delay, and not the target's. Blocked: it blocked the event loop for more than 10 ms at a time.</p>${htmlTable(title, COLUMNS, rows)}`;
  return [section("extensions", "Own code", "Own code", body)];
}
