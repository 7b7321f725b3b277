// `gp-load model`: an OpenAI- and Anthropic-compatible model endpoint, to point a backend at.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type AppContext, textOption } from "../app/context.js";
import { isLoopbackAddress } from "../scenarios/accounts/hosts.js";
import { asUserError, EXIT, UserError } from "../support/errors.js";
import type { CommandModule } from "./command.js";
import { portOption } from "./run-options.js";

export const modelCommand: CommandModule = {
  name: "model",
  summary: "serve an OpenAI- and Anthropic-compatible model whose answers, delays and faults are scripted",
  options: {
    "-p, --port <port>": { description: "port to listen on; 0 picks a free one", default: "8400" },
    "--script <file>": "YAML file with answers, delays and faults",
    "--listen <address>": {
      description: "address to listen on; any but loopback needs a key in the script",
      default: "127.0.0.1",
    },
  },
  examples: ["gp-load model --port 8400", "gp-load model --script model.yaml"],
  async run(input, context) {
    const { startModelEndpoint } = await import("../llm/server.js");
    const { defaultBrain } = await import("../llm/brain.js");
    const { scriptedBrain } = await import("../llm/scripted-brain.js");
    const { parseModelScript } = await import("../scenarios/model-script.js");
    const { UNSCRIPTED } = await import("../scenarios/schema/model.js");
    const port = portOption(input, "8400");
    const file = textOption(input, "script");
    const script = file === undefined ? UNSCRIPTED : parseModelScript(textOf(file, context), file);
    const host = textOption(input, "listen") ?? "127.0.0.1";
    if (!isLoopbackAddress(host) && script.key === undefined) {
      throw new UserError(
        `${host} can be reached from other machines, and the script names no key`,
        "set `key:` under `model:` in the script",
      );
    }
    let calls = 0;
    const endpoint = await startModelEndpoint({
      ...{ ...script, host, port, brain: scriptedBrain(script.answers, defaultBrain) },
      watch: { began: () => undefined, ended: () => calls++ },
    }).catch(asUserError(`cannot listen on ${host}:${port}`, "--port 0 picks a free port"));
    context.stdout(`OPENAI_BASE_URL=${endpoint.url}/v1\nANTHROPIC_BASE_URL=${endpoint.url}\n`);
    context.stderr("Ctrl-C stops it\n");
    await new Promise<void>((ended) => context.onInterrupt?.(ended));
    await endpoint.close();
    context.stderr(`${calls} calls answered\n`);
    return EXIT.pass;
  },
};

function textOf(file: string, { cwd }: AppContext): string {
  try {
    return readFileSync(resolve(cwd, file), "utf8");
  } catch {
    throw new UserError(`cannot read ${file}`, "--script takes the path of a YAML file");
  }
}
