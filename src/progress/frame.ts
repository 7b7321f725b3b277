// Draws one frame of the live view for one state of the run.
import type { ChalkInstance } from "chalk";
import { MAX_OWN_DELAY_US } from "../model/metric.js";
import { cutToWidth, displayWidth, padToWidth } from "../support/terminal-text.js";
import { oneLine } from "../support/text.js";
import { formatCount, formatUs } from "../support/units.js";
import { bar, sparkline } from "./bars.js";
import { startsText } from "./starts.js";
import type { ProgressSla, ProgressState } from "./state.js";

const LABEL = 8;

/** Lines of the frame for a screen of `columns` × `rows`; the most important come first, so cutting is harmless. */
export function frameLines(
  state: ProgressState,
  paint: ChalkInstance,
  columns: number,
  rows: number,
): string[] {
  const head = [scenarioLine(state, paint), progressLine(state, paint, columns)];
  const load = [
    usersLine(state, paint, columns),
    ...liveStartsLine(state, paint),
    turnsLine(state, paint, columns),
  ];
  const errors = `${errorLine(state, paint)}${faultsText(state, paint)}`;
  const generator = liveGeneratorLine(state, paint, columns);
  const room = Math.max(1, rows - 1 - head.length - load.length - 2 - (rows > 16 ? 4 : 0));
  const sla = slaLines(state.sla, paint, columns, room);
  if (rows <= 16) return [...head, ...load, ...sla, errors, generator];
  const frame = ["", ...head, "", ...load, "", ...sla, "", errors, generator];
  return [...frame, ...agentLines(state, paint, rows - 1 - frame.length)];
}

function scenarioLine(state: ProgressState, paint: ChalkInstance): string {
  const target = paint.dim(`→ ${oneLine(state.target)}`);
  return `${paint.bold(oneLine(state.scenario))} ${target}`;
}

function progressLine(state: ProgressState, paint: ChalkInstance, columns: number): string {
  const left = state.leftUs === undefined ? "" : ` · ${formatUs(state.leftUs)} left`;
  const time = `${formatUs(state.elapsedUs)}${left}`;
  const width = Math.max(8, Math.min(40, columns - LABEL - time.length - 10));
  const percent = `${Math.floor(clamp(state.fraction) * 100)}%`.padStart(4);
  return `${paint.cyan.bold(state.phase.padEnd(LABEL))} ${paint.cyan(bar(state.fraction, width))}${percent}  ${time}`;
}

function usersLine(state: ProgressState, paint: ChalkInstance, columns: number): string {
  const live = formatCount(state.usersLive);
  const short = state.phase === "hold" && state.usersLive < state.usersPlanned;
  const rest = ` live · ${formatCount(state.usersReady)} ready of ${formatCount(state.usersPlanned)}`;
  const text = `${short ? paint.yellow.bold(live) : paint.bold(live)}${rest}`;
  const room = columns - LABEL - 2 - live.length - rest.length - 2;
  const top = Math.max(1, state.usersPlanned);
  return `${paint.dim("users".padEnd(LABEL))} ${text}  ${paint.blue(sparkline(state.recent.usersLive, room, top))}`;
}

/** Only for an open load. */
function liveStartsLine({ starts }: ProgressState, paint: ChalkInstance): string[] {
  if (!starts) return [];
  const text = startsText(starts);
  return [`${paint.dim("starts".padEnd(LABEL))} ${starts.made < starts.planned ? paint.yellow(text) : text}`];
}

function turnsLine(state: ProgressState, paint: ChalkInstance, columns: number): string {
  const rate = `${state.turnsPerSecond.toFixed(1)}/s`;
  const rest = ` · ${formatCount(state.turnsEnded)} ended · ${formatCount(state.turnsInFlight)} in flight`;
  const room = columns - LABEL - 2 - rate.length - rest.length - 2;
  return `${paint.dim("turns".padEnd(LABEL))} ${paint.bold(rate)}${rest}  ${paint.blue(sparkline(state.recent.turnsPerSecond, room))}`;
}

function slaLines(
  sla: readonly ProgressSla[],
  paint: ChalkInstance,
  columns: number,
  room: number,
): string[] {
  // A small window never hides broken rules.
  const order = [
    ...sla.filter((rule) => rule.holds === false),
    ...sla.filter((rule) => rule.holds !== false),
  ];
  const shown = sla.length <= room ? sla : order.slice(0, Math.max(0, room - 1));
  const names = shown.map((rule) => oneLine(`${rule.metric} ${rule.rule}`));
  const values = shown.map((rule) => oneLine(rule.currentText));
  const nameWidth = Math.min(44, Math.max(0, ...names.map(displayWidth)));
  const valueWidth = Math.max(0, ...values.map(displayWidth));
  const width = Math.min(20, columns - nameWidth - valueWidth - 8);
  const lines = shown.map((rule, index) => {
    const painter = rule.holds === undefined ? paint.dim : rule.holds ? paint.green : paint.red;
    const mark = rule.holds === undefined ? "…" : rule.holds ? "✓" : "✗";
    const share = rule.share === undefined || width < 6 ? "" : painter(bar(rule.share, width));
    const name = padToWidth(cutToWidth(names[index] ?? "", nameWidth), nameWidth);
    return `${painter(mark)} ${name}  ${painter(padToWidth(values[index] ?? "", valueWidth, true))}  ${share}`.trimEnd();
  });
  const hidden = sla.length - shown.length;
  return hidden > 0 ? [...lines, paint.dim(`  … and ${hidden} more rules`)] : lines;
}

function errorLine(state: ProgressState, paint: ChalkInstance): string {
  const entries = Object.entries(state.errors)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1]);
  const label = paint.dim("errors".padEnd(LABEL));
  if (entries.length === 0) return `${label} ${paint.dim("none")}`;
  const parts = entries.map(([reason, count]) => `${oneLine(reason)} ${formatCount(count)}`);
  return `${label} ${paint.red(parts.join(" · "))}`;
}

function faultsText({ faults }: ProgressState, paint: ChalkInstance): string {
  return faults.length === 0 ? "" : `   ${paint.yellow.bold(`⚡ ${oneLine(faults.join(" · "))}`)}`;
}

function liveGeneratorLine(state: ProgressState, paint: ChalkInstance, columns: number): string {
  const own = state.generator;
  const late = own.sendLagP99Us > MAX_OWN_DELAY_US || own.loopDelayP99Us > MAX_OWN_DELAY_US;
  const workers = `${own.workers} ${own.workers === 1 ? "worker" : "workers"}`;
  const parts = [
    late ? "! late" : "✓ healthy",
    workers,
    `CPU ${own.cpu.toFixed(2)}`,
    `loop ${formatUs(own.loopDelayP99Us)}`,
    `send lag ${formatUs(own.sendLagP99Us)}`,
  ];
  // Shows no part half.
  while (parts.length > 1 && parts.join(" · ").length > columns - LABEL - 2) parts.pop();
  const text = parts.join(" · ");
  return `${paint.dim("load gen".padEnd(LABEL))} ${late ? paint.yellow(text) : paint.dim(text)}`;
}

/** Workers of a fleet, silent ones first, as many as there is room for. */
function agentLines({ agents = [] }: ProgressState, paint: ChalkInstance, room: number): string[] {
  const order = agents.toSorted((a, b) => b.silentSeconds - a.silentSeconds);
  const shown = order.length <= room ? order : order.slice(0, Math.max(0, room - 1));
  const width = Math.min(24, Math.max(0, ...shown.map(({ name }) => displayWidth(oneLine(name)))));
  const lines = shown.map(({ name, usersLive, turnsEnded, loopDelayP99Us, silentSeconds }) => {
    const silent = silentSeconds > 0 ? paint.yellow.bold(` · silent for ${silentSeconds} s`) : "";
    const text = `${formatCount(usersLive)} live · ${turnsEnded}/s · loop ${formatUs(loopDelayP99Us)}`;
    return `${" ".repeat(LABEL)} ${padToWidth(cutToWidth(oneLine(name), width), width)}  ${paint.dim(text)}${silent}`;
  });
  const hidden = agents.length - shown.length;
  return hidden > 0 && room > 0 ? [...lines, paint.dim(`${" ".repeat(LABEL)} … and ${hidden} more`)] : lines;
}

function clamp(share: number): number {
  return Number.isFinite(share) ? Math.max(0, Math.min(1, share)) : 0;
}
