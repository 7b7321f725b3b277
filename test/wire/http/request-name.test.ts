// The names of requests and redirects in messages hold no secret.
import { describe, expect, it } from "vitest";
import { channelName, redirectName, requestName } from "../../../src/wire/http/request-name.js";

it("names a request by method, host and path, without what may hold a secret", () => {
  expect(requestName("POST", "https://ann:pw@api.example.com:8443/auth/login?token=abc#x")).toBe(
    "POST https://api.example.com:8443/auth/login",
  );
  expect(requestName("GET", "ws://127.0.0.1:1/ws?token=abc")).toBe("GET ws://127.0.0.1:1/ws");
  expect(requestName("GET", "no url?token=abc")).toBe("GET");
});

it("names a channel by its upgrade, and with Socket.IO by the server's path and the namespace", () => {
  const url = "http://ann:pw@chat.example.com/?token=abc";
  const path = "/ws/socket.io";
  expect(channelName({ url: "wss://chat.example.com/ws?token=abc" })).toBe("GET wss://chat.example.com/ws");
  expect(channelName({ transport: "socket.io", url, path })).toBe(
    "GET http://chat.example.com/ws/socket.io (Socket.IO)",
  );
  expect(channelName({ transport: "socket.io", url: "http://chat.example.com/team?token=abc", path })).toBe(
    "GET http://chat.example.com/ws/socket.io (Socket.IO, namespace /team)",
  );
});

describe("a redirect's name", () => {
  it.each([
    ["/v2/in?next=secret#top", "a redirect to /v2/in"],
    ["../in/", "a redirect to /in/"],
    ["https://user:pw@sso.example.com/in?t=1", "a redirect to https://sso.example.com/in"],
    [undefined, "a redirect to /api/in"],
    ["http://[", "a redirect"],
  ])("of %s is where it leads, without what may hold a secret", (location, name) => {
    expect(redirectName(location, "http://api.example.com/api/in")).toBe(name);
  });
});
