// Check `stop`: after a stop comes only its acknowledgement, what was shown is stored once, and the thread is free.
import { z } from "zod";
import type { SettledTurn } from "../model/turn/turn.js";
import { duration } from "../scenarios/schema/fields.js";
import { formatUs } from "../support/units.js";
import { type CheckTally, defineTallyCheck, whereOf } from "./check.js";

const options = z
  .strictObject({
    within: duration("A turn that continues for longer after its stop was not stopped", "1s", {
      min: 1000,
      max: 600_000_000,
    }).default(1_000_000),
    next: duration("How soon the next message of a stopped thread must be picked up", "2s", {
      min: 1000,
      max: 600_000_000,
    }).default(2_000_000),
  })
  .prefault({});

export const stop = defineTallyCheck("stop", {
  summary: "a stop is the end: no late text or tool, what was shown is stored once, and the thread is free",
  schema: options,
  unavailable: ({ stops }) => (stops ? undefined : "the profile has no way to stop a turn"),
  counts: ["stops"],
  noData: "no turn was stopped",
  start: (tally, { within, next }) => ({
    turn(turn) {
      if (turn.control?.stopUs !== undefined) judgeStop(turn, turn.control.stopUs, within, tally);
      if (turn.afterStop) judgeNext(turn, next, tally);
    },
  }),
});

function judgeStop(turn: SettledTurn, stopUs: number, withinUs: number, tally: CheckTally): void {
  const { outcome, reason, terminalUs, anomalies } = turn;
  if (outcome === "inFlightAtEnd" || outcome === "rejected") return;
  tally.add("stops");
  const where = whereOf(turn, stopUs);
  const tookUs = terminalUs - stopUs;
  // An answer that was on its way when the stop was asked for is nobody's fault. Some protocols mark no stop: there a
  // stream that ends so late has run to its own end.
  if (!(tookUs <= withinUs)) {
    const seen = Number.isNaN(tookUs) ? (reason ?? outcome) : `${outcome} ${formatUs(tookUs)} later`;
    tally.find("not-stopped", "fail", "a turn went on although it was stopped", 1, {
      ...where,
      expected: `its end within ${formatUs(withinUs)}`,
      seen,
    });
  }
  if (outcome !== "stopped") return;
  if (anomalies.late > 0)
    tally.find("after-stop", "fail", "something came after the acknowledgement of a stop", anomalies.late, {
      ...where,
      expected: "nothing",
      seen: anomalies.late === 1 ? "1 event" : `${anomalies.late} events`,
    });
  judgeStored(turn, where, tally);
}

function judgeStored(turn: SettledTurn, where: ReturnType<typeof whereOf>, tally: CheckTally): void {
  const { stored, control } = turn;
  if (!stored || stored.userRows === 0 || !control?.streamed) return;
  const { answerRows, partialRows, sameText } = stored;
  const find = (code: string, message: string, count: number, expected: string, seen: string): void =>
    tally.find(code, "fail", message, count, { ...where, expected, seen });
  if (answerRows === 0) {
    // A service whose rows have no such mark stores whole answers: that a part is gone is worth knowing, and its design.
    const severity = partialRows === undefined ? "warn" : "fail";
    tally.find("partial-lost", severity, "what was shown before a stop is not stored", 1, {
      ...{ ...where, expected: "one row", seen: "none" },
    });
    return;
  }
  if (answerRows > 1)
    find(
      "partial-doubled",
      "what was shown before a stop is stored again",
      answerRows - 1,
      "one row",
      `${answerRows}`,
    );
  if (sameText === false)
    find(
      "partial-differs",
      "what is stored of a stopped answer differs from what was shown",
      1,
      "the same text",
      "another one",
    );
  if (partialRows === 0)
    find(
      "not-marked",
      "a stopped answer is stored as if it were whole",
      1,
      "a row marked as partial",
      "no mark",
    );
}

/** The message after a stop: its thread must be free. */
function judgeNext(turn: SettledTurn, nextUs: number, tally: CheckTally): void {
  const { outcome, sentUs, startedUs } = turn;
  if (outcome === "inFlightAtEnd" || Number.isNaN(sentUs)) return;
  tally.add("next");
  const tookUs = startedUs - sentUs;
  if (tookUs <= nextUs) return;
  tally.find("thread-blocked", "fail", "a stopped thread did not take the next message at once", 1, {
    ...whereOf(turn, turn.intendedUs),
    expected: `taken up within ${formatUs(nextUs)}`,
    seen: Number.isNaN(tookUs) ? (turn.reason ?? outcome) : `after ${formatUs(tookUs)}`,
  });
}
