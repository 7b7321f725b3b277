// Types of a scenario file for programs and editors, from its JSON Schema: schema/scenarios.schema.json → schema/scenarios.d.ts.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const schemaFile = fileURLToPath(new URL("../schema/scenarios.schema.json", import.meta.url));
const typesFile = fileURLToPath(new URL("../schema/scenarios.d.ts", import.meta.url));

/** As the schema writes the names of steps, checks and the like that a module under `extensions` defines. */
const OWN_NAME = "^[a-z0-9-]+\\/[a-z0-9-]+$";
/** The same as a type. */
const OWN_TYPE = "`$" + "{string}/$" + "{string}`";

/** @returns the text of schema/scenarios.d.ts */
export function scenarioTypes() {
  const schema = { ...JSON.parse(readFileSync(schemaFile, "utf8"), withOwnNames), title: "ScenarioFile" };
  return compile(schema, "ScenarioFile", {
    bannerComment: "// Made from scenarios.schema.json by `npm run schema`: do not change it by hand.",
    additionalProperties: false,
    // Lists with a greatest length stay lists: tuples of every length would fill the file.
    ignoreMinAndMaxItems: true,
  });
}

/** Names of own code are `owner/name`: any other key or text stays a mistake. */
function withOwnNames(_key, node) {
  if (node?.pattern === OWN_NAME) return { ...node, tsType: OWN_TYPE };
  if (node?.propertyNames?.pattern === OWN_NAME)
    return { ...node, tsType: `{ readonly [name: ${OWN_TYPE}]: unknown }` };
  return node;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(typesFile, await scenarioTypes());
