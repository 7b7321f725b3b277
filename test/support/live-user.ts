// One virtual user on a real backend, spoken to by a profile: what a worker puts together, without the worker.

import { blankEvent } from "../../src/model/turn/event.js";
import { profileNamed } from "../../src/profiles/index.js";
import type { Protocol } from "../../src/profiles/profile.js";
import { UserRegistry } from "../../src/run/worker/users/registry.js";
import { checked } from "../../src/scenarios/parse/explain.js";
import type { Wire } from "../../src/session/services.js";
import type { Turn } from "../../src/session/turn/turn.js";
import { type UserServices, VirtualUser } from "../../src/session/user/virtual-user.js";
import { systemClock } from "../../src/support/clock.js";
import { randomFrom } from "../../src/support/random.js";
import { createHttpClient } from "../../src/wire/http/http.js";
import { openEventStream } from "../../src/wire/http/sse.js";
import { openWithHandshake } from "../../src/wire/socket/handshake.js";
import { openSocketIo } from "../../src/wire/socket/socket-io.js";
import { openWebSocket } from "../../src/wire/socket/websocket.js";
import type { FakeClock } from "./fake-clock.js";
import { RecordingObserver, scheduleOf } from "./fake-service.js";
import { TARGET } from "./scenario.js";
import { CODEC } from "./turns.js";

const WIRE = {
  tls: TARGET.tls,
  proxy: undefined,
  origin: undefined,
  extraHeaders: {},
  frameBytes: 100_000,
  timeoutUs: 3_000_000,
};

export interface LiveUser {
  readonly user: VirtualUser;
  readonly protocol: Protocol;
  readonly observer: RecordingObserver;
  /** Connects where that was not done, and sends one message in a thread of its own. */
  ask(text?: string): Promise<Turn>;
  close(): Promise<void>;
}

/** Logs in, with a profile's options as a scenario file would write them. */
export async function liveUser(profile: string, url: string, options: object): Promise<LiveUser> {
  const made = profileNamed(profile);
  if (!made) throw new Error(`no profile ${profile}`);
  const parsed = checked(made.schema, options);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const http = createHttpClient({ ...WIRE, headers: {}, connections: 8, bodyBytes: 1_000_000 });
  const protocol = made.open({ ...TARGET, url }, parsed.data, http);
  const observer = new RecordingObserver();
  const wire: Wire = {
    openChannel(request, handlers) {
      const { handshake, transport } = request;
      const open = transport === "socket.io" ? openSocketIo : openWebSocket;
      return handshake
        ? openWithHandshake(handshake, handlers, (inner) => open({ ...request, ...WIRE }, inner))
        : open({ ...request, ...WIRE }, handlers);
    },
    openStream: (request, idleUs, handlers) =>
      openEventStream(http, request, { frameBytes: WIRE.frameBytes, idleUs }, handlers),
    ask: ({ path, ...rest }) => http.request({ ...rest, url: `${url}${path}` }),
    get: (request) => http.request({ method: "GET", ...request }),
  };
  const services = {
    schedule: scheduleOf(systemClock as unknown as FakeClock),
    protocol,
    wire,
    codec: CODEC,
    event: blankEvent(),
    watchedWords: [],
    account: { opened() {}, ended() {}, graceOver() {} },
    settler: { take() {} },
    observer,
    registry: new UserRegistry(),
    groupNameOf: () => "",
    connection: {
      timeoutUs: WIRE.timeoutUs,
      pingUs: 1_000_000,
      silenceUs: 15_000_000,
      silenceInTurnUs: 70_000_000,
      askService: false,
      reconnects: 2,
      greeting: { seen: undefined },
      pace: async () => {},
    },
  } as unknown as UserServices;
  const login = await protocol.login({ email: "ann@example.com", password: "pw-of-ann" }, true);
  if (!login.ok) throw new Error(login.message);
  const user = new VirtualUser(services, 0, randomFrom(1, "user", 0), login.session);
  return {
    user,
    protocol,
    observer,
    async ask(text = "What shall we do?") {
      if (!user.channel.ready) await user.channel.connect(systemClock.nowUs());
      if (user.threads.length === 0) {
        const answer = await protocol.createThread(user.session, "one");
        if (!answer.ok) throw new Error(answer.message);
        user.addThread(answer.threadId);
      }
      const [thread] = user.threads;
      if (!thread) throw new Error("no thread");
      return user.send({
        text: (nonce) => `${text} ${nonce}`,
        thread,
        intendedUs: systemClock.nowUs(),
        expect: "completed",
        metadata: undefined,
      });
    },
    async close() {
      user.channel.terminate();
      await http.close();
    },
  };
}
