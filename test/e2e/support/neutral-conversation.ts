// The neutral server's sockets: a message in, the five events out at known times, in the shape that was asked for.
import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import type { MessageRecord, NeutralAccount } from "./neutral-account.js";
import type { Behaviour, Mishap } from "./neutral-behaviour.js";
import type { NeutralHistory } from "./neutral-history.js";

const HUGE_BYTES = 1_500_000;

type Json = Readonly<Record<string, unknown>>;

interface TurnIds {
  readonly thread_id: string;
  readonly run_id: string;
  readonly message_id: string;
  readonly user_id: string;
}

/** When, in milliseconds after the message was accepted, and what. */
type Step = readonly [number, () => void];

export class NeutralConversation {
  readonly #behaviour: Behaviour;
  readonly #account: NeutralAccount;
  readonly #history: NeutralHistory;
  readonly #sockets = new Map<string, WebSocket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #seen = new Set<string>();

  constructor(behaviour: Behaviour, account: NeutralAccount, history: NeutralHistory) {
    this.#behaviour = behaviour;
    this.#account = account;
    this.#history = history;
  }

  join(userId: string, socket: WebSocket): void {
    this.#sockets.set(userId, socket);
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      if (this.#sockets.get(userId) === socket) this.#sockets.delete(userId);
    });
    socket.on("message", (data) => this.#hear(userId, socket, String(data)));
    if (this.#behaviour.welcome)
      this.#send(
        userId,
        this.#frame("connection_established", { user_id: userId, connection_id: randomUUID() }),
      );
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets.values()) socket.terminate();
  }

  #hear(userId: string, socket: WebSocket, text: string): void {
    const acceptedAt = performance.now();
    const { type, payload } = JSON.parse(text) as { readonly type: string; readonly payload?: Json };
    if (type === "ping") {
      if (this.#behaviour.pong && socket.readyState === socket.OPEN)
        socket.send(JSON.stringify(this.#frame("pong", {})));
      return;
    }
    if (type !== "user_message" || !payload) return;
    const messageId = String(payload.message_id);
    if (this.#seen.has(messageId)) return;
    this.#seen.add(messageId);
    const number = this.#account.messages.length;
    const record: MessageRecord = { messageId, userId, acceptedAt };
    this.#account.messages.push(record);
    const ids = {
      thread_id: String(payload.thread_id),
      run_id: randomUUID(),
      message_id: messageId,
      user_id: userId,
    };
    this.#work(number, record, ids, String(payload.content));
  }

  /** Schedules a whole turn from its acceptance. */
  #work(number: number, record: MessageRecord, ids: TurnIds, content: string): void {
    const { ack, startsAfterMs, worksForMs, every } = this.#behaviour;
    const hits = (mishap: Mishap): boolean => {
      const hit = every[mishap] > 0 && (number + 1) % every[mishap] === 0;
      if (hit && !mishap.startsWith("row-") && mishap !== "answer-to-another-too")
        this.#account.happened(mishap);
      return hit;
    };
    const user = ids.user_id;
    const answer = `This is what I found for "${content}".`;
    const tool = { tool_name: "calculator", execution_id: randomUUID() };
    let seq = 0;
    const say = (type: string, details: Json, sent?: () => void): void => {
      const frame = this.#frame(type, details, ids, seq++);
      this.#later(this.#behaviour.wireDelayMs, () => {
        this.#send(user, frame);
        sent?.();
      });
    };
    if (ack) say("message_ack", {});
    this.#history.store(ids.thread_id, number, "user", content, { message_id: ids.message_id });
    const startAt = startsAfterMs(number);
    const share = worksForMs(number) / 4;
    const steps: Step[] = [
      [
        startAt,
        () => {
          say("agent_started", { agent_name: "neutral" }, () => {
            record.startedAt = performance.now();
          });
          this.#junk(hits, user);
        },
      ],
      [
        startAt + share,
        () => {
          say("agent_thinking", { thought: "let me see" });
          if (!hits("double-thinking")) return;
          seq--;
          say("agent_thinking", { thought: "let me see" });
        },
      ],
      [startAt + 2 * share, () => say("tool_executing", { ...tool, parameters: {} })],
      [
        startAt + 3 * share,
        () => {
          if (hits("drop-tool-completed")) seq++;
          else say("tool_completed", { ...tool, result: "42" });
        },
      ],
      [
        startAt + 4 * share,
        () => {
          if (hits("never-answers")) return;
          const links = { run_id: ids.run_id, message_id: ids.message_id };
          this.#history.store(ids.thread_id, number, "assistant", answer, links);
          if (hits("answer-to-another-too")) this.#showAnother(ids, answer, seq);
          say("agent_completed", { response: answer }, () => {
            record.completedAt = performance.now();
          });
        },
      ],
    ];
    this.#oneByOne(record.acceptedAt, steps);
  }

  /** Each step at its time, and never before the one ahead of it: timers of a late loop may change places. */
  #oneByOne(since: number, [first, ...rest]: readonly Step[]): void {
    if (!first) return;
    const [afterMs, action] = first;
    this.#later(since + afterMs - performance.now(), () => {
      action();
      this.#oneByOne(since, rest);
    });
  }

  #junk(hits: (mishap: Mishap) => boolean, user: string): void {
    const socket = this.#sockets.get(user);
    if (!socket) return;
    if (hits("binary-frame")) socket.send(Buffer.from([0, 1, 2, 255]));
    if (hits("malformed-frame")) socket.send('{"type": "agent_thinking", "payload": {');
    if (hits("unknown-type")) socket.send(JSON.stringify({ type: "agent_mood", payload: { mood: "sunny" } }));
    if (hits("huge-frame"))
      socket.send(JSON.stringify({ type: "agent_thinking", thought: "x".repeat(HUGE_BYTES) }));
  }

  #showAnother(ids: TurnIds, answer: string, seq: number): void {
    const other = [...this.#sockets.keys()].find((user) => user !== ids.user_id);
    if (other === undefined) return;
    this.#account.happened("answer-to-another-too");
    this.#send(other, this.#frame("agent_completed", { response: answer }, ids, seq));
  }

  #frame(type: string, details: Json, ids?: TurnIds, seq?: number): Json {
    const { ids: place, typeKey, seq: numbered } = this.#behaviour;
    const named = { [typeKey]: type, ...this.#stamp() };
    const rest = { ...details, ...(numbered && seq !== undefined ? { seq } : {}) };
    switch (place) {
      case "root":
        return { ...named, ...ids, ...rest };
      case "payload":
        return { ...named, payload: { ...ids, ...rest } };
      case "data":
        return { ...named, data: { ...ids, ...rest } };
      case "metadata":
        return { ...named, payload: rest, ...(ids ? { metadata: ids } : {}) };
    }
  }

  #stamp(): Json {
    const now = performance.timeOrigin + performance.now() + this.#behaviour.clockAheadMs;
    switch (this.#behaviour.stamps) {
      case "seconds":
        return { timestamp: now / 1000 };
      case "milliseconds":
        return { timestamp: Math.floor(now) };
      case "iso":
        return { timestamp: new Date(now).toISOString() };
      case "nonsense":
        // Now an hour ahead, now an hour behind.
        return { timestamp: (now + (Math.floor(now) % 2 === 0 ? 3_600_000 : -3_600_000)) / 1000 };
      case "none":
        return {};
    }
  }

  #send(user: string, frame: Json): void {
    const socket = this.#sockets.get(user);
    if (socket?.readyState === socket?.OPEN) socket?.send(JSON.stringify(frame));
  }

  #later(ms: number, action: () => void): void {
    if (ms <= 0) {
      action();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }
}
