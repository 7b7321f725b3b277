// Steps `approve`, `reject` and `answer`: the user, or someone else, decides the agent's request; then the turn goes on.
import { z } from "zod";
import type { DecisionKind } from "../../model/turn/decision.js";
import { decide, decideAsOther, turnUnderWay } from "../user/stop-and-decide.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

/** If a turn has not continued this long after another user's decision, that did not take effect. */
const OTHER_WAITS_US = 500_000;

const by = z
  .enum(["self", "other"])
  .default("self")
  .describe("Whose decision: the user's own, or another user's, which the service must refuse");

const plain = z.strictObject({ by }).prefault({});

export const approve = decisionStep(
  "approve",
  "approve the agent's request, and follow the turn to its end",
  plain,
);
export const reject = decisionStep(
  "reject",
  "reject the agent's request, and follow the turn to its end",
  plain,
);
export const answer = decisionStep(
  "answer",
  "answer the agent's question, and follow the turn to its end",
  z
    .strictObject({
      by,
      text: z.string().min(1).max(10_000).default("Yes, please go on.").describe("Text of the answer"),
    })
    .prefault({}),
);

function decisionStep(
  kind: DecisionKind,
  summary: string,
  schema: z.ZodType<{ readonly by: "self" | "other"; readonly text?: string }>,
) {
  return defineStep<{ readonly by: "self" | "other"; readonly text?: string }>({
    summary,
    decides: true,
    needs: ({ asks }) => (asks ? undefined : "approvals"),
    schema: () => schema,
    plan: ({ by }) =>
      by === "other"
        ? NOTHING_PLANNED
        : { ...NOTHING_PLANNED, samples: { "approval.time": 1, "resume.time": 1 } },
    run: (walk, { by, text = "" }) => (by === "other" ? others(walk, kind, text) : own(walk, kind, text)),
  });
}

async function own({ user, services }: Walk, kind: DecisionKind, text: string): Promise<void> {
  const turn = turnUnderWay(user);
  if (!turn) return;
  await user.seen(turn);
  // A decision made while the service is unreachable is sent when it is back, or never.
  if (turn.end === undefined && !user.channel.ready) {
    const over = new Promise<unknown>((resolve) => {
      turn.wake = resolve;
    });
    await Promise.race([user.channel.ensure(), over]);
  }
  if (decide(user, turn, { kind, text }, services)) await user.seen(turn);
  user.cursorUs = Number.isNaN(turn.endedUs) ? services.schedule.clock.nowUs() : turn.endedUs;
}

/** Waits for the service's answer, and then for the turn to go on, which it must not. */
async function others({ user, services, sleepUntil }: Walk, kind: DecisionKind, text: string): Promise<void> {
  const turn = turnUnderWay(user);
  if (!turn) return;
  await user.seen(turn);
  const { clock } = services.schedule;
  const answered = decideAsOther(user, turn, { kind, text }, services);
  if (answered) await Promise.all([answered, sleepUntil(clock.nowUs() + OTHER_WAITS_US)]);
  user.cursorUs = clock.nowUs();
}
