// Pages of any size: a service that sends far more rows than it was asked for ends no run, and is not held in memory whole.
import { describe, expect, it } from "vitest";
import type { HistoryRow, Protocol } from "../../../src/profiles/profile.js";
import { page } from "../../../src/session/steps/page.js";
import { search } from "../../../src/session/steps/search.js";
import type { Walk } from "../../../src/session/steps/step.js";
import { Thread } from "../../../src/session/turn/thread.js";
import { FakeClock } from "../../support/fake-clock.js";
import { FakeService, RecordingObserver, SESSION, scheduleOf } from "../../support/fake-service.js";
import { CODEC, turn } from "../../support/turns.js";

const row = (at: number): HistoryRow => ({ id: `row-${at}`, role: "assistant", text: "", links: [] });

/** One user whose service sends so many rows with each page, whatever was asked for. */
function walk(rowsAPage: number, pages: { asked: number }) {
  const clock = new FakeClock();
  const observer = new RecordingObserver();
  const rows = Array.from({ length: rowsAPage }, (_, at) => row(at));
  const answer = async () => {
    pages.asked++;
    return { ok: true as const, doneUs: clock.nowUs(), page: { rows, total: undefined } };
  };
  const protocol: Protocol = { ...new FakeService(clock).protocol, history: answer, search: answer };
  const thread = new Thread("thread-a", 0);
  thread.remember(turn({ end: "completed" }));
  const services = {
    protocol,
    observer,
    codec: CODEC,
    schedule: scheduleOf(clock),
    registry: { threadOwner: () => undefined },
  };
  const user = {
    number: 0,
    cursorUs: 0,
    threads: [thread],
    open: [],
    session: SESSION,
    random: { between: () => 0 },
  };
  return { walk: { user, services, active: () => true } as unknown as Walk, observer };
}

describe("a service that numbers pages and returns smaller ones than requested", () => {
  it("is read to its last page, every row once", async () => {
    for (const [step, options] of [
      [page, { limit: 20, order: "asc", thread: 1 }],
      [search, { text: "nonce", limit: 20, pages: 1 }],
    ] as const) {
      const pages = { asked: 0 };
      const { walk: one, observer } = walk(0, pages);
      const { nonce } = turn({ end: "completed" });
      const rows: HistoryRow[] = [{ ...row(0), role: "user", text: nonce }];
      for (let at = 1; at < 23; at++) rows.push({ ...row(at), text: nonce });
      const read = async (_session: unknown, ...asked: readonly unknown[]) => {
        const { limit, offset } = asked.at(-1) as { readonly limit: number; readonly offset: number };
        const from = Math.floor(offset / limit) * Math.min(limit, 5);
        const shown = rows.slice(from, from + Math.min(limit, 5));
        return { ok: true as const, doneUs: 0, page: { rows: shown, total: rows.length } };
      };
      Object.assign(one.services.protocol, { history: read, search: read });
      await step.run(one, options);
      expect(observer.lookups.map(({ faults }) => faults)).toEqual([[]]);
      expect(observer.lookups[0]?.partial ?? false).toBe(false);
    }
  });
});

describe("a page of as many rows as an answer may hold", () => {
  it.each([0, 1, 19, 20, 21, 20_000])("%i rows: read, and no reading goes on forever", async (size) => {
    for (const [step, options] of [
      [page, { limit: 20, order: "asc", thread: 1 }],
      [search, { text: "nonce", limit: 20, pages: 100 }],
    ] as const) {
      const pages = { asked: 0 };
      const { walk: one, observer } = walk(size, pages);
      await step.run(one, options);
      expect(observer.lookups).toHaveLength(1);
      expect(pages.asked * size).toBeLessThanOrEqual(120_000);
    }
  });

  it("400,000 rows at once, which no profile lets pass, break nothing either", async () => {
    const { walk: one, observer } = walk(400_000, { asked: 0 });
    await page.run(one, { limit: 20, order: "asc", thread: 1 });
    expect(observer.lookups).toHaveLength(1);
  });
});
