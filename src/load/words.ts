// A load in words, for lists and report headers.
import type { ArrivalsLoad, LoadSpec } from "../scenarios/scenario.js";
import { formatCount, plainDuration } from "../support/units.js";
import { rateText } from "./arrivals.js";
import { heldUs } from "./load.js";

/** `100 users × 30s`, `25 → 100 users × 2m` of several stages, `20/s over 200 sessions × 30s, burstiness 0.5`. */
export function loadText(load: LoadSpec): string {
  const held = plainDuration(heldUs(load));
  if (load.kind === "users") {
    return `${fromTo(load.stages.map(({ users }) => formatCount(users)))} users × ${held}`;
  }
  return `${startsText(load)} × ${held}${chanceText(load)}`;
}

function startsText(load: ArrivalsLoad): string {
  if (load.trace) {
    const { file, speed } = load.trace;
    return `${file} at ${speed}x over ${formatCount(load.sessions)} sessions`;
  }
  const rates = fromTo(load.stages.map(({ rate }) => rateText(rate)));
  if (load.turns) {
    const { from, to } = load.turns;
    const turns = from === to ? `${from} turn${from === 1 ? "" : "s"}` : `${from} to ${to} turns`;
    return `sessions of ${turns} at ${rates}, at most ${formatCount(load.sessions)} at once`;
  }
  return `${rates} over ${formatCount(load.sessions)} sessions`;
}

function chanceText({ burstiness }: ArrivalsLoad): string {
  return burstiness === undefined ? "" : `, burstiness ${burstiness}`;
}

function fromTo(each: readonly string[]): string {
  const different = [...new Set(each)];
  return (different.length > 2 ? [different[0], different.at(-1)] : different).join(" → ");
}
