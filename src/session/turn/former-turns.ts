// The last finished turns of a user: events that still arrive with their ids, and runs that no message requested.
import type { AgentEvent } from "../../model/turn/event.js";
import type { Anomaly } from "../../model/turn/ledger.js";
import type { NonceCodec } from "../../model/turn/nonce.js";
import { isTold } from "../../model/turn/turn-end.js";
import type { OrderRules } from "../../profiles/profile.js";
import type { Repeat } from "./observer.js";
import type { Turn } from "./turn.js";

/** Turns remembered per user, and unrequested runs. */
const REMEMBERED = 8;

interface FormerTurn {
  readonly number: number;
  readonly threadId: string;
  readonly runId: string | undefined;
  /** Its user saw the end, on the channel that the turn started on. */
  readonly seen: boolean;
}

/** The meaning of a frame that belongs to no open turn. */
export interface Belated {
  readonly anomaly: Anomaly;
  /** Reported once per run or end. */
  readonly repeat?: Repeat;
}

const ORPHAN: Belated = { anomaly: "orphan" };

export class FormerTurns {
  readonly #user: number;
  readonly #codec: NonceCodec;
  readonly #rules: OrderRules;
  /** Oldest first. */
  #turns: FormerTurn[] | undefined;
  #strangeRuns: string[] | undefined;

  constructor(user: number, codec: NonceCodec, rules: OrderRules) {
    this.#user = user;
    this.#codec = codec;
    this.#rules = rules;
  }

  /** A turn's grace window is over. */
  add({ number, threadId, runId, end, channelLost }: Turn): void {
    const seen = isTold(end) && !channelLost;
    this.#turns ??= [];
    this.#turns.push({ number, threadId, runId, seen });
    if (this.#turns.length > REMEMBERED) this.#turns.shift();
  }

  /**
   * @param open turns that are open or within their grace window, none of which the event belongs to
   * @param owns whether a thread is the user's own
   */
  judge(event: AgentEvent, open: readonly Turn[], owns: (threadId: string) => boolean): Belated {
    if (event.replayed || event.kind === "unrecognised") return ORPHAN;
    const former = this.#formerOf(event);
    if (former && (former.runId === event.runId || event.runId === undefined || former.runId === undefined))
      return this.#afterEnd(event, former);
    return this.#strangeRun(event, open, owns);
  }

  /** By the event's message or run; if it names neither, an end belongs to its thread's last turn. */
  #formerOf({ messageId, runId, threadId, kind }: AgentEvent): FormerTurn | undefined {
    const number = messageId === undefined ? undefined : this.#numberOf(messageId);
    if (number !== undefined)
      return this.#last((turn) => turn.number === number) ?? { number, threadId: "", runId, seen: false };
    if (runId !== undefined) return this.#last((turn) => turn.runId === runId);
    if (kind !== "agent_completed" && kind !== "agent_error") return undefined;
    return this.#last((turn) => threadId === undefined || turn.threadId === threadId);
  }

  #numberOf(messageId: string): number | undefined {
    const owner = this.#codec.decodeAt(messageId, 0);
    return owner?.user === this.#user ? owner.turn : undefined;
  }

  #last(fits: (turn: FormerTurn) => boolean): FormerTurn | undefined {
    const turns = this.#turns ?? [];
    for (let i = turns.length - 1; i >= 0; i--) {
      const turn = turns[i];
      if (turn && fits(turn)) return turn;
    }
    return undefined;
  }

  #afterEnd(event: AgentEvent, { number, seen }: FormerTurn): Belated {
    // A turn that passed its deadline, or was cut off, may still end.
    if (!seen) return ORPHAN;
    const ends = event.kind === "agent_completed" || event.kind === "agent_error";
    const kind = ends ? "second-end" : "long-after-end";
    return { anomaly: ends ? "duplicate" : "late", repeat: this.#repeat(kind, event, number) };
  }

  #strangeRun(event: AgentEvent, open: readonly Turn[], owns: (threadId: string) => boolean): Belated {
    const { runId, threadId } = event;
    if (runId === undefined || (threadId !== undefined && !owns(threadId))) return ORPHAN;
    const mayBeRetry = this.#rules.repeatStarted && open.some(({ end }) => end === undefined);
    const asked = (this.#turns?.length ?? 0) > 0 || open.some(({ runId: own }) => own !== undefined);
    const waits = this.#last((turn) => !turn.seen && turn.runId === undefined) !== undefined;
    if (mayBeRetry || !asked || waits) return ORPHAN;
    this.#strangeRuns ??= [];
    if (this.#strangeRuns.includes(runId)) return { anomaly: "duplicate" };
    this.#strangeRuns.push(runId);
    if (this.#strangeRuns.length > REMEMBERED) this.#strangeRuns.shift();
    return { anomaly: "duplicate", repeat: this.#repeat("second-run", event, undefined) };
  }

  #repeat(kind: Repeat["kind"], event: AgentEvent, turn: number | undefined): Repeat {
    const { threadId, runId, name, receivedAtUs: atUs } = event;
    return { kind, user: this.#user, turn, threadId, runId, what: name, atUs };
  }
}
