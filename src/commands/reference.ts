// `gp-load reference`: starts the embedded backend on its own, to try things against.

import { type AppContext, type CommandInput, flagOption, textOption } from "../app/context.js";
import { defined } from "../support/defined.js";
import { asUserError, EXIT } from "../support/errors.js";
import type { CommandModule } from "./command.js";
import { portOption } from "./run-options.js";

export const referenceCommand: CommandModule = {
  name: "reference",
  summary: "start the embedded reference backend on its own",
  options: {
    "-p, --port <port>": { description: "port to listen on; 0 picks a free one", default: "8000" },
    "--database <file>": "SQLite file to keep (default: a temporary one)",
    "--database-url <url>": "PostgreSQL instead of SQLite; $GP_LOAD_DATABASE_URL",
    "--redis-url <url>": "Redis as cache and offline queue; $GP_LOAD_REDIS_URL",
    "--clickhouse-url <url>": "ClickHouse for analytics; $GP_LOAD_CLICKHOUSE_URL",
    "--json": "print the addresses as JSON",
  },
  examples: ["gp-load reference --port 8000", "gp-load run smoke --target http://127.0.0.1:8000"],
  async run(input, context) {
    const { startReference } = await import("../reference/launch.js");
    const port = portOption(input, "8000");
    const databasePath = textOption(input, "database");
    const reference = await startReference({
      port,
      ...defined({ databasePath }),
      ...storeUrls(input, context.env),
    }).catch(
      asUserError("the reference backend could not start", "is the port in use? --port 0 picks a free one"),
    );
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

/** Everybody on the machine can read a command line: URLs with passwords may come from the environment. */
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
