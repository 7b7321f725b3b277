// What a transcript keeps of what a target names: bounded, and without secrets.
import { expect, it } from "vitest";
import { createRecorder } from "../../../src/run/trial/recorder.js";
import type { Wire } from "../../../src/session/services.js";
import { createRedactor } from "../../../src/support/redaction.js";
import type { ChannelHandlers } from "../../../src/wire/socket/channel.js";

const REQUEST = { url: "ws://127.0.0.1:1/", headers: {}, protocols: [] };

/** A listener, and how a frame with a label reaches it. */
function listening() {
  const listener = createRecorder(
    () => 0,
    createRedactor(["pass-word"]).redact,
    () => undefined,
  );
  let told: ChannelHandlers | undefined;
  const unused = (): never => {
    throw new Error("nobody asks for this");
  };
  const wire: Wire = {
    openChannel(_request, handlers) {
      told = handlers;
      const nothing = (): void => undefined;
      return {
        ...{ open: true, bufferedBytes: 0 },
        ...{ send: nothing, ping: nothing, close: nothing, terminate: nothing },
      };
    },
    openStream: unused,
    ask: unused,
    get: unused,
  };
  const heard: unknown[] = [];
  listener.wire(wire).openChannel(REQUEST, {
    onOpen: () => undefined,
    onText: (_text, _atUs, label) => heard.push(label),
    onBinary: () => undefined,
    onPong: () => undefined,
    onClose: () => undefined,
  });
  return { listener, heard, say: (label: string) => told?.onText("{}", 0, label) };
}

it("keeps the start of a label, without secrets, and passes it on unchanged", () => {
  const { listener, heard, say } = listening();
  const labels = ["l".repeat(100_000), "event for pass-word"];
  for (const label of labels) say(label);
  const frames = listener.entries.filter((entry) => entry.type === "frame");
  expect(frames.map(({ label }) => label)).toEqual([`${"l".repeat(200)}…`, "event for ***"]);
  expect(heard).toEqual(labels);
});
