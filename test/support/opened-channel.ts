// One user's channel over a transport that does as the test says, under a clock that it turns.
import { type ChannelServices, UserChannel } from "../../src/session/channel/user-channel.js";
import { randomFrom } from "../../src/support/random.js";
import type { ChannelHandlers, CloseInfo } from "../../src/wire/socket/channel.js";
import { FakeClock } from "./fake-clock.js";
import { RecordingObserver, scheduleOf } from "./fake-service.js";

const SECOND = 1_000_000;

/** @param busy a turn is under way @param reconnects most tries to get a lost channel back */
export async function openedChannel(busy: boolean, reconnects = 0) {
  const clock = new FakeClock();
  const opened: ChannelHandlers[] = [];
  const lost: string[] = [];
  const nothing = (): void => undefined;
  const services = {
    schedule: scheduleOf(clock),
    observer: new RecordingObserver(),
    onLost: nothing,
    protocol: {
      ready: "open",
      encodePing: () => undefined,
      socket: () => ({ url: "ws://h/", protocols: [] }),
    },
    connection: {
      ...{ timeoutUs: 5 * SECOND, pingUs: 5 * SECOND, silenceUs: 15 * SECOND, silenceInTurnUs: 70 * SECOND },
      ...{ askService: false, reconnects, greeting: { seen: false }, pace: async () => undefined },
    },
    wire: {
      openChannel(_request: unknown, handlers: ChannelHandlers) {
        opened.push(handlers);
        return {
          ...{ open: true, bufferedBytes: 0, send: nothing, ping: nothing, close: nothing },
          ...{ terminate: nothing, pause: nothing, resume: nothing },
        };
      },
    },
  } as unknown as ChannelServices;
  const channel = new UserChannel(services, {
    ...{ number: 0, random: randomFrom(1, "channel", 0), session: () => ({ token: "" }), busy: () => busy },
    ...{ visited: nothing, renewed: async () => false, frame: nothing, binary: nothing, aside: nothing },
    ...{
      left: nothing,
      restored: nothing,
      gaveUp: nothing,
      lost: ({ reason }: CloseInfo) => lost.push(reason),
    },
  } as unknown as ConstructorParameters<typeof UserChannel>[1]);
  const connected = channel.connect(0);
  await Promise.resolve();
  await Promise.resolve();
  opened[0]?.onOpen();
  await connected;
  return {
    channel,
    clock,
    /** What the transport calls, one for each connection that was asked for. */
    opened,
    /** Reasons of the losses. */
    lost,
  };
}
