// Secrets that must not get out.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, isSecretName, redactUrl, urlPasswords } from "../../src/support/redaction.js";

/** Values as they occur: any letters, at least four. What is asked for is that these do not survive. */
const secret = fc.string({ minLength: 4, maxLength: 40, unit: "binary" }).filter((text) => text.length >= 4);
const around = fc.string({ maxLength: 30 });

describe("a redactor", () => {
  it("lets no registered secret survive, wherever it is and whatever is next to it", () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 5 }),
        fc.array(around, { minLength: 6, maxLength: 6 }),
        (secrets, gaps) => {
          const text = gaps.map((gap, at) => gap + (secrets[at] ?? "")).join("");
          const clean = createRedactor(secrets).redact(text);
          for (const one of secrets) expect(clean).not.toContain(one);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("finds secrets that overlap or touch", () => {
    const letters = fc.string({ minLength: 4, maxLength: 8, unit: fc.constantFrom("a", "b") });
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 6 }), letters, (secrets, text) => {
        const clean = createRedactor(secrets).redact(text + secrets.join(""));
        for (const one of secrets) expect(clean).not.toContain(one);
      }),
      { numRuns: 500 },
    );
  });

  const spellings: readonly (readonly [string, (text: string) => string])[] = [
    ["URL-encoded", encodeURIComponent],
    [
      "URL-encoded in small letters",
      (text) => encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ],
    ["form-encoded", (text) => new URLSearchParams({ q: text }).toString().slice(2)],
    ["JSON-escaped", (text) => JSON.stringify({ text })],
    ["JSON in JSON", (text) => JSON.stringify(JSON.stringify({ text }))],
    ["base64", (text) => Buffer.from(text).toString("base64")],
    ["base64url", (text) => Buffer.from(text).toString("base64url")],
  ];
  it.each(spellings)("knows a secret that is %s", (_, spell) => {
    const wellFormed = secret.filter((text) => text.isWellFormed?.() ?? true);
    fc.assert(
      fc.property(wellFormed, around, (one, gap) => {
        const spelt = spell(one);
        const clean = createRedactor([one]).redact(`${gap}:${spelt}`);
        expect(clean).not.toContain(spelt);
      }),
    );
  });

  it("knows a secret inside a longer base64 text, such as basic credentials", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 12 }),
        fc.string({ minLength: 12, maxLength: 40 }),
        (user, password) => {
          const credentials = Buffer.from(`${user}:${password}`).toString("base64");
          const clean = createRedactor([password]).redact(`seen ${credentials} here`);
          // What is left must not spell the password: at most its first and last letter are shared with neighbours.
          const left = Buffer.from(
            (/seen (.*) here/.exec(clean)?.[1] ?? "").replaceAll("***", ""),
            "base64",
          ).toString();
          expect(left).not.toContain(password.slice(1, -1));
          expect(clean).toContain("***");
        },
      ),
    );
  });

  it("leaves other text alone", () => {
    const { redact } = createRedactor(["open-sesame", "abc"]);
    expect(redact("abc: the door is open, sesame seeds")).toBe("abc: the door is open, sesame seeds");
    expect(redact("")).toBe("");
  });

  it("blots out bearer credentials and JSON Web Tokens that nobody registered", () => {
    const { redact } = createRedactor([]);
    const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    expect(redact(`token=${token}&x=1`)).toBe("token=***&x=1");
    expect(redact("Authorization: Bearer abcdef123456")).toBe("Authorization: Bearer ***");
    expect(redact("connect http://me:hush@host:1/ failed")).toBe("connect http://me:***@host:1/ failed");
  });

  it("costs by the text, not by the number of secrets", () => {
    const many = createRedactor(Array.from({ length: 20_000 }, (_, at) => `password-${at}-${at * 7919}`));
    expect(many.redact(`x password-19999-${19_999 * 7919} y`)).toBe("x *** y");
  });
});

describe("a URL", () => {
  it("loses its password and secret parameters, and nothing else", () => {
    expect(redactUrl("https://me:hush@x.org:8443/a?token=abc&page=2#f")).toBe(
      "https://me:***@x.org:8443/a?token=***&page=2#f",
    );
    expect(redactUrl("https://x.org/a?api_key=abc&monkey=2")).toBe("https://x.org/a?api_key=***&monkey=2");
    expect(redactUrl("https://x.org/a@b:c")).toBe("https://x.org/a@b:c");
    expect(redactUrl("no url at all: x@y")).toBe("no url at all: x@y");
  });

  it("gives its password as written and decoded", () => {
    expect(urlPasswords("postgres://me:p%40ss@db/x")).toEqual(["p%40ss", "p@ss"]);
    expect(urlPasswords("postgres://db/x")).toEqual([]);
  });
});

it("names that hold secrets are known, and others are not", () => {
  for (const name of [
    "password",
    "X-Api-Key",
    "apiKey",
    "Authorization",
    "cookie",
    "set-cookie",
    "accessToken",
    "client_secret",
    "key",
    "signing-key",
  ]) {
    expect(isSecretName(name), name).toBe(true);
  }
  for (const name of ["accept", "user-agent", "monkey", "keyboard", "pattern", "origin"]) {
    expect(isSecretName(name), name).toBe(false);
  }
});

describe("a secret URL", () => {
  it("takes no word at the end of a text for the beginning of a secret URL, and its password still for a secret", () => {
    const url = "postgres://postgres:wrong-harbour-17@127.0.0.1:5432/app";
    const { redact } = createRedactor([url, "wrong-harbour-17"]);
    expect(redact("check persistence/postgres")).toBe("check persistence/postgres");
    expect(redact("a text that was cut at wrong-harb")).toBe("a text that was cut at ***");
    expect(redact(`dial ${url}`)).not.toContain("harbour");
  });
});
