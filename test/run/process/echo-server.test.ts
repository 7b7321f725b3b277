// The echo server of a calibration: a process of its own that answers at once, and leaves with its parent.
import { expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { startEcho } from "../../../src/run/process/echo-server.js";

it("a message is answered at once with every event of a turn, and no process is left behind", async () => {
  const echo = await startEcho();
  onTestFinished(() => echo.stop());
  const login = await fetch(`${echo.url}/auth/register`, { method: "POST", body: "{}" });
  expect(await login.json()).toMatchObject({
    access_token: expect.any(String),
    user: { id: expect.any(String) },
  });
  expect((await fetch(`${echo.url}/elsewhere`)).status).toBe(404);
  const socket = new WebSocket(`${echo.url.replace("http", "ws")}/ws`);
  const seen: string[] = [];
  const ended = new Promise<{ payload: Record<string, unknown> }>((resolve) => {
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data));
      seen.push(frame.type);
      if (frame.type === "connection_established")
        socket.send(
          JSON.stringify({ type: "user_message", payload: { thread_id: "t", message_id: "mango-1" } }),
        );
      if (frame.type === "agent_completed") resolve(frame);
    });
  });
  const { payload } = await ended;
  expect(payload).toMatchObject({
    thread_id: "t",
    message_id: "mango-1",
    response: expect.stringContaining("mango-1"),
  });
  expect(seen).toEqual([
    "connection_established",
    "agent_started",
    "agent_thinking",
    "tool_executing",
    "tool_completed",
    "agent_completed",
  ]);
  await echo.stop();
  await expect(fetch(echo.url)).rejects.toThrow();
});
