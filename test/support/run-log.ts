// The log of a made-up run whose response times are known: what a comparison reads.
import type { RunHeader, RunLogRecord } from "../../src/model/log/run-log.js";
import { randomFrom } from "../../src/support/random.js";
import { footer, header, ledger, rule, second } from "./records.js";

const RULES = [rule("agent.response", "p95 < 60s")];

export interface MadeRun {
  readonly factor?: number;
  readonly perSecond?: number;
  readonly seconds?: number;
  readonly seed?: string;
  /** Without thresholds: nothing of it is judged. */
  readonly ruled?: boolean;
  readonly header?: Partial<RunHeader>;
  readonly footer?: Parameters<typeof footer>[0];
}

/** A hold round 300 ms, a fifth of it in spread. */
export function runLog({
  factor = 1,
  perSecond = 40,
  seconds = 30,
  seed = "a",
  ruled = true,
  ...fields
}: MadeRun = {}): string {
  const rules = ruled ? RULES : [];
  const random = randomFrom("log", seed);
  const records: RunLogRecord[] = [
    header({ runId: `run ${seed}`, rules, scenarioData: { load: { users: 10 } }, ...fields.header }),
    ...Array.from({ length: seconds }, (_, at) =>
      second(at, rules, {
        hold: {
          "agent.response": {
            samples: Array.from({ length: perSecond }, () =>
              Math.round(300_000 * factor * (0.8 + 0.4 * random.next())),
            ),
          },
        },
      }),
    ),
    ...Array.from(
      { length: seconds },
      (_, at): RunLogRecord => ({
        type: "goodput",
        second: at,
        turns: perSecond,
        good: perSecond,
      }),
    ),
    footer({ ledger: ledger({ attempted: 30, completed: 30 }), ...fields.footer }),
  ];
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}
