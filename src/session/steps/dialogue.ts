// Step `dialogue`: state a fact, use it, change it, ask again; then ask where it must not be known.
import { z } from "zod";
import type { Recall } from "../../model/log/observation.js";
import { correctionOf, FactMemory, madeUpValue, subjectsOf, tellingOf } from "../turn/text/fact-memory.js";
import type { Thread } from "../turn/thread.js";
import type { Turn } from "../turn/turn.js";
import { threadOf } from "../user/ask.js";
import { withNonce } from "../user/message-text.js";
import { turnsPlanned } from "./message.js";
import { openThreads } from "./open-threads.js";
import { defineStep, type Walk } from "./step.js";

/** State, use, change, ask, ask elsewhere, ask for a stranger's. */
const TURNS = 6;

const options = z.strictObject({
  thread: z
    .number()
    .int()
    .min(1)
    .default(1)
    .describe("Which of the user's threads, from 1; the next is asked, too"),
});

export const dialogue = defineStep({
  summary:
    "state a fact, use it, change it, ask again; ask in another thread, and for a fact that only others stated",
  role: "sends-turn",
  schema: () => options.prefault({}),
  plan: () => ({ ...turnsPlanned(TURNS), tellsFacts: true }),
  async run(walk, { thread: number }) {
    const { user } = walk;
    await openThreads(walk, 2);
    const thread = threadOf(user, number);
    const other = threadOf(user, number + 1);
    if (!thread || !other) return;
    thread.told ??= new FactMemory();
    other.told ??= new FactMemory();
    const { own, strange } = subjectsOf(user.number, thread.told.rounds++);
    // A fact that was not accepted cannot be asked for.
    const tell = async (text: (value: string) => string): Promise<boolean> => {
      const value = madeUpValue(user.random);
      thread.told?.tell(own, value);
      const turn = await say(walk, thread, text(value));
      if (turn) tellLeak(walk, thread, own, turn);
      return turn?.end === "completed";
    };
    if (!(await tell((value) => tellingOf(own, value)))) return;
    await question(walk, thread, "use", own, `Write a short plan for next week, and state our ${own}.`);
    if (!(await tell((value) => correctionOf(own, value)))) return;
    await question(walk, thread, "again", own, `What is our ${own} now?`);
    await question(walk, other, "elsewhere", own, `What is our ${own}?`);
    await question(walk, thread, "stranger", strange, `What is our ${strange}?`);
  },
});

/** One turn; `undefined` if none may start any more. */
async function say(
  { user, services, active }: Walk<"schedule" | "mayStartTurn">,
  thread: Thread,
  text: string,
): Promise<Turn | undefined> {
  if (!active() || !services.mayStartTurn()) return undefined;
  const turn = await user.send({
    text: (nonce) => withNonce(text, nonce),
    thread,
    intendedUs: user.cursorUs,
    expect: "completed",
    metadata: { weight: "light" },
  });
  user.cursorUs = Number.isNaN(turn.endedUs) ? services.schedule.clock.nowUs() : turn.endedUs;
  return turn;
}

/** Nothing was asked, but the answer may reveal facts never stated here. */
function tellLeak({ services }: Walk<"observer">, { told }: Thread, subject: string, turn: Turn): void {
  const seen = told?.foreign(turn.answerText) ?? told?.foreign(turn.streamedText);
  if (seen === undefined) return;
  const { user, number, threadId, runId, intendedUs: atUs } = turn;
  const known = { question: "told", result: "leaked", subject, expected: told?.latest(subject) } as const;
  services.observer.recalled({ ...known, seen, user, turn: number, threadId, runId, atUs });
}

/** Asks, and reports what the answer shows; no answer shows nothing. */
async function question(
  walk: Walk<"schedule" | "mayStartTurn" | "observer">,
  thread: Thread,
  kind: Recall["question"],
  subject: string,
  text: string,
): Promise<void> {
  const turn = await say(walk, thread, text);
  if (turn?.end !== "completed" || turn.answerInDoubt || !thread.told) return;
  const { user, number, threadId, runId, intendedUs } = turn;
  walk.services.observer.recalled({
    ...thread.told.judge(subject, turn.answerText, turn.streamedText),
    question: kind,
    subject,
    expected: thread.told.latest(subject),
    user,
    turn: number,
    threadId,
    runId,
    atUs: intendedUs,
  });
}
