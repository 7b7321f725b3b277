// When the user's own code makes a run INVALID: its effect on gp-load must not count against the target.
import type { ExtensionState, ExtensionStates } from "../model/log/extension.js";
import type { InvalidReason } from "../model/log/run-log.js";
import { formatCount } from "../support/units.js";

/** Fewer blocks or late errors may be a compiler warming up or a hiccup of the machine. */
const LEAST = 3;
/** Share of calls that may go wrong. */
const SHARE = 0.01;
/** Own code is to blame for a send lag beyond its limit from this share on. */
const LAG_SHARE = 0.5;

const CODE = "extension";

/** @param late the generator's own delay exceeds its limit */
export function ownCodeReasons(states: ExtensionStates | undefined, late: boolean): readonly InvalidReason[] {
  return (states?.each ?? []).flatMap((state) => {
    const wrong = wrongWith(state, late ? (states?.lagUs ?? 0) : 0);
    if (!wrong) return [];
    const [what, advice] = wrong;
    const { kind, name, place } = state;
    return [{ code: CODE, message: `the ${kind} ${name} (${place}) ${what}`, advice }];
  });
}

export function isOverBounds(state: ExtensionState): boolean {
  return wrongWith(state, 0) !== undefined;
}

/** The worst of it, and what to do. */
function wrongWith(state: ExtensionState, lagUs: number): readonly [string, string] | undefined {
  const { kind, calls, blocks, unsettled, late, failed } = state;
  const tooMany = (count: number, least = 1): boolean => count >= least && count > calls * SHARE;
  const of = (count: number): string => `${formatCount(count)} of ${formatCount(calls)} calls`;
  if (tooMany(blocks, LEAST))
    return [
      `blocked the event loop for more than 10 ms at a time in ${of(blocks)}: no other user could be served meanwhile`,
      "do less work in it, move the work to another process or a worker thread, or break it up with `await sleep(0)`",
    ];
  if (tooMany(unsettled))
    return [
      `did not settle within its timeout in ${of(unsettled)}, although it was not waiting for a gp-load request`,
      "settle every promise it returns, or raise its timeoutMs",
    ];
  if (tooMany(late, LEAST))
    return [
      `rejected after it had been given up, or left errors that nothing awaited, in ${of(late)}`,
      "await every promise in it, and stop at its `signal`",
    ];
  if (kind === "codec" && failed > 0)
    return [
      `threw in ${of(failed)}: the content of these frames is unknown`,
      "let it return anything it cannot read unchanged",
    ];
  if (lagUs > 0 && state.lagUs >= lagUs * LAG_SHARE)
    return [
      `was running in ${Math.round((state.lagUs / lagUs) * 100)}% of the time by which messages were sent too late`,
      "do less work in it, use more --workers, or fewer users",
    ];
  return undefined;
}
