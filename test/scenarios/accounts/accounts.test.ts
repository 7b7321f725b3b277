// Files of accounts and tokens.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountsOf } from "../../../src/scenarios/accounts/accounts.js";
import { placeText } from "../../../src/scenarios/parse/problems.js";

const read = (
  content: string,
  data: { file: string; register?: boolean } | { tokens: string } = { file: "a.csv" },
) => {
  const { accounts, problems } = accountsOf(data, true, () => content);
  return { accounts, problems: problems.map((problem) => `${placeText(problem.place)}: ${problem.message}`) };
};

describe("a CSV file of accounts", () => {
  it("names its columns in any order, next to others", () => {
    expect(read("name,Password,email\nAnn,pw-1,a@x.org\nBob,pw-2,b@x.org\n").accounts).toEqual({
      kind: "list",
      accounts: [
        { email: "a@x.org", password: "pw-1" },
        { email: "b@x.org", password: "pw-2" },
      ],
      register: false,
    });
  });

  it("is registered only when the target says so", () => {
    expect(read("email,password\na,b\n", { file: "a.csv", register: true }).accounts).toMatchObject({
      register: true,
    });
  });

  it.each([
    ["user,password\na,b\n", "a.csv:1:1: the first line must name the columns `email` and `password`"],
    ["", "a.csv:1:1: the first line must name the columns `email` and `password`"],
    ["email,password\n", "a.csv:1:1: holds no account"],
    ["email,password\na@x.org\n", "a.csv:2:1: expected 2 columns, found 1"],
    ["email,password\n\n,pw\n", "a.csv:3:1: the email is empty"],
    ["email,password\na@x.org,\n", "a.csv:2:1: the password is empty"],
    ["email,password\na@x.org,1\nb@x.org,2\na@x.org,3\n", "a.csv:4:1: account a@x.org is listed twice"],
    ['email,password\n"a@x.org,1\n', "a.csv:2:1: a quote is not closed"],
    [
      'email,password\na@x.org,my"secret\nb@x.org,2\n',
      "a.csv:2:1: there is a quote inside a cell: quote the whole cell, and double the quotes in it",
    ],
    [
      'email,password\na@x.org,"my"secret\n',
      "a.csv:2:1: after a closing quote comes a comma, or the end of the line",
    ],
    ["email,password\r\n  \na@x.org\n", "a.csv:3:1: expected 2 columns, found 1"],
  ])("%j is a problem with its line", (content, expected) => {
    expect(read(content).problems).toEqual([expected]);
  });

  it("gives back every password as it was written, quotes, commas and all", () => {
    const password = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom("two\nlines", "two\r\nlines", '"', ","),
    );
    fc.assert(
      fc.property(fc.array(password, { minLength: 1 }), (passwords) => {
        const rows = passwords.map((text, at) => `u${at}@x.org,"${text.replaceAll('"', '""')}"`);
        const { accounts, problems } = read(`\uFEFFemail,password\r\n${rows.join("\r\n")}\r\n`);
        expect(problems).toEqual([]);
        expect(accounts).toMatchObject({ accounts: passwords.map((text) => ({ password: text })) });
      }),
    );
  });
});

describe("a file of tokens", () => {
  it("holds one a line, with comments and blank lines between", () => {
    expect(read("# of staging\n\n tok-1 \r\ntok-2", { tokens: "t.txt" }).accounts).toEqual({
      kind: "tokens",
      tokens: ["tok-1", "tok-2"],
    });
  });

  it("is refused when empty, or when a line holds more than a token", () => {
    expect(read("# nothing\n", { tokens: "t.txt" }).problems).toEqual(["t.txt:1:1: holds no token"]);
    expect(read("tok-1\ntok 2\n", { tokens: "t.txt" }).problems).toEqual([
      "t.txt:2:4: a token has no blanks: write one a line",
    ]);
  });
});
