// `gp-load reference`: the embedded backend by itself, to try things against.

import { type AppContext, type CommandInput, flagOption, textOption } from "../app/context.js";
import { defined } from "../support/defined.js";
import { EXIT, UserError } from "../support/errors.js";
import type { CommandModule } from "./command.js";

export const referenceCommand: CommandModule = {
  name: "reference",
  summary: "start the embedded reference backend on its own",
  options: [
    { flags: "-p, --port <port>", description: "port to listen on; 0 picks a free one", default: "8000" },
    { flags: "--database <file>", description: "SQLite file to keep (default: a temporary one)" },
    { flags: "--database-url <url>", description: "PostgreSQL instead of SQLite; $GP_LOAD_DATABASE_URL" },
    { flags: "--redis-url <url>", description: "Redis as cache and offline queue; $GP_LOAD_REDIS_URL" },
    { flags: "--clickhouse-url <url>", description: "ClickHouse for analytics; $GP_LOAD_CLICKHOUSE_URL" },
    { flags: "--json", description: "print the addresses as JSON" },
  ],
  examples: ["gp-load reference --port 8000", "gp-load run smoke --target http://127.0.0.1:8000"],
  async run(input, context) {
    const { startReference } = await import("../reference/launch.js");
    const port = Number(textOption(input, "port") ?? "8000");
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new UserError(
        `--port ${textOption(input, "port")} is not a port`,
        "use a number from 0 to 65535",
      );
    }
    const databasePath = textOption(input, "database");
    const reference = await startReference({
      port,
      ...defined({ databasePath }),
      ...storeUrls(input, context.env),
    }).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      throw new UserError(
        `the reference backend could not start: ${text}`,
        "is the port in use? --port 0 picks a free one",
      );
    });
    const { url, wsUrl, controlUrl, controlToken } = reference;
    if (flagOption(input, "json"))
      context.stdout(`${JSON.stringify({ url, wsUrl, controlUrl, controlToken })}\n`);
    else {
      context.stdout(
        `reference backend  ${url}\nsockets            ${wsUrl}\ndefect control     ${controlUrl}\ncontrol token      ${controlToken}\n`,
      );
      context.stderr("Ctrl-C stops it\n");
    }
    await new Promise<void>((resolve) => {
      context.onInterrupt?.(resolve);
      reference.onExit(() => resolve());
    });
    await reference.stop();
    return EXIT.pass;
  },
};

/** A password on the command line can be seen by all users of the machine: the environment takes the URLs as well. */
function storeUrls(input: CommandInput, env: AppContext["env"]) {
  const databaseUrl = textOption(input, "databaseUrl") ?? env.GP_LOAD_DATABASE_URL;
  const redisUrl = textOption(input, "redisUrl") ?? env.GP_LOAD_REDIS_URL;
  const clickhouseUrl = textOption(input, "clickhouseUrl") ?? env.GP_LOAD_CLICKHOUSE_URL;
  return {
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(redisUrl ? { redisUrl } : {}),
    ...(clickhouseUrl ? { clickhouseUrl } : {}),
  };
}
