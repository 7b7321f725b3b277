// One user's turns as streams: each message is a request, its answer the turn's events. Defines when such a user is live.
//
// Between turns there is no connection to listen to. A user is live as long as nothing failed within 15 s: no stream
// broke or was refused by a failing server, and the last health check, if there is one, was answered.
import type { RequestFailure } from "../../model/log/failed-request.js";
import type { AgentEvent } from "../../model/turn/event.js";
import { isTold } from "../../model/turn/turn-end.js";
import type { ControlCall, Message, Session, TurnStreams } from "../../profiles/profile.js";
import type { StreamRequest } from "../../wire/http/http-stream.js";
import { requestName } from "../../wire/http/request-name.js";
import type { EventStream, StreamEnd } from "../../wire/http/sse.js";
import type { Uses } from "../services.js";
import type { Turn } from "../turn/turn.js";
import { sendControl, tryControl } from "./control-call.js";
import { describeAnswer, describeStreamEnd, describeUnanswered, streamCause } from "./describe-close.js";
import { EventIds } from "./event-ids.js";
import { mustAsk } from "./heartbeat.js";
import type { ConnectFailure, RequestCall, UserLink } from "./user-link.js";

/** How long a failure counts against its user, unless a success follows. */
const FAILURE_COUNTS_US = 15_000_000;
/** Most times that a broken stream is resumed. */
const MAX_RESUMES = 3;

/** What the streams report to their user. */
export interface StreamOwner {
  readonly number: number;
  session(): Session;
  /** A frame of that turn's own stream. @param again its event arrived before, according to its id */
  turnFrame(
    turn: Turn,
    frame: string,
    receivedAtUs: number,
    label: string | undefined,
    again: AgentEvent["again"],
  ): void;
  /** Text outside the frames: headers, ids and comments of events. @param name what it is */
  aside(text: string, atUs: number, name: string): void;
  /** A frame of the stream of another user's decision on the turn. @returns whether the turn goes on because of it */
  foreignFrame(turn: Turn, frame: string, receivedAtUs: number, label: string | undefined): boolean;
  /** The turn's stream has ended and will not be resumed. */
  turnEnded(turn: Turn, end: StreamEnd): void;
  /** Called now and then. */
  visited(): void;
  /** Gets a session other than the one whose token was refused. `false` if none is available. Never rejects. */
  renewed(refusedToken: string): Promise<boolean>;
  /** The user left on its own. */
  left(): void;
}

/** A health check that failed. */
interface HealthFailure extends ConnectFailure {
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly request: string | undefined;
}

interface Running {
  readonly message: Message;
  /** The request, with the session's current token. */
  readonly request: () => StreamRequest;
  stream: EventStream | undefined;
  resumes: number;
  /** Its answer has started. */
  answered?: true;
  /** A refused token was renewed for it, which happens only once. */
  renewed?: true;
  /** Where it can be resumed. */
  lastEventId: string | undefined;
  readonly ids: EventIds;
}

export type StreamServices = Uses<"schedule" | "wire" | "connection" | "observer">;

export class UserStreams implements UserLink {
  readonly #services: StreamServices;
  readonly #streams: TurnStreams;
  readonly #owner: StreamOwner;
  readonly #running = new Map<Turn, Running>();
  /** Streams of other users' decisions, by the turn they are about, until its own user decides. */
  readonly #foreign = new Map<Turn, EventStream>();
  #ready = false;
  #wanted = false;
  #asking = false;
  #startedUs = Number.NaN;
  #goodUs = Number.NEGATIVE_INFINITY;
  #failedUs = Number.NEGATIVE_INFINITY;

  constructor(services: StreamServices, streams: TurnStreams, owner: StreamOwner) {
    this.#services = services;
    this.#streams = streams;
    this.#owner = owner;
  }

  get ready(): boolean {
    return this.#ready;
  }

  get startedUs(): number {
    return this.#startedUs;
  }

  liveAt(us: number): boolean {
    return this.#ready && (this.#goodUs >= this.#failedUs || us - this.#failedUs > FAILURE_COUNTS_US);
  }

  async connect(intendedUs: number): Promise<ConnectFailure | undefined> {
    this.#wanted = true;
    const { token } = this.#owner.session();
    let failure = await this.#attempt();
    // A refused token is refused again: the next try uses another token, or is not made.
    if (failure?.kind === "auth" && (await this.#owner.renewed(token))) failure = await this.#attempt();
    if (failure) this.#services.schedule.samplesAt(intendedUs).of("connect").censor();
    else this.#comeBack();
    return failure;
  }

  async ensure(): Promise<boolean> {
    if (!this.#ready && this.#wanted) await this.#attempt();
    return this.#ready;
  }

  /** Sends the message of a turn as a separate request. */
  open(turn: Turn, message: Message): void {
    this.#ask(turn, message, () => this.#streams.request(message, this.#owner.session()));
  }

  #ask(turn: Turn, message: Message, request: Running["request"]): void {
    const running: Running = {
      ...{ message, request, stream: undefined, resumes: 0, lastEventId: undefined },
      ids: new EventIds(),
    };
    this.#running.set(turn, running);
    running.stream = this.#listen(turn, running, request());
  }

  act(turn: Turn, call: ControlCall): void {
    switch (call.by) {
      case "close":
        this.drop(turn);
        return;
      case "request":
        sendControl(call.request, this.#owner.number, this.#services);
        return;
      case "stream": {
        this.drop(turn);
        const { threadId, nonce: messageId } = turn;
        this.#ask(turn, { text: "", threadId, messageId, metadata: undefined }, () => call.request);
        return;
      }
      case "frames":
    }
  }

  actAsOther(turn: Turn, { by, request }: RequestCall): Promise<void> {
    if (by === "request") return tryControl(request, this.#services);
    return new Promise((resolve) => {
      this.#followOther(turn, request, resolve);
    });
  }

  #followOther(turn: Turn, request: StreamRequest, over: () => void): void {
    let acted = false;
    const stream = this.#services.wire.openStream(request, this.#streams.idleUs, {
      onOpen: () => {},
      onSign: () => {},
      onFrame: (frame, atUs, label) => {
        if (this.#foreign.has(turn)) acted = this.#owner.foreignFrame(turn, frame, atUs, label) || acted;
      },
      onEnd: (end) => {
        if (this.#foreign.delete(turn) && acted) this.#owner.turnEnded(turn, end);
        over();
      },
    });
    this.#foreign.set(turn, stream);
  }

  /** Drops a turn that nothing waits for any more. */
  drop(turn: Turn): void {
    const running = this.#running.get(turn);
    this.#running.delete(turn);
    running?.stream?.cancel();
    if (running?.stream && !running.answered && turn.end === "deadline") this.#unanswered(turn, running);
    const foreign = this.#foreign.get(turn);
    this.#foreign.delete(turn);
    foreign?.cancel();
  }

  /** Checks the service's health if a sample or an answer is needed; checks of all users would be a load of their own. */
  tick(nowUs: number, sampled: boolean): void {
    this.#owner.visited();
    if (!this.#ready) return;
    if (sampled || mustAsk(nowUs - this.#goodUs, this.#services.connection)) void this.#askHealth();
  }

  leave(): void {
    this.#ready = false;
    this.#wanted = false;
    this.#owner.left();
    for (const running of this.#running.values()) {
      running.stream?.cancel();
      running.stream = undefined;
    }
  }

  close(): void {
    this.#ready = false;
    this.#wanted = false;
  }

  terminate(): void {
    this.close();
    for (const turn of [...this.#running.keys(), ...this.#foreign.keys()]) this.drop(turn);
  }

  /** After an absence: resumes open turns if possible. */
  #comeBack(): void {
    for (const [turn, running] of this.#running) {
      if (running.stream !== undefined || turn.end !== undefined) continue;
      running.stream = this.#resumed(turn, running);
    }
  }

  async #attempt(): Promise<ConnectFailure | undefined> {
    const { connection, schedule } = this.#services;
    await connection.pace();
    this.#startedUs = schedule.clock.nowUs();
    const failure = await this.#healthFailure("connect");
    if (failure) this.#failed("connect", failure);
    else this.#ready = this.#wanted;
    return failure;
  }

  async #askHealth(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const failure = await this.#healthFailure("socket.rtt");
    if (failure && this.#ready) this.#failed("health", failure);
    this.#asking = false;
  }

  /** Checks the service's health, if it has a health check, and records its time in `metric`. */
  async #healthFailure(metric: "connect" | "socket.rtt"): Promise<HealthFailure | undefined> {
    const request = this.#streams.health(this.#owner.session());
    if (!request) return undefined;
    const { schedule, wire } = this.#services;
    const askedUs = schedule.clock.nowUs();
    const answer = await wire.get(request);
    if (answer.ok) {
      this.#goodUs = answer.doneUs;
      schedule
        .samplesAt(askedUs)
        .of(metric)
        .push(Math.max(0, answer.doneUs - askedUs));
      return undefined;
    }
    this.#failedUs = answer.doneUs;
    const auth = answer.status === 401 || answer.status === 403;
    const { status, code: errorCode, request: name } = answer;
    return {
      kind: auth ? "auth" : "broken",
      message: describeAnswer(answer),
      status,
      errorCode,
      request: name,
    };
  }

  #failed(step: "connect" | "health", { message, status, errorCode, request }: HealthFailure): void {
    const failure: RequestFailure = { step, request, status, closeCode: 0, errorCode, message };
    this.#services.observer.trouble(`${step} ${message}`, this.#owner.number, failure);
  }

  /** @param again how to treat an event that arrived before */
  #listen(
    turn: Turn,
    running: Running,
    request: StreamRequest,
    again: AgentEvent["again"] = "duplicate",
  ): EventStream {
    let repeated = false;
    return this.#services.wire.openStream(request, this.#streams.idleUs, {
      onOpen: (atUs) => {
        this.#goodUs = atUs;
      },
      onSign: (atUs) => {
        this.#goodUs = atUs;
      },
      onAside: (text, atUs, name) => {
        // Its headers arrive first.
        running.answered = true;
        this.#owner.aside(text, atUs, name);
      },
      onEvent: (id, data, label) => {
        repeated = running.ids.isRepeated(id, data, label);
      },
      onFrame: (frame, atUs, label) => {
        this.#goodUs = atUs;
        this.#owner.turnFrame(turn, frame, atUs, label, repeated ? again : undefined);
      },
      onEnd: (end) => this.#ended(turn, running, end),
    });
  }

  #ended(turn: Turn, running: Running, end: StreamEnd): void {
    running.lastEventId = end.lastEventId ?? running.lastEventId;
    // Away: the turn goes on without its user.
    if (this.#running.get(turn) !== running || end.kind === "ours") return;
    if (end.kind === "refused" && end.status === 401 && !running.renewed) {
      void this.#renewAndAskAgain(turn, running, end);
      return;
    }
    this.#settleEnd(turn, running, end);
  }

  /** The token has expired, and the request with it: sends the message again with a new token. */
  async #renewAndAskAgain(turn: Turn, running: Running, end: StreamEnd): Promise<void> {
    running.renewed = true;
    const { token } = this.#owner.session();
    const renewed = token !== "" && (await this.#owner.renewed(token));
    if (this.#running.get(turn) !== running) return;
    if (renewed && this.#wanted && turn.end === undefined) {
      running.stream = this.#listen(turn, running, running.request());
    } else this.#settleEnd(turn, running, end);
  }

  #settleEnd(turn: Turn, running: Running, end: StreamEnd): void {
    if (end.kind !== "ended") this.#streamFailed(running, end);
    // A break after the end of its turn does the user no harm.
    const failed = end.kind !== "ended" && !(end.kind === "refused" && end.status < 500) && !isTold(turn.end);
    if (failed) {
      this.#failedUs = end.atUs;
      if (turn.end === undefined && this.#takeUpAgain(turn, running, end)) return;
    }
    this.#running.delete(turn);
    if (end.kind !== "ended" && turn.end === undefined) turn.requestFailed = true;
    this.#owner.turnEnded(turn, end);
  }

  #streamFailed(running: Running, end: StreamEnd): void {
    const message = describeStreamEnd(end, this.#streams.idleUs);
    this.#tell(running, streamCause(end), { status: end.status, errorCode: end.errorCode, message });
  }

  #unanswered(turn: Turn, running: Running): void {
    const message = describeUnanswered(this.#services.schedule.clock.nowUs() - turn.sentUs);
    this.#tell(running, "unanswered", { status: 0, message });
  }

  #tell(
    running: Running,
    cause: string,
    failure: Pick<RequestFailure, "status" | "errorCode" | "message">,
  ): void {
    const { method, url } = running.request();
    const asked = { step: "stream", request: requestName(method, url), closeCode: 0 } as const;
    this.#services.observer.trouble(`stream ${cause}`, this.#owner.number, { ...asked, ...failure });
  }

  #takeUpAgain(turn: Turn, running: Running, end: StreamEnd): boolean {
    if (end.kind === "unreachable" || end.kind === "refused" || end.kind === "too_big") return false;
    if (!this.#wanted || running.resumes++ >= Math.min(MAX_RESUMES, this.#services.connection.reconnects))
      return false;
    const stream = this.#resumed(turn, running);
    if (!stream) return false;
    turn.channelLost = true;
    running.stream = stream;
    return true;
  }

  /** Requested from the start, a stream is replayed from there; requested after an event, it must not repeat earlier ones. */
  #resumed(turn: Turn, running: Running): EventStream | undefined {
    const { message, lastEventId } = running;
    const request = this.#streams.resume(message, turn.runId, lastEventId, this.#owner.session());
    return request && this.#listen(turn, running, request, lastEventId ? "duplicate" : "replayed");
  }
}
