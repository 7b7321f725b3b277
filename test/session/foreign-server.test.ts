// A server that is not the reference one goes wrong now and then: gp-load counts each mishap as often as the server does.
import { describe, it } from "vitest";
import { imbalance } from "../../src/model/turn/ledger.js";
import { neutralServer } from "../e2e/support/neutral-server.js";
import { runHere } from "../support/run-here.js";

const EVERY = { "drop-tool-completed": 50, "double-thinking": 70, "answer-to-another-too": 90 };
const USERS = 15;
const TURNS = 25;

describe.concurrent("a foreign server that drops, doubles and misdirects events", { timeout: 90_000 }, () => {
  for (const workers of [1, 2]) {
    it(`finds its own counts in the report, with ${workers} of our workers`, async ({ expect }) => {
      const server = await neutralServer({ every: EVERY });
      const result = await runHere(
        { url: server.url },
        {
          load: { users: USERS, ramp: "0s", hold: "80s", baseline: false },
          journey: ["connect", { loop: { times: TURNS, steps: [{ send: {} }, { think: "10ms..30ms" }] } }],
          checks: ["critical-events", "isolation", "history"],
          settle: "1s",
        },
        { workers },
      );
      const { account } = server;
      expect(account.messages).toHaveLength(USERS * TURNS);
      const [dropped, doubled, shown] = [
        account.count("drop-tool-completed"),
        account.count("double-thinking"),
        account.count("answer-to-another-too"),
      ];
      expect([dropped, doubled, shown]).toEqual([7, 5, 4]);
      expect(result.anomalies).toMatchObject({
        missing: dropped,
        unpairedTool: dropped,
        duplicate: doubled,
        leaked: shown,
        outOfOrder: 0,
        orphan: 0,
        late: 0,
      });
      expect(result.failures).toEqual({
        "critical-events/missing-tool_completed": dropped,
        "critical-events/unpaired-tool": dropped,
        "critical-events/duplicate": doubled,
        "isolation/leak-frame": shown,
      });
      expect(result.ledger).toMatchObject({ attempted: USERS * TURNS, completed: USERS * TURNS });
      expect(imbalance(result.ledger)).toBe(0);
      const leaks = result.findings.find(({ code }) => code === "leak-frame");
      for (const { user, seen } of leaks?.evidence ?? [])
        expect(seen).not.toContain(`nonce of user ${user},`);
    });
  }
});
