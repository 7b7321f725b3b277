// Secrets of a scenario, known by their position.
import { describe, expect, it } from "vitest";
import { redactedScenario, secretsOf } from "../../src/scenarios/redacted.js";
import { createRedactor } from "../../src/support/redaction.js";
import { fileWith, LOAD, loadOne } from "./load.fixture.js";

const marked = "$".concat("{secret:MARKED}");
const target = `{ url: "http://user:pass-in-url@localhost:1", profile: netra, options: { tenant: "t-${marked}" },
      headers: { authorization: Bearer header-token, x-api-key: api-key-1, accept-language: en },
      accounts: { pattern: "u{n}@x.org", password: account-password }, proxy: "http://p:proxy-pass@127.0.0.1:2" }`;
const scenario = loadOne(fileWith(LOAD, { target }), { env: { MARKED: "marked-value" } });
const secrets = [
  "pass-in-url",
  "header-token",
  "api-key-1",
  "account-password",
  "proxy-pass",
  "marked-value",
];

describe("the secrets of a scenario", () => {
  it("are found by position: passwords, headers, keys, URLs, and what was marked", () => {
    expect(secretsOf(scenario)).toEqual(expect.arrayContaining(secrets));
    expect(secretsOf(scenario)).not.toContain("en");
  });

  it("are not the kinds of events, whatever a backend calls these", () => {
    const kinds = { stream_token: "answer_delta", "api-key": "ignored" };
    const options = { events: [{ path: "type", kinds }], text: "token" };
    expect(secretsOf({ options })).toEqual([]);
    expect(secretsOf({ options: { events: { session_token: "welcome" } } })).toEqual([]);
    expect(secretsOf({ options: { ...options, session_token: "abc-def" } })).toEqual(["abc-def"]);
    const shown = redactedScenario({ ...scenario, target: { ...scenario.target, options } });
    expect(shown).toMatchObject({ target: { options } });
  });

  it("are passwords and tokens of account files", () => {
    const files = {
      "a.csv": "email,password\na@x.org,list-password\nb@x.org,other-password\n",
      "t.txt": "token-one\ntoken-two\n",
    };
    const list = loadOne(fileWith(LOAD, { target: "{ embedded: true, accounts: { file: a.csv } }" }), {
      files,
    });
    expect(secretsOf(list)).toEqual(["list-password", "other-password"]);
    const tokens = loadOne(fileWith(LOAD, { target: "{ embedded: true, accounts: { tokens: t.txt } }" }), {
      files,
    });
    expect(secretsOf(tokens)).toEqual(["token-one", "token-two"]);
    expect(redactedScenario(list)).toMatchObject({ target: { accounts: { accounts: 2 } } });
    expect(redactedScenario(tokens)).toMatchObject({ target: { accounts: { tokens: 2 } } });
  });
});

describe("a redacted scenario", () => {
  const text = JSON.stringify(redactedScenario(scenario));

  it("holds no secret, and everything else", () => {
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(redactedScenario(scenario)).toMatchObject({
      name: "s",
      load: scenario.load,
      journey: scenario.journey,
      target: {
        url: "http://user:***@localhost:1",
        options: { tenant: "t-***" },
        headers: { authorization: "***", "x-api-key": "***", "accept-language": "en" },
        accounts: { pattern: "u{n}@x.org", password: "***" },
      },
    });
  });

  it("is what a redactor of its secrets would not have to touch", () => {
    const { redact } = createRedactor(secretsOf(scenario));
    expect(redact(text)).toBe(text);
    expect(redact("401 for api-key-1 at http://user:pass-in-url@localhost:1")).toBe(
      "401 for *** at http://user:***@localhost:1",
    );
  });
});
