// Which hosts count as this machine.
import { expect, it } from "vitest";
import { isLoopback } from "../../../src/scenarios/accounts/hosts.js";

it.each([
  "http://localhost:8000",
  "http://LOCALHOST",
  "http://api.localhost",
  "http://127.0.0.1",
  "http://127.1:80",
  "http://0x7f000001",
  "https://[::1]:8443",
  "http://[::ffff:127.0.0.1]",
])("%s is this machine", (url) => {
  expect(isLoopback(url)).toBe(true);
});

it.each([
  "http://localhost.example.com",
  "http://127.0.0.1.example.com",
  "http://notlocalhost",
  "http://user@example.com#localhost",
  "http://127.0.0.1@example.com",
  "http://128.0.0.1",
  "http://0.0.0.0",
  "http://[::2]",
  "localhost",
  "",
])("%j is not", (url) => {
  expect(isLoopback(url)).toBe(false);
});
