// Settling: what became of each turn by the service's own history.
import { describe, expect, it } from "vitest";
import type { StoredTurn } from "../../../src/model/turn/turn.js";
import type { HistoryRow } from "../../../src/profiles/profile.js";
import { rollingAt, Settler } from "../../../src/session/lookup/settling.js";
import { fingerprintOf } from "../../../src/session/turn/text/fingerprint.js";
import { Thread } from "../../../src/session/turn/thread.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import { FakeClock, settle } from "../../support/fake-clock.js";
import { FakeService, RecordingObserver, SESSION, scheduleOf } from "../../support/fake-service.js";
import { CODEC, type TurnShape, turn } from "../../support/turns.js";

const SETTLE_US = 5_000_000;
const THREAD = "thread-a";

/** One user with one thread, its turns unsettled, and the settler that is to settle them. */
function household(
  options: { readonly everyTurn?: boolean; readonly user?: number; readonly rollingAt?: number } = {},
) {
  const clock = new FakeClock(1_000_000_000);
  const service = new FakeService(clock);
  const observer = new RecordingObserver();
  const schedule = scheduleOf(clock);
  const { protocol } = service;
  const settler = new Settler({
    schedule,
    protocol,
    codec: CODEC,
    observer,
    registry: { userOf: () => undefined, threadOwner: () => undefined },
    plantsRecords: false,
    settleUs: SETTLE_US,
    everyTurn: options.everyTurn ?? true,
    rollingAt: options.rollingAt ?? rollingAt(1),
  });
  const user = options.user ?? 0;
  const thread = new Thread(THREAD, user);
  let turns = 0;
  const owner = {
    number: user,
    session: SESSION,
    threads: [thread],
    get turns() {
      return turns;
    },
  };
  const ends = (number: number, shape: TurnShape = {}): Turn => {
    const ended = turn({ user, number, threadId: THREAD, end: "completed", ...shape });
    turns = Math.max(turns, number + 1);
    settler.take(ended, thread, owner);
    return ended;
  };
  /** Settles everything; time passes until it is done. */
  const finish = async (): Promise<number> => {
    const startedUs = clock.nowUs();
    let done = false;
    const whole = settler
      .finish([owner], () => {})
      .then(() => {
        done = true;
      });
    for (let step = 0; !done && step < 1000; step++) await clock.pass(50_000);
    await Promise.race([whole, settle().then(() => Promise.reject(new Error("settling never ended")))]);
    return clock.nowUs() - startedUs;
  };
  const stored = (number: number): StoredTurn | undefined =>
    observer.settledTurns.find((settled) => settled.turn === number)?.stored;
  return { clock, service, observer, schedule, settler, thread, owner, ends, finish, stored };
}

const message = (number: number, user = 0): Partial<HistoryRow> => ({
  role: "user",
  text: `please, about ${CODEC.encode(user, number)}, now`,
});
const answer = (number: number, fields: Partial<HistoryRow> = {}): Partial<HistoryRow> => ({
  role: "assistant",
  text: `here is ${CODEC.encode(0, number)}`,
  ...fields,
});
const nameless: Partial<HistoryRow> = { role: "assistant", text: "here you are" };
const WHOLE = { userRows: 1, answerRows: 1, linked: true };

describe("rows of a thread", () => {
  it("belong to the turns whose nonces they quote, in whatever order the answers came", async () => {
    const { ends, service, finish, stored } = household();
    for (const number of [0, 1, 2]) ends(number);
    service.store(THREAD, message(0), message(1), answer(1), message(2), answer(2), answer(0));
    await finish();
    for (const number of [0, 1, 2]) expect(stored(number)).toMatchObject(WHOLE);
  });

  it("belong to the turns whose run or message they name, whatever their text", async () => {
    const { ends, service, finish, stored } = household();
    ends(0, { runId: "run-0" });
    ends(1, { runId: "run-1" });
    service.store(
      THREAD,
      message(0),
      message(1),
      { ...nameless, links: ["other", "run-1"] },
      { ...nameless, links: [CODEC.encode(0, 0)] },
    );
    await finish();
    expect([stored(0), stored(1)]).toMatchObject([WHOLE, WHOLE]);
  });

  it("belong to the turn whose stored message they name by its row", async () => {
    const { ends, service, finish, stored } = household();
    ends(0);
    ends(1);
    service.store(
      THREAD,
      { ...message(0), id: "m0" },
      { ...message(1), id: "m1" },
      { ...nameless, links: ["m1"] },
      { ...nameless, links: ["m0"] },
    );
    await finish();
    expect([stored(0), stored(1)]).toMatchObject([WHOLE, WHOLE]);
  });

  it("that name nothing belong to the oldest message without an answer", async () => {
    const { ends, service, finish, stored } = household();
    ends(0);
    ends(1);
    service.store(THREAD, message(0), nameless, message(1), nameless);
    await finish();
    expect([stored(0), stored(1)]).toMatchObject([WHOLE, WHOLE]);
  });

  it("that name nothing and say the same as the answer before them are that answer stored twice", async () => {
    const { ends, service, finish, stored } = household();
    for (const number of [0, 1]) {
      const one = ends(number);
      one.answer = fingerprintOf(`answer ${number}`);
    }
    const said = (number: number): Partial<HistoryRow> => ({ role: "assistant", text: `answer ${number}` });
    service.store(THREAD, message(0), said(0), said(0), message(1), said(1));
    await finish();
    expect([stored(0), stored(1)]).toMatchObject([{ answerRows: 2 }, { answerRows: 1, sameText: true }]);
  });

  it("that name nothing and say the same as the answer before them may be the answer to the next message", async () => {
    const { ends, service, finish, stored } = household();
    for (const number of [0, 1]) ends(number).answer = fingerprintOf("yes");
    const yes: Partial<HistoryRow> = { role: "assistant", text: "yes" };
    service.store(THREAD, message(0), message(1), yes, yes);
    await finish();
    expect([stored(0), stored(1)]).toMatchObject([{ answerRows: 1 }, { answerRows: 1 }]);
  });

  it("of messages are compared with what was sent", async () => {
    const { ends, service, finish, stored } = household();
    const sent = (number: number) => `please, about ${CODEC.encode(0, number)}, now & "then"`;
    for (const number of [0, 1, 2]) ends(number).keepMessage(sent(number));
    const escaped = sent(1).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    service.store(
      THREAD,
      { role: "user", text: `[10:00] ${sent(0)}` },
      answer(0),
      { role: "user", text: escaped },
      answer(1),
      { role: "user", text: `(lost) ${CODEC.encode(0, 2)}` },
      answer(2),
    );
    await finish();
    expect([0, 1, 2].map((number) => stored(number)?.sameMessage)).toEqual([true, true, false]);
  });

  it("that one page shows twice are two rows; on the next page a row may be shown again", async () => {
    const twice = household();
    twice.ends(0);
    const rows = [message(0), answer(0)].map((row, at) => ({ ...row, id: `row ${at}` }));
    twice.service.store(THREAD, ...rows.flatMap((row) => [row, row]));
    await twice.finish();
    expect(twice.stored(0)).toMatchObject({ userRows: 2, answerRows: 2 });
  });

  it("are read further if the service returns smaller pages than requested", async () => {
    for (const [total, countsPages] of [
      [true, false],
      [false, false],
      [true, true],
      [false, true],
    ] as const) {
      const { ends, service, finish, stored } = household();
      service.mostRows = 3;
      service.tellsTotal = total;
      service.countsPages = countsPages;
      for (let number = 0; number < 6; number++) ends(number);
      for (let number = 0; number < 6; number++) service.store(THREAD, message(number), answer(number));
      await finish();
      for (let number = 0; number < 6; number++) expect(stored(number)).toMatchObject(WHOLE);
    }
  });

  it("that name nothing are not given to a later turn because a message was stored twice", async () => {
    const { ends, service, finish, stored } = household();
    ends(0);
    ends(1);
    service.store(THREAD, message(0), message(0), nameless, message(1), nameless);
    await finish();
    expect(stored(0)).toMatchObject({ userRows: 2, answerRows: 1 });
    expect(stored(1)).toMatchObject(WHOLE);
  });

  it("that clearly answer one turn are not assigned to one in doubt", async () => {
    for (const links of [[], ["run-1"]]) {
      const { ends, service, finish, observer } = household({ everyTurn: false });
      ends(0, { end: "deadline", runId: "run-0" });
      ends(1, { runId: "run-1" });
      // The answer to the first message is lost; the second one's quotes its own message, or names its run.
      const text = links.length === 0 ? `about ${CODEC.encode(0, 1)}` : "here you are";
      service.store(THREAD, message(0), message(1), { role: "assistant", text, links });
      await finish();
      expect(observer.settledTurns.map(({ turn, outcome }) => [turn, outcome])).toEqual([
        [1, "completed"],
        [0, "lost"],
      ]);
    }
    const { ends, service, finish, observer } = household({ everyTurn: false });
    ends(0);
    ends(1, { end: "deadline" });
    service.store(THREAD, message(0), message(1), nameless);
    await finish();
    expect(observer.settledTurns.map(({ outcome }) => outcome)).toEqual(["completed", "lost"]);
  });

  it("are read together with half a page of turns if one of them is in doubt, and not otherwise", async () => {
    const { ends, service, clock, thread } = household({ everyTurn: false });
    for (let number = 0; number < 100; number++) {
      ends(number, number === 60 ? { end: "deadline" } : {});
      service.store(THREAD, message(number), answer(number));
    }
    await clock.pass(1000);
    expect(service.requests.map(({ limit }) => limit)).toEqual([98]);
    expect(thread.settled.length).toBeLessThan(45);
  });

  it("are counted when they are doubled, and noticed when they are missing", async () => {
    const { ends, service, finish, stored } = household();
    for (const number of [0, 1, 2]) ends(number);
    service.store(THREAD, message(0), answer(0), answer(0), message(1), message(2), message(2), answer(2));
    await finish();
    expect(stored(0)).toMatchObject({ userRows: 1, answerRows: 2 });
    expect(stored(1)).toMatchObject({ userRows: 1, answerRows: 0 });
    expect(stored(2)).toMatchObject({ userRows: 2, answerRows: 1 });
  });

  it("show an answer before its message, or without it", async () => {
    const { ends, service, finish, stored } = household();
    ends(0);
    ends(1);
    service.store(THREAD, answer(0), message(0), answer(1));
    await finish();
    expect(stored(0)).toMatchObject({ userRows: 1, answerRows: 1, linked: false });
    expect(stored(1)).toMatchObject({ userRows: 0, answerRows: 1, linked: false });
  });

  it("show whether the stored text is the one that was sent", async () => {
    const { ends, service, finish, stored } = household();
    const sent = fingerprintOf("the answer is 42");
    ends(0).answer = sent;
    ends(1).answer = sent;
    ends(2);
    service.store(
      THREAD,
      message(0),
      answer(0, { text: `[2026] the answer\n is 42 (${CODEC.encode(0, 0)})` }),
      message(1),
      answer(1, { text: `the answer is 43 (${CODEC.encode(0, 1)})` }),
      message(2),
      answer(2),
    );
    await finish();
    expect([0, 1, 2].map((number) => stored(number)?.sameText)).toEqual([true, false, undefined]);
  });

  it("of another user are leaks, reported once however often they are read", async () => {
    const { ends, service, finish, observer } = household();
    ends(0);
    service.store(THREAD, message(0), { role: "assistant", text: `hello ${CODEC.encode(9, 4)}` });
    await finish();
    ends(1);
    service.store(THREAD, message(1), answer(1));
    await finish();
    ends(1);
    service.store(THREAD, message(1), answer(1));
    await finish();
    expect(service.requests.length).toBeGreaterThan(1);
    expect(observer.leaks[0]).toMatchObject({ user: 0, owner: 9, turn: 4, where: "history", by: "nonce" });
    expect(observer.leaks).toHaveLength(1);
  });

  it("are not a leak for quoting an earlier turn of the same user", async () => {
    const { ends, service, finish, observer } = household();
    ends(5);
    service.store(THREAD, message(3), answer(3), message(5), answer(5));
    await finish();
    expect(observer.leaks).toEqual([]);
  });
});

describe("a settler", () => {
  it("settles every turn once, at once if all is stored", async () => {
    const { ends, service, finish, observer } = household();
    for (let number = 0; number < 10; number++) {
      ends(number);
      service.store(THREAD, message(number), answer(number));
    }
    expect(await finish()).toBeLessThanOrEqual(50_000);
    expect(observer.settledTurns.map(({ turn: number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(service.requests).toHaveLength(1);
    expect(service.requests[0]).toMatchObject({ order: "desc", offset: 0 });
  });

  it("waits for what is stored late, and then settles at once", async () => {
    const { ends, service, finish, stored, clock } = household();
    ends(0);
    clock.at(clock.nowUs() + 2_000_000, () => service.store(THREAD, message(0), answer(0)));
    const tookUs = await finish();
    expect(stored(0)).toMatchObject(WHOLE);
    expect(tookUs).toBeGreaterThanOrEqual(2_000_000);
    expect(tookUs).toBeLessThan(4_000_000);
  });

  it("gives up waiting after the settling time, with what it saw", async () => {
    const { ends, service, finish, stored } = household();
    ends(0);
    service.store(THREAD, message(0));
    const tookUs = await finish();
    expect(stored(0)).toMatchObject({ userRows: 1, answerRows: 0 });
    expect(tookUs).toBeGreaterThan(SETTLE_US - 1_500_000);
    expect(tookUs).toBeLessThanOrEqual(SETTLE_US + 100_000);
  });

  it("does not wait for the answer of a turn that failed, nor for anything of one that was rejected", async () => {
    const { ends, service, finish } = household();
    ends(0, { end: "error" });
    ends(1, { end: "rejected" });
    service.store(THREAD, message(0));
    expect(await finish()).toBeLessThanOrEqual(50_000);
  });

  it("does not look up turns that were never sent, or clear ones that nobody needs", async () => {
    const unsent = household();
    unsent.ends(0, { end: "not_sent", sentUs: Number.NaN });
    await unsent.finish();
    expect(unsent.service.requests).toEqual([]);
    expect(unsent.observer.settledTurns[0]?.outcome).toBe("failed");
    const sure = household({ everyTurn: false });
    sure.ends(0);
    expect(sure.observer.settledTurns).toHaveLength(1);
    await sure.finish();
    expect(sure.service.requests).toEqual([]);
    expect(sure.observer.settledTurns[0]).toMatchObject({ outcome: "completed", stored: undefined });
  });

  it("settles as unread what could not be read, within its time", async () => {
    const { ends, service, finish, stored, schedule } = household();
    ends(0);
    service.failure = "broken";
    const tookUs = await finish();
    expect(stored(0)).toBeUndefined();
    expect(tookUs).toBeLessThanOrEqual(SETTLE_US + 100_000);
    expect(schedule.recorder.take().hold?.["settle.query"]?.censored).toBe(service.requests.length);
  });

  it.each([
    ["is gone", "unreachable", "ECONNREFUSED"],
    ["begins answers and ends none", "broken", "UND_ERR_BODY_TIMEOUT"],
  ] as const)("gives up soon on a target that %s, however many threads there are", async (_, kind, code) => {
    const { clock, service, settler, observer } = household();
    service.failure = kind;
    service.failureCode = code;
    const owners = Array.from({ length: 200 }, (_, user) => {
      const thread = new Thread(`thread-${user}`, user);
      thread.unsettled.push(turn({ user, threadId: thread.id, end: "deadline" }));
      return { number: user, session: SESSION, turns: 1, threads: [thread] };
    });
    const startedUs = clock.nowUs();
    let done = false;
    const whole = settler
      .finish(owners, () => {})
      .then(() => {
        done = true;
      });
    for (let step = 0; !done && step < 1000; step++) await clock.pass(50_000);
    await whole;
    expect(observer.settledTurns).toHaveLength(200);
    expect(clock.nowUs() - startedUs).toBeLessThan(1_000_000);
    expect(service.requests.length).toBeLessThan(60);
  });

  it("hurries on request: one more read, and no waiting", async () => {
    const { ends, settler, finish, service } = household();
    ends(0);
    settler.hurry();
    expect(await finish()).toBeLessThanOrEqual(50_000);
    expect(service.requests).toHaveLength(1);
  });

  it("rolls on when a thread has half a page of turns, and keeps nothing of what is settled", async () => {
    const { ends, service, thread, observer, clock } = household();
    for (let number = 0; number < 2000; number++) {
      ends(number);
      service.store(THREAD, message(number), answer(number));
      if (number % 10 === 9) await clock.pass(1000);
      expect(thread.unsettled.length).toBeLessThan(60);
    }
    expect(observer.settledTurns.length).toBeGreaterThan(1900);
    expect(
      observer.settledTurns.every(({ stored }) => stored?.answerRows === 1 && stored.userRows === 1),
    ).toBe(true);
    expect(service.requests.length).toBeLessThan(150);
  });

  it("collects fewer turns per thread the more threads there are, so that waiting turns stay bounded", () => {
    expect([1, 1000, 5000, 1_000_000].map(rollingAt)).toEqual([45, 45, 12, 8]);
  });

  it("requests no more rows than the turns can have, with room for open ones", async () => {
    const { service, ends, finish, stored } = household();
    for (let number = 0; number < 30; number++) service.store(THREAD, message(number), answer(number));
    for (let number = 22; number < 30; number++) ends(number);
    await finish();
    expect(service.requests.map(({ limit, offset }) => [limit, offset])).toEqual([[24, 0]]);
    expect(stored(22)).toMatchObject({ userRows: 1, answerRows: 1 });
  });

  it("does not roll for less than half a page", async () => {
    const { ends, service, clock } = household();
    for (let number = 0; number < 39; number++) ends(number);
    await clock.pass(1000);
    expect(service.requests).toEqual([]);
  });

  it("reads past the rows that a service keeps of its tools", async () => {
    const { ends, service, finish, observer } = household();
    for (let number = 0; number < 60; number++) {
      ends(number);
      const tools = Array.from({ length: 6 }, () => ({ role: "other", text: "tool" }) as const);
      service.store(THREAD, message(number), ...tools, answer(number));
    }
    expect(await finish()).toBeLessThan(1_000_000);
    expect(
      observer.settledTurns.every(({ stored }) => stored?.userRows === 1 && stored.answerRows === 1),
    ).toBe(true);
  });

  it("counts no row twice for a page that shifted while rows were added", async () => {
    const { ends, service, finish, observer } = household();
    for (let number = 0; number < 80; number++) {
      ends(number);
      service.store(THREAD, message(number), answer(number));
    }
    service.afterPage = () =>
      service.store(THREAD, { role: "other", text: "new" }, { role: "other", text: "newer" });
    await finish();
    expect(service.requests.length).toBeGreaterThan(1);
    expect(
      observer.settledTurns.every(({ stored }) => stored?.userRows === 1 && stored.answerRows === 1),
    ).toBe(true);
  });

  it("stops reading if nothing wanted can be, when a message is missing from a long thread", async () => {
    const { ends, service, finish, stored } = household();
    for (let number = 0; number < 1000; number++) service.store(THREAD, message(number), answer(number));
    ends(1000);
    await finish();
    expect(stored(1000)).toMatchObject({ userRows: 0, answerRows: 0 });
    expect(Math.max(...service.requests.map(({ offset }) => offset))).toBeLessThanOrEqual(200);
  });

  it("reads as many pages as it takes to see the oldest turn", async () => {
    const { ends, service, finish, stored, observer } = household({ rollingAt: 1000 });
    for (let number = 0; number < 160; number++) {
      ends(number);
      service.store(THREAD, message(number), answer(number));
    }
    await finish();
    expect(observer.settledTurns).toHaveLength(160);
    for (const number of [0, 79, 159]) expect(stored(number)).toMatchObject(WHOLE);
    expect(service.requests.map(({ offset }) => offset)).toContain(300);
  });
});
