// Check `contract`: the service sends nothing that the profile does not know.
import { defineTallyCheck } from "./check.js";

export const contract = defineTallyCheck("contract", {
  summary: "every frame is one that the profile knows: the contract has not drifted",
  start: (tally) => ({
    turn: () => tally.add("turns"),
    unrecognised({ shape, user, atUs }) {
      tally.find("unrecognised", "fail", "frames that the profile does not know", 1, {
        user,
        expected: "a frame of the contract",
        seen: shape,
        atUs,
      });
    },
  }),
});
