// Files that the recorder wrote, run by the real command line as they are, on servers of three shapes.
import { expect, test } from "vitest";
import { type Client, letterClient, ownShapeClient, roomClient } from "../app/record/clients.js";
import { recorded } from "../app/record/recorded.js";
import { letterServer, roomServer } from "../app/record/servers.js";
import type { Service } from "../profiles/servers/base.js";
import { ownShapeServer } from "../profiles/servers/own-shape.js";
import { CLEAN, summary } from "./support/profile-run.js";
import { workspace } from "./support/workspace.js";

/** Of the file that the recorder writes. */
const USERS = 5;

const SHAPES: readonly (readonly [string, () => Promise<Service>, Client])[] = [
  ["letters over a WebSocket, behind a form and a cookie", letterServer, letterClient],
  ["lines of JSON in rooms", roomServer, roomClient],
  ["a challenge, and JSON inside strings", ownShapeServer, ownShapeClient],
];

test.for(SHAPES)("%s: recorded, and run unedited without a flaw", async ([, start, client]) => {
  const { url, messages } = await start();
  const { text } = await recorded(url, client);
  const { write, run } = workspace({});
  write("recorded.yaml", text);
  // The file is used as it is: only the hold is shorter, and a page of history may take longer on a busy machine.
  const eased = ["--ramp", "0s", "--hold", "3s", "--set", "sla.history.query=max < 5s"];
  const { report } = await run(["smoke", "-f", "recorded.yaml", ...eased]);
  expect(summary(report)).toEqual(CLEAN);
  expect(report.ledger.attempted).toBeGreaterThanOrEqual(USERS);
  expect(messages()).toBe(report.ledger.attempted + 2);
});
