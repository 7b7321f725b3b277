// SQL as text: finds what is code in it, whether it only reads, and its named parameters.

/** The parameters that a lookup may use, each a list of ids. */
export type SqlParameter = "threads" | "messages";

/**
 * Comments, literals and quoted names of PostgreSQL and ClickHouse: words in them are not code. In parameters `$` is
 * followed by a digit, so it is not a quote there.
 */
const SKIPPED =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[eE]'(?:\\[\s\S]|''|[^'\\])*(?:'|$)|'(?:\\'|''|[^'])*(?:'|$)|"(?:""|[^"])*(?:"|$)|`[^`]*(?:`|$)|\$([A-Za-z_]*)\$[\s\S]*?(?:\$\1\$|$)/g;

/** Words that write or lock, anywhere in a statement that starts with SELECT or WITH. */
const WRITING =
  /\b(insert|update|delete|merge|into|outfile|truncate|create|alter|drop|grant|revoke|copy|share)\b/i;

/** Functions that change something, reach outside the database, or block others. */
const ACTING =
  /\b(set_config|setval|nextval|lo_\w+|dblink\w*|pg_(?:terminate|cancel|reload|rotate|switch|advisory|try_advisory|read|ls|write|sleep|notify|import|create|drop|promote|log)\w*|remote\w*|url|file|hdfs|s3|mysql|odbc|jdbc|input)\s*\(/i;

const PARAMETER = /(?<![:\w]):([A-Za-z_]\w*)/g;

/** Why the query is refused, or `undefined` if it only reads and uses the parameter. */
export function queryProblem(sql: string, needs: SqlParameter): string | undefined {
  const code = codeOf(sql).trim().replace(/;\s*$/, "");
  if (!/^[(\s]*(select|with)\b/i.test(code))
    return "must be one SELECT (or WITH … SELECT): stores are only read";
  if (code.includes(";")) return "must be one statement: it contains a `;`";
  const writing = WRITING.exec(code)?.[1];
  if (writing)
    return `must only read, but contains the word ${writing.toUpperCase()}; a name that is such a word must be quoted`;
  const acting = ACTING.exec(code)?.[1];
  if (acting) return `must only read: the function ${acting} is not allowed`;
  const used = [...code.matchAll(PARAMETER)].map(([, name]) => name);
  const strange = used.find((name) => name !== needs);
  if (strange !== undefined) return `has no parameter :${strange}; there is :${needs}`;
  return used.length > 0 ? undefined : `must look up rows by the list :${needs}`;
}

/** The query with each `:threads` or `:messages` replaced; literals and comments stay as they are. */
export function withParameter(sql: string, parameter: SqlParameter, replacement: string): string {
  const text = sql.trim().replace(/;\s*$/, "");
  let result = "";
  let at = 0;
  for (const skipped of [...text.matchAll(SKIPPED)]) {
    result += replaced(text.slice(at, skipped.index), parameter, replacement) + skipped[0];
    at = skipped.index + skipped[0].length;
  }
  return result + replaced(text.slice(at), parameter, replacement);
}

function replaced(code: string, parameter: SqlParameter, replacement: string): string {
  return code.replace(PARAMETER, (whole, name) => (name === parameter ? replacement : whole));
}

function codeOf(sql: string): string {
  return sql.replace(SKIPPED, (skipped) =>
    /^["`]/.test(skipped) ? '""' : skipped.startsWith("'") ? "''" : " ",
  );
}

/**
 * A list of literals for ClickHouse, whose older versions have no query parameters: in its strings only the backslash
 * and the quote are special. An empty list matches nothing.
 */
export function literalList(values: readonly string[]): string {
  if (values.length === 0) return "''";
  return values.map((value) => `'${value.replace(/[\\']/g, "\\$&")}'`).join(", ");
}
