// The view for pipes and logs: a plain line every few seconds or once a minute, and at every change of phase.
import { oneLine } from "../support/text.js";
import { formatCount, formatUs } from "../support/units.js";
import { startsText } from "./starts.js";
import type { ProgressState, ProgressView } from "./state.js";

const LINE_EVERY_US = 5_000_000;
/** A longer run prints a line once a minute, with more detail. */
const LONG_RUN_US = 600_000_000;
const LONG_LINE_EVERY_US = 60_000_000;

/** Anything that accepts text. */
export interface TextSink {
  write(text: string): unknown;
}

/** Writes lines to `stream`; time comes from the states. */
export function plainView(stream: TextSink): ProgressView {
  let shown: { phase: string; elapsedUs: number } | undefined;
  let latest: ProgressState | undefined;
  const show = (state: ProgressState): void => {
    shown = { phase: state.phase, elapsedUs: state.elapsedUs };
    stream.write(`${plainLine(state)}\n`);
  };
  return {
    update(state) {
      latest = state;
      const everyUs = isLong(state) ? LONG_LINE_EVERY_US : LINE_EVERY_US;
      const due = !shown || shown.phase !== state.phase || state.elapsedUs - shown.elapsedUs >= everyUs;
      if (due) show(state);
    },
    note(text) {
      stream.write(`${oneLine(text)}\n`);
    },
    end() {
      if (latest && latest.elapsedUs !== shown?.elapsedUs) show(latest);
      latest = undefined;
    },
  };
}

/** From elapsed and planned time; logins, whose length is unknown, do not count. */
function isLong({ phase, elapsedUs, leftUs }: ProgressState): boolean {
  return phase !== "prepare" && elapsedUs + (leftUs ?? 0) > LONG_RUN_US;
}

/** One line with the state of the run. */
function plainLine(state: ProgressState): string {
  const errors = Object.values(state.errors).reduce((sum, count) => sum + count, 0);
  const broken = state.sla.filter((rule) => rule.holds === false);
  const parts = [
    `[${formatUs(state.elapsedUs)}] ${oneLine(state.scenario)} ${state.phase}`,
    `users ${formatCount(state.usersLive)} live, ${formatCount(state.usersReady)} ready of ${formatCount(state.usersPlanned)}`,
    `turns ${formatCount(state.turnsEnded)} (${state.turnsPerSecond.toFixed(1)}/s), ${formatCount(state.turnsInFlight)} in flight`,
    ...(state.starts ? [`starts ${startsText(state.starts)}`] : []),
    `errors ${formatCount(errors)}`,
    ...(state.sla.length === 0 ? [] : [slaText(state, broken.length)]),
    ...(isLong(state) ? percentiles(state) : []),
    ...broken.map((rule) => oneLine(`✗ ${rule.metric} ${rule.rule}: ${rule.currentText}`)),
    ...state.faults.map((fault) => oneLine(`⚡ ${fault}`)),
    ...(state.leftUs === undefined ? [] : [`${formatUs(state.leftUs)} left`]),
  ];
  return parts.join(" · ");
}

/** The current value of every percentile with a rule. */
function percentiles({ sla }: ProgressState): readonly string[] {
  return sla.flatMap(({ metric, rule, currentText, holds }) => {
    const [, percentile] = /^(p[0-9.]+) /.exec(rule) ?? [];
    return percentile === undefined || holds !== true
      ? []
      : [oneLine(`${metric} ${percentile} ${currentText}`)];
  });
}

function slaText(state: ProgressState, broken: number): string {
  const known = state.sla.filter((rule) => rule.holds !== undefined).length;
  return `SLA ${known - broken} of ${state.sla.length} hold${known < state.sla.length ? `, ${state.sla.length - known} without data` : ""}`;
}
