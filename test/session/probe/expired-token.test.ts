// A socket held open past the end of its token: closed in time, read late by a busy worker, or really still open.
import { describe, expect, it } from "vitest";
import { holdOpen } from "../../../src/session/probe/expired-token.js";
import type { Outcome } from "../../../src/session/probe/probe-outcome.js";
import type { Uses } from "../../../src/session/services.js";
import type { ChannelHandlers, CloseInfo } from "../../../src/wire/socket/channel.js";
import { FakeClock } from "../../support/fake-clock.js";
import { SESSION, scheduleOf } from "../../support/fake-service.js";

const END_US = 10_000_000;
const GRACE_US = 1_000_000;
const CLOSED: CloseInfo = { kind: "auth", code: 1008, status: 0, reason: "", errorCode: undefined };

function held() {
  const clock = new FakeClock(0);
  const seen = { pings: 0, terminated: false };
  let server: ChannelHandlers | undefined;
  const services = {
    schedule: scheduleOf(clock),
    protocol: { socket: () => ({}) },
    wire: {
      openChannel(_request: unknown, handlers: ChannelHandlers) {
        server = handlers;
        const channel = { open: true, bufferedBytes: 0, send() {}, close() {} };
        return {
          ...channel,
          ping: () => seen.pings++,
          terminate: () => Object.assign(seen, { terminated: true }),
        };
      },
    },
  } as unknown as Uses<"wire" | "protocol" | "schedule">;
  let outcome: Outcome | undefined;
  void holdOpen(services, { session: SESSION, endUs: END_US }, { graceUs: GRACE_US }).then((result) => {
    outcome = result;
  });
  if (!server) throw new Error("no channel was opened");
  const settled = async (): Promise<Outcome | undefined> => {
    await Promise.resolve();
    return outcome;
  };
  return { clock, seen, server, settled };
}

describe("a socket held open past the end of its token", () => {
  it("is refused if it is closed within the grace", async () => {
    const { clock, seen, server, settled } = held();
    server.onOpen();
    await clock.pass(END_US + GRACE_US / 2);
    server.onClose(CLOSED);
    expect(await settled()).toEqual({ answer: "close 1008", result: "refused" });
    expect(seen.pings).toBe(0);
  });

  it("is refused if the close had come by the time that a late worker asks", async () => {
    const { clock, seen, server, settled } = held();
    server.onOpen();
    await clock.pass(END_US + GRACE_US);
    expect([seen.pings, await settled()]).toEqual([1, undefined]);
    server.onClose(CLOSED);
    expect(await settled()).toEqual({ answer: "close 1008", result: "refused" });
  });

  it("is a breach if it answers a ping after the grace period", async () => {
    const { clock, seen, server, settled } = held();
    server.onOpen();
    server.onPong(clock.nowUs());
    await clock.pass(END_US + GRACE_US);
    server.onPong(clock.nowUs());
    expect(await settled()).toEqual({ answer: "still open 1 s after it", result: "breach" });
    expect(seen.terminated).toBe(true);
  });

  it("is a breach if it neither answers a ping nor closes", async () => {
    const { clock, server, settled } = held();
    server.onOpen();
    await clock.pass(END_US + GRACE_US + 3_000_000);
    expect(await settled()).toMatchObject({ result: "breach" });
  });

  it("says nothing of the token if it never opened", async () => {
    const { clock, seen, settled } = held();
    await clock.pass(END_US + GRACE_US);
    expect(await settled()).toMatchObject({ result: "unclear" });
    expect(seen.pings).toBe(0);
  });
});
