// Check `prompt-isolation`: no prompt of the backend's model calls contains another user's data, even if no answer shows it.
import { z } from "zod";
import type { PromptLeak } from "../model/log/model-call.js";
import { defined } from "../support/defined.js";
import { CheckTally, defineCheck } from "./check.js";

const NAME = "prompt-isolation";

/** Share of calls that must contain their own nonce: where it is stripped, another user's would be, too. */
const LEAST_CONTROL = 0.5;

export const promptIsolation = defineCheck({
  summary: "no prompt that the backend sends to the run's model holds another user's data",
  schema: z.strictObject({}).prefault({}),
  needsModel: true,
  start(_options, startUs) {
    const tally = new CheckTally(NAME, startUs);
    return {
      turn: () => {},
      modelCall({ user, turn, atUs, leaks }) {
        tally.add("calls");
        if (user === undefined) return;
        tally.add("control");
        for (const leak of leaks) {
          tally.find(`leak-${leak.by}`, "fail", `another user's ${leak.by} in a prompt`, 1, {
            user,
            ...defined({ turn }),
            expected: `only data of user ${user}`,
            seen: placeOf(leak),
            atUs,
          });
        }
      },
      part: () => tally.part(),
    };
  },
  judge({ counters, findings }) {
    const { calls = 0, control = 0 } = counters;
    if (findings.some(({ severity }) => severity === "fail"))
      return { check: NAME, status: "found", judged: calls };
    if (calls === 0) return { check: NAME, status: "no-data", judged: 0, note: "the model was never called" };
    const note = `${control} of ${calls} prompts held a nonce of their own user`;
    return control < calls * LEAST_CONTROL
      ? {
          check: NAME,
          status: "not-checked",
          judged: calls,
          note: `only ${note}: at least half of them must`,
        }
      : { check: NAME, status: "clean", judged: calls, note };
  },
});

function placeOf({ by, owner, turn, message, role, at }: PromptLeak): string {
  const whose = `${by} of user ${owner}${turn === undefined ? "" : `, turn ${turn}`}`;
  return `${whose}, in message ${message} (${role}) of the prompt at character ${at}`;
}
