// Check `isolation`: no frame, history row or answer held another user's data.
import { z } from "zod";
import type { Leak } from "../session/turn/surroundings.js";
import { CheckTally, defineCheck, whereOf } from "./check.js";
import { tellFaults } from "./lookups.js";

const NAME = "isolation";

const PLACES = {
  frame: "another user's data in a frame",
  history: "another user's data in a history row",
  search: "another user's data in a search hit",
  login: "two of the run's users are one and the same for the service",
} as const satisfies Record<Leak["where"], string>;

/** Share of answers that must quote their own nonce: with fewer, most leaks would not show. */
const LEAST_CONTROL = 0.5;

export const isolation = defineCheck({
  summary: "no frame, history row, search hit or answer shows another user's data",
  ofAnswers: true,
  schema: z.strictObject({}).prefault({}),
  start(_options, startUs) {
    const tally = new CheckTally(NAME, startUs);
    return {
      turn(turn) {
        if (turn.outcome !== "completed") return;
        tally.add("turns");
        if (turn.answerShowsNonce) tally.add("control");
      },
      leak: (leak) => note(leak, tally),
      lookup(lookup) {
        if (lookup.kind === "history") tellFaults(lookup, tally);
      },
      part: () => tally.part(),
    };
  },
  judge(merged) {
    const turns = merged.counters.turns ?? 0;
    const control = merged.counters.control ?? 0;
    if (merged.findings.some(({ severity }) => severity === "fail"))
      return { check: NAME, status: "found", judged: turns };
    if (turns === 0) return { check: NAME, status: "no-data", judged: 0, note: "no completed turn to judge" };
    // Where a user's own answers do not show its own nonce, a foreign one would not show either.
    if (control < turns * LEAST_CONTROL) {
      const note = `only ${control} of ${turns} answers quoted their own user's nonce: at least half of them must`;
      return { check: NAME, status: "not-checked", judged: turns, note };
    }
    return {
      check: NAME,
      status: "clean",
      judged: turns,
      note: `${control} of ${turns} answers quoted their own user's nonce`,
    };
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
