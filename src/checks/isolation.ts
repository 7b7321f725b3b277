// Check `isolation`: no frame, history row or answer held another user's data.
import type { Leak } from "../session/turn/observer.js";
import { type CheckTally, defineTallyCheck, whereOf } from "./check.js";
import { tellFaults } from "./lookups.js";

const PLACES = {
  frame: "another user's data in a frame",
  history: "another user's data in a history row",
  search: "another user's data in a search hit",
  login: "two of the run's users are one and the same for the service",
} as const satisfies Record<Leak["where"], string>;

/** Share of answers that must quote their own nonce: with fewer, most leaks would not show. */
const LEAST_CONTROL = 0.5;

export const isolation = defineTallyCheck("isolation", {
  summary: "no frame, history row, search hit or answer shows another user's data",
  ofAnswers: true,
  noData: "no completed turn to judge",
  start: (tally) => ({
    turn(turn) {
      if (turn.outcome !== "completed") return;
      tally.add("turns");
      if (turn.answerShowsNonce) tally.add("control");
    },
    leak: (leak) => note(leak, tally),
    lookup(lookup) {
      if (lookup.kind === "history") tellFaults(lookup, tally);
    },
  }),
  judge({ counters: { control = 0 } }, { status, judged }) {
    if (status !== "clean") return undefined;
    const note = `${control} of ${judged} answers quoted their own user's nonce`;
    // Where a user's own answers do not show its own nonce, a foreign one would not show either.
    return control < judged * LEAST_CONTROL
      ? { status: "not-checked", note: `only ${note}: at least half of them must` }
      : { note };
  },
});

function note({ user, owner, where, what, turn, runId, by, atUs, suspected }: Leak, tally: CheckTally): void {
  const code = suspected ? `suspected-${where}` : `leak-${where}`;
  const whose = `${by} of user ${owner}${turn === undefined ? "" : `, turn ${turn}`}`;
  tally.find(code, suspected ? "warn" : "fail", PLACES[where], 1, {
    ...whereOf({ user, runId, atUs }),
    expected: `only data of user ${user}`,
    seen: `${what}: ${whose}`,
  });
}
