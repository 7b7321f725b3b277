// What the pages of a whole thread must show.
import { describe, expect, it } from "vitest";
import type { HistoryRow } from "../../../src/profiles/profile.js";
import { type Pages, pagedFaults } from "../../../src/session/lookup/paged-rows.js";
import { Thread } from "../../../src/session/turn/thread.js";
import { CODEC, turn } from "../../support/turns.js";

function threadOf(turns: number): Thread {
  const thread = new Thread("t", 0);
  for (let number = 0; number < turns; number++) thread.remember(turn({ number }));
  return thread;
}

const row = (number: number, id = `row ${number}`, user = 0): HistoryRow => ({
  id,
  role: "user",
  text: `please quote ${CODEC.encode(user, number)}`,
  links: [],
});
const answer: HistoryRow = {
  id: "a",
  role: "assistant",
  text: `Reference: ${CODEC.encode(0, 0)}`,
  links: [],
};

function faultsOf(rows: readonly HistoryRow[], thread = threadOf(3), fields: Partial<Pages> = {}) {
  const pages: Pages = { pages: [rows], total: undefined, quiet: true, order: "asc", ...fields };
  return pagedFaults(pages, thread, CODEC).map(({ code, turn: of }) =>
    of === undefined ? code : `${code} ${of}`,
  );
}

describe("the pages of a thread", () => {
  it("show each message once, in order, from either end", () => {
    const rows = [row(0), answer, row(1), row(2)];
    expect(faultsOf(rows, threadOf(3), { total: 4 })).toEqual([]);
    expect(faultsOf([...rows].reverse(), threadOf(3), { order: "desc" })).toEqual([]);
  });

  it("miss or double a message, which is reported once and then forgotten", () => {
    const thread = threadOf(3);
    const rows = [row(0), row(2, "x"), row(2, "y")];
    expect(faultsOf(rows, thread)).toEqual(["message-missing 1", "duplicate-message 2"]);
    expect(faultsOf(rows, thread)).toEqual([]);
  });

  it("put messages in another order", () => {
    expect(faultsOf([row(0), row(2), row(1)])).toEqual(["wrong-order 1"]);
  });

  it("repeat rows or leave some out, which counts only while nothing is added", () => {
    const pages = [
      [row(0), row(1)],
      [row(1), row(2)],
    ];
    expect(faultsOf([], threadOf(3), { pages })).toEqual(["duplicate-row"]);
    expect(faultsOf([], threadOf(3), { pages, quiet: false })).toEqual([]);
    expect(faultsOf([row(0), row(1), row(2)], threadOf(3), { total: 5 })).toEqual(["skipped-row"]);
  });

  it("never show a row twice on one page, whatever is added", () => {
    const rows = [row(0), row(1), row(1), row(2)];
    expect(faultsOf(rows, threadOf(3), { quiet: false })).toEqual(["duplicate-row"]);
  });

  it("may contain messages that nobody remembers, and those of others", () => {
    expect(faultsOf([row(0), row(1), row(2), row(3), row(9, "other", 8)])).toEqual([]);
  });
});
