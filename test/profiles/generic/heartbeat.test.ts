// Heartbeats of a protocol's own: the file's frame at the file's rate, and answers that name what they answer.

import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { systemClock } from "../../../src/support/clock.js";
import { liveUser } from "../../support/live-user.js";

async function served(socketOptions: object) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  const heard: string[] = [];
  server.on("connection", (socket) => {
    socket.on("message", (data) => heard.push(String(data)));
    socket.send('{"type":"ping","ping_event":{"event_id":7}}');
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const one = await liveUser("generic", url, {
    send: { q: "{text}" },
    socket: { ready: "open", ...socketOptions },
    events: [{ path: "type", kinds: { ping: "ping", end: "agent_completed" } }],
  });
  onTestFinished(async () => {
    await one.close();
    server.close();
  });
  await one.user.channel.connect(systemClock.nowUs());
  return { heard, user: one.user };
}

it("go out at their own rate, counted, and end with the channel", async () => {
  const every = "100ms";
  const { heard, user } = await served({ heartbeat: { send: { topic: "phoenix", ref: "{beat}" }, every } });
  await expect.poll(() => heard.length, { timeout: 5000 }).toBeGreaterThan(2);
  expect(heard.slice(0, 2)).toEqual(['{"topic":"phoenix","ref":1}', '{"topic":"phoenix","ref":2}']);
  user.channel.terminate();
  await new Promise((resolve) => setTimeout(resolve, 150));
  const { length } = heard;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(heard).toHaveLength(length);
});

it("are answered with what they carry", async () => {
  const { heard } = await served({ pong: { type: "pong", event_id: "{ping.ping_event.event_id}" } });
  await expect.poll(() => heard).toEqual(['{"type":"pong","event_id":7}']);
});
