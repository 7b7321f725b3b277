// Messages that a user sends into another user's thread, and the service's reaction.
import type { AgentEvent } from "../../model/turn/event.js";
import type { Session } from "../../profiles/profile.js";
import type { Uses } from "../services.js";
import { PROBE_ID, PROBE_TEXT, probeMessage } from "../turn/probe-message.js";

/** A service that has not reacted by then has not accepted it. */
const SILENCE_US = 2_000_000;
const MAX_SILENT = 100;

/** `silence`: no reaction in time; if one follows later, `late` is reported. */
export type ProbeReply = "refused" | "accepted" | "silence";

interface Waiting {
  readonly id: string;
  readonly settle: (reply: ProbeReply) => void;
}

export class SocketProbes {
  readonly #services: Uses<"schedule" | "protocol">;
  readonly #session: () => Session;
  #waiting: Waiting | undefined;
  /** Probes without a reaction so far, and their callbacks. */
  readonly #silent = new Map<string, () => void>();
  /** The user's own threads for probes only, and their runs. */
  readonly #own = new Set<string>();

  constructor(services: Uses<"schedule" | "protocol">, session: () => Session) {
    this.#services = services;
    this.#session = session;
  }

  /** From now on, events in this thread of the user's belong to no turn. */
  claim(threadId: string): void {
    this.#own.add(threadId);
  }

  /** Sends a message with that text. `late` is called if it is accepted after it seemed to be ignored. */
  async send(
    threadId: string,
    write: (frame: string) => void,
    late: () => void,
    text = PROBE_TEXT,
  ): Promise<ProbeReply> {
    const { clock } = this.#services.schedule;
    const id = `${PROBE_ID}${clock.nowUs().toString(36)}`;
    const reply = await new Promise<ProbeReply>((settle) => {
      this.#waiting = { id, settle };
      clock.at(clock.nowUs() + SILENCE_US, () => settle("silence"));
      write(this.#services.protocol.encodeMessage(probeMessage(threadId, id, text), this.#session()));
    });
    this.#waiting = undefined;
    if (reply === "silence" && this.#silent.size < MAX_SILENT) this.#silent.set(id, late);
    return reply;
  }

  /** Whether a frame answers a probe or follows from one: then it belongs to no turn. */
  takes(event: AgentEvent, open: readonly { readonly end: unknown }[]): boolean {
    const { messageId: id } = event;
    const refused = event.kind === "rejected" || event.kind === "agent_error";
    if (this.#isOwn(event) && event.runId !== undefined) this.#own.add(event.runId);
    if (id?.startsWith(PROBE_ID)) {
      if (id === this.#waiting?.id) this.#waiting.settle(refused ? "refused" : "accepted");
      else if (!refused) this.#silent.get(id)?.();
      this.#silent.delete(id);
      return true;
    }
    if (this.#isOwn(event)) {
      if (this.#waiting) this.#waiting.settle(refused ? "refused" : "accepted");
      return true;
    }
    // A refusal that names no message must be for the probe if no turn is open.
    const nameless = event.kind === "rejected" && id === undefined && event.runId === undefined;
    if (!nameless || !this.#waiting || open.some(({ end }) => end === undefined)) return false;
    this.#waiting.settle("refused");
    return true;
  }

  #isOwn({ threadId, runId }: AgentEvent): boolean {
    if (this.#own.size === 0) return false;
    return (
      (threadId !== undefined && this.#own.has(threadId)) || (runId !== undefined && this.#own.has(runId))
    );
  }
}
