// Accounts of a target: from a pattern, a CSV file of passwords or a file of tokens.
import { messageOf } from "../../support/errors.js";
import { eachCsvRow } from "../parse/csv.js";
import type { Fault } from "../parse/explain.js";
import type { Problem } from "../parse/problems.js";
import type { Account, Accounts } from "../scenario.js";
import type { AccountsData } from "../schema/accounts.js";

/** Reads a file named in the scenario file; throws file system errors. */
export type ReadText = (path: string) => string;

export interface AccountsResult {
  readonly accounts: Accounts | undefined;
  /** Faults of the target's own keys; paths start at `accounts`. */
  readonly faults: readonly Fault[];
  /** Problems inside the account file, by line. */
  readonly problems: readonly Problem[];
}

/** Accounts made up for a run. */
export const MADE_UP = {
  pattern: "load-{run}-{n}@org{org}.example.com",
  password: "Load-users-0-only",
} as const;

export function defaultAccounts(register: boolean): Accounts {
  return { kind: "pattern", ...MADE_UP, register };
}

/** @param register the default if the file does not say */
export function accountsOf(data: AccountsData, register: boolean, readText: ReadText): AccountsResult {
  if ("pattern" in data) {
    const { pattern, password } = data;
    const accounts: Accounts = { kind: "pattern", pattern, password, register: data.register ?? register };
    return { accounts, faults: [], problems: [] };
  }
  const file = "file" in data ? data.file : data.tokens;
  const key = "file" in data ? "file" : "tokens";
  let content: string;
  try {
    content = readText(file);
  } catch (error) {
    const message = `cannot read ${file}: ${messageOf(error)}`;
    return { accounts: undefined, faults: [{ path: ["accounts", key], message }], problems: [] };
  }
  const problems: Problem[] = [];
  if (!("file" in data)) {
    const tokens = tokensOf(content, file, problems);
    return { accounts: { kind: "tokens", tokens }, faults: [], problems };
  }
  const accounts = accountRows(content, file, problems);
  const listed: Accounts = { kind: "list", accounts, register: data.register ?? false };
  return { accounts: listed, faults: [], problems };
}

/** One token per line; skips blank lines and lines starting with `#`. */
function tokensOf(content: string, file: string, problems: Problem[]): readonly string[] {
  const tokens: string[] = [];
  for (const [at, line] of content.split(/\r?\n/).entries()) {
    const token = line.trim();
    if (token === "" || token.startsWith("#")) continue;
    const column = token.search(/\s/) + 1;
    const place = { file, line: at + 1, column };
    if (column > 0) problems.push({ place, message: "a token has no blanks: write one a line" });
    else tokens.push(token);
  }
  if (tokens.length === 0) problems.push({ place: { file, line: 1, column: 1 }, message: "holds no token" });
  return tokens;
}

function accountRows(content: string, file: string, problems: Problem[]): readonly Account[] {
  const lines: { readonly cells: readonly string[]; readonly line: number }[] = [];
  const wrong = eachCsvRow(content, (cells, line) => lines.push({ cells, line }) > 0);
  if (wrong) problems.push({ place: { file, line: wrong.line, column: 1 }, message: wrong.message });
  const [header, ...rows] = lines;
  const columns = header?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const email = columns.indexOf("email");
  const password = columns.indexOf("password");
  const organisation = columns.indexOf("organisation");
  if (email < 0 || password < 0) {
    const message = "the first line must name the columns `email` and `password`";
    problems.push({ place: { file, line: 1, column: 1 }, message, hint: "email,password" });
    return [];
  }
  const accounts: Account[] = [];
  const seen = new Set<string>();
  for (const { cells, line } of rows) {
    const named = cells[organisation]?.trim() ?? "";
    const account = {
      email: cells[email]?.trim() ?? "",
      password: cells[password] ?? "",
      ...(named === "" ? {} : { organisation: named }),
    };
    const message = rowProblem(cells, columns.length, account, seen);
    if (message) problems.push({ place: { file, line, column: 1 }, message });
    else accounts.push(account);
    seen.add(account.email);
  }
  if (accounts.length === 0 && problems.length === 0) {
    problems.push({ place: { file, line: 1, column: 1 }, message: "holds no account" });
  }
  return accounts;
}

function rowProblem(
  row: readonly string[],
  columns: number,
  account: Account,
  seen: ReadonlySet<string>,
): string | undefined {
  if (row.length !== columns) return `expected ${columns} columns, found ${row.length}`;
  if (account.email === "") return "the email is empty";
  if (account.password === "") return "the password is empty";
  if (seen.has(account.email)) return `account ${account.email} is listed twice`;
  return undefined;
}
