// Records what a client does through the recorder, and reads the file that came of it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { SENTENCES } from "../../../src/app/record/record.js";
import { COMMANDS } from "../../../src/commands/table.js";
import { type Ran, run } from "../../commands/command.fixture.js";
import { pause } from "../../profiles/servers/base.js";
import type { Client } from "./clients.js";

export interface Recorded extends Ran {
  readonly text: string;
  readonly profile: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Ended by Ctrl-C, or by itself where `more` says when. Rejects with what the command told where it wrote no file. */
export async function recorded(
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
  while (!told.includes("recording: ")) await pause(5);
  const [, url = ""] = /recording: (\S+)/.exec(told) ?? [];
  await client(url, texts);
  await pause(50);
  if (more.length === 0) interrupt();
  const ran = await ending;
  if (ran.exit !== 0) throw new Error(ran.stderr);
  const text = readFileSync(join(ran.cwd, "recorded.yaml"), "utf8");
  const { targets } = parse(text) as {
    readonly targets: { readonly backend: Pick<Recorded, "profile"> & Partial<Pick<Recorded, "options">> };
  };
  const { profile, options = {} } = targets.backend;
  return { ...ran, stdout: told, text, profile, options };
}
