// Keeps track of defects: which are on, how many injections are left, and what each has actually hit.
import { z } from "zod";
import { type Random, randomFrom } from "../../support/random.js";
import { stampSeconds } from "../stamps.js";
import { DEFECTS, type DefectName, isDefectName, type ParamsOf, paramsFor } from "./table.js";

/** Switches a defect on. Without `count` and `rate`, it strikes at every opportunity. */
export const defectOrder = z.object({
  name: z.string(),
  /** Exactly this many injections, at the first opportunities. */
  count: z.number().exactOptional(),
  /** Share of the opportunities in (0, 1], drawn from a stream of `seed`. */
  rate: z.number().exactOptional(),
  seed: z.int().exactOptional(),
  params: z.record(z.string(), z.unknown()).exactOptional(),
});
export type DefectOrder = Readonly<z.infer<typeof defectOrder>>;

/** What one injection hit; anything unknown at that place is left out. */
interface Hit {
  readonly userId?: string;
  readonly threadId?: string;
  readonly runId?: string;
  readonly messageId?: string;
  /** Free text, for example the event's kind. */
  readonly detail?: string;
}

/** A defect's statistics, as shown by the control API. */
export interface DefectAccount {
  readonly name: DefectName;
  readonly about: string;
  readonly active: boolean;
  readonly count: number | null;
  readonly rate: number | null;
  readonly params: Readonly<Record<string, unknown>>;
  /** Injections actually done since the defect was last switched on. */
  readonly injected: number;
  /** The first 1000 injections. */
  readonly hits: readonly (Hit & { readonly at: number })[];
}

/** An injection that is reserved but not yet done: call exactly one of the two. */
export interface Reservation<P> {
  readonly params: P;
  /** Counts it as done. */
  commit(detail?: string): void;
  /** Gives it back, because it could not be done after all. */
  release(): void;
}

interface Armed {
  readonly name: DefectName;
  readonly order: DefectOrder;
  readonly params: Record<string, unknown>;
  readonly draw: Random;
  active: boolean;
  left: number;
  injected: number;
  hits: (Hit & { at: number })[];
}

const HITS_KEPT = 1000;

export interface DefectBook {
  /** Throws an Error with a readable message for an unknown name, parameter or count. */
  switchOn(order: DefectOrder): void;
  /** Switches off one or all; their statistics stay readable. */
  switchOff(name?: string): void;
  accounts(): DefectAccount[];
  /** Claims one injection if the defect is on, has some left and `applies` to its parameters. */
  claim<N extends DefectName>(
    name: N,
    hit?: Hit,
    applies?: (params: ParamsOf<N>) => boolean,
  ): ParamsOf<N> | undefined;
  /** Like `claim`, but counted only once committed. */
  reserve<N extends DefectName>(
    name: N,
    hit?: Hit,
    applies?: (params: ParamsOf<N>) => boolean,
  ): Reservation<ParamsOf<N>> | undefined;
}

/** A new book with everything switched off. */
export function createDefectBook(): DefectBook {
  const armed = new Map<DefectName, Armed>();
  let activeCount = 0;

  const reserve = <N extends DefectName>(
    name: N,
    hit: Hit = {},
    applies?: (params: ParamsOf<N>) => boolean,
  ): Reservation<ParamsOf<N>> | undefined => {
    if (activeCount === 0) return undefined;
    const entry = armed.get(name);
    if (!entry?.active || entry.left <= 0) return undefined;
    const params = entry.params as ParamsOf<N>;
    if (applies && !applies(params)) return undefined;
    if (entry.order.rate !== undefined && entry.draw.next() >= entry.order.rate) return undefined;
    entry.left--;
    return {
      params,
      commit(detail) {
        entry.injected++;
        if (entry.hits.length < HITS_KEPT)
          entry.hits.push({ ...hit, ...(detail ? { detail } : {}), at: stampSeconds() });
      },
      release() {
        entry.left++;
      },
    };
  };

  return {
    switchOn(order) {
      const entry = armedFrom(order);
      armed.set(entry.name, entry);
      activeCount = countActive(armed);
    },
    switchOff(name) {
      for (const entry of armed.values()) if (name === undefined || entry.name === name) entry.active = false;
      activeCount = countActive(armed);
    },
    accounts: () => [...armed.values()].map(accountOf),
    claim(name, hit, applies) {
      const reservation = reserve(name, hit, applies);
      reservation?.commit();
      return reservation?.params;
    },
    reserve,
  };
}

function armedFrom(order: DefectOrder): Armed {
  if (!isDefectName(order.name)) throw new Error(`there is no defect ${JSON.stringify(order.name)}`);
  const { count, rate } = order;
  if (count !== undefined && rate !== undefined) throw new Error("give count or rate, not both");
  if (count !== undefined && !(Number.isInteger(count) && count > 0))
    throw new Error("count must be a positive integer");
  if (rate !== undefined && !(rate > 0 && rate <= 1)) throw new Error("rate must be in (0, 1]");
  return {
    name: order.name,
    order,
    params: paramsFor(order.name, order.params ?? {}),
    draw: randomFrom(order.name, order.seed ?? 1),
    active: true,
    left: count ?? Number.POSITIVE_INFINITY,
    injected: 0,
    hits: [],
  };
}

function countActive(armed: ReadonlyMap<DefectName, Armed>): number {
  let active = 0;
  for (const entry of armed.values()) if (entry.active) active++;
  return active;
}

function accountOf(entry: Armed): DefectAccount {
  return {
    name: entry.name,
    about: DEFECTS[entry.name].about,
    active: entry.active && entry.left > 0,
    count: entry.order.count ?? null,
    rate: entry.order.rate ?? null,
    params: entry.params,
    injected: entry.injected,
    hits: entry.hits,
  };
}
