// Cookies of a session: which are kept, which end, and where they go.
import { describe, expect, it } from "vitest";
import { CookieJar } from "../../../src/wire/http/cookie-jar.js";

const AT = "https://app.example.com/auth/login";
let nowMs = 1_000_000;
const jar = (...lines: readonly string[]): CookieJar => {
  const made = new CookieJar(() => nowMs);
  made.keep(AT, lines);
  return made;
};

describe("a cookie jar", () => {
  it("keeps the last of several lines of one name, also if the first clears it", () => {
    const kept = jar(
      "sid=; Path=/; Max-Age=0",
      "sid=s1; Path=/; HttpOnly; SameSite=Lax",
      "xsrf=x-s1; Path=/",
    );
    expect(kept.header("https://app.example.com/ask")).toBe("sid=s1; xsrf=x-s1");
    expect(kept.value("sid")).toBe("s1");
    expect(
      jar("sid=s1; Path=/", "sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT").value("sid"),
    ).toBeUndefined();
  });

  it("sends each where host, path and scheme fit, and longer paths first", () => {
    const kept = jar(
      "a=1; Path=/",
      "b=2; Path=/auth",
      "c=3",
      "d=4; Domain=.example.com; Path=/",
      "e=5; Secure; Path=/",
    );
    expect(kept.header(AT)).toBe("b=2; c=3; a=1; d=4; e=5");
    expect(kept.header("https://app.example.com/authors")).toBe("a=1; d=4; e=5");
    expect(kept.header("wss://app.example.com/ws")).toBe("a=1; d=4; e=5");
    expect(kept.header("http://app.example.com/")).toBe("a=1; d=4");
    expect(kept.header("https://api.example.com/")).toBe("d=4");
    expect(kept.header("https://example.org/")).toBeUndefined();
    const local = new CookieJar(() => nowMs);
    local.keep("http://127.0.0.1:80/", ["s=1; Secure"]);
    expect(local.header("http://127.0.0.1:80/x")).toBe("s=1");
  });

  it("keeps none for other hosts, and none that is malformed or too long", () => {
    const kept = jar("a=1; Domain=other.com", "nothing", "=x", `long=${"x".repeat(5000)}`, "");
    expect(kept.values()).toEqual([]);
    expect(kept.header(AT)).toBeUndefined();
  });

  it("drops what has ended, and lets Max-Age go before Expires", () => {
    const kept = jar("a=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "b=2; Max-Age=odd");
    expect(kept.header(AT)).toBe("a=1; b=2");
    nowMs += 10_000;
    expect(kept.header(AT)).toBe("b=2");
  });

  it("holds no more than a browser does, however many are set", () => {
    const kept = jar(...Array.from({ length: 500 }, (_, at) => `c${at}=v`));
    expect(kept.values()).toHaveLength(50);
    expect(kept.value("c499")).toBe("v");
  });
});
