// Whether a user is live whose channel the service closed: until it could not come back.
import { describe, expect, it } from "vitest";
import type { CloseInfo } from "../../../src/wire/socket/channel.js";
import { openedChannel } from "../../support/opened-channel.js";

const SECOND = 1_000_000;

interface Case {
  readonly kind?: CloseInfo["kind"];
  readonly busy?: boolean;
  readonly reconnects?: number;
  /** Whether a message was sent before. */
  readonly used?: boolean;
  /** How long the channel was open. */
  readonly openUs?: number;
}

/** A channel that the service has just closed. */
async function closedChannel({
  kind = "normal",
  busy = false,
  reconnects = 9,
  used = true,
  openUs = 1,
}: Case) {
  const setup = await openedChannel(busy, reconnects);
  const { channel, clock, opened } = setup;
  if (used) channel.send("{}");
  await clock.pass(openUs);
  const close = (at: number, how: CloseInfo["kind"] = kind): void =>
    opened[at]?.onClose({ kind: how, code: 1000, status: 0, reason: "done", errorCode: undefined });
  close(0);
  return { ...setup, close, live: (): boolean => channel.liveAt(clock.nowUs()) };
}

describe("a user whose channel was closed in good order between turns", () => {
  it("is live until it is back, and after that", async () => {
    const { live, clock, opened } = await closedChannel({});
    expect(live()).toBe(true);
    await clock.pass(100_000);
    expect([opened.length, live()]).toEqual([2, true]);
    opened[1]?.onOpen();
    expect(live()).toBe(true);
    await clock.pass(3 * SECOND);
    expect(live()).toBe(true);
  });

  it("is lost once the service refuses it", async () => {
    const { live, clock, close } = await closedChannel({});
    await clock.pass(100_000);
    close(1, "broken");
    expect(live()).toBe(false);
    await clock.pass(300_000);
    expect(live()).toBe(false);
  });

  it("is lost if it is not back within a second", async () => {
    const { live, clock, opened } = await closedChannel({});
    await clock.pass(SECOND);
    expect(live()).toBe(true);
    await clock.pass(100_000);
    expect(live()).toBe(false);
    opened[1]?.onOpen();
    expect(live()).toBe(true);
  });

  it("is gone if it leaves meanwhile", async () => {
    const { live, channel } = await closedChannel({});
    channel.leave();
    expect(live()).toBe(false);
  });

  it("may have said nothing for as long as the channel was open, if that was a second", async () => {
    expect((await closedChannel({ used: false, openUs: SECOND })).live()).toBe(true);
  });
});

describe("a user whose channel was closed otherwise", () => {
  it.each<[string, Case]>([
    ["by a break of the connection", { kind: "broken" }],
    ["with its token refused", { kind: "auth" }],
    ["with a turn under way", { busy: true }],
    ["at once, before it could say anything", { used: false }],
    ["for good, since it does not come back by itself", { reconnects: 0 }],
  ])("%s is lost", async (_how, how) => {
    expect((await closedChannel(how)).live()).toBe(false);
  });
});
