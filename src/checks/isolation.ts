// Check `isolation`: no frame, history row or answer held another user's data.
import { z } from "zod";
import { CheckTally, defineCheck } from "./check.js";

const NAME = "isolation";

const PLACES = { frame: "frame", history: "history row", search: "search hit" } as const;

export const isolation = defineCheck({
  summary: "no frame, history row, search hit or answer shows another user's data",
  schema: z.strictObject({}).prefault({}),
  start(_options, startUs) {
    const tally = new CheckTally(NAME, startUs);
    return {
      turn(turn) {
        if (turn.outcome !== "completed") return;
        tally.add("turns");
        if (turn.answerShowsNonce) tally.add("control");
      },
      leak(leak) {
        tally.find(`leak-${leak.where}`, "fail", `another user's data in a ${PLACES[leak.where]}`, 1, {
          user: leak.user,
          ...(leak.runId === undefined ? {} : { runId: leak.runId.slice(0, 64) }),
          expected: `only data of user ${leak.user}`,
          seen: `${leak.what}: ${leak.by} of user ${leak.owner}${leak.turn === undefined ? "" : `, turn ${leak.turn}`}`,
          atUs: leak.atUs,
        });
      },
      part: () => tally.part(),
    };
  },
  judge(merged) {
    const turns = merged.counters.turns ?? 0;
    const control = merged.counters.control ?? 0;
    if (merged.findings.length > 0) return { check: NAME, status: "found", judged: turns };
    if (turns === 0) return { check: NAME, status: "no-data", judged: 0, note: "no completed turn to judge" };
    // Where a user's own answers never show its own nonce, a foreign one would not show either.
    if (control === 0) {
      return {
        check: NAME,
        status: "not-checked",
        judged: turns,
        note: "the answers never quote what identifies their user",
      };
    }
    return {
      check: NAME,
      status: "clean",
      judged: turns,
      note: `${control} of ${turns} answers quoted their own user's nonce`,
    };
  },
});
