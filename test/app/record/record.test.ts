// A chat through the recorder becomes a scenario file that works: one server after another, each of another shape.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SENTENCES } from "../../../src/app/record/record.js";
import { COMMANDS } from "../../../src/commands/table.js";
import { type Ran, run } from "../../commands/command.fixture.js";
import { agUiServer } from "../../profiles/servers/ag-ui.js";
import { askServer } from "../../profiles/servers/ask.js";
import { chatServer } from "../../profiles/servers/chat.js";
import { ownShapeServer } from "../../profiles/servers/own-shape.js";
import { agUiClient, askClient, type Client, chatClient, ownShapeClient, PERSON } from "./clients.js";

interface Recorded extends Ran {
  readonly text: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly profile: string;
}

/** Records what the client does, ended by Ctrl-C. */
async function recorded(
  target: string,
  client: Client,
  texts: readonly string[] = SENTENCES,
  more: readonly string[] = [],
): Promise<Recorded> {
  let interrupt: () => void = () => {};
  let told = "";
  const given = texts === SENTENCES ? [] : texts.flatMap((text) => ["--text", text]);
  const ending = run(["record", "--target", target, ...given, ...more], {}, COMMANDS, {
    stdout: (text) => {
      told += text;
    },
    onInterrupt(callback) {
      interrupt = callback;
      return () => {};
    },
  });
  while (!told.includes("recording: ")) await new Promise((resolve) => setTimeout(resolve, 5));
  const [, url = ""] = /recording: (\S+)/.exec(told) ?? [];
  await client(url, texts);
  await new Promise((resolve) => setTimeout(resolve, 50));
  if (more.length === 0) interrupt();
  const ran = await ending;
  const text = readFileSync(join(ran.cwd, "recorded.yaml"), "utf8");
  const { targets } = parse(text) as {
    readonly targets: { readonly backend: { readonly profile: string; readonly options?: object } };
  };
  return {
    ...ran,
    stdout: told,
    text,
    profile: targets.backend.profile,
    options: (targets.backend.options ?? {}) as Recorded["options"],
  };
}

/** One user takes three turns by the file as it was written. */
async function tried({ text }: Recorded): Promise<Ran> {
  return run(["try", "-f", "recorded.yaml", "--turns", "3"], { "recorded.yaml": text });
}

describe("gp-load record", () => {
  it("describes a stream behind a form and a cookie, so that it can be tried unedited", async () => {
    const { url } = await askServer();
    const made = await recorded(url, askClient);
    console.log(made.text, made.stdout);
    const ran = await tried(made);
    if (ran.exit !== 0) console.log(ran.stdout.slice(-3000), ran.stderr);
    expect(ran.exit).toBe(0);
  });

  it("describes a socket with a challenge and JSON inside strings", async () => {
    const { url } = await ownShapeServer();
    const made = await recorded(url, ownShapeClient);
    console.log(made.text, made.stdout);
    const ran = await tried(made);
    if (ran.exit !== 0) console.log(ran.stdout.slice(-3000), ran.stderr);
    expect(ran.exit).toBe(0);
  });

  it("describes Socket.IO", async () => {
    const { url } = await chatServer();
    const made = await recorded(url, chatClient);
    console.log(made.text, made.stdout);
    const ran = await tried(made);
    if (ran.exit !== 0) console.log(ran.stdout.slice(-3000), ran.stderr);
    expect(ran.exit).toBe(0);
  });

  it("knows a preset", async () => {
    const { url } = await agUiServer();
    const made = await recorded(url, agUiClient);
    console.log(made.text, made.stdout);
    const ran = await tried(made);
    if (ran.exit !== 0) console.log(ran.stdout.slice(-3000), ran.stderr);
    expect(ran.exit).toBe(0);
    expect(PERSON.email).not.toBe("");
  });
});
