// A connection that is never answered: what was still awaited when its time was over.
import { describe, expect, it } from "vitest";
import { type ChannelServices, UserChannel } from "../../../src/session/channel/user-channel.js";
import { FakeClock } from "../../support/fake-clock.js";
import { RecordingObserver, scheduleOf } from "../../support/fake-service.js";

const SECOND = 1_000_000;

/** How a first connect fails of which nobody is told that it is ready. */
async function failureOf(open: boolean) {
  const clock = new FakeClock();
  const nothing = (): void => undefined;
  const services = {
    schedule: scheduleOf(clock),
    observer: new RecordingObserver(),
    protocol: {
      ready: "open",
      encodePing: () => undefined,
      socket: () => ({ url: "ws://h/", protocols: [] }),
    },
    connection: {
      ...{ timeoutUs: SECOND, pingUs: 5 * SECOND, silenceUs: 15 * SECOND, silenceInTurnUs: 70 * SECOND },
      ...{ askService: false, reconnects: 0, greeting: { seen: false }, pace: async () => undefined },
    },
    wire: {
      openChannel: () => ({
        ...{ open, bufferedBytes: 0, send: nothing, ping: nothing, close: nothing },
        ...{ terminate: nothing, pause: nothing, resume: nothing },
      }),
    },
  } as unknown as ChannelServices;
  const channel = new UserChannel(services, {
    ...{ number: 0, random: () => 0.5, session: () => ({ token: "" }), busy: () => false },
    ...{ visited: nothing, renewed: async () => false, frame: nothing, binary: nothing },
    ...{ left: nothing, restored: nothing, gaveUp: nothing, lost: nothing },
  } as unknown as ConstructorParameters<typeof UserChannel>[1]);
  const connected = channel.connect(0);
  await clock.pass(2 * SECOND);
  return connected;
}

describe("a connection whose time is over", () => {
  it("was not answered at all", async () => {
    expect(await failureOf(false)).toEqual({
      kind: "timeout",
      message:
        "the upgrade was not answered within 1s: check the path of the socket and the proxies in between, or raise connect.timeout",
    });
  });

  it("was answered, and then neither greeted nor taken further", async () => {
    expect(await failureOf(true)).toEqual({
      kind: "timeout",
      message:
        "the connection opened, but no welcome, or answer to its handshake, came within 1s: check socket.handshake and socket.ready, or raise connect.timeout",
    });
  });
});
