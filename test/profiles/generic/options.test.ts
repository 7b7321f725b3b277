// What is wrong with a described backend is told where it stands in the file, all at once, and with its mend.
import { describe, expect, it } from "vitest";
import { AXES } from "../../../src/app/axes.js";
import { loadScenarios } from "../../../src/scenarios/load-file.js";

function problems(options: string, profile = "generic"): string {
  const text = `version: 1
targets:
  t:
    profile: ${profile}
    url: http://127.0.0.1:1
    options:
${options.replace(/^/gm, "      ")}
scenarios:
  s: { target: t, load: { users: 1, hold: 5s }, journey: [connect, send: { prompt: mix }] }
`;
  try {
    const readText = (): string => "";
    loadScenarios({ path: "f.yaml", parts: [{ path: "f.yaml", text }], axes: AXES, env: {}, readText });
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const SOUND = `send: { q: "{text}" }
events: [{ path: type, kinds: { done: agent_completed } }]`;

describe("a mistake in the options of generic", () => {
  it("is none in the least that they can be", () => {
    expect(problems(SOUND)).toBe("");
  });

  it("that leaves the user's words out of the message is reported, with its place", () => {
    const sent = (send: string): string => problems(SOUND.replace('{ q: "{text}" }', send));
    for (const send of ['{ q: "{{text}}" }', "{ q: hello }", '"{threadId}"'])
      expect(sent(send)).toMatch(/f\.yaml:7:\d+: .*the message has no text: `\{text\}` is nowhere in it/);
    expect(sent("{ q: {text} }")).toMatch(/f\.yaml:7:\d+: .*`\{text\}` needs quotes/);
    for (const send of ['"{text}"', '{ q: ["say: {text|json}"] }', '{ $json: { q: "{text}" } }'])
      expect(sent(send)).toBe("");
  });

  it("that leaves them out of a stream's request is reported as well", () => {
    const streamed = (body: string): string =>
      problems(
        SOUND.replace(
          'send: { q: "{text}" }',
          `transport: sse\nstream: { request: { path: /chat, body: ${body} } }`,
        ),
      );
    expect(streamed("{ q: hello }")).toContain("the message has no text");
    expect(streamed('{ q: "{text}" }')).toBe("");
  });

  it("that asks for a run whose id nobody reads is reported, with its place and its fix", () => {
    const resumes = '\nsocket: { resume: { type: resume, run: "{runId}" } }';
    expect(problems(SOUND + resumes)).toMatch(
      /f\.yaml:9:\d+: .*socket\.resume: asks for a run.*ids: \{ run:/s,
    );
    expect(problems(`${SOUND}${resumes}\nids: { run: run_id }`)).toBe("");
    const stream = (path: string): string =>
      problems(`transport: sse
stream: { request: { path: /ask, body: "{text}" }, resume: { path: "${path}" } }
events: [{ path: type, kinds: { done: agent_completed } }]`);
    expect(stream("/runs/{runId}")).toContain("asks for a run");
    expect(stream("/threads/{threadId}")).toBe("");
  });

  it("in a placeholder is reported with line and column, and the nearest that there is", () => {
    const told = problems(SOUND.replace("{text}", "{txet} and {threadId|bas64}"));
    expect(told).toMatch(/f\.yaml:7:\d+: .*unknown placeholder `\{txet\}`/);
    expect(told).toContain("did you mean `text`?");
    expect(told).toContain("unknown filter `bas64`");
  });

  it("in a path, a condition, a rule or an expression is reported at its place", () => {
    const told = problems(`send: "{text}"
parse: a..b
canned: ["("]
events:
  - { path: type, kinds: { done: agent_complete } }
  - { when: { path: x }, kind: ignored }
  - { when: { path: x, equals: 1, contains: y }, kind: ignored }
  - { path: type }
  - { when: { path: x, matches: "(" }, kind: ignored }`);
    expect(told).toMatch(/:8:\d+: .*`a\.\.b` cannot be read/);
    expect(told).toMatch(/:9:\d+: .*is not a valid regular expression/);
    expect(told).toMatch(/:11:\d+: .*agent_complete/);
    expect(told).toMatch(/:12:\d+: .*a `path` needs one of equals, in, exists/);
    expect(told).toMatch(/:13:\d+: .*a condition has one of .* this has equals and contains/);
    expect(told).toMatch(/:14:\d+: .*a rule has `path` and `kinds`.*this has path/);
    expect(told).toMatch(/:15:\d+: .*`\(` is not a valid regular expression/);
  });

  it("in what belongs together is reported", () => {
    expect(problems("transport: sse\nevents: [{ path: type, kinds: { done: agent_completed } }]")).toContain(
      "the transport sse needs `stream`",
    );
    expect(problems('send: "{text}"\nevents: [{ path: type, kinds: { a: ack } }]')).toContain(
      "no turn would ever end",
    );
    expect(problems(`transport: socket.io\n${SOUND}`)).toContain("Socket.IO sends events");
    expect(problems(`${SOUND}\nhistory: { request: { path: /h }, rows: r }`)).toContain(
      "a service with pages",
    );
    expect(problems(`${SOUND}\nsocket: { handshake: [{ keep: { a: b } }] }`)).toContain("`await` or `send`");
    expect(problems("{}")).toContain("needs `events`");
  });
});

describe("a mistake in the options of a preset", () => {
  it("is reported at its place as well, its own switches included", () => {
    expect(problems("carier: query", "netra")).toMatch(/:7:\d+: .*unknown key `carier`/);
    expect(problems("carrier: quary", "netra")).toMatch(/:7:\d+: .*carrier/);
    expect(problems("stream: { request: { path: ask } }", "ag-ui")).toMatch(/:7:\d+: .*a path starts with/);
    expect(problems("events: [{ path: type, kinds: { mine: nothing } }]", "ai-sdk")).toMatch(/:7:\d+: /);
  });
});
