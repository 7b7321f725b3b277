// Check `persistence`: every accepted message and answer is in each store once, unchanged, and belongs to its user.
import type { StoreFault, StoreReading } from "../model/log/observation.js";
import type { CheckResult } from "../model/log/run-log.js";
import { STORE_NAMES, type StoreName } from "../model/log/store.js";
import { type Evidence, type Finding, MAX_EVIDENCE } from "../model/turn/finding.js";
import { type CheckPart, type CheckState, CheckTally, defineCheck, mergeParts, noOptions } from "./check.js";

const NAME = "persistence";

/** Foreign rows remembered by a worker, so that they are not counted twice. */
const MAX_FOREIGN = 10_000;
const CAUSE = "cause";
const FOREIGN = "foreign";

const MESSAGES: Readonly<Record<StoreFault["kind"], string>> = {
  missing: "accepted messages or answers are not in the store",
  duplicate: "messages or answers are in the store more than once",
  foreign: "messages or answers are in the store as another user's, or in another thread",
  altered: "the store keeps another text or role than was sent",
};

export const persistence = defineCheck({
  summary: "every accepted message and answer is in each of the target's stores once, as it was sent",
  schema: noOptions,
  start: () => startStores(),
  conclude: (merged) => withForeign(merged),
  judge: (merged) => judgeStore("postgres", merged),
  judgeEach(merged) {
    const named = STORE_NAMES.some((store) => merged.counters[`${store}.configured`]);
    if (named) return STORE_NAMES.map((store) => judgeStore(store, merged));
    const note = "the target names no stores: write their URLs under `stores`";
    return [{ check: NAME, status: "not-checked", judged: 0, note }];
  },
});

function startStores(): CheckState {
  const memo: Record<string, string> = {};
  let remembered = 0;
  const counters: Record<string, number> = {};
  const count = (store: StoreName, what: string, by: number): void => {
    counters[`${store}.${what}`] = (counters[`${store}.${what}`] ?? 0) + by;
  };
  const tallies = Object.fromEntries(
    STORE_NAMES.map((store) => [store, new CheckTally(`${NAME}/${store}`, () => 0)]),
  ) as Record<StoreName, CheckTally>;
  const takeFault = (fault: StoreFault): void => {
    const { store, kind, rowThreadId, rowId, user, turn, what } = fault;
    if (kind !== "foreign") {
      count(store, kind, 1);
      tallies[store].find(kind, "fail", MESSAGES[kind], 1, evidenceOf(fault));
      return;
    }
    const key = `${FOREIGN} ${store} ${rowThreadId} ${rowId || `${user}.${turn}.${what}`}`;
    if (key in memo) return;
    if (remembered++ < MAX_FOREIGN) memo[key] = encodeURIComponent(JSON.stringify(evidenceOf(fault)));
    else count(store, "foreignMore", 1);
  };
  return {
    turn() {},
    stored(reading: StoreReading) {
      const { store, kind } = reading;
      if (kind === "configured") count(store, "configured", 1);
      else if (kind === "unread") {
        count(store, "unread", reading.turns);
        memo[`${CAUSE} ${store}`] ??= encodeURIComponent(reading.cause);
      } else {
        count(store, "messages", reading.messages);
        count(store, "answers", reading.answers);
        for (const fault of reading.faults) takeFault(fault);
      }
    },
    part: () => ({
      counters: { ...counters },
      findings: STORE_NAMES.flatMap((store) => tallies[store].part().findings),
      memo: { ...memo },
    }),
  };
}

function evidenceOf({
  user,
  turn,
  rowThreadId,
  threadId,
  what,
  rowId,
  expected,
  seen,
}: StoreFault): Evidence {
  const row = rowId ? `, row ${rowId.slice(0, 64)}` : "";
  const thread = (rowThreadId || threadId).slice(0, 64);
  return { user, turn, thread, expected: `${what}: ${expected}`, seen: `${seen}${row}` };
}

/** Two workers may see a row in another user's thread: its owner's and the thread's. */
function withForeign(merged: CheckPart): CheckPart {
  const findings: Finding[] = [];
  const counters = { ...merged.counters };
  for (const store of STORE_NAMES) {
    const found = Object.entries(merged.memo ?? {}).filter(([key]) => key.startsWith(`${FOREIGN} ${store} `));
    const count = found.length + (counters[`${store}.foreignMore`] ?? 0);
    if (count === 0) continue;
    counters[`${store}.foreign`] = count;
    const evidence = found.slice(0, MAX_EVIDENCE).map(([, told]) => JSON.parse(firstOf(told)) as Evidence);
    const message = MESSAGES.foreign;
    findings.push({ check: `${NAME}/${store}`, code: "foreign", severity: "fail", count, message, evidence });
  }
  return { ...mergeParts([merged, { counters: {}, findings }]), counters };
}

function firstOf(entry: string): string {
  return decodeURIComponent(entry.split(" ")[0] ?? "");
}

function judgeStore(store: StoreName, { counters, findings, memo }: CheckPart): CheckResult {
  const check = `${NAME}/${store}`;
  if (!counters[`${store}.configured`]) {
    return { check, status: "not-checked", judged: 0, note: "no connection URL under `stores`" };
  }
  const messages = counters[`${store}.messages`] ?? 0;
  const answers = counters[`${store}.answers`] ?? 0;
  const judged = messages + answers;
  const unread = counters[`${store}.unread`] ?? 0;
  const cause = memo?.[`${CAUSE} ${store}`];
  const gap =
    unread > 0 ? `${unread} turns were not looked up: ${cause ? firstOf(cause) : "unknown"}` : undefined;
  if (findings.some((finding) => finding.check === check))
    return { check, status: "found", judged, ...(gap ? { note: gap } : {}) };
  if (gap) return { check, status: "not-checked", judged, note: gap };
  if (judged === 0) return { check, status: "no-data", judged, note: "no message was accepted" };
  return { check, status: "clean", judged, note: `${messages} messages and ${answers} answers, each once` };
}
