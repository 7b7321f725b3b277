// The starts of an open load so far, in words shared by all views.
import type { StartCounts } from "../model/log/starts.js";
import { formatCount } from "../support/units.js";

/** `1,200 planned, 1,190 made, 8 dropped (all sessions busy), 2 dropped (too late)`. */
export function startsText(starts: Readonly<StartCounts>): string {
  const { planned, made, droppedByTarget, droppedByGenerator } = starts;
  const parts = [`${formatCount(planned)} planned`, `${formatCount(made)} made`];
  if (droppedByTarget > 0) parts.push(`${formatCount(droppedByTarget)} dropped (all sessions busy)`);
  if (droppedByGenerator > 0) parts.push(`${formatCount(droppedByGenerator)} dropped (too late)`);
  return parts.join(", ");
}
