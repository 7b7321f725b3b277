// Legal sequences of an agent's events, for tests that disturb them one by one.
import fc from "fast-check";
import type { CriticalEvent } from "../../src/model/turn/event.js";

export interface Told {
  readonly kind: CriticalEvent;
  /** Execution of a tool; unique within its turn. */
  readonly tool?: string;
}

/** One round of work: so many thoughts, then tools that run at once, ended in the order in which they began. */
const round = fc.record({ thoughts: fc.integer({ min: 0, max: 2 }), tools: fc.integer({ min: 0, max: 3 }) });

/** `started (thinking* (executing+ completed+))* completed`, with at least one thought and one tool. */
export const legalTurns: fc.Arbitrary<readonly Told[]> = fc
  .array(round, { maxLength: 3 })
  .map((rounds) => toldOf([{ thoughts: 1, tools: 1 }, ...rounds]));

/** As {@link legalTurns}, one tool after the other. */
export const plainTurns: fc.Arbitrary<readonly Told[]> = fc
  .array(round, { maxLength: 3 })
  .map((rounds) =>
    toldOf([
      { thoughts: 1, tools: 1 },
      ...rounds.map(({ thoughts, tools }) => ({ thoughts, tools: Math.min(tools, 1) })),
    ]),
  );

function toldOf(rounds: readonly { readonly thoughts: number; readonly tools: number }[]): readonly Told[] {
  const told: Told[] = [{ kind: "agent_started" }];
  let next = 0;
  for (const { thoughts, tools } of rounds) {
    for (let thought = 0; thought < thoughts; thought++) told.push({ kind: "agent_thinking" });
    const running = Array.from({ length: tools }, () => `tool-${next++}`);
    for (const tool of running) told.push({ kind: "tool_executing", tool });
    for (const tool of running) told.push({ kind: "tool_completed", tool });
  }
  told.push({ kind: "agent_completed" });
  return told;
}

/** A sequence with two neighbours changed over. */
export function swapped<T>(list: readonly T[], at: number): readonly T[] {
  return [...list.slice(0, at), ...list.slice(at, at + 2).reverse(), ...list.slice(at + 2)];
}

export function without<T>(list: readonly T[], at: number): readonly T[] {
  return list.filter((_, index) => index !== at);
}

/** A sequence in which one element comes again so much later (0: right after itself). */
export function doubled<T>(list: readonly T[], at: number, later: number): readonly T[] {
  const again = list.slice(at, at + 1);
  const to = Math.min(list.length, at + 1 + later);
  return [...list.slice(0, to), ...again, ...list.slice(to)];
}
