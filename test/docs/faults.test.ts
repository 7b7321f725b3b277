// The page about faults names every action and its options, and no others.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { FAULTS } from "../../src/faults/index.js";
import { readDocument, section, tableRows } from "./markdown.js";

const PAGE = readDocument("docs/faults.md");
const rows = new Map(
  tableRows(section(PAGE, "## Actions")).map(([name = "", ...rest]) => [
    name.replaceAll("`", ""),
    rest.join(" "),
  ]),
);

/** Keys of the maps that an action's options may be. */
function keysOf(schema: unknown): readonly string[] {
  const { properties = {}, anyOf = [] } = schema as { properties?: object; anyOf?: readonly unknown[] };
  return [...Object.keys(properties), ...anyOf.flatMap(keysOf)];
}

describe("an action", () => {
  it("has its row, and every row its action", () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(FAULTS).sort());
  });

  it.each(Object.entries(FAULTS))("tells all options of `%s`", (name, { schema }) => {
    const keys = keysOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
    const told = name === "http" || name === "exec" ? PAGE : (rows.get(name) ?? "");
    expect(keys.filter((key) => !told.includes(`\`${key}\``) && !told.includes(`${key}:`))).toEqual([]);
  });
});
