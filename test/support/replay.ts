// A recorded stream played to one virtual user: the bytes go the whole way, from the reader of streams to the turn.
import { readdirSync, readFileSync } from "node:fs";
import { blankEvent } from "../../src/model/turn/event.js";
import { profileNamed } from "../../src/profiles/index.js";
import type { Protocol } from "../../src/profiles/profile.js";
import { UserRegistry } from "../../src/run/worker/users/registry.js";
import { checked } from "../../src/scenarios/parse/explain.js";
import type { Wire } from "../../src/session/services.js";
import type { Turn } from "../../src/session/turn/turn.js";
import { type UserServices, VirtualUser } from "../../src/session/user/virtual-user.js";
import { randomFrom } from "../../src/support/random.js";
import type { HttpClient } from "../../src/wire/http/http.js";
import type { HttpStreamHandlers } from "../../src/wire/http/http-stream.js";
import { openEventStream } from "../../src/wire/http/sse.js";
import { FakeClock } from "./fake-clock.js";
import { RecordingObserver, SESSION, scheduleOf } from "./fake-service.js";
import { TARGET } from "./scenario.js";
import { CODEC } from "./turns.js";

const FOLDER = new URL("../profiles/recordings/", import.meta.url);

/** What a real server sent: its library and version, and the body of one answer. */
export interface Recording {
  readonly name: string;
  readonly library: string;
  readonly case: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** All recordings of a preset, by `record.mjs` beside the servers. */
export function recordingsOf(preset: string): readonly Recording[] {
  const folder = new URL(`${preset}/`, FOLDER);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .map((name) => {
      const bytes = readFileSync(new URL(name, folder));
      const end = bytes.indexOf("\n\n");
      const head = new Map(
        bytes
          .subarray(0, end)
          .toString("utf8")
          .split("\n")
          .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)] as const),
      );
      return {
        name: name.replace(/\.txt$/, ""),
        library: head.get("library") ?? "",
        case: head.get("case") ?? "",
        status: Number(head.get("status")),
        contentType: head.get("content-type") ?? "",
        body: bytes.subarray(end + 2),
      };
    });
}

/** The profile's protocol, with options as a scenario file would write them. */
function protocolOf(profile: string, options: object, http: HttpClient): Protocol {
  const made = profileNamed(profile);
  if (!made) throw new Error(`no profile ${profile}`);
  const parsed = checked(made.schema, options);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return made.open({ ...TARGET, url: "http://h" }, parsed.data, http);
}

export interface Playing {
  readonly turn: Turn;
  readonly user: VirtualUser;
  readonly services: UserServices;
  /** Bodies of the requests, parsed. */
  readonly bodies: readonly unknown[];
  /** Kinds of the events so far, each run of equal ones once, tools by name. */
  readonly kinds: readonly string[];
  readonly observer: RecordingObserver;
  /** Requests that were made, by method and path. */
  readonly requests: readonly string[];
  /** What follows is sent on the stream of the first request. */
  toFirst(): void;
  head(status?: number, contentType?: string): void;
  data(bytes: Buffer): void;
  /** @param which of the requests, from 0; the last one where it is left out */
  end(done?: boolean, which?: number): void;
  /** Lets the time pass that a turn may take, and its grace. */
  over(): Promise<void>;
}

/** A user who has just sent its message, and waits for a stream that the test plays. */
export async function playing(profile: string, options: object = {}, decides = false): Promise<Playing> {
  const clock = new FakeClock(1_000_000);
  const requests: string[] = [];
  const bodies: unknown[] = [];
  const all: HttpStreamHandlers[] = [];
  let playingTo: HttpStreamHandlers | undefined;
  const http = {
    stream(
      { method, url, body }: { readonly method: string; readonly url: string; readonly body?: string },
      _idleUs: number,
      handlers: HttpStreamHandlers,
    ) {
      requests.push(`${method} ${new URL(url).pathname}`);
      bodies.push(body === undefined ? undefined : JSON.parse(body));
      playingTo = handlers;
      all.push(handlers);
      return { cancel: () => handlers.onEnd({ ...OVER, done: false, ours: true }) };
    },
  } as unknown as HttpClient;
  const protocol = protocolOf(profile, options, http);
  const kinds: string[] = [];
  const observer = new RecordingObserver();
  const services = {
    schedule: scheduleOf(clock),
    protocol: { ...protocol, decode: told(protocol, kinds) },
    wire: {
      openStream: ((request, idleUs, handlers) =>
        openEventStream(
          http,
          request,
          { frameBytes: 1_000_000, idleUs },
          handlers,
        )) satisfies Wire["openStream"],
      get: async () => ({ ok: true, doneUs: clock.nowUs() }),
    },
    codec: CODEC,
    event: blankEvent(),
    watchedWords: [],
    decides,
    account: { opened() {}, ended() {}, graceOver() {} },
    observer,
    registry: new UserRegistry(),
    groupNameOf: () => "",
    connection: { timeoutUs: 3_000_000, reconnects: 2, greeting: { seen: undefined }, pace: async () => {} },
  } as unknown as UserServices;
  const user = new VirtualUser(services, 0, randomFrom(1, "user", 0), SESSION);
  await user.channel.connect(clock.nowUs());
  const thread = user.addThread("thread-1");
  void user.send({
    text: (nonce) => `hello ${nonce}`,
    thread,
    intendedUs: clock.nowUs(),
    expect: "completed",
    metadata: undefined,
  });
  await clock.pass(0);
  const [turn] = user.open;
  if (!turn) throw new Error("nothing was sent");
  return {
    ...{ turn, user, services, bodies },
    kinds,
    observer,
    requests,
    toFirst: () => {
      playingTo = all[0];
    },
    head: (status = 200, contentType = "text/event-stream") => playingTo?.onHead(status, contentType, ""),
    data: (bytes) => playingTo?.onData(bytes, clock.nowUs()),
    end: (done = true, which = -1) => all.at(which)?.onEnd({ ...OVER, done, atUs: clock.nowUs() }),
    over: () => clock.pass(10_000_000),
  };
}

const OVER = { done: true, ours: false, atUs: 0, code: undefined, message: "" };

/** What is no event of a turn; what becomes of an answer's pieces shows in the answer. */
const UNTOLD = /^(ignored|answer_kept|answer_dropped)$/;

/** The decoder, which also notes what each event was. */
function told(protocol: Protocol, kinds: string[]): Protocol["decode"] {
  return (frame, into = blankEvent(), label, each) =>
    protocol.decode(frame, into, label, () => {
      const tool = into.kind.startsWith("tool_") ? `:${into.toolName ?? into.toolId ?? "?"}` : "";
      const kind = `${into.kind}${tool}`;
      if (!UNTOLD.test(into.kind) && kinds.at(-1) !== kind) kinds.push(kind);
      each?.();
    });
}
