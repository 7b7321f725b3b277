// The journal of runs in progress, in the database: runs that a killed process had accepted but not ended are resumed by
// the next one with the same key. Without a key of its own, or with a temporary database, a service keeps none.
import { createHash } from "node:crypto";
import type { Settings } from "../options.js";
import type { Decision } from "../socket/client-frames.js";
import type { MessageRow, OpenRun, Store } from "../storage/store.js";
import type { Run } from "./run.js";
import { stableId } from "./stable-id.js";

export interface Journal {
  /** Call it before the message is stored, so that every stored message has an entry. Rejects with StoreUnavailable. */
  opened(run: Run, message: MessageRow): Promise<void>;
  /** Call it at any end except the process's. A run whose end cannot be stored now ends again after a restart. */
  ended(run: Run): void;
  /** Stores a run's request to its user, and the decision. */
  asked(run: Run, askId: string): Promise<void>;
  decided(run: Run, askId: string, decision: Decision): Promise<void>;
  /** Requests of an earlier process's open run, with their decisions; `undefined` if undecided. */
  asks(runId: string): Promise<ReadonlyMap<string, Decision | undefined>>;
  /** Runs left by an earlier process, in the order they were accepted. */
  left(): Promise<readonly OpenRun[]>;
  /** The stored answer of a run that was interrupted between its answer and its end. */
  answerOf(run: Run): Promise<string | undefined>;
}

export function createJournal(store: Store, settings: Settings): Journal | undefined {
  const { tokenKey, databasePath, databaseUrl } = settings;
  if (tokenKey === undefined || (databasePath === undefined && databaseUrl === undefined)) return undefined;
  // Several services may share a database: each resumes only its own runs.
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

/** Row id of a run's answer: the same however often the run is executed, so that it is stored once. */
export function answerIdOf(run: Pick<Run, "id">): string {
  return stableId(run.id, "answer");
}
