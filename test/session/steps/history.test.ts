// The step `history`: what a thread showed once, it shows again.
import { describe, expect, it } from "vitest";
import type { HistoryRow } from "../../../src/profiles/profile.js";
import { history } from "../../../src/session/steps/history.js";
import { Thread } from "../../../src/session/turn/thread.js";
import { FakeClock } from "../../support/fake-clock.js";
import { RecordingObserver, scheduleOf } from "../../support/fake-service.js";
import { CODEC } from "../../support/turns.js";

/** Reads pages, a second after one another, that show messages of these turns; `answer` is a row of no message. */
async function reads(...pages: readonly (readonly (number | "answer")[])[]) {
  const clock = new FakeClock();
  const observer = new RecordingObserver();
  const rowsOf = (page: readonly (number | "answer")[]): HistoryRow[] =>
    page.map((one, at) => ({
      ...{ id: `${one} ${at}`, links: [] },
      ...(one === "answer"
        ? { role: "assistant", text: "Yes." }
        : { role: "user", text: `Is it ${CODEC.encode(2, one)}?` }),
    }));
  let read = 0;
  const thread = new Thread("t", 2);
  const services = {
    ...{ schedule: scheduleOf(clock), observer, codec: CODEC, plantsRecords: false },
    registry: { userOf: () => undefined, threadOwner: () => undefined },
    protocol: {
      capabilities: {},
      history: async () => ({ ok: true, doneUs: clock.nowUs(), page: { rows: rowsOf(pages[read++] ?? []) } }),
    },
  };
  const user = { number: 2, threads: [thread], open: [], session: {}, cursorUs: 0 };
  for (const _ of pages) {
    const walk = { user, services } as unknown as Parameters<typeof history.run>[0];
    await history.run(walk, { limit: 20, thread: 1 });
    await clock.pass(1_000_000);
  }
  return observer.lookups.map(({ kind, faults }) => [
    kind,
    ...faults.map(({ code, turn, seen }) => [code, turn, seen]),
  ]);
}

describe("a thread that is read again", () => {
  it("shows what it showed, and what was added", async () => {
    expect(await reads([], [0], [1, "answer", 0], [1, "answer", 0], [2, 1, 0])).toEqual([]);
  });

  it("may show only newer messages, or none on a page full of other rows", async () => {
    expect(await reads([0], [1, 0], [2, 1, 0], [4, 3], ["answer", "answer"], [5, 4])).toEqual([]);
  });

  it("may lag behind for as long as replicas do", async () => {
    expect(await reads([0], [1, 0], [0], [2, 1, 0])).toEqual([]);
  });

  it("and is empty, or lacks what it showed long before, has lost it: each time", async () => {
    const gone = (turn: number, seen: string) => ["reread", ["message-vanished", turn, seen]];
    expect(await reads([0], [1, 0], [2, 1, 0], [])).toEqual([gone(1, "an empty page")]);
    expect(await reads([1, 0], [1, 0], [0], [0])).toEqual([
      gone(1, "the message of turn 0 as the newest"),
      gone(1, "the message of turn 0 as the newest"),
    ]);
  });
});
