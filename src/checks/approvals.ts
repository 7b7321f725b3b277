// Check `approvals`: an agent's request is decided once, by its own user; a no is respected, and a yes is acted on.
import type { Ask } from "../model/turn/decision.js";
import type { SettledTurn } from "../model/turn/turn.js";
import { type CheckTally, defineTallyCheck, whereOf } from "./check.js";

export const approvals = defineTallyCheck("approvals", {
  summary: "what an agent asks is acted on once, as its own user decided, and the turn goes on",
  unavailable: ({ asks }) => (asks ? undefined : "the profile has no way to decide what an agent asks"),
  counts: ["asks"],
  noData: "no agent asked anything",
  start: (tally) => ({
    turn(turn) {
      for (const ask of turn.control?.asks ?? []) judgeAsk(ask, turn, tally);
    },
  }),
  judge: ({ counters: { foreign = 0 } }) =>
    foreign > 0 ? { note: `${foreign} of them tried by another user` } : undefined,
});

function judgeAsk(ask: Ask, turn: SettledTurn, tally: CheckTally): void {
  tally.add("asks");
  const { decision, runs, askedUs, tool, text } = ask;
  const asked = (tool ?? text ?? "a question").slice(0, 64);
  const find = (code: string, message: string, expected: string, seen: string, count = 1): void =>
    tally.find(code, "fail", message, count, {
      ...whereOf(turn, ask.decidedUs ?? askedUs),
      expected: `${asked}: ${expected}`,
      seen,
    });
  if (ask.foreignUs !== undefined) tally.add("foreign");
  // After another user's attempt, a refused decision means that the other one took effect.
  const forged = ask.foreignActed || (ask.foreignUs !== undefined && ask.refused);
  if (forged) find("wrong-approver", "another user's decision was acted on", "a refusal", "the turn went on");
  if ((forged || decision === "approve") && runs > 1)
    find("ran-again", "a tool ran more than once for one approval", "to run once", times(runs), runs - 1);
  if (forged) return;
  if (ask.ranUndecided)
    find("ran-undecided", "a tool ran before its user had decided", "to wait", "the tool ran");
  const gone = turn.outcome === "lost" || turn.outcome === "failed" || turn.outcome === "timedOut";
  if (decision === undefined && gone)
    find(
      "pause-lost",
      "a turn that waited for its user was given up",
      "to wait",
      turn.reason ?? turn.outcome,
    );
  if (decision === undefined) return;
  // Refused to its own user: the target no longer knew of it, whether or not its user has seen the turn end yet.
  if (ask.refused)
    find("pause-lost", "a turn that waited for its user was given up", "to wait", "the decision was refused");
  else if (ask.resumedUs === undefined && turn.outcome !== "inFlightAtEnd")
    find(
      "not-resumed",
      "a turn did not go on when its user had decided",
      "the turn goes on",
      "no sign of the turn",
    );
  if (decision === "reject" && runs > 0)
    find("ran-rejected", "a tool ran although its user had rejected it", "not to run", times(runs));
  if (decision === "approve" && runs === 0 && tool !== undefined && turn.outcome === "completed")
    find("not-run", "a tool that was approved did not run", "to run once", "the turn completed without it");
}

function times(runs: number): string {
  return runs === 1 ? "it ran" : `it ran ${runs} times`;
}
