// Rows of a thread that do not belong there.
import { describe, expect, it } from "vitest";
import type { LookupFault } from "../../../src/model/log/observation.js";
import type { HistoryRow } from "../../../src/profiles/profile.js";
import { UserRegistry } from "../../../src/run/worker/users/registry.js";
import { TurnIndex } from "../../../src/session/lookup/history-rows.js";
import { RowInspector } from "../../../src/session/lookup/strange-rows.js";
import type { Leak } from "../../../src/session/turn/observer.js";
import { FactMemory } from "../../../src/session/turn/text/fact-memory.js";
import { plantedRecord } from "../../../src/session/turn/text/planted-records.js";
import { Thread } from "../../../src/session/turn/thread.js";
import { CODEC, USUAL_ORDER } from "../../support/turns.js";

const CAPABILITIES = {
  ...{ history: true, search: true, resume: false, idempotent: false, expects: [], order: USUAL_ORDER },
  plainHistory: true,
} as const;

/** What user 2 is told of its thread `mine`, in which it told of its mascot. */
function inspected(
  rows: readonly Partial<HistoryRow>[],
  capabilities: object = CAPABILITIES,
  thread = new Thread("mine", 2),
) {
  const registry = new UserRegistry();
  registry.setUsers([
    ["id-of-2", 2],
    ["id-of-5", 5],
  ]);
  registry.addThread("mine", 2);
  registry.addThread("mine too", 2);
  registry.addThread("theirs", 5);
  const leaks: Leak[] = [];
  const faults: LookupFault[] = [];
  const observer = {
    leak: (leak: Leak) => void leaks.push(leak),
    lookup: (lookup: { readonly faults: readonly LookupFault[] }) => void faults.push(...lookup.faults),
  };
  const owners = { codec: CODEC, observer, plantsRecords: true, registry };
  const index = new TurnIndex([], 2, CODEC);
  const scanned = rows.map((fields, at) => {
    const row: HistoryRow = { id: `row ${at}`, role: "user", text: "", links: [], ...fields };
    return { row, ...index.scan(row.text) };
  });
  new RowInspector(thread, owners, { ...CAPABILITIES, ...capabilities }, 7).inspect(scanned, "asc");
  return [...leaks.map(({ owner, by }) => `${by} of ${owner}`), ...faults.map(({ code }) => code)];
}

const own = (fields: Partial<HistoryRow> = {}): Partial<HistoryRow> => ({
  text: `please ${CODEC.encode(2, 0)}`,
  ...fields,
});

describe("rows of one's own thread", () => {
  it("are messages with the user's own references, answers, and results of access probes", () => {
    const probe = { text: "who is there?", links: ["access-probe-1"] };
    const answer = { role: "assistant", text: "here you are" } as const;
    expect(inspected([own(), answer, probe, { role: "other", text: "a tool" }, { text: " " }])).toEqual([]);
    expect(inspected([own({ threadId: "mine", userId: "id-of-2" }), own({ threadId: "mine" })])).toEqual([]);
  });

  it("may call the thread and the user by other names than the service does elsewhere", () => {
    const row = own({ threadId: "urn:mine", userId: "ann@example.com" });
    expect(inspected([row, row])).toEqual([]);
  });
});

describe("rows of others", () => {
  it("are leaks by nonce, planted record, user or thread", () => {
    expect(inspected([own({ text: `${CODEC.encode(2, 0)} ${CODEC.encode(5, 3)}` })])).toEqual(["nonce of 5"]);
    expect(inspected([{ role: "assistant", text: plantedRecord(5, undefined) }])).toEqual(["record of 5"]);
    expect(inspected([own({ userId: "id-of-5" })])).toEqual(["user id of 5"]);
    expect(inspected([own({ threadId: "theirs" })])).toEqual(["thread id of 5"]);
  });

  it("are leaks if one nonce is spread over two rows, or over two lines of one", () => {
    const nonce = CODEC.encode(5, 3);
    const piece = (text: string): Partial<HistoryRow> => ({ role: "assistant", text });
    expect(inspected([own(), piece(`It is ${nonce.slice(0, 7)}`), piece(`${nonce.slice(7)}, said`)])).toEqual(
      ["nonce of 5"],
    );
    expect(inspected([own(), piece(`It is ${nonce.replace("-", "-\n")}.`)])).toEqual(["nonce of 5"]);
    expect(inspected([piece(nonce.slice(0, 7)), own(), piece(nonce.slice(7))])).toEqual([]);
  });

  it("are reported once, however often they are read", () => {
    const thread = new Thread("mine", 2);
    const row = own({ threadId: "theirs" });
    expect(inspected([row], CAPABILITIES, thread)).toHaveLength(1);
    expect(inspected([row], CAPABILITIES, thread)).toEqual([]);
  });
});

describe("rows of nobody in the run", () => {
  it("are from an outsider if a message has no reference of this run, if threads contain nothing else", () => {
    const strange = { text: "My password is one that you never guess." };
    expect(inspected([own(), strange])).toEqual(["foreign-row"]);
    expect(inspected([own(), strange], { plainHistory: undefined })).toEqual([]);
  });

  it("are from an outsider if they name a different user than the user's own messages", () => {
    const strange = { text: "hello", userId: "somebody" };
    const told = { plainHistory: undefined };
    expect(inspected([own({ userId: "ann" }), strange], told)).toEqual(["foreign-row"]);
    expect(inspected([own({ userId: "ann" }), { ...strange, userId: "ann" }], told)).toEqual([]);
  });

  it("are from another thread if they say so, even the user's own", () => {
    const answer = { role: "assistant", text: "here" } as const;
    for (const threadId of ["mine too", "elsewhere"])
      expect(inspected([own({ threadId: "mine" }), { ...answer, threadId }])).toEqual([
        "row-from-other-thread",
      ]);
  });

  it("show facts that were only stated in another thread", () => {
    const thread = new Thread("mine", 2);
    thread.told = new FactMemory();
    thread.told.tell("mascot", "amber otter 1000");
    const answer = (text: string): Partial<HistoryRow> => ({ role: "assistant", text });
    expect(inspected([answer("It is amber otter 1000.")], CAPABILITIES, thread)).toEqual([]);
    expect(inspected([{ ...answer("It is cobalt heron 4172."), id: "b" }], CAPABILITIES, thread)).toEqual([
      "foreign-fact",
    ]);
  });
});
