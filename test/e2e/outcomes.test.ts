// One run in which turns end in every way: each outcome of the ledger is counted as often as it happened.
import { expect, test } from "vitest";
import { imbalance } from "../../src/model/turn/ledger.js";
import { reference } from "./support/reference.js";
import { scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

const USERS = 6;
const SENDS = 3;
/** Messages that come at once, and how many of them a thread takes. */
const BURST = 4;
const TAKEN = 2;
const DEFECTS = [
  { name: "agent-throws", count: 2 },
  { name: "agent-silent", count: 3 },
  { name: "drop-event", count: 4 },
];

test("every turn ends in one outcome, and each outcome is counted exactly", async () => {
  const backend = await reference({
    defects: DEFECTS,
    limits: { turnsPerThread: TAKEN },
    pace: { answerMs: 300 },
  });
  const place = workspace(
    scenarioFile(
      { url: backend.url },
      {
        load: { users: USERS, ramp: "0s", hold: "20s", baseline: false },
        journey: [
          "connect",
          { loop: { times: SENDS, steps: [{ send: {} }, { think: "50ms" }] } },
          { burst: { messages: BURST, wait: false } },
        ],
        turn: { timeout: "5s" },
        settle: "1s",
        checks: [],
        sla: { "agent.response": "max < 4900ms", "message.processing": "max < 4900ms", "users.live": "off" },
      },
    ),
  );
  const { report, code } = await place.run(["e2e", "--workers", "2"]);
  for (const { name, count } of DEFECTS) expect(await backend.injected(name), name).toBe(count);
  const { ledger } = report;
  const rejected = USERS * (BURST - TAKEN);
  expect(ledger).toMatchObject({
    attempted: USERS * (SENDS + BURST),
    completed: USERS * (SENDS + TAKEN) - 2 - 3 - 4,
    failed: 2,
    lost: 3,
    timedOut: 4,
    rejected,
    inFlightAtEnd: 0,
  });
  expect(imbalance(ledger)).toBe(0);
  expect([report.verdict, code]).toEqual(["FAIL", 1]);
});
