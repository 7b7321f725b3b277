// Check `contract`: the service sends nothing that the profile does not know.
import { z } from "zod";
import { CheckTally, defineCheck, plainJudgement } from "./check.js";

const NAME = "contract";

export const contract = defineCheck({
  summary: "every frame is one that the profile knows: the contract has not drifted",
  schema: z.strictObject({}).prefault({}),
  start(_options, startUs) {
    const tally = new CheckTally(NAME, startUs);
    return {
      turn: () => tally.add("turns"),
      unrecognised({ shape, user, atUs }) {
        tally.find("unrecognised", "fail", "frames that the profile does not know", 1, {
          user,
          expected: "a frame of the contract",
          seen: shape,
          atUs,
        });
      },
      part: () => tally.part(),
    };
  },
  judge: (merged) => plainJudgement(NAME, merged, merged.counters.turns ?? 0),
});
