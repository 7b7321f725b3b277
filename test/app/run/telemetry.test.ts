// What people are told of a run's telemetry where no request fails, and yet not all of it arrives.
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { openTelemetry } from "../../../src/app/run/telemetry.js";
import type { RunLogRecord } from "../../../src/model/log/run-log.js";
import { traceIds } from "../../../src/model/turn/trace.js";
import type { KeptTurn } from "../../../src/model/turn/turn.js";
import { startHttpServer, type TestServer } from "../../support/http-server.js";
import { footer, header } from "../../support/records.js";

let receiver: TestServer;
beforeEach(async () => {
  receiver = await startHttpServer();
});
afterEach(() => receiver.close());

const slowTurn = (turn: number): KeptTurn => ({
  ...{ why: "slow", user: 1, turn, threadId: "t", ...traceIds("r").turn(1, turn), phase: "hold" },
  ...{ intendedMs: turn, sentAfterMs: 1, endedAfterMs: 900, outcome: "completed", events: [] },
});

function telemetryWith(turns: number) {
  const notes: string[] = [];
  const said: string[] = [];
  const settings = {
    metricsUrl: undefined,
    tracesUrl: `${receiver.url}/v1/traces`,
    json: true,
    headers: {},
  };
  const log = { append: (record: RunLogRecord) => void (record.type === "note" && notes.push(record.text)) };
  const telemetry = openTelemetry(settings, header(), log, (text) => said.push(text));
  onTestFinished(() => telemetry.end());
  // All at once: none can be sent before the last has come.
  for (let turn = 0; turn < turns; turn++) telemetry.record({ type: "turn", turn: slowTurn(turn) });
  return { telemetry, notes, said };
}

describe("the telemetry of a run whose receiver is well", () => {
  it("tells the report how many turns came when too many were waiting", async () => {
    const { telemetry, notes, said } = telemetryWith(1250);
    telemetry.record(footer());
    expect(notes).toEqual([
      "telemetry: the traces of 250 turns were lost by the end of the run: they came faster than they could be sent",
    ]);
    await telemetry.end();
    expect(receiver.asked).toHaveLength(10);
    expect(said).toEqual([]);
  });

  it("says nothing if every turn arrives", async () => {
    const { telemetry, notes, said } = telemetryWith(1000);
    telemetry.record(footer());
    await telemetry.end();
    expect([notes, said, receiver.asked.length]).toEqual([[], [], 10]);
  });
});
