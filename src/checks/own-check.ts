// A check in the user's own code: the worker calls it for each turn; its findings are judged like those of any check.
import { z } from "zod";
import type { AnsweredTurn } from "../model/turn/answer.js";
import type { SettledTurn } from "../model/turn/turn.js";
import { type Check, type CheckState, CheckTally, defineCheck, plainJudgement } from "./check.js";

type Find = (
  code: string,
  message: string,
  turn: { readonly user: number; readonly turn: number; readonly threadId: string },
  severity: "fail" | "warn",
) => void;

/** Each call reports whether the code threw. */
export interface OwnCheckCode {
  readonly turn?: (turn: SettledTurn, find: Find) => boolean;
  readonly answer?: (answer: AnsweredTurn, find: Find) => boolean;
}

/** Judges the check `owner/name`. Turns for which its code threw are not judged. */
export function ownCheck(name: string): Check {
  return defineCheck({
    summary: "a check of a module under `extensions`",
    schema: z.unknown(),
    start() {
      throw new Error(`the module of the check ${name} was not loaded`);
    },
    judge(merged) {
      const { judged = 0, failed = 0 } = merged.counters;
      const result = plainJudgement(name, merged, judged);
      if (failed === 0 || result.status === "found") return result;
      return { check: name, status: "no-data", judged, note: `its code threw for ${failed} of ${judged}` };
    },
  });
}

export function startOwnCheck(name: string, code: OwnCheckCode, startUs: () => number): CheckState {
  const tally = new CheckTally(name, startUs);
  const called = (
    call: (find: Find) => boolean,
    at: { readonly intendedUs: number; readonly runId: string | undefined },
  ): void => {
    tally.add("judged");
    const failed = call((kind, message, { user, turn, threadId }, severity) =>
      tally.find(kind, severity, message, 1, {
        ...{ user, turn, thread: threadId.slice(0, 64), atUs: at.intendedUs },
        ...(at.runId === undefined ? {} : { runId: at.runId.slice(0, 64) }),
      }),
    );
    if (failed) tally.add("failed");
  };
  const { turn, answer } = code;
  return {
    turn: (settled) => {
      if (turn) called((find) => turn(settled, find), settled);
    },
    ...(answer ? { answer: (answered) => called((find) => answer(answered, find), answered) } : {}),
    part: () => tally.part(),
  };
}
