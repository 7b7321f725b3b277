// The journal of runs under way, in the database: what a process that was killed had accepted and not ended is taken up by
// the next one with the same key. A service without a key of its own, or on a database that ends with it, keeps none.
import { createHash } from "node:crypto";
import type { Settings } from "../options.js";
import type { Decision } from "../socket/client-frames.js";
import type { MessageRow, OpenRun, Store } from "../storage/store.js";
import type { Run } from "./run.js";
import { stableId } from "./stable-id.js";

export interface Journal {
  /** Before its message is stored, so that no stored message is without it. Rejects with StoreUnavailable. */
  opened(run: Run, message: MessageRow): Promise<void>;
  /** At any end but that of the process. A run whose end cannot be noted now ends once more after a restart. */
  ended(run: Run): void;
  /** A run asks its user, and what the user decided. */
  asked(run: Run, askId: string): Promise<void>;
  decided(run: Run, askId: string, decision: Decision): Promise<void>;
  /** What an open run of an earlier process had asked: `undefined` for what is not decided. */
  asks(runId: string): Promise<ReadonlyMap<string, Decision | undefined>>;
  /** What an earlier process left, in the order in which it was accepted. */
  left(): Promise<readonly OpenRun[]>;
  /** The stored answer of a run that was left behind between its answer and its end. */
  answerOf(run: Run): Promise<string | undefined>;
}

export function createJournal(store: Store, settings: Settings): Journal | undefined {
  const { tokenKey, databasePath, databaseUrl } = settings;
  if (tokenKey === undefined || (databasePath === undefined && databaseUrl === undefined)) return undefined;
  // Several services may share a database: each takes up only what bears its own name.
  const owner = createHash("sha256").update(`runs\n${tokenKey}`).digest("base64url");
  return {
    opened: (run, { id }) => store.addOpenRun({ runId: run.id, owner, messageId: id, weight: run.weight }),
    ended: (run) => void store.removeOpenRun(run.id).catch(() => undefined),
    asked: (run, askId) => store.putAsk(run.id, askId, "").catch(() => undefined),
    decided: (run, askId, decision) =>
      store.putAsk(run.id, askId, JSON.stringify(decision)).catch(() => undefined),
    asks: async (runId) =>
      new Map(
        (await store.asksOf(runId)).map(([id, decision]) => [
          id,
          decision === "" ? undefined : (JSON.parse(decision) as Decision),
        ]),
      ),
    left: () => store.openRuns(owner),
    answerOf: async (run) => (await store.message(answerIdOf(run)))?.content,
  };
}

/** Id of the row of a run's answer: the same however often the run is played, so that it is stored once. */
export function answerIdOf(run: Pick<Run, "id">): string {
  return stableId(run.id, "answer");
}
