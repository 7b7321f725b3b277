// What one worker's second adds to the log apart from the merged second: goodput, kept turns, probes.

import type { Probe } from "../../model/log/observation.js";
import type { ProbeRecord, RunLogRecord } from "../../model/log/run-log.js";
import { defined } from "../../support/defined.js";
import type { Snapshot } from "../process/messages.js";

const MAX_ID = 64;
const MAX_ANSWER = 160;

export function recordsIn({ goodput, kept, probes }: Snapshot, startUs: number): readonly RunLogRecord[] {
  return [
    ...goodput.map(([second, turns, good, over]) => {
      const record = { type: "goodput", second, turns, good } as const;
      return over.length === 0 ? record : { ...record, over };
    }),
    ...kept.map((turn) => ({ type: "turn", turn }) as const),
    ...probes.map((probe) => probeRecord(probe, startUs)),
  ];
}

/** Bounded texts, and the instant since the start barrier. */
function probeRecord(probe: Probe, startUs: number): ProbeRecord {
  const { kind, seeker, attempt, user, owner, threadId, expected, answer, result, atUs } = probe;
  return {
    type: "probe",
    probe: {
      kind,
      seeker,
      attempt,
      user,
      ...defined({ owner }),
      ...defined({ thread: threadId?.slice(0, MAX_ID) }),
      expected,
      answer: answer.slice(0, MAX_ANSWER),
      result,
      atMs: Math.round((atUs - startUs) / 1000),
    },
  };
}
