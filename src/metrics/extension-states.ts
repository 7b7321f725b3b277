// Adds up all workers' statistics of the user's own code.
import type { ExtensionState, ExtensionStates } from "../model/log/extension.js";
import { defined } from "../support/defined.js";
import { Distribution, HistogramEncoder } from "./distribution.js";

/** `undefined` if no worker ran any. */
export function mergedExtensions(parts: readonly ExtensionStates[]): ExtensionStates | undefined {
  if (parts.length === 0) return undefined;
  const encoder = new HistogramEncoder();
  const byName = new Map<string, ExtensionState[]>();
  for (const one of parts.flatMap(({ each }) => each)) {
    const key = `${one.kind} ${one.name}`;
    byName.set(key, [...(byName.get(key) ?? []), one]);
  }
  const each = [...byName.values()].flatMap((states) => {
    const [first] = states;
    return first ? [merged(first, states, encoder)] : [];
  });
  return { lagUs: parts.reduce((sum, { lagUs }) => sum + lagUs, 0), each };
}

function merged(
  { name, kind, place }: ExtensionState,
  states: readonly ExtensionState[],
  encoder: HistogramEncoder,
): ExtensionState {
  const sum = (of: (state: ExtensionState) => number): number =>
    states.reduce((total, state) => total + of(state), 0);
  const time = new Distribution();
  for (const state of states) time.addAll(Distribution.of(state.time, []));
  return {
    ...{ name, kind, place },
    calls: sum(({ calls }) => calls),
    failed: sum(({ failed }) => failed),
    timedOut: sum(({ timedOut }) => timedOut),
    unsettled: sum(({ unsettled }) => unsettled),
    late: sum(({ late }) => late),
    blocks: sum(({ blocks }) => blocks),
    ...defined({ trouble: states.find(({ trouble }) => trouble !== undefined)?.trouble }),
    lagUs: sum(({ lagUs }) => lagUs),
    time: time.state(encoder),
  };
}
