// A chat through the recorder becomes a scenario file that works: one server after another, each of another shape.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SENTENCES } from "../../../src/app/record/record.js";
import { COMMANDS } from "../../../src/commands/table.js";
import { type Ran, run } from "../../commands/command.fixture.js";
import { agUiServer } from "../../profiles/servers/ag-ui.js";
import { askServer } from "../../profiles/servers/ask.js";
import type { Service } from "../../profiles/servers/base.js";
import { chatServer } from "../../profiles/servers/chat.js";
import { ownShapeServer } from "../../profiles/servers/own-shape.js";
import {
  agUiClient,
  askClient,
  type Client,
  chatClient,
  completionsClient,
  KEY,
  letterClient,
  ownShapeClient,
  PERSON,
  roomClient,
} from "./clients.js";
import { recorded } from "./recorded.js";
import { completionsServer, letterServer, roomServer } from "./servers.js";

/** Name on the wire → what it is, as the server means it. */
type Meaning = Readonly<Record<string, string>>;

const SHAPES: readonly (readonly [name: string, () => Promise<Service>, Client, Meaning])[] = [
  [
    "one letter an event over a WebSocket, behind a form and a cookie",
    letterServer,
    letterClient,
    {
      S: "agent_started",
      T: "agent_thinking",
      C: "tool_executing",
      R: "tool_completed",
      W: "answer_delta",
      E: "agent_completed",
    },
  ],
  [
    "lines of JSON in numbered rooms",
    roomServer,
    roomClient,
    {
      "run.begin": "agent_started",
      "reasoning.delta": "agent_thinking",
      "tool.start": "tool_executing",
      "tool.finish": "tool_completed",
      "output.delta": "answer_delta",
      "run.end": "agent_completed",
    },
  ],
  [
    "server-sent events behind a form and a cookie",
    askServer,
    askClient,
    { run: "agent_started", thought: "agent_thinking", chunk: "answer_delta", "[DONE]": "agent_completed" },
  ],
  [
    "a WebSocket with a challenge and JSON inside strings",
    ownShapeServer,
    ownShapeClient,
    {
      begin: "agent_started",
      muse: "agent_thinking",
      "body.phase = tool and body.state = in": "tool_executing",
      "body.phase = tool and body.state = out": "tool_completed",
      word: "answer_delta",
      reply: "agent_completed",
    },
  ],
  [
    "Socket.IO by polling and then a socket",
    chatServer,
    chatClient,
    {
      task_start: "agent_started",
      "@label = new_message and type = tool": "tool_executing",
      "@label = update_message and type = tool": "tool_completed",
      stream_token: "answer_delta",
      task_end: "agent_completed",
    },
  ],
];

/** A user takes turns by the file as it was written. */
function tried(text: string, turns = 3): Promise<Ran> {
  const files = { "recorded.yaml": text, "tokens.txt": "sk-other-1\n" };
  return run(["try", "-f", "recorded.yaml", "--turns", String(turns), "--json"], files);
}

interface Frame {
  readonly type: string;
  readonly name: string;
  readonly kind: string;
}

describe("gp-load record", () => {
  it.each(SHAPES)("describes %s so that it works without edits", async (_name, start, client, meaning) => {
    const { url } = await start();
    const made = await recorded(url, client);
    expect(made.profile).toBe("generic");
    const ran = await tried(made.text);
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    const { entries } = JSON.parse(ran.stdout) as { readonly entries: readonly Frame[] };
    const kinds = new Map(
      entries.flatMap(({ type, name, kind }) => (type === "frame" ? [[name, kind]] : [])),
    );
    const told = Object.keys(meaning).map((name) => [name, kinds.get(name) ?? kinds.get(`@frame = ${name}`)]);
    expect(Object.fromEntries(told)).toEqual(meaning);
    expect([...kinds.values()]).not.toContain("unrecognised");
  });

  it.each(SHAPES)("writes no name, password or token for %s", async (_name, start, client) => {
    const { url } = await start();
    const { text, stdout } = await recorded(url, client);
    for (const secret of [PERSON.email, PERSON.password, "tok-"]) {
      expect(text).not.toContain(secret);
      expect(stdout).not.toContain(secret);
    }
    expect(text).not.toContain("***");
  });

  it("finds threads, ids, sequence numbers, timestamps, and how the conversation is read back", async () => {
    const { url } = await roomServer();
    const { options } = await recorded(url, roomClient);
    expect(options).toMatchObject({
      transport: "sse",
      login: {
        request: { path: "/api/login", body: { mail: "{email}", password: "{password}", device: "web" } },
        bearer: "tokens.access",
      },
      threads: { create: { path: "/api/rooms", body: { name: "{title}" } }, id: "room.number" },
      stream: {
        request: {
          path: "/api/rooms/{threadId}/messages",
          body: { prompt: { text: "{text}", lang: "en" }, key: "{messageId}", sent: "{now}" },
        },
      },
      ids: { run: "run_id", message: "reply_to" },
      seq: "seq",
      timestamp: "created",
      tool: { name: "call.tool", id: "call.id" },
      history: { rows: "items", sorted: "newest-first", row: { role: "role", text: "body[0].t" } },
    });
  });

  it("asks for the history if it saw none, and describes it if it did", async () => {
    const { url } = await roomServer();
    const blind: Client = (at, texts) => roomClient(at, texts, { reads: false });
    const [without, withIt] = [await recorded(url, blind), await recorded(url, roomClient)];
    expect(without.options.history).toBeUndefined();
    expect(without.text).toContain("# no request was seen that reads the conversation back");
    expect(withIt.text).not.toContain("no request was seen");
    expect(withIt.options.history).toBeDefined();
  });

  it("names the preset of a known protocol, and only what differs from it", async () => {
    const agent = await agUiServer();
    const made = await recorded(agent.url, agUiClient);
    expect([made.profile, made.options]).toEqual(["ag-ui", { stream: { request: { path: "/agent/run" } } }]);
    expect((await tried(made.text)).exit).toBe(0);
    const model = await completionsServer();
    const chat = await recorded(model.url, completionsClient);
    expect([chat.profile, chat.options]).toEqual([
      "openai-chat",
      {
        stream: {
          request: { path: "/gateway/v1/chat/completions", body: { model: "own", temperature: 0.3 } },
        },
      },
    ]);
    expect(chat.text).not.toContain(KEY);
    expect(chat.text).toContain("tokens: tokens.txt");
    expect((await tried(chat.text)).exit).toBe(0);
  });

  it("looks for what was actually typed, with quotes and line breaks", async () => {
    const { url } = await askServer();
    const made = await recorded(url, askClient, [`Say "hi"\nto {n} of $\{us}`, "And what now, Łódź?"]);
    expect(made.options).toMatchObject({
      stream: { request: { body: { question: "{text}", conversation: "{threadId}" } } },
    });
  });

  it("stops after the requested number of turns", async () => {
    const { url } = await letterServer();
    const made = await recorded(url, letterClient, SENTENCES, ["--turns", "2"]);
    expect(made.stdout).toContain("message 2 of 2 was seen");
    expect(made.exit).toBe(0);
  });

  it("says where to look if nothing was recorded, or none of the sentences", async () => {
    const { url } = await askServer();
    await expect(recorded(url, async () => {})).rejects.toThrow("nothing came to the recorder");
    const strange: Client = (at) => askClient(at, ["another question"]);
    await expect(recorded(url, strange)).rejects.toThrow("none of the sentences was seen");
  });

  it("refuses an unusable target, an existing file and a taken port before anything starts", async () => {
    const there = await run(["record", "--target", "http://127.0.0.1:9"], { "recorded.yaml": "" });
    expect([there.exit, there.stderr]).toEqual([2, expect.stringContaining("recorded.yaml already exists")]);
    for (const [args, words] of [
      [[], "no backend given"],
      [["--target", "ws://x"], "not an http or https URL"],
      [["--target", "http://127.0.0.1:9", "--text", "a"], "at least 3 characters"],
    ] as const) {
      const ran = await run(["record", ...args]);
      expect([ran.exit, ran.stderr]).toEqual([2, expect.stringContaining(words)]);
      expect(existsSync(join(ran.cwd, "recorded.yaml"))).toBe(false);
    }
    const { url } = await askServer();
    const taken = await run(["record", "--target", url, "--port", new URL(url).port], {}, COMMANDS);
    expect([taken.exit, taken.stderr]).toEqual([2, expect.stringContaining("cannot listen on port")]);
  });

  it("writes YAML with the recorder's comments", async () => {
    const { url } = await letterServer();
    const made = await recorded(url, letterClient);
    expect(parse(made.text)).toMatchObject({ version: 1, scenarios: { smoke: { target: "backend" } } });
    expect(made.text).toContain("# S (agent_started): taken for the start because it comes first");
    expect(readFileSync(join(made.cwd, "recorded.yaml"), "utf8")).toBe(made.text);
  });
});
