// Queries that people write: only reading ones pass, and parameters go in nowhere but where they are code.
import { describe, expect, it } from "vitest";
import { literalList, queryProblem, withParameter } from "../../src/stores/sql-text.js";

describe("a query that only reads", () => {
  it.each([
    "SELECT id FROM messages WHERE thread_id = ANY(:threads)",
    "select * from m where t = any(:threads::uuid[]) ;",
    "WITH mine AS (SELECT 1) SELECT * FROM m WHERE t IN (:threads)",
    "(SELECT a FROM b WHERE t = ANY(:threads)) UNION (SELECT a FROM c)",
    "SELECT 'insert into; delete' AS text, \"update\" FROM m WHERE t = ANY(:threads) -- drop table",
    "SELECT created_at, updated_at, deleted FROM m /* delete */ WHERE t = ANY(:threads)",
    "SELECT $$ insert; $$ AS a, E'it\\'s; delete' AS b FROM m WHERE t = ANY(:threads)",
  ])("is taken: %s", (sql) => expect(queryProblem(sql, "threads")).toBeUndefined());
});

describe("a query that writes, or may", () => {
  it.each([
    ["DELETE FROM messages WHERE thread_id = ANY(:threads)", /one SELECT/],
    ["SELECT 1 WHERE :threads IS NULL; DROP TABLE messages", /one statement/],
    ["SELECT ';' ; DELETE FROM m WHERE t = ANY(:threads)", /one statement/],
    ["WITH gone AS (DELETE FROM m WHERE t = ANY(:threads) RETURNING *) SELECT * FROM gone", /DELETE/],
    ["WITH x AS (\nInSeRt INTO m SELECT 1) SELECT :threads", /INSERT/],
    ["SELECT * INTO copy FROM m WHERE t = ANY(:threads)", /INTO/],
    ["SELECT * FROM m WHERE t = ANY(:threads) FOR UPDATE", /UPDATE/],
    ["SELECT * FROM m WHERE t = ANY(:threads) FOR SHARE", /SHARE/],
    ["SELECT * FROM m WHERE t IN (:threads) INTO OUTFILE 'x'", /INTO/],
    ["SELECT set_config('transaction_read_only','off',false) FROM m WHERE t = ANY(:threads)", /set_config/],
    ["SELECT pg_terminate_backend(1) FROM m WHERE t = ANY(:threads)", /pg_terminate/],
    ["SELECT nextval('s') FROM m WHERE t = ANY(:threads)", /nextval/],
    ["SELECT * FROM url('http://x', CSV, 'a String') WHERE a IN (:threads)", /url/],
    ["SELECT 'a\\' ; DELETE FROM m WHERE t = ANY(:threads) --'", /threads/],
    ["COPY m TO STDOUT", /one SELECT/],
    ["", /one SELECT/],
  ])("is refused: %s", (sql, why) => expect(queryProblem(sql, "threads")).toMatch(why));
});

describe("the parameter", () => {
  it("must be there, in code, and known", () => {
    expect(queryProblem("SELECT 1", "threads")).toMatch(/must look up rows by the list :threads/);
    expect(queryProblem("SELECT ':threads'", "threads")).toMatch(/must look up rows/);
    expect(queryProblem("SELECT 1 WHERE a = :thread", "threads")).toMatch(
      /no parameter :thread; there is :threads/,
    );
    expect(queryProblem("SELECT 1 WHERE a = :threads", "messages")).toMatch(/there is :messages/);
  });

  it("goes in for its name alone, never in literals, comments, casts and quoted names", () => {
    const sql =
      "SELECT ':threads', \":threads\", a::text -- :threads\nFROM m WHERE t = ANY(:threads) OR u = ANY(:threads);";
    expect(withParameter(sql, "threads", "$1")).toBe(
      "SELECT ':threads', \":threads\", a::text -- :threads\nFROM m WHERE t = ANY($1) OR u = ANY($1)",
    );
  });

  it("becomes literals that cannot end early", () => {
    expect(literalList(["a", "it's", "back\\", "\\'); DROP TABLE m --"])).toBe(
      "'a', 'it\\'s', 'back\\\\', '\\\\\\'); DROP TABLE m --'",
    );
    expect(literalList([])).toBe("''");
  });
});
