// Check `prompt-isolation`: no prompt of the backend's model calls contains another user's data, even if no answer shows it.
import type { PromptLeak } from "../model/log/model-call.js";
import { defined } from "../support/defined.js";
import { defineTallyCheck } from "./check.js";

/** Share of calls that must contain their own nonce: where it is stripped, another user's would be, too. */
const LEAST_CONTROL = 0.5;

export const promptIsolation = defineTallyCheck("prompt-isolation", {
  summary: "no prompt that the backend sends to the run's model holds another user's data",
  needsModel: true,
  counts: ["calls"],
  noData: "the model was never called",
  start: (tally) => ({
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
  }),
  judge({ counters: { control = 0 } }, { status, judged }) {
    if (status !== "clean") return undefined;
    const note = `${control} of ${judged} prompts held a nonce of their own user`;
    return control < judged * LEAST_CONTROL
      ? { status: "not-checked", note: `only ${note}: at least half of them must` }
      : { note };
  },
});

function placeOf({ by, owner, turn, message, role, at }: PromptLeak): string {
  const whose = `${by} of user ${owner}${turn === undefined ? "" : `, turn ${turn}`}`;
  return `${whose}, in message ${message} (${role}) of the prompt at character ${at}`;
}
