// Answered turns for tests of quality: a prompt of the library, and an answer that is as good as it gets.
import type { AnsweredTurn } from "../../../src/model/turn/answer.js";
import { withNonce } from "../../../src/session/user/message-text.js";

export const NONCE = "mango-zebra-lamp-417cab";

export const QUESTION =
  "Our bill for language models came to 5,300 dollars last month and I have to bring it down by 20 percent without users noticing worse answers. What should we change first?";

export const GOOD = `To bring 5,300 dollars down by 20 percent you need to save about 1,060 dollars a month.

1. **Route** simple requests to a smaller model; keep the large one for the hard tenth, and compare quality on a fixed sample.
2. Cache repeated prompts for a day: redundant calls are the quickest saving.
3. Trim system prompts, and set a token limit per feature with an alert when it is reached.

Start with the first step this week, and review the cost after thirty days.

Reference: ${NONCE}`;

/** The good answer to the question, but for what a test says of it. */
export function answered(fields: Partial<AnsweredTurn> & { readonly question?: string } = {}): AnsweredTurn {
  const { question = QUESTION, ...rest } = fields;
  return {
    user: 3,
    turn: 2,
    threadId: "thread-1",
    runId: "run-1",
    nonce: NONCE,
    intendedUs: 1_500_000,
    promptId: "optimisation",
    prompt: withNonce(question, NONCE),
    facts: { figures: ["5,300", "20"], words: ["cost", "model", "cache", "prompt", "save", "quality"] },
    answer: GOOD,
    ...rest,
  };
}
