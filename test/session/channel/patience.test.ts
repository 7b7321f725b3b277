// A service that answers no ping while it works on a turn: too busy, and not gone.
import { describe, expect, it } from "vitest";
import { type ChannelServices, UserChannel } from "../../../src/session/channel/user-channel.js";
import type { ChannelHandlers, CloseInfo } from "../../../src/wire/socket/channel.js";
import { FakeClock } from "../../support/fake-clock.js";
import { RecordingObserver, scheduleOf } from "../../support/fake-service.js";

const SECOND = 1_000_000;

/** A channel that was opened at 0 and never heard of since, of a user with a turn under way or without. */
async function silentChannel(busy: boolean, frozen = false) {
  const clock = new FakeClock();
  let handlers: ChannelHandlers | undefined;
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
      ...{ timeoutUs: SECOND, pingUs: 5 * SECOND, silenceUs: 15 * SECOND, silenceInTurnUs: 70 * SECOND },
      ...{ askService: false, reconnects: 0, greeting: { seen: false }, pace: async () => undefined },
    },
    wire: {
      openChannel(_request: unknown, given: ChannelHandlers) {
        handlers = given;
        return {
          ...{ open: true, bufferedBytes: 0, send: nothing, ping: nothing, close: nothing },
          ...{ terminate: nothing, pause: nothing, resume: nothing },
        };
      },
    },
  } as unknown as ChannelServices;
  const channel = new UserChannel(services, {
    ...{ number: 0, random: () => 0.5, session: () => ({ token: "" }), busy: () => busy },
    ...{ visited: nothing, renewed: async () => false, frame: nothing, binary: nothing },
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
  handlers?.onOpen();
  await connected;
  if (frozen) channel.faults.freeze();
  return {
    lost,
    liveAfter: (seconds: number): boolean => channel.liveAt(seconds * SECOND),
    look: (seconds: number): void => channel.tick(seconds * SECOND, false),
  };
}

describe("a channel without a sign of life", () => {
  it("is given up after 15 s if nothing is under way", async () => {
    const { look, lost, liveAfter } = await silentChannel(false);
    look(14);
    expect([lost, liveAfter(14), liveAfter(16)]).toEqual([[], true, false]);
    look(16);
    expect(lost).toEqual(["silent for 15.0s"]);
  });

  it("is kept, and its user live, while a turn is under way and may still be answered", async () => {
    const { look, lost, liveAfter } = await silentChannel(true);
    look(16);
    look(69);
    expect([lost, liveAfter(69), liveAfter(71)]).toEqual([[], true, false]);
    look(71);
    expect(lost).toHaveLength(1);
  });

  it("is given up for all that if a fault of ours keeps it from us", async () => {
    const { look, lost } = await silentChannel(true, true);
    look(16);
    expect(lost).toEqual(["silent for 15.0s"]);
  });
});
