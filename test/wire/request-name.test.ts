// The name of a request in messages holds no secret.
import { expect, it } from "vitest";
import { requestName } from "../../src/wire/request-name.js";

it("names a request by method, host and path, without what may hold a secret", () => {
  expect(requestName("POST", "https://ann:pw@api.example.com:8443/auth/login?token=abc#x")).toBe(
    "POST https://api.example.com:8443/auth/login",
  );
  expect(requestName("GET", "ws://127.0.0.1:1/ws?token=abc")).toBe("GET ws://127.0.0.1:1/ws");
  expect(requestName("GET", "no url?token=abc")).toBe("GET");
});
