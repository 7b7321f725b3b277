// LangGraph's own API server, with the graphs of langgraph-graphs.mjs and a model behind Chat Completions.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "@langchain/langgraph-api/server";
import { modelUrl } from "./chat-completions.mjs";
import { announce } from "./listen.mjs";

const GRAPHS = [
  "agent",
  "parallel",
  "both_at_once",
  "whole",
  "reasoning",
  "fail_tool",
  "approve",
  "approve_ignored",
  "slow",
  "team",
  "routed",
  "supervised",
  "broken",
  "down",
];

process.env.OPENAI_BASE_URL = await modelUrl();
// The server keeps its threads in files below its working directory.
const cwd = mkdtempSync(join(tmpdir(), "langgraph-"));
process.on("exit", () => rmSync(cwd, { recursive: true, force: true }));
const file = fileURLToPath(new URL("langgraph-graphs.mjs", import.meta.url));
const graphs = Object.fromEntries(GRAPHS.map((name) => [name, `${file}:${name}`]));
const { host } = await startServer({ port: 0, nWorkers: 10, host: "127.0.0.1", cwd, graphs });
announce(Number(host.split(":").at(-1)));
