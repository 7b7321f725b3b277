// The pauses of a turn: seeded, weighted, and ended early if a defect or an abort stops the turn.
import { randomFrom } from "../../support/random.js";
import type { Settings } from "../options.js";
import type { TurnWeight } from "../storage/store.js";
import type { Run } from "./run.js";
import { TurnStopped, unlessStopped } from "./stops.js";

/** The turn is silently given up: no terminal event, no stored answer. */
export class TurnAbandoned extends Error {
  override readonly name = "TurnAbandoned";
}

/** The process ends: its successor may continue. */
export class ServiceStops extends TurnAbandoned {}

const WEIGHT_FACTOR = { light: 0.5, medium: 1, heavy: 4 } as const satisfies Record<TurnWeight, number>;

/** Waits, scaled. Throws TurnAbandoned if the run was given up meanwhile, TurnStopped if it was stopped. */
export type Pause = (ms: number) => Promise<void>;

/** A gate that one run can shut for all others. */
export interface TurnGate {
  shutBy(run: Run): () => void;
  /** Resolves when no other run holds the gate shut. */
  pass(run: Run): Promise<void>;
}

export function createTurnGate(): TurnGate {
  let holder: { readonly run: Run; readonly opened: Promise<void> } | undefined;
  return {
    shutBy(run) {
      let open: () => void = () => {};
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      holder = { run, opened };
      return () => {
        if (holder?.run === run) holder = undefined;
        open();
      };
    },
    async pass(run) {
      while (holder && holder.run !== run) await holder.opened;
    },
  };
}

/** The pauses of the nth turn of this process: each within ±20 % of its scaled length. */
export function pausesOfTurn(
  { settings, sleep }: { readonly settings: Settings; sleep(ms: number): Promise<void> },
  run: Run,
  gate: TurnGate,
  turnNumber: number,
): Pause {
  const random = randomFrom(settings.seed, "pace", turnNumber);
  const factor = WEIGHT_FACTOR[run.weight];
  return async (ms) => {
    await gate.pass(run);
    if (run.stop.signal.aborted) throw new TurnStopped();
    if (ms > 0) await unlessStopped(run, () => sleep(ms * factor * random.between(0.8, 1.2)));
    await gate.pass(run);
    if (run.abandoned) throw new TurnAbandoned("the run was given up");
  };
}
