// The schema of a target's accounts: a pattern, a file of passwords, or a file of tokens.
import { z } from "zod";
import { flag, sound, text } from "./fields.js";

const register = flag("Register the accounts before use; default true on loopback, else false").optional();

const patternSchema = z
  .strictObject({
    pattern: sound(
      (pattern) => (pattern.includes("{n}") ? undefined : "must contain {n}, the number of the user"),
      "Address of each account; {n} is the user's number, {run} the run's id, {org} its organisation",
      "load-{n}@example.com",
    ),
    password: text("Password of all accounts; keep it in the environment", `\${LOAD_PASSWORD}`),
    register,
  })
  .describe("Accounts made from a pattern");

const fileSchema = z
  .strictObject({
    file: text(
      "CSV file with the columns email and password (and organisation), next to the scenario file",
      "accounts.csv",
    ),
    register,
  })
  .describe("Accounts from a CSV file");

const tokensSchema = z
  .strictObject({
    tokens: text("File with one access token per line, next to the scenario file", "tokens.txt"),
  })
  .describe("Access tokens from a file: no login happens");

export const accountsSchema = z
  .union([patternSchema, fileSchema, tokensSchema], {
    error: "expected { pattern, password }, { file } or { tokens }",
  })
  .meta({ id: "accounts", description: "Where the users' accounts come from" });

export type AccountsData = z.output<typeof accountsSchema>;
