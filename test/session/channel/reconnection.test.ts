// Coming back after a loss: how often, how long between, and never twice with a token that was refused.
import { describe, expect, it } from "vitest";
import { reconnect } from "../../../src/session/channel/reconnection.js";
import type { ConnectFailure } from "../../../src/session/channel/user-link.js";
import { randomFrom } from "../../../src/support/random.js";
import { FakeClock } from "../../support/fake-clock.js";

const BROKEN: ConnectFailure = { kind: "broken", message: "refused" };
const REFUSED: ConnectFailure = { kind: "auth", message: "HTTP 401 on the upgrade" };

/** Plays tries with these failures one after the other (`undefined`: it works). */
async function play(
  failures: readonly (ConnectFailure | undefined)[],
  lost: { refused?: boolean; comeBackUs?: number } = {},
  renewals: readonly boolean[] = [],
) {
  const clock = new FakeClock(0);
  const log: string[] = [];
  const left = [...failures];
  const sessions = [...renewals];
  const done = reconnect(
    {
      clock,
      random: randomFrom("reconnection", 1),
      tries: 8,
      wanted: () => true,
      async attempt(us) {
        log.push(`try ${us}`);
        return left.shift();
      },
      async renew() {
        log.push("renew");
        return sessions.shift() ?? false;
      },
    },
    { refused: lost.refused ?? false, comeBackUs: lost.comeBackUs },
  );
  await clock.pass(120_000_000);
  await done;
  return log;
}

const times = (log: readonly string[]): number[] =>
  log.filter((line) => line.startsWith("try")).map((line) => Number(line.slice(4)));

describe("back-off", () => {
  it("doubles from 100 ms up to 5 s, each time between half and all of it, and gives up in the end", async () => {
    const at = times(await play(Array.from({ length: 9 }, () => BROKEN)));
    expect(at).toHaveLength(8);
    const waits = at.map((us, n) => us - (at[n - 1] ?? 0));
    for (const [n, us] of waits.entries()) {
      const bound = Math.min(5_000_000, 100_000 * 2 ** n);
      expect(us).toBeGreaterThanOrEqual(bound / 2);
      expect(us).toBeLessThanOrEqual(bound);
    }
    expect(new Set(waits.map((us, n) => us / 2 ** n)).size).toBeGreaterThan(4);
  });

  it("ends with the first try that works", async () => {
    expect(times(await play([BROKEN, BROKEN, undefined]))).toHaveLength(3);
  });

  it("is left out if the user is to come back at an instant", async () => {
    expect(times(await play([undefined], { comeBackUs: 7000 }))).toEqual([7000]);
  });
});

describe("a refusal", () => {
  const verbs = (log: readonly string[]): string => log.map((line) => line.split(" ")[0]).join(" ");
  it("is answered with another token before the next try", async () => {
    expect(verbs(await play([undefined], { refused: true }, [true]))).toBe("renew try");
    expect(verbs(await play([REFUSED, undefined], {}, [true]))).toBe("try renew try");
  });

  it("is final if there is no other token, or that one is refused too", async () => {
    expect(verbs(await play([undefined], { refused: true }, [false]))).toBe("renew");
    expect(verbs(await play([REFUSED, REFUSED, undefined], {}, [true, true]))).toBe("try renew try");
  });

  it("may come again after something else went wrong", async () => {
    expect(verbs(await play([REFUSED, BROKEN, REFUSED, undefined], {}, [true, true]))).toBe(
      "try renew try try renew try",
    );
  });
});
